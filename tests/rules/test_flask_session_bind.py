"""The bind of Flask-SQLAlchemy's session."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = (db.session.bind).url\n", "x = (db.session.get_bind()).url\n"),
        ("session = db.session\nx = session.bind.dialect\n", "session = db.session\nx = session.get_bind().dialect\n"),
        ("if db.session.bind:\n    pass\n", "if db.session.get_bind():\n    pass\n"),
    ],
)
def test_the_engine_is_asked_for(before: str, after: str) -> None:
    """Also under another name, and in parentheses, which stay."""
    transformed(HEAD + before, HEAD + after)


def test_another_session_s_bind_stays() -> None:
    """A Session of SQLAlchemy has a bind in 2.x, too."""
    source = HEAD + "from sqlalchemy.orm import Session\n\ns = Session(bind=engine)\nx = s.bind.dialect\n"
    transformed(source, source)


def test_a_bind_that_is_set() -> None:
    """Version 3 doesn't look at it."""
    left(HEAD + "db.session.bind = engine\n", "SQLALCHEMY_BINDS")
