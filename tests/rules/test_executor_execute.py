"""Statements that something unknown executes: writes are flagged, rows are rows."""

from __future__ import annotations

from pathlib import Path

from tests.rules.checks import left, transformed, untouched
from tests.test_program import translated, write
from translator import translate

HEAD = "from sqlalchemy import delete, select\n\n\n"


def test_a_write_is_flagged() -> None:
    """It was committed if it ran on a connection."""
    left(HEAD + "def f(self):\n    self.db.executable.execute(delete(users))\n", "what `self.db.executable` is")


def test_parameters_are_flagged() -> None:
    """No keyword parameters in 2.0, whatever it is."""
    left(HEAD + "def f(self):\n    self.store.here.execute(select(users), id=5)\n", "one parameter argument")


def test_what_it_gives_are_rows() -> None:
    """Their names are attributes."""
    transformed(
        HEAD.lstrip() + "def f(self):\n    return self.store.here.execute(select(users)).first()['id']",
        HEAD.lstrip().partition("\n\n\n")[2]
        + "def f(self):\n    return self.store.here.execute(select(users)).first().id",
    )


def test_what_is_awaited_or_no_statement_stays() -> None:
    """Other packages execute, too."""
    untouched(HEAD + "async def f(self):\n    await self.database.executor.execute(delete(users))\n")
    untouched(HEAD + "def f(self):\n    self.pool.here.execute('DELETE FROM users')\n")


def test_sql_in_a_string_is_flagged() -> None:
    """Nothing of SQLAlchemy takes it any more, and no driver takes keyword parameters."""
    left(HEAD + "def f(self):\n    return self.store.execute('SELECT name FROM users')\n", "what `self.store` is")
    left(HEAD + "def f(db):\n    db.execute('DELETE FROM users WHERE id = :id', id=1)\n", "one parameter argument")
    left(
        HEAD + "def f(db, sql, **values):\n    return db.execute(sql, **values)\n", "a string is executed by a driver's"
    )


def test_sql_in_a_string_that_something_imported_executes_is_flagged() -> None:
    """Alembic's operations and drivers take it as before."""
    head = "from shop import config\n" + HEAD
    left(
        head + "def f(key):\n    config.db.store.execute(\"select 1 from a where b = '{}'\".format(key))\n",
        "`config.db.store` is",
    )
    untouched("from alembic import op\n" + HEAD + "def f():\n    op.execute('UPDATE a SET b = 1')\n")
    untouched("from oracledb import pool\n" + HEAD + "def f():\n    pool.execute('UPDATE a SET b = 1')\n")


def test_a_drivers_strings_stay() -> None:
    """A cursor takes them as before; what is no SQL is none of ours."""
    untouched(HEAD + "def f(self):\n    self.cursor.execute('SELECT name FROM users')\n")
    untouched("import psycopg2\n" + HEAD + "def f(db):\n    db.execute('SELECT name FROM users')\n")
    untouched(HEAD + "def f(runner):\n    runner.execute('make', check=True)\n")
    untouched(
        "import sqlite3\n"
        + HEAD
        + "def f():\n    with sqlite3.connect('x') as conn:\n        conn.execute('SELECT 1')\n"
    )


HEAD_ENGINE = "from sqlalchemy import insert, text\nfrom sqlalchemy.engine import Connection, Engine\n\n\n"


def test_what_is_asked_for_its_class_is_of_that_class() -> None:
    """Where it is no Engine it is no Engine: a connection opened on it would be a transaction on a connection."""
    found = translate(
        HEAD_ENGINE + "def f(engine):\n    if isinstance(engine, Engine):\n        engine.execute(insert(users))\n"
        "    else:\n        engine.execute(insert(users))\n"
    )
    assert found.output.count("with engine.begin() as conn:") == 1
    assert found.output.endswith("    else:\n        engine.execute(insert(users))\n")
    assert any("what `engine` is" in d.message for d in found.diagnostics)
    found = translate(
        HEAD_ENGINE
        + "def f(engine: Engine):\n    if not isinstance(engine, Engine):\n        return\n    engine.execute(insert(users))\n"
    )
    assert "with engine.begin() as conn:" in found.output


def test_another_packages_connection() -> None:
    """sqlite3's connections and its strings stay."""
    source = "import sqlite3\n\nfrom sqlalchemy import text\n\n\ndef f(conn):\n    if isinstance(conn, sqlite3.Connection):\n"
    source += "        conn.execute('DELETE FROM t')\n    else:\n        conn.execute(text('SELECT 1'))\n"
    untouched(source)


def test_a_bind_that_is_asked_for_a_connection_is_an_engine() -> None:
    """Everywhere in its class; one that never is may be a connection."""
    head = (
        "from sqlalchemy import delete\n\n\nclass Store:\n    def __init__(self, bind):\n        self.bind = bind\n\n"
    )
    clear = "    def clear(self):\n        self.bind.execute(delete(users))\n"
    found = translate(head + clear)
    assert "self.bind.execute" in found.output
    assert any("what `self.bind` is" in d.message for d in found.diagnostics)
    found = translate(head + clear + "\n    def open(self):\n        return self.bind.connect()\n")
    assert "with self.bind.begin() as conn:\n            conn.execute(delete(users))" in found.output


def test_a_session_in_a_test_that_imports_nothing_of_sqlalchemy_is_one(tmp_path: Path) -> None:
    """Its program has its sessions from there, and not from Cassandra."""
    sessions = "from sqlalchemy.orm import sessionmaker\n\nmake = sessionmaker()\n"
    test = """
from shop.sessions import make
import shop.others


def test_it(factory):
    new_session = factory()
    assert not list(new_session.execute("SELECT * FROM batches"))
"""
    for others, told in (("import json\n", True), ("from cassandra.cluster import Cluster\n", False)):
        files = {
            "shop/__init__.py": "",
            "shop/sessions.py": sessions,
            "shop/others.py": others,
            "shop/test_it.py": test,
        }
        translation = translated(write(tmp_path / str(told), files))["test_it.py"].translation
        assert translation is not None
        assert any("what `new_session` is" in found.message for found in translation.diagnostics) is told
