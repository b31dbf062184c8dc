"""Statements that stand for columns of models."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed, untouched

HEAD = "from models import User\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import column_property, with_expression\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("column_property(q, deferred=True)", "column_property(q.scalar_subquery(), deferred=True)"),
        ("column_property(\n    q\n)", "column_property(\n    q.scalar_subquery()\n)"),
        ("with_expression(User.n, select([User.id]))", "with_expression(User.n, select(User.id).scalar_subquery())"),
    ],
)
def test_it_is_made_a_scalar_subquery(source: str, expected: str) -> None:
    """In a variable, too."""
    transformed(f"{HEAD}q = select([User.id])\nn = {source}", f"{HEAD}q = select(User.id)\nn = {expected}")


@pytest.mark.parametrize(
    "given", ["select(User.id).scalar_subquery()", "select(User.id).label('n')", "User.id + 1", ""]
)
def test_what_is_a_column_stays(given: str) -> None:
    """And a call that is given nothing."""
    untouched(f"{HEAD}User.n = column_property({given})\n")
