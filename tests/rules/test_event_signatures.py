"""Listeners whose event got another argument."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed, untouched

HEAD = "from sqlalchemy import event\n\n"


def test_a_function_that_is_registered_by_name() -> None:
    """Its definition gets the argument, in its place before the result."""
    source = (
        f"{HEAD}def seen(conn, stmt, multi, params, result):\n    pass\n\nevent.listen(engine, 'after_execute', seen)\n"
    )
    transformed(source, source.removeprefix(HEAD).replace("params, result", "params, execution_options, result"))


def test_a_lambda() -> None:
    """It is changed where it stands."""
    source = f"{HEAD}event.listen(engine, 'before_execute', lambda c, s, m, p: None)\n"
    transformed(source, source.removeprefix(HEAD).replace("m, p:", "m, p, execution_options:"))


@pytest.mark.parametrize("params", ["conn, stmt, multi, params, options", "*args", "conn, stmt, **kw"])
def test_listeners_that_take_it_already(params: str) -> None:
    """Those of 2.x, and those that take whatever comes."""
    untouched(f"{HEAD}@event.listens_for(engine, 'before_execute')\ndef seen({params}):\n    pass\n")


def test_a_bulk_listener_of_old() -> None:
    """2.1 hands it one argument."""
    left(
        f"{HEAD}@event.listens_for(Session, 'after_bulk_update')\ndef seen(session, query, context, result):\n    pass\n",
        "with one argument",
    )


def test_what_a_listener_for_new_connections_executes_is_told_where_it_has_no_line_of_its_own() -> None:
    """A transaction is open then, which 2.0 begins: engine.begin() raises."""
    head = "from sqlalchemy import create_engine, event, text\n\nengine = create_engine('sqlite://')\n\n\n"
    ping = "def ping(conn, branch):\n    if conn.execute(text('SELECT 1')).scalar():\n        return\n\n\n"
    listens = "event.listen(engine, 'engine_connect', ping)\n"
    left(head + ping + listens, "`with conn.begin():`")
    left(head + "from elsewhere import ping\n" + listens, "if it executes")
    untouched(head + ping.replace("conn.execute(text('SELECT 1')).scalar()", "branch") + listens)
    inside = "def ping(conn, branch):\n    with conn.begin():\n        conn.execute(text('SELECT 1'))\n\n\n"
    untouched(head + inside + listens)
