"""Settings of one query."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_they_are_execution_options() -> None:
    """Each under its own name."""
    transformed(
        "u = session.query(User).autoflush(False).all()",
        "u = session.scalars(select(User).execution_options(autoflush=False)).all()",
    )


def test_yield_per_takes_uniquing_away() -> None:
    """With yield_per() even Query gave repeated objects; unique() and yield_per exclude each other."""
    transformed(
        "for u in session.query(User).join(User.a).yield_per(9):\n    pass",
        "for u in session.scalars(select(User).join(User.a).execution_options(yield_per=9)):\n    pass",
    )


def test_yield_per_on_one_path_is_left() -> None:
    """Whether objects repeat would depend on the path."""
    left(
        "q = session.query(User).join(User.a)\nif x:\n    q = q.yield_per(9)\nq.all()",
        "yield_per() is used on some paths only",
    )
