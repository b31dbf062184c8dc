"""Relationships that load by a join and that one file gives to the classes of another: run on 1.4, translated run on 2.x."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import DATABASE, output, ran, translated, write

DOMAIN = """
class Shelf(object):
    def __init__(self, name):
        self.name = name


class Book(object):
    pass
"""
TABLES = """
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import mapper, relationship

from . import domain

metadata = MetaData()
shelves = Table("shelf", metadata, Column("id", Integer, primary_key=True), Column("name", String(10)))
books = Table("book", metadata, Column("id", Integer, primary_key=True), Column("shelf_id", ForeignKey("shelf.id")))


def start():
    book = mapper(domain.Book, books)
    mapper(domain.Shelf, shelves, properties={"books": relationship(book, lazy="joined")})
"""
PEOPLE = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Person(Base):
    __tablename__ = "person"
    id = Column(Integer, primary_key=True)
"""
LETTERS = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import backref, relationship

from .people import Base


class Letter(Base):
    __tablename__ = "letter"
    id = Column(Integer, primary_key=True)
    person_id = Column(ForeignKey("person.id"))
    person = relationship("Person", backref=backref("letters", lazy="joined"))
"""
STORE = """
from sqlalchemy.orm import Session

from . import domain
from .people import Person


def shelves(session: Session):
    return [(shelf.name, len(shelf.books)) for shelf in session.query(domain.Shelf).order_by(domain.Shelf.name).all()]


def letters(session: Session):
    return [len(person.letters) for person in session.query(Person).order_by(Person.id)]
"""
RUN = """
from shop import domain, letters, people, store, tables
from shop.database import Session, engine

tables.start()
tables.metadata.create_all(engine)
people.Base.metadata.create_all(engine)
shelf = domain.Shelf("a")
shelf.books = [domain.Book(), domain.Book()]
Session.add_all([shelf, domain.Shelf("b"), people.Person(letters=[letters.Letter(), letters.Letter()]), people.Person()])
Session.commit()
Session.remove()
print(store.shelves(Session()))
print(store.letters(Session()))
"""
FILES = {
    "shop/__init__.py": "",
    "shop/database.py": DATABASE,
    "shop/domain.py": DOMAIN,
    "shop/tables.py": TABLES,
    "shop/people.py": PEOPLE,
    "shop/letters.py": LETTERS,
    "shop/store.py": STORE,
    "main.py": RUN,
}


def test_what_a_file_gives_to_the_classes_of_another_is_known(tmp_path: Path) -> None:
    """Queries of classes that are mapped elsewhere, or get a backref there, are uniqued."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before
    assert before == "[('a', 2), ('b', 0)]\n[2, 0]\n"
