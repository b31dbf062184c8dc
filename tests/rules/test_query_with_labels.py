"""Query.with_labels() and its kin."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_executed_rows_show_no_labels() -> None:
    """An executed select() would show them, so they go."""
    transformed("r = session.query(User.a).with_labels().all()", "r = session.execute(select(User.a)).all()")


def test_a_statement_keeps_them() -> None:
    """They name the columns of what is made from it."""
    transformed(
        "s = session.query(User.a).with_labels().statement",
        "s = select(User.a).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)",
    )


def test_a_query_that_is_executed_too() -> None:
    """What is nested has the labels, whatever else the query is used for: a count of its own for a page."""
    transformed(
        "q = session.query(User)\nc = q.with_labels().statement.with_only_columns([func.count(User.id)])\nu = q.all()",
        "q = select(User)\n"
        "c = q.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).with_only_columns(func.count(User.id))\n"
        "u = session.scalars(q).all()",
    )


def test_the_style_that_a_query_has_by_its_new_name() -> None:
    """1.4 has it, too."""
    head = "from sqlalchemy import LABEL_STYLE_NONE, LABEL_STYLE_TABLENAME_PLUS_COL, select\n\n"
    transformed(
        f"{head}s = session.query(User.a).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()\n"
        "r = session.query(User.a).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).all()",
        "s = select(User.a).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()\n"
        "r = session.execute(select(User.a)).all()",
    )
    left(f"{head}r = session.query(User.a).set_label_style(LABEL_STYLE_NONE).all()", "this style of labels")
