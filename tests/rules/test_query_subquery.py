"""Queries nested in other statements."""

from __future__ import annotations

from tests.rules.checks import transformed
from translator import translate


def test_in_takes_the_select() -> None:
    """A subquery there is warned about."""
    transformed(
        "u = session.query(User).filter(User.id.in_(session.query(Order.x).subquery())).all()",
        "u = session.scalars(select(User).where(User.id.in_(select(Order.x)))).all()",
    )


def test_labels_are_set_on_the_select() -> None:
    """The columns of the subquery keep their names."""
    transformed(
        "s = session.query(User).subquery('x', with_labels=True)",
        "s = select(User).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery('x')",
    )


def test_a_variable_that_is_for_members_alone_holds_the_select() -> None:
    """Not where it is asked for its columns as well."""
    used = "    return session.query(User).filter(User.id.in_(ids){}).all()\n"
    head = f"def f(session):\n    ids = session.query(Order.x).subquery()\n{used}"
    assert "    ids = select(Order.x)\n" in translate(head.format("")).output
    assert "    ids = select(Order.x).subquery()\n" in translate(head.format(", User.x == ids.c.x")).output


def test_a_derived_table_stays_where_mysql_needs_it() -> None:
    """It refuses a LIMIT in IN, and to read what a DELETE or UPDATE changes but for a derived table."""
    limited = "u = session.query(User).filter(User.id.in_(session.query(Order.x).limit(5).subquery())).all()"
    assert "in_(select(Order.x).limit(5).subquery().select())" in translate(limited).output
    own = "session.query(User).filter(User.id.in_(session.query(User.id).filter(User.x == 1).subquery())).delete()"
    assert "in_(select(User.id).where(User.x == 1).subquery().select())" in translate(own).output
    other = "session.query(User).filter(User.id.in_(session.query(Order.x).subquery())).delete()"
    assert "in_(select(Order.x))" in translate(other).output
