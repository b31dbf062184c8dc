"""Relationships of declarative classes: what they hold, by the call, the collection and the foreign keys."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.rules.tables import same_tables
from translator import Dynamic, Models, Options, Python, translate

SHOP = """
from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.orm.collections import attribute_mapped_collection
from sqlalchemy.ext.declarative import declarative_base
Base = declarative_base()
bt = Table("book_tag", Base.metadata, Column("book_id", ForeignKey("book.id")), Column("tag_id", ForeignKey("tag.id")))
class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
    books = relationship("Book", back_populates="author", order_by="Book.id", foreign_keys="Book.author_id")
    edited = relationship("Book", back_populates="editor", foreign_keys="Book.editor_id", lazy="dynamic")
    profile = relationship("Profile", back_populates="author", uselist=False)
    by = relationship("Book", collection_class=attribute_mapped_collection("title"), viewonly=True, foreign_keys="Book.author_id")
class Profile(Base):
    __tablename__ = "profile"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"), unique=True, nullable=False)
    author = relationship(Author, back_populates="profile")
class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(50), nullable=False)
    author_id = Column(ForeignKey("author.id"))
    editor_id = Column(ForeignKey("author.id"), nullable=False)
    author = relationship("Author", back_populates="books", foreign_keys=[author_id])
    editor = relationship("Author", back_populates="edited", foreign_keys=editor_id)
    tags = relationship("Tag", secondary=bt, back_populates="books", collection_class=set)
class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", secondary=bt, back_populates="tags")
class Node(Base):
    __tablename__ = "node"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("node.id"))
    children = relationship("Node", back_populates="parent", order_by="Node.id")
    parent = relationship("Node", back_populates="children", remote_side=[id])
"""

EXPECTED = [
    'books: Mapped[list["Book"]] = relationship(',
    'edited: DynamicMapped["Book"] = relationship(',
    'profile: Mapped["Profile | None"] = relationship(',
    'by: Mapped[dict[str, "Book"]] = relationship(',
    'author: Mapped[Author] = relationship(back_populates="profile")',
    'author: Mapped["Author | None"] = relationship(',
    'editor: Mapped["Author"] = relationship(',
    'tags: Mapped[set["Tag"]] = relationship(',
    'books: Mapped[list["Book"]] = relationship(secondary=bt',
    'children: Mapped[list["Node"]] = relationship(',
    'parent: Mapped["Node | None"] = relationship(',
]


def test_relationships_stay_what_they_are() -> None:
    """One, perhaps none, a list, a set, a dict, a dynamic one: as 1.4 configured them."""
    output = same_tables(SHOP).output
    for line in EXPECTED:
        assert line in output


@pytest.mark.parametrize("python", Python)
def test_they_are_written_for_the_python_asked_for(python: Python) -> None:
    """And mean the same."""
    same_tables(SHOP, Options(python=python))


def test_annotations_that_are_never_evaluated_need_no_quotes() -> None:
    """With `from __future__ import annotations` they are text anyway."""
    output = same_tables(f"from __future__ import annotations\n{SHOP}").output
    assert "books: Mapped[list[Book]] = relationship(" in output
    assert "parent: Mapped[Node | None] = relationship(" in output


@pytest.mark.parametrize(
    "line",
    [
        "other = relationship('Elsewhere')",
        "other = relationship('Elsewhere', primaryjoin='Shop.id == remote(Elsewhere.x)')",
        "other = relationship('Elsewhere', secondary='t', collection_class=Own)",
        "other = relationship('Shop', uselist=MANY)",
        "other = relationship('Shop', **options)",
    ],
)
def test_what_is_not_certain_gets_no_annotation(line: str) -> None:
    """2.x takes a relationship without one; a wrong one would make a list a single object."""
    source = f"class Shop(Base):\n    __tablename__ = 'shop'\n    {line}\n"
    translation = translate(source)
    assert translation.output == source
    assert any("gets no annotation" in found.message for found in translation.diagnostics)


def test_other_annotations_are_refused_by_2_0_and_replaced() -> None:
    """By what is known, else by what the author wrote."""
    source = (
        "from typing import List, Optional\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import declarative_base, relationship\n"
        "Base = declarative_base()\n"
        "class P(Base):\n    __tablename__ = 'p'\n    id: int = Column(Integer, primary_key=True)\n"
        "    cs: List['C'] = relationship('C', back_populates='p')\n"
        "class C(Base):\n    __tablename__ = 'c'\n    id: int = Column(Integer, primary_key=True)\n"
        "    p_id: int = Column(ForeignKey('p.id'))\n    p: 'P' = relationship('P', back_populates='cs')\n"
    )
    for models in (Models.TYPED, Models.COLUMNS):
        output = same_tables(source, Options(models=models)).output
        assert "cs: Mapped[list['C']] = relationship(back_populates='p')" in output
        assert "p: Mapped['P | None'] = relationship(back_populates='cs')" in output
    unknown = "class P(Base):\n    __tablename__ = 'p'\n    cs: List['C'] = relationship('C')\n"
    assert "cs: Mapped[List['C']] = relationship('C')" in translate(unknown).output
    left = translate(unknown.replace("List['C']", '"List[C]"'))
    assert any(found.severity == "removed" for found in left.diagnostics)


def test_composite_keys_and_not_null_ones() -> None:
    """A ForeignKeyConstraint counts, and the object may be missing where one of its columns may be NULL."""
    source = (
        "from sqlalchemy import *\nfrom sqlalchemy.orm import declarative_base, relationship\nBase = declarative_base()\n"
        "class P(Base):\n    __tablename__ = 'p'\n    a = Column(Integer, primary_key=True)\n"
        "    b = Column(Integer, primary_key=True)\n    cs = relationship('C', back_populates='p')\n"
        "class C(Base):\n    __tablename__ = 'c'\n    id = Column(Integer, primary_key=True)\n"
        "    p_a = Column(Integer, nullable=False)\n    p_b = Column(Integer)\n    p = relationship('P', back_populates='cs')\n"
        "    __table_args__ = (ForeignKeyConstraint(['p_a', 'p_b'], ['p.a', 'p.b']),)\n"
    )
    named = source.replace("['p_a', 'p_b'], ['p.a', 'p.b']", "[p_a, p_b], [P.a, P.b]")
    given = source.replace("['p_a', 'p_b'], ['p.a', 'p.b']", "refcolumns=['p.a', 'p.b'], columns=[p_a, p_b]")
    for each in (source, named, given):
        output = same_tables(each).output
        assert "cs: Mapped[list['C']] = relationship(back_populates='p')" in output
        assert "p: Mapped['P | None'] = relationship(back_populates='cs')" in output


def test_the_call_may_say_itself_which_columns_are_the_keys() -> None:
    """By foreign_keys, or by foreign() in a join, though the database knows no key."""
    source = (
        "from sqlalchemy import *\nfrom sqlalchemy.orm import declarative_base, foreign, relationship\n"
        "Base = declarative_base()\n"
        "class P(Base):\n    __tablename__ = 'p'\n    id = Column(Integer, primary_key=True)\n"
        "    c_id = Column(Integer)\n"
        "    one = relationship('C', foreign_keys=c_id, primaryjoin='P.c_id == C.id', backref='back')\n"
        "    many = relationship('C', foreign_keys='C.p_id', primaryjoin='P.id == C.p_id', viewonly=True)\n"
        "    others = relationship('C', primaryjoin='P.id == foreign(C.p_id)', viewonly=True)\n"
        "    other = relationship(lambda: C, primaryjoin=lambda: foreign(P.c_id) == C.id, viewonly=True)\n"
        "class C(Base):\n    __tablename__ = 'c'\n    id = Column(Integer, primary_key=True)\n    p_id = Column(Integer)\n"
    )
    output = same_tables(source).output
    assert "one: Mapped['C | None'] = relationship(" in output
    assert "many: Mapped[list['C']] = relationship(" in output
    assert "others: Mapped[list['C']] = relationship(" in output
    assert "other: Mapped['C | None'] = relationship(" in output
    assert "back: Mapped[list['P']] = relationship(" in output


def test_a_dynamic_relationship_is_told_of() -> None:
    """It stays what it was, and a note says what a write-only one would do otherwise."""
    found = translate(SHOP, Options(dynamic=Dynamic.KEEP))
    assert "    edited: DynamicMapped[" in found.output
    told = [d.message for d in found.diagnostics if "WriteOnlyMapped" in d.message]
    assert len(told) == 1
    assert "edited stays lazy='dynamic'" in told[0]


WRITE_ONLY = """
import json, sys
from sqlalchemy import *
from sqlalchemy.orm import *

def outcome(lazy, act, **options):
    Base = declarative_base()
    class Item(Base):
        __tablename__ = "item"
        id = Column(Integer, primary_key=True)
        shelf_id = Column(ForeignKey("shelf.id"))
    class Shelf(Base):
        __tablename__ = "shelf"
        id = Column(Integer, primary_key=True)
        items = relationship(Item, lazy=lazy, order_by=Item.id.desc(), **options)
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    shelf = Shelf(id=1, items=[Item(id=1), Item(id=2)])
    session.add(shelf)
    session.commit()
    try:
        act(session, shelf, Item)
        session.commit()
    except Exception as error:
        session.rollback()
        return type(error).__name__
    if inspect(shelf).deleted or inspect(shelf).detached:
        return [list(row) for row in session.execute(select(Item.__table__))]
    return [item.id for item in (shelf.items if lazy == "dynamic" else session.scalars(shelf.items.select()))]

def put(session, shelf, item):
    getattr(shelf.items, "append" if hasattr(shelf.items, "append") else "add")(item(id=3))

ACTS = {
    "added": (put, {}),
    "removed": (lambda session, shelf, item: shelf.items.remove(session.get(item, 1)), {}),
    "left to the database": (lambda session, shelf, item: session.delete(shelf), {"passive_deletes": True}),
    "walked": (lambda session, shelf, item: list(shelf.items), {}),
    "replaced": (lambda session, shelf, item: setattr(shelf, "items", [item(id=9)]), {}),
    "deleted": (lambda session, shelf, item: session.delete(shelf), {}),
    "merged": (lambda session, shelf, item: session.merge(type(shelf)(id=1, items=[item(id=9)])), {}),
}
KINDS = ("dynamic", "write_only")
print(json.dumps({name: [outcome(lazy, act, **more) for lazy in KINDS] for name, (act, more) in ACTS.items()}))
"""


def test_what_the_note_says_is_so() -> None:
    """On the SQLAlchemy installed: what is the same in both kinds, and what a write-only collection refuses."""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", WRITE_ONLY], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    found: dict[str, list[object]] = json.loads(run.stdout)
    for name in ("added", "removed", "left to the database"):
        assert found[name][0] == found[name][1] != "InvalidRequestError", name
    for name in ("walked", "replaced", "deleted", "merged"):
        assert isinstance(found[name][0], list), name
        assert found[name][1] in {"InvalidRequestError", "TypeError"}, found


def test_a_class_that_is_a_value_is_not_named() -> None:
    """No module binds `user_model`, so that an annotation can say how many there are, not of what."""
    source = (
        "from sqlalchemy import Column, ForeignKey, Integer\nfrom sqlalchemy.orm import declarative_base, relationship\n"
        "from app import security\n\nBase = declarative_base()\n\n\nclass Note(Base):\n    __tablename__ = 'note'\n"
        "    id = Column(Integer, primary_key=True)\n    owner_id = Column(ForeignKey('user.id'))\n"
        "    owners = relationship(security.user_model, secondary='owner')\n"
    )
    output = translate(source).output
    assert "    owners: Mapped[list[Any]] = relationship(security.user_model, secondary='owner')\n" in output


ALCHEMY = (
    "from flask_sqlalchemy import SQLAlchemy\n{}\n\n\nclass Shelf(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    "    books = db.relationship('Book', {})\n\n\nclass Book(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    "    shelf_id = db.Column(db.ForeignKey('shelf.id'))\n"
)
MADE = "db = SQLAlchemy()"


@pytest.mark.parametrize(
    ("made", "given", "expected"),
    [
        (MADE, "lazy='joined'", "books: Mapped[list['Book']] = relationship(lazy='joined')"),
        (MADE, "backref='shelf'", "books: Mapped[list['Book']] = relationship(back_populates='shelf')"),
        (MADE, "backref='shelf'", "shelf: Mapped['Shelf | None'] = relationship(back_populates='books')"),
        (MADE, "lazy='dynamic'", "books: DynamicMapped['Book'] = relationship(lazy='dynamic', query_class=db.Query)"),
        (
            MADE,
            "lazy='dynamic', query_class=Own",
            "books: DynamicMapped['Book'] = relationship(lazy='dynamic', query_class=Own)",
        ),
        (
            MADE,
            "backref=db.backref('shelf', lazy='dynamic')",
            "shelf: DynamicMapped['Shelf'] = relationship(back_populates='books', lazy='dynamic', query_class=db.Query)",
        ),
        (
            MADE,
            "viewonly=True, secondary=made(), backref=db.backref('to', lazy='dynamic')",
            "books: Mapped[list['Book']] = relationship("
            "viewonly=True, secondary=made(), backref=db.backref('to', lazy='dynamic', query_class=db.Query),)",
        ),
        (MADE, "lazy=mode", "books: Mapped[list['Book']] = db.relationship(lazy=mode)"),
        (MADE, "**more", "books = db.relationship('Book', **more)"),
        ("from app import db", "lazy='joined'", "books: Mapped[list['Book']] = db.relationship(lazy='joined')"),
        (f"{MADE}\nrelationship = 1", "lazy=True", "books: Mapped[list['Book']] = db.relationship(lazy=True)"),
        (
            "class Ours(SQLAlchemy):\n    def relationship(self, *args, **kwargs):\n        ...\n\n\ndb = Ours()",
            "lazy=True",
            "books: Mapped[list['Book']] = db.relationship(lazy=True)",
        ),
    ],
)
def test_the_function_of_the_extension_gives_way(made: str, given: str, expected: str) -> None:
    """Type checkers refuse what it gives as Mapped. Dynamic ones are given the class of queries that it sets; not where it
    may be another."""
    output = translate(ALCHEMY.format(made, given), Options(dynamic=Dynamic.KEEP)).output
    assert f"{expected} " in " ".join([*output.split(), ""]).replace("( ", "(").replace(" )", ")")
    assert ("Mapped, relationship" in output) is ("] = relationship(" in output)


def test_dynamic_relationships_keep_the_queries_of_the_extension() -> None:
    """Those of its own class, and of that which it is given, on both sides."""
    made = "class Own(SQLAlchemy().Query):\n    pass\n\n\ndb = SQLAlchemy(query_class=Own)"
    given = "secondary='held', lazy='dynamic', backref=db.backref('shelves', lazy='dynamic')"
    held = "db.Table('held', *(db.Column(n, db.ForeignKey(n + '.id')) for n in ('shelf', 'book')))\n"
    source = ALCHEMY.format(made, given).replace("    shelf_id = db.Column(db.ForeignKey('shelf.id'))\n", "\n\n" + held)
    output = translate(source, Options(dynamic=Dynamic.KEEP)).output
    assert "db.relationship" not in output
    looks = "print([a.property.query_class is Own for a in (Shelf.books, Book.shelves)])"
    ran = [
        subprocess.run(
            [sys.executable, "-c", f"{code}\ndb.configure_mappers()\n{looks}"], capture_output=True, text=True
        )
        for code in (source, output)
    ]
    assert [run.stdout for run in ran] == ["[True, True]\n"] * 2, [run.stderr for run in ran]


def test_an_attribute_that_is_called_like_its_class_keeps_it() -> None:
    """The annotation is evaluated when the attribute is there, and would be that of itself."""
    source = (
        "from sqlalchemy import Column, ForeignKey, Integer\n"
        "from sqlalchemy.orm import declarative_base, relationship\n\nBase = declarative_base()\n\n\n"
        'class Tag(Base):\n    __tablename__ = "tag"\n    id = Column(Integer, primary_key=True)\n\n\n'
        'class Post(Base):\n    __tablename__ = "post"\n    id = Column(Integer, primary_key=True)\n'
        '    tag_id = Column(ForeignKey("tag.id"))\n    first = relationship(Tag, viewonly=True)\n    Tag = relationship(Tag)\n'
    )
    output = same_tables(source).output
    assert "    Tag: Mapped[Any | None] = relationship(Tag)\n" in output
