"""Query.add_column(), add_columns() and add_entity()."""

from __future__ import annotations

from tests.rules.checks import transformed


def test_objects_become_rows() -> None:
    """One entity and a column are a row."""
    transformed(
        "r = session.query(User).add_columns(User.a).first()",
        "r = session.execute(select(User).add_columns(User.a).limit(1)).first()",
    )


def test_pairs_of_entities_do_not_repeat() -> None:
    """Each entity repeats in a cross product, but no pair of them does."""
    transformed(
        "r = session.query(User).add_entity(Order).all()",
        "r = session.execute(select(User).add_columns(Order)).all()",
    )


def test_an_alias_is_added_itself() -> None:
    """add_entity(User, alias=a) adds a."""
    transformed(
        "r = session.query(Order.id).add_entity(User, alias=a).all()",
        "r = session.execute(select(Order.id).add_columns(a)).all()",
    )
