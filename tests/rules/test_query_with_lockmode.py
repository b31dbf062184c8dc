"""Query.with_lockmode()."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_modes_are_arguments() -> None:
    """Each has its own."""
    transformed(
        "u = session.query(User).with_lockmode('read').all()",
        "u = session.scalars(select(User).with_for_update(read=True)).all()",
    )


def test_a_computed_mode_is_left() -> None:
    """It is gone from 1.4 already."""
    left("u = session.query(User).with_lockmode(mode).all()", "with_lockmode() is gone")


def test_an_update_never_locked() -> None:
    """Query ignored it, and update() and delete() have no such method."""
    transformed(
        "session.query(User).with_lockmode('update').filter(User.id == 1).update({'a': 1})",
        "session.execute(update(User).where(User.id == 1).values({'a': 1}))",
    )
