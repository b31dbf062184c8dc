"""Programs of Core, run on 1.4 and, translated, on 2.x: the same statements, rows, and the same data afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

import pytest

from translator import Options, Workbench

HEAD = """
from sqlalchemy import (Column, Integer, MetaData, String, Table, and_, case, create_engine, exists, func, inspect, or_,
                        select, text, union)

engine = create_engine("sqlite://")
metadata = MetaData()
people = Table("people", metadata, Column("id", Integer, primary_key=True), Column("name", String), Column("age", Integer))
notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("person", Integer), Column("body", String))
metadata.create_all(engine)
engine.execute(people.insert(), [{"id": 1, "name": "ada", "age": 36}, {"id": 2, "name": "bob", "age": 5}])
engine.execute(notes.insert(), {"id": 1, "person": 1, "body": "x"}, {"id": 2, "person": 1, "body": "y"})
"""

PROGRAMS = {
    "a write in the head of an if": """
        if engine.execute(people.delete().where(people.c.id == 2)).rowcount:
            engine.execute(notes.insert(), id=3, person=1, body="gone")
        if not engine.execute(people.select().where(people.c.id == 9)).first():
            found = "nobody"
    """,
    "a statement that is changed in place": """
        stmt = select([people.c.name])
        stmt.append_whereclause(people.c.age > 3)
        for i in (1, 2):
            stmt.append_whereclause(people.c.id == i)
        with engine.connect() as conn:
            names = conn.execute(stmt).fetchall()
    """,
    "clauses as arguments": """
        with engine.connect() as conn:
            old = conn.execute(select([people.c.name], people.c.age > 3, order_by=[people.c.id.desc()], limit=1)).fetchall()
            counted = conn.execute(select([people.c.age, func.count()], group_by=[people.c.age],
                                          having=func.count() > 0, order_by=[c for c in [people.c.age]])).fetchall()
            joined = conn.execute(select([people.c.name, notes.c.body],
                                         from_obj=[people.join(notes, notes.c.person == people.c.id)])).fetchall()
    """,
    "statements of tables": """
        conn = engine.connect()
        conn.execute(people.update(people.c.id == 1, {"name": "eva"}))
        conn.execute(people.update(whereclause=people.c.id == 2, values={"age": 6}))
        conn.execute(notes.delete(notes.c.id == 1))
        conn.execute(people.insert({"id": 4, "name": "dan"}))
        rows = conn.execute(people.select(people.c.id > 1)).fetchall()
        conn.close()
    """,
    "criteria that may be None": """
        def stale(age=None):
            return people.c.age < age if age else None

        def drop(conn, criterion=None, having=None):
            conn.execute(notes.delete(criterion))
            many = select([people.c.age, func.count()], criterion, group_by=[people.c.age], having=having)
            return conn.execute(many).fetchall(), conn.execute(select([people.c.id], whereclause=stale())).fetchall()

        with engine.begin() as conn:
            some = drop(conn, notes.c.id == 1, func.count() > 1)
            adults = conn.execute(people.select(stale(18))).fetchall()
            old = conn.execute(people.select(stale())).fetchall()
            count = conn.execute(select([func.count()]).select_from(notes)).scalar()
            every = drop(conn)
    """,
    "columns in a variable beside clauses": """
        cols = [people.c.id, people.c.name]
        wanted = people.c.id > 1
        extra = [c for c in people.columns] + [text("1")]
        with engine.connect() as conn:
            some = conn.execute(select(cols, wanted)).fetchall()
            more = conn.execute(select(extra, wanted, from_obj=people)).fetchall()
            both = conn.execute(union(select(cols), select(cols), **{"order_by": [text("id")]})).fetchall()
    """,
    "tables that a loop goes through": """
        def counted(parts):
            found = []
            with engine.connect() as conn:
                for table, criterion in parts:
                    found += [table.c.id.name, conn.execute(table.select(criterion)).fetchall()]
            return found

        tables = {"people": people, "notes": notes}
        shown = counted([(people, None), (notes, notes.c.id == 2)])
        with engine.connect() as conn:
            names = conn.execute(tables["people"].select(distinct=True)).fetchall()
    """,
    "a connection that is kept": """
        class Store:
            def __init__(self):
                self.conn = engine.connect()

            def put(self, id, name):
                try:
                    self.conn.execute(people.insert(), id=id, name=name)
                except Exception:
                    self.conn.execute(people.update().where(people.c.id == id), name=name)

            def names(self):
                return sorted(row.name for row in self.conn.execute(people.select()))

        store = Store()
        store.put(3, "cyd")
        before = store.names()
        store.put(3, "cya")
        store.conn.close()
        after = Store().names()
    """,
    "transactions after reading": """
        conn = engine.connect()
        first = conn.execute(people.select().order_by(people.c.id)).fetchall()
        with conn.begin():
            conn.execute(people.insert(), id=5, name="eve")
        trans = conn.begin()
        conn.execute(people.insert(), id=6, name="fay")
        trans.rollback()
        second = conn.execute(people.select().order_by(people.c.id)).fetchall()
        if second:
            with conn.begin_nested():
                conn.execute(people.insert(), id=7, name="gus")
        conn.execute(people.insert(), id=8, name="hal")
        conn.close()
    """,
    "nested transactions": """
        conn = engine.connect()
        with conn.begin_nested():
            conn.execute(people.delete().where(people.c.id == 2))
        trans = conn.begin()
        conn.execute(people.insert(), id=5, name="eve")
        trans.rollback()
        trans = conn.begin()
        conn.execute(people.insert(), id=6, name="fay")
        trans.commit()
        conn.close()
    """,
    "functions that an engine calls": """
        def rename(conn, name):
            conn.execute(people.update().where(people.c.id == 1).values(name=name))
            return name

        kept = engine.transaction(rename, "zoe")
    """,
    "placeholders and strings": """
        engine.execute("UPDATE people SET name = ? WHERE id = ?", ("zed", 2))
        engine.execute("INSERT INTO notes (person, body) VALUES (?, ?)", [(1, "a"), (2, "b:noon")])
        with engine.connect() as conn:
            total = conn.execute("SELECT count(*) FROM notes").scalar()
            bodies = [row["body"] for row in conn.execute("SELECT body FROM notes ORDER BY id")]
    """,
    "rows as mappings": """
        def _shown(found):
            return dict(found), found["name"]

        with engine.connect() as conn:
            row = conn.execute(people.select().order_by(people.c.id)).first()
            shown = [_shown(row), _shown({"name": "x"})]
            keys = list(row.keys()), "name" in row, row[people.c.age], row.has_key("age")
            pairs = [(k, v) for k, v in row.items()]
            merged = dict(row, age=1)
            several = {r["id"]: r["name"] for r in conn.execute(people.select().order_by(people.c.id))}
    """,
    "lists that are arguments now": """
        with engine.connect() as conn:
            sized = conn.execute(select([case([(people.c.age > 18, "old")], else_="new")])).fetchall()
            valued = conn.execute(select([case(value=people.c.name, whens={"ada": 1}, else_=0)])).fetchall()
            noted = exists([notes.c.id]).where(notes.c.person == people.c.id)
            there = conn.execute(select([people.c.id]).where(noted)).fetchall()
            both = conn.execute(union(select([people.c.id]), select([notes.c.id])).order_by("id")).fetchall()
            inner = conn.execute(select([select([people.c.name]).alias().c.name])).fetchall()
    """,
    "tables that are asked for": """
        again = MetaData()
        mirror = Table("people", again, autoload=True, autoload_with=engine)
        names = sorted(engine.table_names()), engine.has_table("people"), engine.has_table("nothing")
        other = Table("other", again, Column("id", Integer, primary_key=True))
        other.create(engine, checkfirst=True)
        engine.execute(other.insert(), id=7)
        gone = other.exists(engine)
    """,
    "a bound MetaData": """
        bound = MetaData(bind=engine)
        things = Table("things", bound, Column("id", Integer, primary_key=True), Column("size", Integer))
        bound.create_all()
        things.insert().execute(id=5, size=3)
        things.update().where(things.c.id == 5).execute(size=4)
        found = things.select().execute().fetchall()
        top = select([func.max(things.c.size)]).scalar()
        one = select([things.c.id], things.c.size == 4).execute().first()
    """,
    "a result that is read later": """
        result = engine.execute(people.select().order_by(people.c.id))
        first = result.fetchone()
        rest = [row.name for row in result]
        for row in engine.execute(notes.select()):
            engine.execute(people.update().where(people.c.id == row["person"]).values(age=99))
    """,
    "URLs, views and conditions": """
        from sqlalchemy.engine.url import URL, make_url

        address = URL("sqlite", database=None)
        same = make_url("sqlite://").set(database="x.db").database
        criteria = [people.c.id == 1, people.c.name == "ada"]
        with engine.connect() as conn:
            found = conn.execute(select([people.c.id]).where(and_(*criteria))).fetchall()
            shown = inspect(engine).get_table_names() != []
    """,
    "a store with a bind": """
        class Store:
            def __init__(self, bind):
                self.bind = bind

            def put(self, id, name):
                with self.bind.connect() as conn:
                    with conn.begin():
                        conn.execute(people.delete(people.c.id == id))
                        conn.execute(people.insert({"id": id, "name": name}))

            def drop(self, id):
                self.bind.execute(people.delete(people.c.id == id))

            def has(self, id):
                return self.bind.execute(select([exists().where(people.c.id == id)])).scalar()

        store = Store(engine)
        store.put(7, "gus")
        store.drop(1)
        kept = store.has(7), store.has(1)
    """,
    "parameters in several forms": """
        with engine.begin() as conn:
            conn.execute(people.insert(), {"id": 8, "name": "h"}, {"id": 9, "name": "i"})
            conn.execute(people.update().where(people.c.id == 8), name="hh")
            conn.execute(text("DELETE FROM notes WHERE id = :id"), id=2)
            n = conn.scalar(text("SELECT count(*) FROM notes"))
    """,
}


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("about", PROGRAMS)
def test_a_program_does_the_same(about: str, workbench: Workbench) -> None:
    """Nothing is left that 2.0 has removed, and what the database holds afterwards is the same."""
    done = workbench.convert(HEAD + dedent(PROGRAMS[about]), Options(), verify=True)
    removed = [d["message"] for d in done["diagnostics"] if d["severity"] == "removed"]
    assert not removed
    verification = done["verification"]
    assert verification["verdict"] == "same", (verification["reason"], done["output"])
