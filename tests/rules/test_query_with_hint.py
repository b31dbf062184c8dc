"""with_hint() of queries that select, update and delete."""

from __future__ import annotations

from tests.rules.checks import transformed


def test_a_select_keeps_its_hint() -> None:
    """It is the same there."""
    transformed(
        "rows = session.query(User).with_hint(User, 'INDEX(pk)', 'oracle').all()",
        "rows = session.scalars(select(User).with_hint(User, 'INDEX(pk)', 'oracle')).all()",
    )


def test_an_update_never_had_one() -> None:
    """Query ignored it; the statement's own with_hint() takes other arguments."""
    transformed(
        "session.query(User).with_hint(User, 'INDEX(pk)', 'oracle').filter(User.id == 1).update({'a': 1})",
        "session.execute(update(User).where(User.id == 1).values({'a': 1}))",
    )


def test_a_query_that_is_both_keeps_it_for_the_select() -> None:
    """The criteria go to the delete(), the hint stays with the select()."""
    transformed(
        "q = session.query(User).with_hint(User, 'INDEX(pk)').filter(User.id == 1)\nu = q.one()\nq.delete()",
        "q = select(User).with_hint(User, 'INDEX(pk)').where(User.id == 1)\nu = session.scalars(q).one()\n"
        "session.execute(delete(User).where(q.whereclause))",
    )
