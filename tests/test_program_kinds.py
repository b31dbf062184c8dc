"""Functions that are given queries of objects by some files, and of rows by others: run on 1.4, translated run on 2.x."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import DATABASE, MODELS, output, ran, translated, write

PAGES = """
from sqlalchemy.orm import Query


def page(query: Query, skip: int, limit: int):
    count = query.order_by(None).count()
    query = query.offset(skip)
    if limit >= 0:
        query = query.limit(limit)
    return {"count": count, "first": query.first(), "found": query.all()}


def listed(query, skip=0):
    print(query.count())
    return page(matching("state", query), skip, 9)["found"]


def matching(what, query):
    return query.filter(what != None)


def only(query):
    return query.one_or_none()


def walked(query):
    return [str(type(found).__name__) for found in query]
"""
STORE = """
from sqlalchemy.orm import aliased

from .models import Order, User
from .pages import listed, matching, only, page, walked


class Dao:
    def __init__(self, db):
        self.db = db

    def users(self):
        query = self.db.query(User).join(User.orders).order_by(User.id)
        return [u.name for u in page(query, 0, 5)["found"]], [u.name for u in listed(query)]

    def states(self):
        query = self.db.query(Order.state).order_by(Order.state)
        return [tuple(row) for row in page(query, 1, -1)["found"]], [tuple(row) for row in listed(query)]

    def both(self):
        query = self.db.query(User.name, Order.state).join(User.orders).order_by(Order.id)
        return [tuple(row) for row in page(query, 0, 2)["found"]], page(query, 1, 1)["count"]

    def pairs(self):
        twin = aliased(Order)
        query = self.db.query(User, Order).join(User.orders).outerjoin(twin, twin.state == Order.state).order_by(Order.id)
        return [(row[0].name, row[1].id) for row in page(query, 0, 9)["found"]], page(query, 0, 1)["first"][0].name

    def single(self):
        found = only(self.db.query(User).filter_by(name="ada")), only(self.db.query(User.id).filter_by(name="bob"))
        return found[0].name, tuple(found[1])

    def kinds(self):
        return walked(self.db.query(Order)), walked(self.db.query(Order.id, Order.state))
"""
MAIN = """
import ban
from shop.database import Session, engine
from shop.models import Base, Order, User
from shop.store import Dao

Base.metadata.create_all(engine)
session = Session()
for number, name in enumerate(["ada", "bob", "cyd"]):
    user = User(name=name, orders=[Order(state="open"), Order(state="open"), Order(state="new")][number:])
    session.add(user)
session.commit()
dao = Dao(session)
print(dao.users(), dao.states(), dao.both(), dao.pairs(), dao.single(), dao.kinds(), User.named("ada").one().name)
"""
FILES = {
    "shop/__init__.py": "",
    "shop/database.py": DATABASE,
    "shop/models.py": MODELS,
    "shop/pages.py": PAGES,
    "shop/store.py": STORE,
    "main.py": MAIN,
}


def test_they_are_told_and_do_the_same(tmp_path: Path) -> None:
    """Equal rows of columns all come, objects and rows that hold some come once; through two functions, in two files."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before
    assert "['ada', 'bob', 'cyd']" in before
    assert "('open',), ('open',), ('open',)" in before
    pages, store = output(found["pages.py"]), output(found["store.py"])
    assert pages.startswith(
        "from sqlalchemy import Select, func, select\n\n\ndef page(\n    session,\n    query: Select,\n"
    )
    assert "    limit: int,\n    *,\n    scalars: bool = False,\n    unique: bool = False,\n):" in pages
    assert 'return page(session, matching("state", query), skip, 9, scalars=scalars)["found"]' in pages
    assert "page(self.db, query, 1, -1)" in store
    assert "page(self.db, query, 0, 9, unique=True)" in store
    assert "page(self.db, query, 0, 5, scalars=True)" in store


def test_a_caller_that_can_not_tell_leaves_all(tmp_path: Path) -> None:
    """Another file calls one of the functions with something that is not in sight: that function's queries stay."""
    other = "from shop.pages import only\n\n\ndef f(session, what):\n    return only(session.query(*what))\n"
    found = translated(write(tmp_path, {**FILES, "shop/other.py": other}))
    assert output(found["other.py"]) == other
    assert "def only(query):\n    return query.one_or_none()" in output(found["pages.py"])
    assert 'only(self.db.query(User).filter_by(name="ada"))' in output(found["store.py"])
    assert "page(self.db, query, 0, 5, scalars=True)" in output(found["store.py"])


def test_a_name_that_other_files_take_stays_imported(tmp_path: Path) -> None:
    """Query is imported from the file that used it in annotations: it goes on importing it."""
    other = {"shop/other.py": "from .pages import Query\n\n\ndef kind(found):\n    return isinstance(found, Query)\n"}
    found = translated(write(tmp_path, {**FILES, **other}))
    assert "from sqlalchemy.orm import Query\n" in output(found["pages.py"])
    assert "    query: Select,\n" in output(found["pages.py"])
