"""Queries that are tested for truth."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from app.models import User\nfrom sqlalchemy import select\n\n\n"


@pytest.mark.parametrize(
    ("test", "becomes"),
    [
        ("q", "q is not None"),
        ("not q", "q is None"),
        ("(q)", "(q is not None)"),
        ("q and x", "q is not None and x"),
        ("x or not q", "x or q is None"),
    ],
)
def test_a_condition_compares_with_none(test: str, becomes: str) -> None:
    """Only the truth is used there, so a comparison can take the place."""
    before = "def f(session, x):\n    q = session.query(User) if x else None\n    while {}:\n        return q.all()\n"
    after = "def f(session, x):\n    q = select(User) if x else None\n    while {}:\n        return session.scalars(q).all()\n"
    transformed(HEAD + before.format(test), HEAD + after.format(becomes))


def test_the_value_of_or_is_left() -> None:
    """`q or []` gives the query itself."""
    left(HEAD + "def f(session):\n    q = session.query(User)\n    return list(q or [])\n", "tested for truth")


def test_a_list_of_queries_may_be_tested() -> None:
    """Whether a list is empty says nothing of the queries in it."""
    transformed(
        HEAD + "def f(session, x):\n    qs = [session.query(User)]\n    if qs:\n        return qs[0].all()\n",
        HEAD + "def f(session, x):\n    qs = [select(User)]\n    if qs:\n        return session.scalars(qs[0]).all()\n",
    )


def test_library_functions_walk_a_query() -> None:
    """groupby(), islice() and Counter() get the executed statement; OrderedDict() a list, for a Result has keys()."""
    transformed(
        HEAD + "from itertools import groupby\n\na = {k: list(v) for k, v in groupby(session.query(User), key=str)}",
        HEAD + "from itertools import groupby\n\n"
        "a = {k: list(v) for k, v in groupby(session.scalars(select(User)), key=str)}",
    )
    transformed(
        HEAD + "from collections import OrderedDict\n\na = OrderedDict(session.query(User.id, User.name))",
        HEAD
        + "from collections import OrderedDict\n\na = OrderedDict(session.execute(select(User.id, User.name)).all())",
    )
