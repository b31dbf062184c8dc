"""Criteria that may draw another class into FROM repeat objects, which Query gave once."""

from __future__ import annotations

import pytest

from translator import translate

HEAD = "from app.models import User, Order\nfrom sqlalchemy import and_, not_, or_, select\n\n\n"


@pytest.mark.parametrize(
    "criterion",
    [
        "or_(*[User.id == x for x in ids])",
        "or_(*(User.id == x for x in ids))",
        "and_(*[User.id == 1, User.name == name])",
        "or_(User.id == name, not_(User.name.like(name)))",
        "(User.id == 3) & ~(User.name == name)",
        "or_(User.is_open, User.orders.any(Order.id == 3))",
    ],
)
def test_those_that_are_in_sight(criterion: str) -> None:
    """They name nothing but the class itself."""
    output = _translated(criterion)
    assert "scalars(" in output
    assert "unique()" not in output


@pytest.mark.parametrize(
    "criterion",
    ["or_(*ids)", "and_(User.id == 1, ids)", "(User.id == 3) | ids", "not_(ids)", "or_(*[Order.id == x for x in ids])"],
)
def test_those_that_are_not(criterion: str) -> None:
    """A list in a variable, or a criterion that is handed in, may name any class; another class is drawn in, too."""
    assert ".unique().all()" in _translated(criterion)


def _translated(criterion: str) -> str:
    return translate(
        f"{HEAD}def f(session, ids, name):\n    return session.query(User).filter({criterion}).all()\n"
    ).output
