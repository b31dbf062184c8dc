"""Columns appended to a table."""

from __future__ import annotations

from tests.rules.checks import left, untouched

HEAD = "from sqlalchemy import Column, Integer, MetaData, Table\n\n"


def test_a_new_column_needs_nothing() -> None:
    """There is none of that name."""
    untouched(f"{HEAD}t = Table('t', MetaData(), Column('a', Integer))\nt.append_column(Column('b', Integer))\n")


def test_a_reflected_table_is_flagged() -> None:
    """Its columns are not in sight."""
    left(
        f"{HEAD}t = Table('t', MetaData(), autoload_with=engine)\nt.append_column(Column('b', Integer))\n",
        "replace_existing=True",
    )
