"""Loader options that Query took in lists."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import translate


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[selectinload(User.a)]", "selectinload(User.a)"),
        ("(selectinload(User.a), selectinload(User.b))", "selectinload(User.a), selectinload(User.b)"),
        ("defer(User.c), [selectinload(User.a), *more]", "defer(User.c), selectinload(User.a), *more"),
        ("[\n    selectinload(User.a),\n]", "*[\n    selectinload(User.a),\n]"),
        ("selectinload(getattr(User, n)) for n in 'ab'", "*(selectinload(getattr(User, n)) for n in 'ab')"),
    ],
)
def test_a_select_takes_them_one_by_one(before: str, after: str) -> None:
    """A list there raises."""
    head = "from sqlalchemy.orm import defer, selectinload\n"
    found = translate(f"{head}q = session.query(User).options({before})\nfor u in q:\n    pass\n").output
    assert f"q = select(User).options({after})\n" in found


def test_lists_in_lists_are_left() -> None:
    """Query looked into them."""
    left("u = session.query(User).options([selectinload(User.a), [defer(User.b)]]).all()", "lists in lists")


def test_get_takes_them_too() -> None:
    """Session.get() has a list for them."""
    transformed(
        "opts = [defer(User.a)]\nu = session.query(User).options(opts).get(1)",
        "opts = [defer(User.a)]\nu = session.get(User, 1, options=[*opts])",
    )


def test_what_may_be_a_list_is_told_of() -> None:
    """Nobody knows what callers give."""
    found = translate("def f(session, loads):\n    return session.query(User).options(loads).all()\n")
    assert "select(User).options(loads)" in found.output
    assert any("options(*loads)" in told.message for told in found.diagnostics)
