"""Query.from_statement() and params()."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_first_takes_no_limit() -> None:
    """A textual statement has no limit()."""
    transformed(
        "u = session.query(User).from_statement(text('x')).first()",
        "u = session.scalars(select(User).from_statement(text('x'))).first()",
    )


def test_count_is_left() -> None:
    """It does not count the statement."""
    left("n = session.query(User).from_statement(text('x')).count()", "from_statement()")
