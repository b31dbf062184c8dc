"""What the uses of a variable show of it, where `session.query()` is asked for it."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from sqlalchemy import select\n\n\n"


def test_a_table_by_its_columns() -> None:
    """Only what gives rows has `.c.id`; the columns may also be looked up by name."""
    for use in ("t.c.id", "getattr(t.c, name)"):
        transformed(
            HEAD
            + f"def one(session, t, name):\n    column = {use}\n    return session.query(t).filter(column == 1).one()",
            f"def one(session, t, name):\n    column = {use}\n"
            "    return session.execute(select(t).where(column == 1)).one()",
        )


def test_a_class_by_its_columns() -> None:
    """Neither a Table nor a column has columns by names that are not written out."""
    transformed(
        HEAD + "def some(session, t, name):\n    named = getattr(t, name).like('a%')\n"
        "    return session.query(t).filter(named).all()",
        "def some(session, t, name):\n    named = getattr(t, name).like('a%')\n"
        "    return session.scalars(select(t).where(named)).unique().all()",
    )


@pytest.mark.parametrize(
    "body",
    [
        "column = getattr(t, name)('a%')",  # an operator of a column
        "column = getattr(t, 'name').like('a%')",  # written out, as `.c` may be
        "column = t.c.type",  # what a column has that is called c
        "column = t.c.in_([1])",  # a method of such a column
        "column = t.c.id\n    t = other(t)",
        "column = (t.c.id, getattr(t, name).like('a%'))",
        "for t in t.c.id:\n        column = t",
    ],
)
def test_what_shows_nothing(body: str) -> None:
    """A variable that is bound twice, or used as a column may be, or in contradictory ways."""
    left(
        HEAD + f"def some(session, t, name):\n    {body}\n    return session.query(t).filter(column).all()",
        "it can't be told whether `t` is",
    )


def test_an_attribute_by_other_methods() -> None:
    """Where one function alone sets it; else it may be a table as well as a class."""
    source = (
        "class Finder:\n    def __init__(self, given):\n        self.kind = given\n{more}\n"
        "    def named(self, key, word):\n        return getattr(self.kind, key).like(word)\n\n"
        "    def find(self, session, criterion):\n        return {query}\n"
    )
    transformed(
        HEAD + source.format(more="", query="session.query(self.kind).filter(criterion).all()"),
        source.format(more="", query="session.scalars(select(self.kind).where(criterion)).unique().all()"),
    )
    left(
        HEAD
        + source.format(
            more="\n    def turn(self, other):\n        self.kind = other\n",
            query="session.query(self.kind).filter(criterion).all()",
        ),
        "it can't be told whether `self.kind` is",
    )
