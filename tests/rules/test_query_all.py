"""Everything that a query gives, in a list where type checkers want one."""

from __future__ import annotations

import pytest

from translator import translate

HEAD = "from typing import List, Optional\n\nfrom sqlalchemy.orm import Session\n\nfrom app import User\n\n\n"
EVERYONE = "list(session.scalars(select(User)).all())"
BELOW = "list(session.scalars(\n        select(User)\n    ).all())"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(session: Session) -> List[User]:\n    return {}\n", EVERYONE),
        ("def f(session: Session) -> 'list[User] | None':\n    return {} if session else None\n", EVERYONE),
        ("def f(session):\n    found: List[User] = {}\n", EVERYONE),
        ("def f(session: Session):\n    found = {}\n    found.append(User())\n", EVERYONE),
        ("def f(session: Session) -> None:\n    found = {}\n    found += []\n", EVERYONE),
        ("def f(session: Session):\n    return {} + []\n", EVERYONE),
        (
            "def f(session) -> List[User]:\n    return (\n        {}\n    )\n",
            "list(session.scalars(\n        select(User)\n    ).all())",
        ),
    ],
)
def test_a_list_is_given_where_one_is_wanted(source: str, expected: str) -> None:
    """By what a function returns or a variable is annotated with, or by what is done with it."""
    output = translate(HEAD + source.format("session.query(User).all()")).output
    assert expected in output


@pytest.mark.parametrize(
    "source",
    [
        "def f(session):\n    return {}\n",
        "def f(session: Session) -> Sequence[User]:\n    return {}\n",
        "def f(session):\n    found = {}\n    found.append(User())\n",
        "def f(session: Session) -> List[User]:\n    return {}[:2]\n",
        "def f(session: Session) -> List[User]:\n    return [u for u in {}]\n",
        "def list(session: Session) -> List[User]:\n    return {}\n",
    ],
)
def test_no_list_is_made_elsewhere(source: str) -> None:
    """Where nobody asks, or `list` is another function here."""
    output = translate(HEAD + source.format("session.query(User).all()")).output
    assert "list(session." not in output
    assert "scalars(select(User)).all()" in output


def test_long_lines_are_broken_in_it() -> None:
    """As they are without it."""
    chain = "session.query(User).filter(User.name == 'some name of some length', User.id > 3).order_by(User.id).all()"
    output = translate(f"{HEAD}def f(session: Session) -> List[User]:\n    return {chain}\n").output
    assert output.endswith(
        "    return list(session.scalars(\n"
        "        select(User).where(User.name == 'some name of some length', User.id > 3).order_by(User.id)\n    ).all())\n"
    )


MANAGER = (
    "from sqlalchemy.orm import Session\n\nfrom app import User\n\n\nclass Manager:\n"
    "    def __init__(self, session: Session) -> None:\n        self.session = session\n        {}\n\n"
    "    def load(self):\n        self.users = self.session.query(User).all()\n\n"
    "    def add(self, user):\n        {}\n"
)


@pytest.mark.parametrize(
    ("first", "used", "wanted"),
    [
        ("self.users = []", "self.users.append(user)", True),
        ("self.users: list[User] = []", "pass", True),
        ("self.users = []", "self.users += [user]", True),
        ("self.users = []", "self.others.append(user)", False),
        ("self.users = []", "return user in self.users", False),
    ],
)
def test_an_attribute_that_its_class_uses_as_a_list_is_one(first: str, used: str, wanted: bool) -> None:
    """In whichever method that is."""
    output = translate(MANAGER.format(first, used)).output
    assert ("self.users = list(self.session.scalars(select(User)).all())" in output) is wanted
    unchecked = MANAGER.replace("session: Session) -> None", "session)").format(first.replace(": list[User]", ""), used)
    assert "list(self.session" not in translate(unchecked).output
