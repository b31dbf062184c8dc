"""The function `subquery()`."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_keywords_become_methods() -> None:
    """They were those of select()."""
    transformed(
        "import sqlalchemy as sa\n\ns = sa.sql.subquery('s', [User.id], limit=3)",
        "s = sa.select(User.id).limit(3).subquery('s')",
    )


def test_columns_in_a_variable_are_left() -> None:
    """It can't be told what they are."""
    left("import sqlalchemy as sa\n\ns = sa.sql.subquery('s', columns)\n", "write select(…).subquery(name)")
