"""Counting the rows of a whole query."""

from __future__ import annotations

from tests.rules.checks import left


def test_a_query_that_does_not_flush_is_left() -> None:
    """An option within the subquery would not reach the statement that is executed: it would flush."""
    left(
        "session.add(User(name='new'))\nn = session.query(User).autoflush(False).filter(User.name == 'new').count()",
        "count() of a query made with autoflush() would flush first",
    )
