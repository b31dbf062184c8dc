"""`execute` that is handed on or called under another name."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, untouched

HEAD = "from sqlalchemy import create_engine, text\n\nengine = create_engine('sqlite://')\nconn = engine.connect()\n"


@pytest.mark.parametrize(
    "use", ["run = engine.execute", "pool.submit(engine.execute, text('SELECT 1'))", "map(engine.scalar, [])"]
)
def test_an_engine_has_none(use: str) -> None:
    """The attribute is gone with the method."""
    left(f"{HEAD}{use}\n", "is gone from 2.0, and it is handed on here")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("run('SELECT 1')", "takes a statement, e.g. text(…)"),
        ("run(text('SELECT :n'), n=1)", "one parameter argument"),
        ("run(text('DELETE FROM users'))", "commit() must follow"),
        ("run(statement)", "commit() must follow"),
    ],
)
def test_a_connection_under_another_name(call: str, said: str) -> None:
    """Strings and keywords raise, and writes are lost, without a word of 2.0's."""
    left(f"{HEAD}run = conn.execute\n{call}\n", said)


def test_a_session_under_another_name() -> None:
    """It takes no strings."""
    left("def f(session):\n    run = session.execute\n    run('SELECT 1')\n", "`run` is execute() of a session")


def test_what_works_stays() -> None:
    """Statements that read, or that a transaction commits."""
    for setting, call in (
        ("run = conn.execute", "run(text('SELECT 1'))"),
        ("conn.begin()\nrun = conn.execute", "run(text('DELETE FROM users'))"),
    ):
        untouched(f"{HEAD}{setting}\n{call}\n")
    untouched(
        "from sqlalchemy import text\n\n\ndef f(session):\n    run = session.execute\n    run(text('DELETE FROM users'))\n"
    )


def test_what_getattr_gives_is_no_way_around_it() -> None:
    """The method is gone all the same; a connection's is followed to its call."""
    left(f"{HEAD}run = getattr(engine, 'execute')\n", "is gone from 2.0, and it is handed on here")
    left(f"{HEAD}conn = engine.connect()\ngetattr(conn, 'execute')('SELECT 1')\n", "takes a statement, e.g. text(")
    left(
        f"{HEAD}from sqlalchemy.orm import Session\n\nuser = getattr(Session(engine), 'query')(User).first()\n",
        "getattr()",
    )
