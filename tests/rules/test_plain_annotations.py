"""Annotations that 1.x did not read and 2.x refuses."""

from __future__ import annotations

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, Severity, translate

SOURCE = """
from typing import ClassVar, Dict, Optional
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import column_property, declarative_base, relationship, synonym
Base = declarative_base()


class Cached:
    cache: Optional[dict] = None


class Shelf(Base, Cached):
    __tablename__ = "shelf"
    id: int = Column(Integer, primary_key=True)
    twice: int = column_property(id + 1)
    other: int = synonym("id")
    kind: ClassVar[str] = "x"
    number: int = 3


class Item(Base):
    "An item."

    # keys
    id: int = Column(Integer, primary_key=True)
    __tablename__ = "item"
    shelf_id = Column(ForeignKey("shelf.id"))
    shelf: Shelf = relationship(Shelf)
    loaded: Dict[str, int]
"""


@pytest.mark.parametrize("models", Models)
def test_classes_are_mapped_as_they_were(models: Models) -> None:
    """1.4 did not look at the annotations; 2.x takes what is left of them."""
    output = same_tables(SOURCE, Options(models=models)).output
    assert output.count("__allow_unmapped__ = True\n") == 2


def test_what_is_mapped_says_so() -> None:
    """And what isn't is allowed."""
    output = translate(SOURCE).output
    assert "twice: Mapped[int] = column_property(id + 1)\n" in output
    assert "other: Mapped[int] = synonym(" in output
    assert "loaded: Dict[str, int]\n" in output


def test_other_classes_keep_their_annotations() -> None:
    """Those of pydantic, of dataclasses, and classes that allow them already."""
    for source in (
        "from sqlalchemy import Column\n\n\nclass Shelf(BaseModel):\n    cache: dict\n",
        "class Shelf(Base):\n    __tablename__ = 'shelf'\n    __allow_unmapped__ = True\n    cache: dict\n",
        "@mapper.mapped\n@dataclass\nclass Shelf(Thing):\n    __tablename__ = 'shelf'\n    cache: dict\n",
    ):
        assert translate(source).output == source


def test_dataclasses_that_are_mapped_first_are_allowed_what_they_refuse() -> None:
    """A relationship that is annotated apart; not e.g. columns, which 2.x takes with any annotation."""
    head = "@dataclass\nclass Shelf(Base):\n    __tablename__ = 'shelf'\n    id: int\n    id = Column(Integer)\n"
    rest = "    items: list\n    items = relationship('Item')\n"
    assert "__allow_unmapped__" not in translate(head).output
    translation = translate(head + rest)
    assert "    __tablename__ = 'shelf'\n    __allow_unmapped__ = True\n" in translation.output
    assert not any(d.severity is Severity.REMOVED for d in translation.diagnostics)


def test_what_attrs_made_may_have_annotations() -> None:
    """It takes the values of its fields away, and 2.x takes what is left of them for columns."""
    output = translate(
        "import attr\nfrom attr import define, field\nfrom sqlalchemy import Column, Integer, Table\n"
        "from sqlalchemy.orm import registry\n\nmapper_registry = registry()\n\n\n"
        "@mapper_registry.mapped\n@define(slots=False)\nclass Shelf:\n"
        "    __table__ = Table('shelf', mapper_registry.metadata, Column('id', Integer, primary_key=True))\n"
        "    id: int = field(init=False)\n\n\n"
        "@attr.s\nclass Other:\n    id: int = attr.ib()\n"
    ).output
    assert "class Shelf:\n    __allow_unmapped__ = True\n    __table__ =" in output
    assert output.count("__allow_unmapped__") == 1


def test_fields_of_mapped_dataclasses_are_none_of_it() -> None:
    """MappedAsDataclass would make a field of what is annotated: columns without an annotation stay so."""
    source = (
        "from sqlalchemy import Column, Integer\n"
        "from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column\n\n\n"
        "class Base(MappedAsDataclass, DeclarativeBase):\n    pass\n\n\n"
        "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True, init=False)\n"
        "    name: Mapped[str] = mapped_column(default='')\n    size = Column(Integer)\n"
    )
    translation = translate(source)
    assert translation.output == source
    assert any("MappedAsDataclass makes of Shelf" in found.message for found in translation.diagnostics)


KEYS = (
    "from typing import List\nfrom sqlalchemy import Column, ForeignKey, Integer\n"
    "from sqlalchemy.orm import declarative_base, relationship\n\nBase = declarative_base()\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n{}    id = Column(Integer, primary_key=True)\n"
    "    items: 'List[Item]' = relationship('Item'{})\n\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n"
)


@pytest.mark.parametrize("models", list(Models))
@pytest.mark.parametrize("allowed", ["", "    __allow_unmapped__ = True\n"])
def test_a_collection_that_is_quoted_stays_one(models: Models, allowed: str) -> None:
    """2.x takes `'List[Item]'` for one object, also below `__allow_unmapped__`."""
    translation = same_tables(KEYS.format(allowed, ""), Options(models=models))
    assert "    items: Mapped[list['Item']] = relationship()\n" in translation.output
    assert translation.output.count("__allow_unmapped__") == bool(allowed)


@pytest.mark.parametrize("models", list(Models))
def test_a_collection_that_is_quoted_and_stays_is_told_of(models: Models) -> None:
    """Where what it holds can't be told, there is no saying what 2.x should take it for."""
    source = KEYS.format("    __allow_unmapped__ = True\n", ", collection_class=made")
    said = translate(source, Options(models=models)).diagnostics
    assert any("takes it for one object" in each.message for each in said)
