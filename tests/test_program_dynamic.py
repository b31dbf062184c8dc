"""Programs whose dynamic collections belong to what functions give: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    books = relationship("Book", lazy="dynamic", order_by="Book.id")


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))
    shelf_id = Column(ForeignKey("shelf.id"))
"""
FINDING = """
from .models import Shelf


def named(session, name):
    return session.query(Shelf).filter(Shelf.name == name).first()


def made(name):
    return Shelf(name=name)


def same(shelf):
    return shelf
"""
BOOKS = """
from .finding import named
from .models import Book, Shelf


class Books(object):
    def __init__(self, session, name):
        self.session = session
        self.name = name

    def shelf(self):
        return self.session.query(Shelf).filter_by(name=self.name).one()

    def find(self, title):
        return self.shelf().books.filter(Book.title == title).first()

    def __iter__(self):
        return iter([book.title for book in named(self.session, self.name).books])

    def __len__(self):
        return self.shelf().books.count()


def of(s):
    later = named(session=s, name="a").books.filter(Book.id > 1).all()
    return [b.title for b in later], [b.title for b in named(s, "b").books[0:2]]
"""
KEPT = """
from .finding import made, named, same
from .models import Book, Shelf


def new():
    shelf = made("new")
    shelf.books.append(Book(title="in memory"))
    return [book.title for book in shelf.books], shelf.books.count()


def again(session):
    return same(named(session, "b")).books.filter(Book.id > 4).count()


def either(one, other, which):
    return named(one if which else other, "b").books.count()
"""
MAIN = """
import ban
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from app.books import Books, of
from app.models import Base, Book, Shelf

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
Session = sessionmaker(bind=engine)
with Session() as session:
    session.add_all([Shelf(name=n, books=[Book(title="%s%d" % (n, i)) for i in range(3)]) for n in "ab"])
    session.commit()
    books = Books(session, "a")
    print(of(session), list(books), len(books), books.find("a1").title, books.find("b1"))
with Session() as first, Session() as other:
    Books(other, "b").find("b1").title = "new"
    print(of(first), of(other))
"""
FILES = {
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "app/finding.py": FINDING,
    "app/books.py": BOOKS,
    "app/kept.py": KEPT,
    "main.py": MAIN,
}


def test_the_collections_of_what_functions_give_run_on_their_session(tmp_path: Path) -> None:
    """The session that a function was given is the one that the object is in; so in another module, and by `self`."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    after = translated(names)
    write(tmp_path, {name: output(after[Path(name).name]) for name in FILES})
    assert ran(tmp_path, ()) == before
    text = (tmp_path / "app/books.py").read_text()
    assert "self.session.scalar(" in text
    assert "s.scalars(" in text
    assert "object_session" not in text


def test_what_may_be_in_no_session_or_another_one_is_left(tmp_path: Path) -> None:
    """An object that another module makes holds what is in memory, and one may come from any caller's session."""
    outcome = translated(write(tmp_path, FILES))["kept.py"]
    assert outcome.translation is not None
    assert output(outcome) == KEPT.lstrip("\n")
    said = [d.message for d in outcome.translation.diagnostics]
    assert sum("`shelf` may be in no session" in message for message in said) == 2
    assert sum("it is not certain which session" in message for message in said) == 2
