"""Query.union() and its kin."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_objects_come_through_an_alias() -> None:
    """The SQL is that of Query: a select from the combined statements."""
    transformed(
        "q = session.query(User)\nu = q.union(q).first()",
        "q = select(User)\nu = session.scalars(select(aliased(User, union(q, q).subquery())).limit(1)).first()",
    )


def test_union_all_repeats_objects() -> None:
    """Query gave each once."""
    transformed(
        "q = session.query(User)\nu = q.union_all(q).all()",
        "q = select(User)\nu = session.scalars(select(aliased(User, union_all(q, q).subquery()))).unique().all()",
    )


def test_an_order_names_columns() -> None:
    """The attribute would name the table inside."""
    transformed(
        "q = session.query(User.a)\nu = q.union(q).order_by(User.a.desc()).all()",
        'q = select(User.a)\nu = session.execute(select(union(q, q).subquery()).order_by(desc("a"))).all()',
    )


def test_a_criterion_after_it_names_the_alias() -> None:
    """It means the subquery; on one path only there is no name for both."""
    transformed(
        "q = session.query(User)\nu = q.union(q).filter(User.a).all()",
        "q = select(User)\nuser = aliased(User, union(q, q).subquery())\n"
        "u = session.scalars(select(user).where(user.a)).all()",
    )
    left("q = session.query(User)\nif x:\n    q = q.union(q)\nu = q.order_by(User.a).all()", "as a subquery")


def test_a_subquery_whose_columns_may_be_named_is_left() -> None:
    """They were called `table_column`; where nobody can name them, that is no matter."""
    left("q = session.query(User.a)\ns = q.union(q).subquery()", "as a subquery")
    transformed(
        "q = session.query(User.a)\nx = session.query(User).filter(User.a.in_(q.union(q).subquery())).all()",
        "q = select(User.a)\nx = session.scalars(\n    select(User).where(User.a.in_(select(union(q, q).subquery())))\n).all()",
    )
