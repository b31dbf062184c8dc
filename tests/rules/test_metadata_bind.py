"""Engines that a MetaData was bound to."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched
from translator import translate


def test_all_that_finds_the_engine_is_given_it() -> None:
    """In one function."""
    transformed(
        "def f(engine):\n    m = MetaData(bind=engine)\n    t = Table('t', m, autoload=True)\n    m.create_all()",
        "def f(engine):\n    m = MetaData()\n    t = Table('t', m, autoload_with=engine)\n    m.create_all(engine)",
    )


def test_all_or_nothing() -> None:
    """Where one of them can't name the engine, the MetaData keeps it."""
    left(
        "def f(engine):\n    m = MetaData(bind=engine)\n    def g(engine):\n        m.reflect()\n",
        "can't be given it: reflect()",
    )


def test_an_engine_that_is_made_on_the_spot() -> None:
    """It has no name to be given by."""
    left("m = MetaData(bind=create_engine('sqlite://'))\nm.create_all()\n", "finds no engine")


def test_a_connection_is_used_as_it_is() -> None:
    """It is open already; what it executes is committed where 1.x did so."""
    transformed(
        "conn = engine.connect()\nm = MetaData(bind=conn)\nt = Table('t', m)\nrows = t.select().execute().fetchall()\n"
        "t.insert().execute(id=1)",
        "conn = engine.connect()\nm = MetaData()\nt = Table('t', m)\nrows = conn.execute(t.select()).fetchall()\n"
        'conn.execute(t.insert(), {"id": 1})\nconn.commit()',
    )


def test_a_metadata_that_is_handed_on_is_told_of() -> None:
    """Whoever gets it may create its tables through the engine that it had."""
    head = "from sqlalchemy import MetaData\n\n\ndef f(engine):\n"
    for body in ("    return MetaData(bind=engine)\n", "    meta = MetaData(engine)\n    return Store(engine, meta)\n"):
        assert any("goes to code that is not followed" in d.message for d in translate(head + body).diagnostics)
    body = "    meta = MetaData(bind=engine)\n    meta.create_all()\n"
    assert not any("not followed" in d.message for d in translate(head + body).diagnostics)


def test_tables_and_statements_have_no_bind() -> None:
    """Whoever asks for it is told; a column may be called like that."""
    head = "from sqlalchemy import MetaData, Table\n\nmeta = MetaData()\nt = Table('t', meta)\n"
    for asked in ("t.bind", "t.select().bind", "t.metadata.bind"):
        left(f"{head}engine = {asked}\n", "bind" if asked != "t.metadata.bind" else "bound to no engine")
    untouched(f"{head}column = t.c.bind\n")


def test_a_metadata_that_is_a_parameter() -> None:
    """Whoever hands it over has to hand over the engine, too."""
    head = "from sqlalchemy import Table\n\n\n"
    left(
        f"{head}def things(meta):\n    return Table('things', meta, autoload=True)\n",
        "`meta` is a parameter, so let whoever calls `things()` hand over the engine, too",
    )
    code = f"{head}def things():\n    return Table('things', meta, autoload=True)\n"
    left(code, "give autoload_with=engine")
    assert not any("is a parameter" in d.message for d in translate(code).diagnostics)
