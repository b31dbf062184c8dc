"""Query.from_self()."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_a_count_is_kept() -> None:
    """The limit stays inside."""
    transformed(
        "u = session.query(User).limit(3).from_self().all()",
        "u = session.scalars(select(aliased(User, select(User).limit(3).subquery()))).all()",
    )


def test_a_relationship_by_a_string_is_left() -> None:
    """It has to name the alias."""
    left("u = session.query(User).limit(3).from_self().join('a').all()", "from_self() is gone")
