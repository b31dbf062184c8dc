"""Query.with_entities()."""

from __future__ import annotations

from tests.rules.checks import transformed


def test_rows_come_back_where_objects_did() -> None:
    """The shape is that of the new columns; a join does not repeat plain columns."""
    transformed(
        "r = session.query(User).join(User.a).with_entities(User.b).all()",
        "r = session.execute(select(User).join(User.a).with_only_columns(User.b)).all()",
    )


def test_a_total_is_one_row() -> None:
    """An aggregate alone is one row."""
    transformed(
        "n = session.query(User).filter(User.a).with_entities(func.sum(User.b)).scalar()",
        "n = session.scalar(select(User).where(User.a).with_only_columns(func.sum(User.b)))",
    )


def test_what_replaces_everything_is_selected_at_once() -> None:
    """Nothing is left of `select(User)` once other columns of it are named."""
    transformed(
        "r = session.query(User).with_entities(User.b, User.c).filter_by(a=1).all()",
        "r = session.execute(select(User.b, User.c).filter_by(a=1)).all()",
    )
    transformed(
        "n = session.query(User).with_entities(func.count()).scalar()",
        "n = session.scalar(select(User).with_only_columns(func.count()))",
    )
    transformed(
        "r = session.query(User).with_entities(Order.id).all()",
        "r = session.execute(select(User).with_only_columns(Order.id)).all()",
    )
