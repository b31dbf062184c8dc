"""Executions in the head of an `if`: they move before it where the head evaluates them first, and always."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_what_the_condition_reads_moves_before_it() -> None:
    """The connection is closed before the body runs, as 1.x gave it back once the row was read."""
    transformed(
        "def f(engine):\n    # any?\n    if not engine.execute(users.select()).first():\n        pass",
        "def f(engine):\n    # any?\n    with engine.connect() as conn:\n        row = conn.execute(users.select()).first()\n"
        "    if not row:\n        pass",
    )


def test_a_write_is_committed_before_the_body() -> None:
    """The row count is known when the block has ended."""
    transformed(
        "def f(engine):\n    if engine.execute(users.delete()).rowcount > 1:\n        pass",
        "def f(engine):\n    with engine.begin() as conn:\n        count = conn.execute(users.delete()).rowcount\n"
        "    if count > 1:\n        pass",
    )


def test_a_taken_name_is_left_alone() -> None:
    """`value` is a parameter here."""
    transformed(
        "def f(engine, value):\n    if engine.scalar(text('SELECT 1')) == value:\n        pass",
        "def f(engine, value):\n    with engine.connect() as conn:\n        found_value = conn.scalar(text('SELECT 1'))\n"
        "    if found_value == value:\n        pass",
    )


def test_what_may_not_run_stays() -> None:
    """The right side of an `and`, an `elif` and a `while` don't run once and first."""
    left("def f(engine, a):\n    if a and engine.execute(users.select()).first():\n        pass", "head of a compound")
    left(
        "def f(engine, a):\n    if a:\n        pass\n    elif engine.execute(users.select()).first():\n        pass",
        "head of a compound",
    )
    left("def f(engine):\n    while engine.execute(users.select()).first():\n        pass", "head of a compound")
