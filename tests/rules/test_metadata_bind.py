"""Engines that a MetaData was bound to."""

from __future__ import annotations

import pytest

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


UNBOUND = (
    "import migrate\nfrom sqlalchemy import Column, Index, Integer, MetaData, Table\n\n\ndef upgrade(engine):\n    {bound}\n"
    "    a = Table('a', meta, Column('id', Integer))\n    b = Table('b', meta, Column('id', Integer))\n    {body}\n"
)


@pytest.mark.parametrize("bound", ["meta = MetaData(engine)", "meta = MetaData()\n    meta.bind = engine"])
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("for t in (a, b):\n        t.create()", "t.create()"),
        ("for t in reversed([a, b]):\n        t.drop(checkfirst=True)", "t.drop()"),
        ("Index('i', a.c.id).create()", "Index(…).create()"),
        ("migrate.UniqueConstraint(a.c.id).create()", "migrate.UniqueConstraint(…).create()"),
        ("Column('n', Integer).create(a)", "Column(…).create()"),
        ("a.create_column(Column('n', Integer))", "a.create_column()"),
    ],
)
def test_what_finds_an_engine_by_itself_and_is_not_known(bound: str, body: str, shown: str) -> None:
    """The MetaData keeps its engine: nothing else would give one to what is created there."""
    code = UNBOUND.format(bound=bound, body=body)
    left(code, f"`{shown}` finds it by itself: give it the engine there")
    if "migrate." not in body:  # whichever module imports it
        left(code.replace("import migrate\n", ""), f"`{shown}` finds it by itself: give it the engine there")


@pytest.mark.parametrize("bound", ["meta = MetaData(engine)", "meta = MetaData()\n    meta.bind = engine"])
def test_what_is_given_its_engine(bound: str) -> None:
    """An index that is handed one, and what is created elsewhere, have no need of the MetaData's."""
    body = "Index('i', a.c.id).create(engine)\n    User.create(name='ada')"
    source = UNBOUND.format(bound=bound, body=body).replace("import migrate\n", "")
    assert translate(source).output == source.replace("MetaData(engine)", "MetaData()").replace(
        "    meta.bind = engine\n", ""
    )


@pytest.mark.parametrize("bound", ["meta = MetaData(engine)", "meta = MetaData()\n    meta.bind = engine"])
@pytest.mark.parametrize(
    ("body", "goes"),
    [
        ("clean(b)", "`clean()`"),
        ("clean(tables=[a, b])", "`clean()`"),
        ("clean({'one': a})", "`clean()`"),
        ("return a, b", "the caller"),
        ("other = a", "another name"),
    ],
)
def test_a_table_that_goes_elsewhere(bound: str, body: str, goes: str) -> None:
    """The MetaData keeps its engine: what gets the table may find it there."""
    left(UNBOUND.format(bound=bound, body=body).replace("import migrate\n", ""), f"goes to {goes}, which may find it")


@pytest.mark.parametrize("bound", ["meta = MetaData(engine)", "meta = MetaData()\n    meta.bind = engine"])
@pytest.mark.parametrize(
    "body",
    [
        "rows = engine.connect().execute(a.join(b)).all()",
        "found = a.c.id == b.c.id",
        "rows = engine.connect().execute(select(func.count()).select_from(a)).all()",
        "Index('i', a.c.id).create(engine)",
    ],
)
def test_a_table_that_stays(bound: str, body: str) -> None:
    """What SQLAlchemy is given, and what is asked of a table, needs no engine of the MetaData's."""
    source = UNBOUND.format(bound=bound, body=body).replace("import migrate\n", "")
    assert "meta = MetaData()\n" in translate(source).output
    assert ".bind" not in translate(source).output
