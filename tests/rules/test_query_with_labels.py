"""Query.with_labels() and its kin."""

from __future__ import annotations

from tests.rules.checks import transformed


def test_executed_rows_show_no_labels() -> None:
    """An executed select() would show them, so they go."""
    transformed("r = session.query(User.a).with_labels().all()", "r = session.execute(select(User.a)).all()")


def test_a_statement_keeps_them() -> None:
    """They name the columns of what is made from it."""
    transformed(
        "s = session.query(User.a).with_labels().statement",
        "s = select(User.a).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)",
    )
