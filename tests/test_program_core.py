"""Core that goes from one file to another: tables, statements and connections; rows and the data afterwards compared."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

TABLES = """
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine

engine = create_engine("sqlite:///things.db")
metadata = MetaData()
things = Table("things", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
"""
STATEMENTS = """
from sqlalchemy import select, union_all

from .tables import things


def several(parts, order=()):
    selects = []
    for table, criterion in parts:
        selects.append(table.select(criterion))
        assert table.c.id is not None
    return union_all(*selects, **{"order_by": list(order)})


def named(name=None):
    return select([things.c.id], things.c.name == name if name else None)
"""
MAIN = """
from sqlalchemy import text

from shop import store
from shop.tables import engine, metadata

metadata.drop_all(engine)
metadata.create_all(engine)
store.fill()
print(store.everything(), store.ids(), store.ids("ada"))
store.clean(5)
print(store.ids())
store.clean()
other = engine.connect()
print(other.execute(text("SELECT count(*) FROM things")).scalar())
other.close()
"""
STORE = """
from . import statements
from .tables import engine, things


def fill():
    with engine.begin() as conn:
        conn.execute(things.insert(), [{"id": 1, "name": "ada"}, {"id": 2, "name": "bob"}, {"id": 9, "name": "eve"}])


def everything():
    query = statements.several([(things, None), (things, things.c.id == 2)], order=["id"])
    with engine.connect() as conn:
        return [tuple(row) for row in conn.execute(query).fetchall()]


def ids(name=None):
    with engine.connect() as conn:
        return sorted(row[0] for row in conn.execute(statements.named(name)))


def clean(limit=None):
    criterion = things.c.id > limit if limit else None
    with engine.begin() as conn:
        conn.execute(things.delete(criterion))
"""
FILES = {
    "shop/__init__.py": "",
    "shop/tables.py": TABLES,
    "shop/statements.py": STATEMENTS,
    "shop/store.py": STORE,
    "main.py": MAIN,
}


def agree(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Run the program before on 1.4 and after on 2.x: it prints the same, and nothing is said of it. Gives its texts."""
    names = write(folder, files)
    before = ran(folder, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(folder, {name: output(found[Path(name).name]) for name in files})
    assert ran(folder, ()) == before
    return {name: output(found[Path(name).name]) for name in files}


def test_statements_of_another_file_are_known(tmp_path: Path) -> None:
    """That what is executed only reads, what a table is, and that a criterion may be None."""
    after = agree(tmp_path, FILES)
    assert "commit" not in after["shop/store.py"]
    assert "things.delete().where(*[] if criterion is None else [criterion])" in after["shop/store.py"]


CONNECTIONS = """
from contextlib import contextmanager

from .tables import engine


@contextmanager
def connection():
    conn = engine.connect()
    try:
        yield conn
    finally:
        conn.close()


@contextmanager
def transaction():
    with engine.begin() as conn:
        yield conn


def opened():
    return engine.connect()
"""
WRITERS = """
from sqlalchemy import select

from .tables import things


def put_committed(conn, id):
    conn.execute(things.insert(), id=id)


def put_inside(conn, id):
    conn.execute(things.insert(), id=id)


def size_of(conn):
    return len(conn.execute(select([things.c.id])).fetchall())


class Shelf:
    def __init__(self, engine):
        self.conn = engine.connect()

    def put(self, id):
        self.conn.execute(things.insert(), id=id)

    def size(self):
        return size_of(self.conn)
"""
HANDED = """
from .connections import connection, opened, transaction
from .tables import engine, things
from .writers import Shelf, put_committed, put_inside, size_of


def fill():
    with connection() as conn:
        put_committed(conn, 1)
        conn.execute(things.insert(), id=2)
        size_of(conn)
        with conn.begin():
            conn.execute(things.insert(), id=3)
    with transaction() as conn:
        put_inside(conn, 4)
    with engine.begin() as conn:
        put_inside(conn, 5)
    conn = opened()
    put_committed(conn, 6)
    conn.execute(things.delete(things.c.id == 1))
    conn.close()
    shelf = Shelf(engine)
    shelf.put(7)
    return shelf.size()
"""
MAIN_HANDED = """
from sqlalchemy import text

from shop import handed
from shop.tables import engine, metadata

metadata.drop_all(engine)
metadata.create_all(engine)
print(handed.fill())
other = engine.connect()
print(other.execute(text("SELECT id FROM things ORDER BY id")).fetchall())
other.close()
"""


def test_connections_are_followed_to_their_makers(tmp_path: Path) -> None:
    """What writes outside a transaction commits, in whichever function it stands; inside one it does not."""
    files = {
        "shop/__init__.py": "",
        "shop/tables.py": TABLES,
        "shop/connections.py": CONNECTIONS,
        "shop/writers.py": WRITERS,
        "shop/handed.py": HANDED,
        "main.py": MAIN_HANDED,
    }
    after = agree(tmp_path, files)
    assert "with conn.get_transaction() or conn.begin():" in after["shop/handed.py"]
    inside = after["shop/writers.py"].partition("def put_inside")[2]
    assert "commit" not in inside.partition("def size_of")[0]
