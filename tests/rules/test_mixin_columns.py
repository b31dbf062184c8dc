"""Columns of mixins, abstract classes and bases: their place in the tables, told or kept."""

from __future__ import annotations

from tests.rules.tables import created, same_tables
from translator import Options, translate
from translator.findings import Severity

SOURCE = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.declarative import declarative_base, declared_attr


class Common:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()

    id = Column(Integer, primary_key=True)


Base = declarative_base(cls=Common)


class Stamped:
    created = Column(
        String(20),
        nullable=False,
    )
    changed = Column(Integer)

    @declared_attr
    def owner_id(cls):
        return Column(ForeignKey("owner.id"), nullable=False)


class Named(object):
    name = Column(String(20))


class Owner(Base):
    size = Column(Integer)


class Record(Base):
    __abstract__ = True
    number = Column(Integer)


class Thing(Stamped, Named, Record):
    weight = Column(Integer)


class Other(Named, Base):
    height = Column(Integer)
"""


def test_the_order_of_1_x_is_kept_where_that_is_asked_for() -> None:
    """By sort_order on what others get: bases first, mixins in the order of the text, then the class's own."""
    output = same_tables(SOURCE, Options(keep_column_order=True)).output
    assert "    created: Mapped[str] = mapped_column(\n        String(20),\n        sort_order=-3,\n    )\n" in output
    assert "    changed: Mapped[int | None] = mapped_column(sort_order=-3)\n" in output


def test_the_order_of_2_x_is_told() -> None:
    """Without the option the columns are the same, elsewhere in the table; a note says so where they stand."""
    translation = translate(SOURCE)
    told = [found.message for found in translation.diagnostics if found.slug == "mixin-columns"]
    assert len(told) == 4
    before, after = created(SOURCE, legacy=True), created(translation.output, legacy=False)
    lines = [
        {name: sorted(line.strip(" ,") for line in ddl.split("\n")) for name, ddl in d.items()} for d in (before, after)
    ]
    assert lines[1] == lines[0]


FIELDS = """
from dataclasses import dataclass, field
from typing import Optional
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base, registry

reg = registry()
Base = declarative_base()


@dataclass
class Stamped:
    __sa_dataclass_metadata_key__ = "sa"
    made: Optional[str] = field(default=None, metadata={"sa": Column(String(9))})


@reg.mapped
@dataclass
class Note(Stamped):
    __tablename__ = "note"
    __sa_dataclass_metadata_key__ = "sa"
    id: int = field(init=False, metadata={"sa": Column(Integer, primary_key=True)})


@dataclass
class Team(Base):
    __tablename__ = "team"
    name: str
    id: int
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    extra = Column(Integer)


@dataclass
class Player(Base):
    __tablename__ = "player"
    id: int
    name: str
    id = Column(Integer, primary_key=True)
    extra = Column(Integer)
    name = Column(String(20))
"""


def test_the_order_of_dataclasses_is_told() -> None:
    """Of columns in fields of a base, and of annotations that stand in another order than the columns."""
    translation = translate(FIELDS)
    told = [found.message for found in translation.diagnostics if found.slug == "mixin-columns"]
    assert len(told) == 2
    assert "fields of Stamped" in told[0]
    assert "columns of Team in the order of its annotations (name first)" in told[1]
    before, after = created(FIELDS, legacy=True), created(translation.output, legacy=False)
    moved = {name.partition(" ")[0] for name in before if before[name] != after[name]}
    assert moved == {"note", "team"}


def test_a_default_that_looks_at_others_is_no_note() -> None:
    """2.x has not made the default of the mixin's column yet when it asks: the row has another value, and nothing raises."""
    asking = "def named(context):\n    return context.get_current_parameters()['created']\n"
    models = SOURCE.replace("class Common", f"{asking}\n\nclass Common", 1)
    for source, severity in ((SOURCE, Severity.NOTE), (models, Severity.REMOVED)):
        told = [d for d in translate(source).diagnostics if d.slug == "mixin-columns"]
        assert {d.severity for d in told} == {severity}
