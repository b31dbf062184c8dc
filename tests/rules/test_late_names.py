"""Names of classes that 2.x looks for when it maps a class, before they are there."""

from __future__ import annotations

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, translate

PLAIN = """
from typing import ClassVar, List, Optional
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, relationship
Base = declarative_base()


class Cached:
    seen: Optional["Item"] = None


class Early(Base):
    __tablename__ = "early"
    id = Column(Integer, primary_key=True)


class Shelf(Cached, Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    some: List["Item"] = None
    more: Optional[List["Item"]]
    own: Optional["Shelf"] = None
    early: List["Early"] = None
    kept: ClassVar[List["Item"]] = []
    items: List["Item"] = relationship("Item")


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("shelf.id"))


class Other:
    some: List["Unmapped"] = None
"""
DATACLASSES = """
from dataclasses import dataclass, field
from typing import List, Optional
from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import registry, relationship

reg = registry()


@reg.mapped
@dataclass
class User:
    __table__ = Table("user", reg.metadata, Column("id", Integer, primary_key=True))
    id: int = field(init=False)
    addresses: List["Address"] = field(default_factory=list)
    last: Optional["Address"] = None
    __mapper_args__ = {"properties": {"addresses": relationship("Address")}}


@reg.mapped
@dataclass
class Address:
    __tablename__ = "address"
    __sa_dataclass_metadata_key__ = "sa"
    id: int = field(init=False, metadata={"sa": Column(Integer, primary_key=True)})
    user_id: int = field(init=False, metadata={"sa": Column(ForeignKey("user.id"))})
    users: List["User"] = field(default_factory=list)
"""
POSTPONED = "from __future__ import annotations\n"


@pytest.mark.parametrize("models", Models)
@pytest.mark.parametrize("source", [PLAIN, DATACLASSES, POSTPONED + DATACLASSES])
def test_classes_are_mapped_as_they_were(source: str, models: Models) -> None:
    """In all styles: 2.x raises otherwise."""
    same_tables(source, Options(models=models))


def test_whole_annotations_are_quoted() -> None:
    """Where the class comes later, and 2.x looks for it; its own name and earlier ones it finds."""
    output = translate(PLAIN).output
    assert '    seen: "Optional[Item]" = None\n' in output
    assert '    some: "List[Item]" = None\n    more: "Optional[List[Item]]"\n' in output
    assert '    own: Optional["Shelf"] = None\n    early: List["Early"] = None\n' in output
    assert '    kept: ClassVar[List["Item"]] = []\n' in output
    assert '    some: List["Unmapped"] = None\n' in output


def test_fields_of_dataclasses_too() -> None:
    """Quotes are left out where annotations are not evaluated."""
    assert '    addresses: "List[Address]" = field(default_factory=list)\n    last: "Optional[Address]" = None\n' in (
        translate(DATACLASSES).output
    )
    output = translate(POSTPONED + DATACLASSES).output
    assert "    addresses: List[Address] = field(default_factory=list)\n    last: Optional[Address] = None\n" in output
    assert '    users: List["User"] = field(default_factory=list)\n' in output
