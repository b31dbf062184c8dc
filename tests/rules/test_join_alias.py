"""Aliases of joins."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_a_join_in_a_variable() -> None:
    """It is selected from all the same."""
    transformed(
        "users = User.__table__\nj = users.join(orders)\nk = j.alias()",
        "users = User.__table__\nj = users.join(orders)\n"
        "k = j.select().set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()",
    )


def test_what_may_be_a_statement_is_flagged() -> None:
    """A statement's alias() is something else."""
    left("k = a.join(b).alias('k')\n", "alias() is gone")


def test_flat_is_left() -> None:
    """It aliased the tables."""
    left("k = User.__table__.join(b).alias(flat=True)\n", "alias the tables before")
