"""Query made by its class."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched


def test_a_list_is_spread() -> None:
    """The elements are the arguments."""
    transformed("r = Query([User.a, User.b], session).all()", "r = session.execute(select(User.a, User.b)).all()")


def test_without_a_session_it_is_left() -> None:
    """Nobody could execute it."""
    left("u = Query([User]).all()", "which session")


def test_a_class_of_ones_own_is_left_alone() -> None:
    """The name alone tells nothing."""
    untouched("from sqlalchemy import Column\nfrom graph import Query\n\nQuery([x]).all()\n")
