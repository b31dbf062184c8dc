"""Query.value() and values()."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched


def test_value_takes_the_first_row() -> None:
    """As Session.scalar() does."""
    transformed("v = session.query(User).value(User.a)", "v = session.scalar(select(User).with_only_columns(User.a))")


def test_values_are_walked() -> None:
    """A Result is walked as they were; dict() needs a list."""
    transformed(
        "v = list(session.query(User).values(User.a))",
        "v = list(session.execute(select(User).with_only_columns(User.a)))",
    )
    transformed(
        "v = dict(session.query(User).values(User.a, User.b))",
        "v = dict(session.execute(select(User).with_only_columns(User.a, User.b)).all())",
    )


def test_what_is_kept_is_left() -> None:
    """An iterator that is kept may be used in any way."""
    left("v = session.query(User).values(User.a)", "iterator that is kept")
    left("v = session.query(User).join(Post).value(Post.a)", "joins from")


def test_a_dict_has_values_too() -> None:
    """And they stay."""
    untouched("from sqlalchemy import Column\n\nx = {}.values()\n")
