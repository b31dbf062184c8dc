"""Methods that a select() does not need."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_they_go() -> None:
    """Rows for one entity come from execute(); the session is where the statement is executed."""
    transformed("r = session.query(User).only_return_tuples(True).all()", "r = session.execute(select(User)).all()")
    transformed("u = Query([User]).with_session(session).all()", "u = session.scalars(select(User)).all()")


def test_reset_joinpoint_goes_back_to_the_first_entity() -> None:
    """What filter_by() means after it is spelled out."""
    transformed(
        "u = session.query(User.a).join(Order, Order.x == User.y).reset_joinpoint().filter_by(id=3).all()",
        "u = session.execute(select(User.a).join(Order, Order.x == User.y).where(User.id == 3)).all()",
    )


def test_a_clause_after_a_limit_stays_refused_without_the_call() -> None:
    """Query refuses it, a select() would apply it before the limit."""
    left("u = session.query(User).limit(2).filter(User.a).all()", "after LIMIT")
