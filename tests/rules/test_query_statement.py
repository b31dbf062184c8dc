"""Attributes of Query."""

from __future__ import annotations

from tests.rules.checks import transformed, untouched


def test_the_statement_is_the_query() -> None:
    """The attribute goes."""
    transformed("s = session.query(User).filter(User.a).statement", "s = select(User).where(User.a)")


def test_column_descriptions_stay() -> None:
    """A select() has them."""
    transformed("d = session.query(User).column_descriptions", "d = select(User).column_descriptions")


def test_the_session_is_named() -> None:
    """A statement holds none."""
    transformed(
        "q = session.query(User)\nq.session.add(x)\nq.all()",
        "q = select(User)\nsession.add(x)\nsession.scalars(q).all()",
    )


def test_a_statement_of_something_else_stays() -> None:
    """The name alone tells nothing."""
    untouched("from sqlalchemy import Column\n\nx = report.statement\n")
