"""Backrefs that are written out in the other class."""

from __future__ import annotations

import re

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, translate

SHOP = """from sqlalchemy import *
from sqlalchemy.orm import relationship, backref
from sqlalchemy.ext.declarative import declarative_base
Base = declarative_base()

class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)

    def __repr__(self):
        return "x"


bt = Table("book_tag", Base.metadata, Column("b", ForeignKey("book.id")), Column("t", ForeignKey("tag.id")))

followers = Table("followers", Base.metadata, Column("a", ForeignKey("author.id")), Column("b", ForeignKey("author.id")))


class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", backref="author", order_by="Book.id", foreign_keys="Book.author_id")
    followed = relationship("Author", secondary=followers, primaryjoin=(followers.c.a == id), secondaryjoin=(followers.c.b == id),
        backref=backref("followers", lazy="dynamic"), lazy="dynamic")

class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"))
    editor_id = Column(ForeignKey("author.id"), nullable=False)
    editor = relationship(
        "Author", foreign_keys=[editor_id], backref=backref("edited", cascade="all, delete-orphan", passive_deletes=True)
    )
    tags = relationship("Tag", secondary=bt, backref="books")
    cover = relationship("Cover", uselist=False, backref=backref("book", uselist=False), viewonly=True)
class Cover(Base):
    __tablename__ = "cover"
    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("book.id"))
class Node(Base):
    __tablename__ = "node"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("node.id"))
    children = relationship("Node", backref=backref("parent", remote_side=[id]), order_by="Node.id")
"""

EXPECTED = [
    'books: Mapped[list["Book"]] = relationship(secondary=lambda: bt, back_populates="tags")\n\n    def __repr__',
    'followers: DynamicMapped["Author"] = relationship(',
    'foreign_keys="Book.editor_id", back_populates="editor", cascade="all, delete-orphan", passive_deletes=True',
    'author: Mapped["Author | None"] = relationship(foreign_keys="Book.author_id", back_populates="books")',
    'book: Mapped["Book | None"] = relationship(back_populates="cover", uselist=False, viewonly=True)',
    'parent: Mapped["Node | None"] = relationship(back_populates="children", remote_side=[id])',
]


@pytest.mark.parametrize("models", [Models.TYPED, Models.COLUMNS])
def test_both_sides_are_what_the_backref_made_them(models: Models) -> None:
    """Joins, keys, tables between, cascades and loaders: as 1.4 configured them."""
    output = same_tables(SHOP, Options(models=models)).output
    assert "backref=" not in output
    if models is Models.TYPED:
        for line in EXPECTED:
            assert line in output, output


PAIR = """class P(Base):
    __tablename__ = "p"
    id = mapped_column(Integer, primary_key=True)
    cs = relationship("C", {arguments})


class C(Base):
    __tablename__ = "c"
    id = mapped_column(Integer, primary_key=True)
    p_id = mapped_column(ForeignKey("p.id"))
    {more}
"""


@pytest.mark.parametrize(
    ("arguments", "more", "why"),
    [
        ("backref=NAME", "", "its name can't be told"),
        ("backref='the-p'", "", "no class can have an attribute that is written 'the-p'"),
        ("backref='class'", "", "no class can have an attribute that is written 'class'"),
        ("backref='p', primaryjoin='P.id == remote(C.p_id)'", "", "marks the remote side"),
        ("backref=backref('p', order_by=id)", "", "only the body of P knows"),
        ("backref='the-p'", "", "no class can have an attribute that is written"),
        ("backref='class'", "", "no class can have an attribute that is written"),
        ("backref='__p'", "", "no class can have an attribute that is written"),
        ("backref='p'", "p = None", "has a p of its own"),
        ("backref='p'", "__abstract__ = True", "no plain mapped class"),
        ("backref=backref('p', collection_class=Late)", "Late = list", "has a Late of its own"),
    ],
)
def test_what_the_other_class_can_not_say_stays_a_backref(arguments: str, more: str, why: str) -> None:
    """2.x still takes it; a note says why it stays."""
    translation = translate(PAIR.format(arguments=arguments, more=more))
    assert "backref=" in translation.output
    assert any(why in found.message for found in translation.diagnostics), translation.diagnostics


def test_a_class_out_of_sight_keeps_the_backref() -> None:
    """Nothing can be written into it."""
    translation = translate("class P(Base):\n    __tablename__ = 'p'\n    cs = relationship('C', backref='p')\n")
    assert "backref='p'" in translation.output


def test_the_other_side_stands_below_the_string_that_tells_of_the_attribute_above() -> None:
    """Tools that make documentation take such a string for what the line above it is."""
    output = same_tables(DOCUMENTED).output
    assert 'name: Mapped[str | None] = mapped_column()\n    """What it is called."""\n    books: Mapped[' in output


DOCUMENTED = '''from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    """What it is called."""

    def __repr__(self):
        return self.name


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("shelf.id"))
    shelf = relationship(Shelf, backref="books")
'''


KEYS = (
    "from sqlalchemy import *\nfrom sqlalchemy.orm import declarative_base, relationship\nfrom sqlalchemy import orm\n"
    "Base = declarative_base()\n\n\nclass Shelf(Base):\n    __tablename__ = 'shelf'\n"
    "    id = Column(Integer, primary_key=True)\n    items = relationship('Item', backref='shelf')\n\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n\n\n"
)


@pytest.mark.parametrize(
    "asking",
    ["print(inspect(Shelf).relationships.items.backref)", "name = lambda found: getattr(found, 'backref', None)"],
)
def test_a_backref_that_is_asked_for_stays(asking: str) -> None:
    """It would be None."""
    translation = translate(f"{KEYS}{asking}\n")
    assert "relationship(backref='shelf')" in translation.output
    assert any("would be None" in each.message for each in translation.diagnostics)


@pytest.mark.parametrize("other", ["back = orm.backref", "x = orm.backref('y')", "print('a.backref')"])
def test_the_function_of_that_name_asks_for_nothing(other: str) -> None:
    """Nor does a text."""
    assert "back_populates='shelf'" in translate(f"{KEYS}{other}\n").output


PLUGINS = """class Plugin:
    backref = None


class Mail(Plugin):
    backref = 'mail_hook'


def has(project, plugin):
    return plugin.backref is not None and hasattr(project, plugin.backref)
"""


def test_an_attribute_of_that_name_that_the_program_has_is_asked_for() -> None:
    """As in pagure, where plugins name the relationship that holds their settings."""
    assert "back_populates='shelf'" in translate(f"{KEYS}{PLUGINS}").output


@pytest.mark.parametrize(
    "looking",
    ["found = [p for p in inspect(Shelf).relationships]", "def get(key):\n    return getattr(Shelf, key).property"],
)
def test_what_looks_at_mappers_may_ask_relationships(looking: str) -> None:
    """What it finds may come to where a plugin's is asked for."""
    assert "relationship(backref='shelf')" in translate(f"{KEYS}{PLUGINS}\n\n{looking}\n").output


@pytest.mark.parametrize(
    ("imported", "called"),
    [
        ("from sqlalchemy.orm import relationship as relation", "relation"),
        ("from sqlalchemy.orm import relation as related", "related"),
        ("from sqlalchemy.orm import relation", "relationship"),
        ("from sqlalchemy.orm import relation, relationship as other", "relationship"),
    ],
)
def test_the_other_side_is_called_as_this_one(imported: str, called: str) -> None:
    """By the name that the module has for it once it is translated."""
    used = imported.rpartition(" ")[2] if " as rel" in imported else "relation"
    text = KEYS.replace("declarative_base, relationship", "declarative_base")
    text = text.replace("relationship('Item'", f"{used}('Item'").replace("Base = ", f"{imported}\nBase = ")
    found = translate(text).output
    assert f"] = {called}(back_populates='items')" in found
    assert f"] = {called}(back_populates='shelf')" in found
    assert re.search(rf"import .*\b{called}\b", found)


UNTABLED = """from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import backref, declarative_base, declared_attr, relationship


class Named:
    @declared_attr
    def __tablename__(cls):
        return "".join(["t_", cls.__name__.lower()])


Base = declarative_base(cls=Named)


class Shelf(Base):
    id = Column(Integer, primary_key=True)


class Item(Base):
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("t_shelf.id"))
    shelf = relationship({target}, uselist=False, backref=backref("items", uselist=True))
"""


def test_a_class_that_a_relationship_leads_to_needs_no_table_in_sight() -> None:
    """It is mapped, and so is that of the relationship: SQLAlchemy refuses relationships of mixins. A name may be another's."""
    output = same_tables(UNTABLED.format(target="Shelf")).output
    assert 'items: Mapped[list["Item"]] = relationship(back_populates="shelf", uselist=True)' in output
    named = translate(UNTABLED.format(target="'Shelf'"))
    assert "backref=" in named.output
    assert any("may be a mixin" in each.message for each in named.diagnostics)
    own = "    id = Column(Integer, primary_key=True)\n    best_id = Column(ForeignKey('t_item.id'))\n"
    own += "    best = relationship('Item', uselist=False, foreign_keys=best_id)\n\n\nclass Item"
    certain = UNTABLED.format(target="'Shelf', foreign_keys=shelf_id").replace(
        "    id = Column(Integer, primary_key=True)\n\n\nclass Item", own
    )
    assert "items: Mapped[list" in same_tables(certain).output
