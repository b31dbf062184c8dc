"""Rows handed to functions that are handed other things, too: the mapping goes, where only names are looked up."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched
from translator import translate

HEAD = "from sqlalchemy import text\n\n\n"
READ = "\n\ndef show(conn, other):\n    row = conn.execute(text('SELECT 1 n')).first()\n    return [_fill(row), _fill(other)]\n"


def test_a_function_that_unpacks_takes_the_mapping() -> None:
    """`**row` and dict(row) want a mapping; the other caller's dict is one."""
    transformed(
        "def _fill(found):\n    return make(**found), dict(found)" + READ.rstrip("\n"),
        "def _fill(found):\n    return make(**found), dict(found)"
        + READ.rstrip("\n").replace("_fill(row)", "_fill(row._mapping)"),
    )


def test_a_function_that_reads_both_ways_is_flagged() -> None:
    """A mapping has no first item, a row no item of that name."""
    left(HEAD + "def _fill(found):\n    return found['n'] or found[0]\n" + READ, "something else elsewhere")


def test_a_function_that_reads_no_names_stays() -> None:
    """A row is a tuple still."""
    source = HEAD + "def _fill(found):\n    return found[0]\n" + READ
    assert translate(source).output == source


def test_rows_that_are_returned_or_kept() -> None:
    """Callers elsewhere, functions elsewhere, and whoever reads the attribute or the container."""
    for body, said in (
        ("return rows", "callers that are not in sight"),
        ("g.rows = rows", "kept here"),
        ("g.rows[0] = rows[0]", "kept here"),
        ("g.rows.append(rows[0])", "kept here"),
        ("from app import shown; shown(rows)", "passed to a function that is not in sight"),
    ):
        found = translate(
            f"{HEAD}def f(conn, g):\n    rows = conn.execute(text('SELECT 1 n')).fetchall()\n    n = rows[0]['n']\n    {body}\n"
        )
        assert any(said in d.message for d in found.diagnostics)


def test_rows_that_a_library_takes() -> None:
    """Python's library and that of the application's framework take them for tuples."""
    for body in ("import json; json.dumps(rows)", "from flask import jsonify; jsonify(rows)", "print(rows)"):
        found = translate(
            f"{HEAD}def f(conn):\n    rows = conn.execute(text('SELECT 1 n')).fetchall()\n    n = rows[0]['n']\n    {body}\n"
        )
        assert not found.diagnostics


def test_a_text_in_new_style_is_let_alone() -> None:
    """It looks up no names in rows."""
    untouched(HEAD + "def f(conn):\n    return conn.execute(text('SELECT 1')).fetchall()\n")


def test_rows_beside_something_else() -> None:
    """The caller in sight can't tell which of them it has."""
    found = translate(
        HEAD
        + "def _all(conn, more):\n    if more:\n        return more\n    return conn.execute(text('SELECT 1')).fetchall()\n"
        "\n\ndef show(conn, more):\n    return [dict(r) for r in _all(conn, more)], dict(conn.execute(text('')).first())\n"
    )
    assert any("something else on another path" in d.message for d in found.diagnostics)


def test_what_is_no_row_is_not_spoken_of() -> None:
    """Scalars, counts, and rows for callers that are all in sight."""
    for body in (
        "return conn.execute(text('SELECT 1')).scalar()",
        "return conn.execute(text('DELETE FROM t')).rowcount",
    ):
        found = translate(HEAD + f"def f(conn):\n    {body}\n")
        assert not any("rows" in d.message for d in found.diagnostics)
    source = (
        HEAD + "def _all(conn):\n    return conn.execute(text('SELECT 1')).fetchall()\n\n\nrow = _all(conn)[0]['a']\n"
    )
    assert not any("not in sight" in d.message for d in translate(source).diagnostics)


CACHE = (
    HEAD
    + "class Cache:\n    def row_named(self, conn, name):\n        rows = {r[0]: r for r in conn.execute(text('SELECT 1'))}\n"
    "        return rows[name]\n\n\ndef show(app, conn):\n    return app.cache.row_named(conn, 1)['n']\n"
)


def test_the_only_method_of_a_name_gives_what_it_gives() -> None:
    """Whatever it is called on; not where another class has one of that name."""
    assert "row_named(conn, 1).n\n" in translate(CACHE).output
    other = CACHE + "\n\nclass Other:\n    def row_named(self, conn, name):\n        return {'n': name}\n"
    assert "row_named(conn, 1)['n']\n" in translate(other).output


def test_an_index_that_is_assigned_to_is_looked_up_too() -> None:
    """The target of an assignment has rows in it as well."""
    transformed(
        "for r in engine.connect().execute(text('SELECT 1 n')):\n    found[r['n']] = r",
        "for r in engine.connect().execute(text('SELECT 1 n')):\n    found[r.n] = r",
    )


def test_an_engine_that_is_asked_for() -> None:
    """What is executed on a connection of `get_engine()` was committed by 1.x."""
    write = "from app import facade\n\n\ndef f(t):\n    c = facade.get_engine().connect()\n    c.execute(t.insert().values(n=1))"
    transformed(write, write + "\n    c.commit()")


def test_a_table_of_oslo_db() -> None:
    """It was bound to the engine that it was reflected from."""
    head = "from oslo_db.sqlalchemy import utils\n\n\ndef f(engine):\n    users = utils.get_table(engine, 'users')\n"
    transformed(
        head + "    users.insert().values(n=1).execute()",
        head + "    with engine.begin() as conn:\n        conn.execute(users.insert().values(n=1))",
    )
