"""What is a query on one path and a list on another is executed where it becomes one of them, if it is walked at once."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from app.models import User\nfrom sqlalchemy import select\n\n\n"
FOUND = "def _found(s, ids):\n    if not ids:\n        return []\n    return {}\n\n\n"
OLD = FOUND.format("s.query(User).filter(User.id.in_(ids))")
NEW = FOUND.format("s.scalars(select(User).where(User.id.in_(ids))).all()")


@pytest.mark.parametrize(
    "use",
    [
        "def f(s, ids):\n    return [u.name for u in _found(s, ids)]\n",
        "def f(s, ids):\n    for u in _found(s, ids):\n        s.delete(u)\n",
        "def f(s, ids):\n    users = _found(s, ids)\n    return sorted(users, key=str)\n",
        "def f(s, ids):\n    users = _found(s, ids)\n    names = []\n    for u in users:\n        names.append(u.name)\n",
        "def f(s, ids):\n    users = _found(s, ids)\n    if users is None:\n        return s.flush()\n    return list(users)\n",
        "def _more(s, ids):\n    return _found(s, ids)\n\n\ndef f(s, ids):\n    return list(_more(s, ids))\n",
    ],
)
def test_who_walks_it_at_once(use: str) -> None:
    """A list is walked as the query was."""
    transformed(HEAD + OLD + use, HEAD + NEW + use)


def test_all_of_it_is_the_list() -> None:
    """`all()` has nothing more to do; that of a list raised, which is told."""
    before = "def f(s, ids):\n    return _found(s, ids).all()\n"
    transformed(HEAD + OLD + before, HEAD + NEW + before.replace(".all()", ""))


def test_a_conditional_expression() -> None:
    """One arm is executed, and the other stays the list that it is."""
    transformed(
        HEAD + "def f(s, ids):\n    rows = s.query(User.id).filter(User.id.in_(ids)) if ids else []\n"
        "    return [i for i, in rows]\n",
        HEAD + "def f(s, ids):\n    rows = s.execute(select(User.id).where(User.id.in_(ids))).all() if ids else []\n"
        "    return [i for i, in rows]\n",
    )


BRANCH = "def f(s, ids):\n    found = []\n    if ids:\n        found = {}\n{}    return [u.name for u in found]\n"
BUILT = "s.query(User).filter(User.id.in_(ids))"


@pytest.mark.parametrize(
    "between", ["", "    n = len(ids)\n", "        n = 3\n", "    if found is None:\n        return 3\n"]
)
def test_a_branch(between: str) -> None:
    """The query of a branch is executed there, if nothing happens before it is walked."""
    executed = "s.scalars(select(User).where(User.id.in_(ids))).all()"
    transformed(HEAD + BRANCH.format(BUILT, between), HEAD + BRANCH.format(executed, between))


def test_a_branch_that_narrows() -> None:
    """The last statement that the branch gives the name a value by executes the query."""
    more = "        found = found.{}(User.id > 3){}\n"
    executed = BRANCH.format("select(User).where(User.id.in_(ids))", more.format("where", ").all()"))
    transformed(
        HEAD + BRANCH.format(BUILT, more.format("filter", "")),
        HEAD + executed.replace("found = found", "found = s.scalars(found"),
    )


@pytest.mark.parametrize(
    "between",
    [
        "        print(found.count())\n",
        "        s.add(User())\n",
        "    s.add(User())\n",
        "    user.name = 'new'\n",
        "    if not ids:\n        return 3\n",
        "    later = lambda: list(found)\n",
        "    show(found)\n",
    ],
)
def test_a_branch_after_which_something_happens(between: str) -> None:
    """The query would run after it."""
    left(HEAD + BRANCH.format(BUILT, between), "list on another path")


def test_a_session_is_handed_over() -> None:
    """Who narrows a query that it is given and gives it on with a list gets the session, too."""
    transformed(
        HEAD + "def _first(query, number):\n    if not number:\n        return []\n    return query.limit(number)\n\n\n"
        "def f(s):\n    return list(_first(s.query(User), 3))\n",
        HEAD + "def _first(session, query, number):\n    if not number:\n        return []\n"
        "    return session.scalars(query.limit(number)).all()\n\n\n"
        "def f(s):\n    return list(_first(s, select(User), 3))\n",
    )


@pytest.mark.parametrize(
    ("use", "cause"),
    [
        ("    return _found(s, ids).count()\n", "takes for a Query what is a list on another path"),
        ("    return _found(s, ids).filter_by(id=1)\n", "raises an AttributeError there; call filter_by() earlier"),
        ("    return _found(s, ids)[:3]\n", "takes for a Query what is a list on another path"),
        ("    return 'some' if _found(s, ids) else 'none'\n", "takes for a Query what is a list on another path"),
        ("    return Post.user_id.in_(_found(s, ids))\n", "takes for a Query"),
        ("    users = _found(s, ids)\n    s.add(User())\n    return list(users)\n", "not walked at once"),
        ("    users = _found(s, ids)\n    return [u for i in ids for u in users]\n", "not walked at once"),
        ("    users = _found(s, ids)\n    while True:\n        print(list(users))\n", "not walked at once"),
        ("    users = _found(s, ids)\n    return lambda: list(users)\n", "not walked at once"),
        ("    return (u.name for u in _found(s, ids))\n", "not walked at once"),
        ("    return map(str, _found(s, ids))\n", "not walked at once"),
    ],
)
def test_who_needs_the_query(use: str, cause: str) -> None:
    """What a list can't do, or does at another time, keeps the query."""
    left(HEAD.replace("import User", "import Post, User") + OLD + "def f(s, ids):\n" + use, cause)


def test_a_session_that_is_closed_by_then() -> None:
    """The objects of a query that is walked later belong to a session that is open again."""
    left(
        HEAD + "from sqlalchemy.orm import Session\n\n\ndef _found(engine, ids):\n    with Session(engine) as s:\n"
        "        if not ids:\n            return []\n        return s.query(User)\n\n\n"
        "def f(engine, ids):\n    return list(_found(engine, ids))\n",
        "closed by then",
    )
