"""Engine.execute(): a connection is opened around all that reads the result, and what wrote is committed."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed, untouched
from translator import translate
from translator.findings import Safety

HEAD = "engine = create_engine('sqlite://')\n"


def test_a_write_is_committed() -> None:
    """engine.begin() commits, as Engine.execute() did."""
    transformed(
        HEAD + "engine.execute(users.insert(), name='x')",
        HEAD + "with engine.begin() as conn:\n    conn.execute(users.insert(), {\"name\": 'x'})",
    )


def test_a_result_in_a_variable_keeps_the_connection_open() -> None:
    """The block reaches to the last statement that reads the result, and no further."""
    transformed(
        "def f(engine):\n    # all\n    found = engine.execute(users.select())\n    names = []\n"
        "    for row in found:\n        names.append(row['name'])\n    return names",
        "def f(engine):\n    # all\n    with engine.connect() as conn:\n        found = conn.execute(users.select())\n"
        "        names = []\n        for row in found:\n            names.append(row.name)\n    return names",
    )


def test_a_loop_that_writes_keeps_its_own_connection() -> None:
    """A read after such a loop is not put into the loop's block, whose connection's name was bound anew."""
    transformed(
        "def f(engine):\n    for row in engine.execute(a.select()):\n        engine.execute(b.delete())\n"
        "    return engine.execute(a.select()).fetchall()",
        "def f(engine):\n    with engine.connect() as conn:\n        for row in conn.execute(a.select()):\n"
        "            with engine.begin() as conn:\n                conn.execute(b.delete())\n"
        "    with engine.connect() as conn:\n        return conn.execute(a.select()).fetchall()",
    )


def test_a_taken_name_is_not_used_again() -> None:
    """`conn` means something else in this function."""
    transformed(
        "def f(engine, conn):\n    n = engine.execute(text('SELECT 1')).scalar()",
        "def f(engine, conn):\n    with engine.connect() as connection:\n"
        "        n = connection.execute(text('SELECT 1')).scalar()",
    )


def test_a_result_that_leaves_is_flagged() -> None:
    """Nobody could read it once the connection is closed."""
    left("def f(engine):\n    return engine.execute(users.select())", "without being read")


def test_a_condition_that_may_not_run_is_flagged() -> None:
    """There is no place for a block in the head of a while."""
    left(
        "def f(engine):\n    while engine.execute(users.select()).first():\n        pass",
        "head of a compound statement",
    )


def test_a_raw_string_goes_to_the_driver() -> None:
    """`:noon` in a literal is no parameter."""
    transformed(
        HEAD + "n = engine.execute(\"SELECT ':noon'\").scalar()",
        HEAD + "with engine.connect() as conn:\n    n = conn.exec_driver_sql(\"SELECT ':noon'\").scalar()",
    )


def test_other_engines_stay() -> None:
    """A template engine executes too."""
    untouched("import jinja2\n\nengine = jinja2.Engine()\nengine.execute('x')\n")


def test_what_walks_a_result_and_leaves_walks_its_rows() -> None:
    """The connection is closed before the caller walks; a list of the rows is not."""
    for walk in ("map(str, {})", "(row.id for row in {})"):
        before, after = walk.format("engine.execute(a.select())"), walk.format("conn.execute(a.select()).fetchall()")
        transformed(
            f"def f(engine):\n    return {before}",
            f"def f(engine):\n    with engine.connect() as conn:\n        return {after}",
        )


def test_an_inner_loop_runs_when_its_generator_is_walked() -> None:
    """That is after the connection is closed."""
    left("def f(engine):\n    return (row for x in y for row in engine.execute(users.select()))", "without being read")


def test_a_table_that_is_spelled_like_a_class_writes_too() -> None:
    """`Users.insert()` is committed; what a class method gives may write, so that is as well, and left for review."""
    transformed(
        HEAD + "stmt = Users.insert().values([{'id': 1}])\nengine.execute(stmt)",
        HEAD + "stmt = Users.insert().values([{'id': 1}])\nwith engine.begin() as conn:\n    conn.execute(stmt)",
    )
    transformed(
        HEAD + "stmt = User.cleanup()\nengine.execute(stmt)",
        HEAD + "stmt = User.cleanup()\nwith engine.begin() as conn:\n    conn.execute(stmt)",
    )
    translation = translate(HEAD + "stmt = User.cleanup()\nengine.execute(stmt)")
    assert [change.safety for change in translation.changes] == [Safety.REVIEW]


def test_a_write_on_a_connection_by_such_a_table_is_flagged() -> None:
    """1.x committed it."""
    left("conn.execute(Users.delete().where(Users.c.id == 1))", "committed this write by itself")


@pytest.mark.parametrize(
    ("head", "execution", "new"),
    [
        (
            "from app import db",
            'db.engine.execute("SELECT 1").scalar()',
            ("db.engine", 'exec_driver_sql("SELECT 1").scalar()'),
        ),
        (
            "import json\nfrom app.db import engine",
            "engine.execute(t.select()).first()",
            ("engine", "execute(t.select()).first()"),
        ),
        ("import pandas as pd", "engine.execute(query).fetchall()", ("engine", "execute(query).fetchall()")),
    ],
)
def test_a_text_that_imports_no_sqlalchemy_shows_it(head: str, execution: str, new: tuple[str, str]) -> None:
    """Its engine comes from a module of its own; what it does with it is said in SQLAlchemy's words."""
    engine, rest = new
    block = "begin" if "query" in execution else "connect"
    transformed(
        f"{head}\nfound = {execution}\n",
        f"{head}\nwith {engine}.{block}() as conn:\n    found = conn.{rest}\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        'import sqlite3\nfrom app.db import engine\nfound = engine.execute("SELECT 1")\n',
        "from workflow import engine\nengine.execute(flow)\n",
        'import logging\nconn.execute("SELECT 1")\n',
    ],
)
def test_other_engines_are_left(text: str) -> None:
    """Another package's, or nothing says whose."""
    untouched(text)


def test_rows_walked_by_a_comprehension_are_executed_once() -> None:
    """What a comprehension walks first is there before its first turn, whatever the statement is."""
    transformed(
        "found = [row[0] for row in engine.execute(query)]\n",
        "with engine.begin() as conn:\n    found = [row[0] for row in conn.execute(query)]\n",
    )
    left("found = (row[0] for row in engine.execute(query))\nuse(found)\n", "comprehension")


def test_a_result_that_nothing_in_sight_reads() -> None:
    """Whoever reads it must do so before the connection is closed."""
    told = translate("result = engine.execute('SELECT 1')\n").diagnostics
    assert ["inside the block" in diagnostic.message for diagnostic in told] == [True]
    assert not translate("result = engine.execute('SELECT 1')\nprint(result.fetchall())\n").diagnostics
    assert not translate("def f():\n    result = engine.execute('SELECT 1')\n").diagnostics


def test_a_result_of_whatever_is_executed_is_not_returned_closed() -> None:
    """Where it can't be told whether rows are read from it; what is read from it here can be returned."""
    left("def run(engine, stmt):\n    return engine.execute(stmt)\n", "that is returned")
    transformed(
        "def run(engine, stmt):\n    return engine.execute(stmt).rowcount\n",
        "def run(engine, stmt):\n    with engine.begin() as conn:\n        return conn.execute(stmt).rowcount\n",
    )


def test_what_may_be_a_string_is_told() -> None:
    """2.0 executes no strings; a statement that is in sight is none."""
    told = translate("def run(engine, stmt):\n    return engine.execute(stmt).scalar()\n").diagnostics
    assert ["if `stmt` is a string" in diagnostic.message for diagnostic in told] == [True]


def test_what_a_method_of_strings_gives_is_told_too() -> None:
    """`line.strip()` of a file's lines is as much of a string as `line`."""
    told = translate(HEAD + "for line in open('x.sql'):\n    engine.execute(line.strip())\n").diagnostics
    assert any("if `line.strip()` is a string" in diagnostic.message for diagnostic in told)
    assert not translate("found = engine.execute(users.select()).fetchall()\n").diagnostics


def test_what_callers_in_sight_execute_is_not_all_that_is_executed() -> None:
    """Others may call a method that is open with a write, which 1.x committed."""
    method = "    def run(self, sql):\n        return self.engine.execute(sql).fetchall()\n\n"
    use = "    def names(self):\n        return self.run('SELECT name FROM users')\n"
    output = translate(f"class Repository:\n{method}{use}").output
    assert "with self.engine.begin() as conn:" in output
    assert (
        "with self.engine.connect() as conn:"
        in translate(f"class Repository:\n{method}{use}".replace("run", "_run")).output
    )
