"""What an association proxy gives."""

from __future__ import annotations

import pytest

from translator import Models, Options, translate

SOURCE = """
from sqlalchemy import *
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import declarative_base, relationship
Base = declarative_base()


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    label_id = Column(ForeignKey("label.id"))
    labels = relationship("Label", foreign_keys="Label.shelf_id"{})
    first = relationship("Label", uselist=False, foreign_keys=[label_id])
    x = association_proxy({})


class Label(Base):
    __tablename__ = "label"
    id = Column(Integer, primary_key=True)
    word = Column(String(20), nullable=False)
    size = Column(Integer)
    data = Column(JSON)
    shelf_id = Column(ForeignKey("shelf.id"))
    shelf = relationship("Shelf", foreign_keys=[shelf_id])
"""


def proxy(arguments: str, collection: str = "", options: Options | None = None) -> str:
    """What stands before the `=` of the proxy."""
    output = translate(SOURCE.format(collection, arguments), options or Options()).output
    return next(line for line in output.split("\n") if "association_proxy(" in line).partition(" = ")[0].strip()


@pytest.mark.parametrize(
    ("arguments", "collection", "expected"),
    [
        ("'labels', 'word'", "", "x: AssociationProxy[list[str]]"),
        ("'labels', 'size'", "", "x: AssociationProxy[list[int | None]]"),
        ("'labels', 'word', creator=make", ", collection_class=set", "x: AssociationProxy[set[str]]"),
        ("'first', 'word'", "", "x: AssociationProxy[str | None]"),
        ("'labels', 'data'", "", "x"),
        ("'labels', 'shelf'", "", "x"),
        ("'labels', 'upper'", "", "x"),
        ("'others', 'word'", "", "x"),
        ("'labels', 'word'", ", collection_class=Own", "x"),
        ("'labels', 'word'", ", lazy='dynamic'", "x"),
        ("'labels', 'word', proxy_factory=Own", "", "x"),
    ],
)
def test_a_proxy_says_what_it_gives(arguments: str, collection: str, expected: str) -> None:
    """Where its relationship and a column of a known type are in sight."""
    assert proxy(arguments, collection) == expected


@pytest.mark.parametrize("models", [Models.NONE, Models.COLUMNS])
def test_other_styles_have_no_annotations(models: Models) -> None:
    """Nothing is written then."""
    assert proxy("'labels', 'word'", options=Options(models=models)) == "x"
