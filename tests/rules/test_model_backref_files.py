"""Backrefs whose other class stands in another file of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.comparing import compare
from tests.models.observing import CURRENT, LEGACY, Look, observe
from tests.models.translating import translated
from translator import Models, Options

BASE = """from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table
from sqlalchemy.orm import declarative_base
Base = declarative_base()
tags = Table("tags", Base.metadata, Column("i", ForeignKey("item.id")), Column("s", ForeignKey("shelf.id")))
"""
SHELF = """from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import backref, relationship
from shop.base import Base, tags
from shop.item import Item


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    best_id = Column(ForeignKey("item.id"))
    items = relationship({})
"""
ITEM = """import sqlalchemy as sa
from sqlalchemy import orm
from shop.base import Base{}


class Item(Base):
    __tablename__ = "item"
    id = sa.Column(sa.Integer, primary_key=True)
    shelf_id = sa.Column(sa.ForeignKey("shelf.id"))
"""
TOGETHER = "from shop import shelf\n"
OTHER = "\n\n\nclass Other(Base):\n    __tablename__ = 'o'\n    id = sa.Column(sa.Integer, primary_key=True)"
LAZY = '"Item", backref=backref("shelf", lazy=LAZY), foreign_keys="Item.shelf_id"'
PLAIN = '"Item", foreign_keys="Item.shelf_id", backref="shelf"'


def shop(folder: Path, items: str, item: str = "", package: str = TOGETHER) -> Path:
    """A package of two classes, whose `__init__` imports both, or not."""
    home = folder / "before" / "shop"
    home.mkdir(parents=True)
    (home / "__init__.py").write_text(package)
    (home / "base.py").write_text(BASE)
    (home / "shelf.py").write_text(SHELF.format(items))
    (home / "item.py").write_text(ITEM.format(item))
    return folder / "before"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (
            PLAIN,
            'shelf: orm.Mapped["Shelf | None"] = orm.relationship(\n        "Shelf", foreign_keys="Item.shelf_id", back',
        ),
        (
            'Item, foreign_keys=[best_id], backref=backref("shelves", lazy="joined")',
            'shelves: orm.Mapped[list["Shelf"]] = orm.relationship(\n        "Shelf", foreign_keys="Shelf.best_id", back',
        ),
    ],
)
def test_both_files_show_their_side(items: str, expected: str, tmp_path: Path) -> None:
    """The other file gets the relationship, and names this class for type checkers; all is mapped as it was."""
    before, after = shop(tmp_path, items), tmp_path / "after"
    translated(before, after)
    assert f"    {expected}" in (after / "shop" / "item.py").read_text()
    assert "if TYPE_CHECKING:\n    from shop.shelf import Shelf\n" in (after / "shop" / "item.py").read_text()
    assert "backref" not in (after / "shop" / "shelf.py").read_text().replace("import backref, ", "")
    modules = ("shop.base", "shop.item", "shop.shelf")
    legacy, current = observe([Look(LEGACY, before, modules), Look(CURRENT, after, modules)])
    assert (legacy["failed"], legacy["configured"]) == ({}, "")
    assert compare(legacy, current).differences == ()


def test_without_annotations_it_is_written_out_too(tmp_path: Path) -> None:
    """The style that writes `mapped_column()` alone."""
    before, after = shop(tmp_path, PLAIN), tmp_path / "after"
    translated(before, after, options=Options(models=Models.COLUMNS))
    assert '    shelf = orm.relationship(\n        "Shelf", foreign_keys' in (after / "shop" / "item.py").read_text()


@pytest.mark.parametrize(
    ("items", "item", "package", "why"),
    [
        (PLAIN, "", "", "Item can be used without this module"),
        (PLAIN, OTHER, "", "Item can be used without this module"),
        ('"Item", secondary=tags, backref="shelves"', "", TOGETHER, "secondary= names tags"),
        (LAZY, "", TOGETHER, "lazy= names LAZY"),
        ('"Item", backref="shelf_id"', "", TOGETHER, "has a shelf_id of its own"),
    ],
)
def test_it_stays_where_that_is_not_certain(items: str, item: str, package: str, why: str, tmp_path: Path) -> None:
    """A note says why; the other file keeps its class."""
    before = shop(tmp_path, items, item, package)
    found = translated(before, tmp_path / "after")
    shelf = found["shop/shelf.py"].translation
    assert shelf is not None
    assert "backref=" in shelf.output
    assert "relationship(" not in (tmp_path / "after" / "shop" / "item.py").read_text()
    assert any(why in diagnostic.message for diagnostic in shelf.diagnostics), shelf.diagnostics


def test_what_both_files_import_may_be_named(tmp_path: Path) -> None:
    """A table from the same place."""
    before = shop(tmp_path, '"Item", secondary=tags, backref="shelves"', ", tags")
    translated(before, tmp_path / "after")
    assert '"Shelf", secondary=tags, back_populates="items"' in (tmp_path / "after" / "shop" / "item.py").read_text()
