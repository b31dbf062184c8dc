"""Statements that execute themselves."""

from __future__ import annotations

from tests.rules.checks import left, transformed

HEAD = "engine = create_engine('sqlite://')\n"


def test_ddl_with_its_engine() -> None:
    """Given to the statement, or to its execution."""
    for call in ("DDL('DROP TABLE x', bind=engine).execute()", "DDL('DROP TABLE x').execute(engine)"):
        transformed(f"{HEAD}{call}", f"{HEAD}with engine.begin() as conn:\n    conn.execute(DDL('DROP TABLE x'))")


def test_ddl_on_a_connection() -> None:
    """It is committed, as 1.x did by itself."""
    transformed(
        f"{HEAD}conn = engine.connect()\nDDL('DROP TABLE x').execute(conn)",
        f"{HEAD}conn = engine.connect()\nconn.execute(DDL('DROP TABLE x'))\nconn.commit()",
    )


def test_a_text_with_its_engine() -> None:
    """It reads, so nothing is committed."""
    transformed(
        f"{HEAD}n = text('SELECT 1', bind=engine).scalar()",
        f"{HEAD}with engine.connect() as conn:\n    n = conn.scalar(text('SELECT 1'))",
    )


def test_an_engine_that_is_not_in_sight() -> None:
    """Nothing can be executed on it."""
    left("n = func.now().scalar()\n", "is not in sight")
