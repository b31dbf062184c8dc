"""with_for_update() of queries that select, update and delete."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_a_select_keeps_its_lock() -> None:
    """It is the same there."""
    transformed(
        "rows = session.query(User).with_for_update(nowait=True).all()",
        "rows = session.scalars(select(User).with_for_update(nowait=True)).all()",
    )


def test_a_query_that_is_both_keeps_it_for_the_select() -> None:
    """The criteria go to the delete(), the lock stays with the select()."""
    transformed(
        "q = session.query(User).with_for_update().filter(User.id == 1)\nu = q.one()\nq.delete()",
        "q = select(User).with_for_update().where(User.id == 1)\nu = session.scalars(q).one()\n"
        "session.execute(delete(User).where(q.whereclause))",
    )


def test_a_comment_stands_before_it() -> None:
    """It would be lost."""
    left(
        "(\n    session.query(User)\n    .filter(User.id == 1)\n    # locks\n    .with_for_update()\n    .delete()\n)",
        "move it first",
    )
