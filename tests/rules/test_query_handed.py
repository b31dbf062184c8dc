"""A Query handed to a session's execute()."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_it_is_a_select_there() -> None:
    """Also where it is held in a variable."""
    transformed("q = session.query(User)\nr = session.execute(q)", "q = select(User)\nr = session.execute(q)")


def test_eager_loads_are_left() -> None:
    """execute() of a Query did not load them."""
    left("r = session.execute(session.query(User).options(joinedload(User.a)))", "without its eager loads")
