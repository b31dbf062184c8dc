"""Clauses given to select() as keywords: lists go in one by one."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_lists_that_are_no_displays() -> None:
    """A comprehension, a list() and a variable that holds a list."""
    transformed(
        "q = select([users.c.id], order_by=[c.asc() for c in found])",
        "q = select(users.c.id).order_by(*[c.asc() for c in found])",
    )
    transformed("q = select([users.c.id], group_by=list(found))", "q = select(users.c.id).group_by(*list(found))")


def test_what_may_be_one_thing_or_several_stays() -> None:
    """A parameter can be either."""
    left(
        "from sqlalchemy import select\n\n\ndef f(order):\n    return select([users.c.id], order_by=order)\n",
        "one thing",
    )


def test_a_name_that_holds_joins_is_one_thing() -> None:
    """What outerjoin() gives is no list, whatever it was called on."""
    transformed(
        "def f(self):\n    j = self.users.outerjoin(self.orders)\n    return select([users.c.id], from_obj=j)",
        "def f(self):\n    j = self.users.outerjoin(self.orders)\n    return select(users.c.id).select_from(j)",
    )
