"""Synonyms of columns have their types."""

from __future__ import annotations

import pytest

from translator import translate

SHELF = (
    "from sqlalchemy import Column, Integer, String, Text\n"
    "from sqlalchemy.orm import declarative_base, deferred, relationship, synonym\n\nBase = declarative_base()\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    name = Column('n', String(20))\n    notes = deferred(Column(Text, nullable=False))\n"
    "    books = relationship('Book')\n    other = {}\n"
)


@pytest.mark.parametrize(
    ("given", "annotation"),
    [
        ("synonym('name')", "Mapped[str | None]"),
        ("synonym('name', doc='both')", "Mapped[str | None]"),
        ("synonym('id')", "Mapped[int]"),
        ("synonym('notes')", "Mapped[str]"),
    ],
)
def test_it_is_annotated_as_its_column(given: str, annotation: str) -> None:
    """Deferred ones, too."""
    assert f"    other: {annotation} = {given}\n" in translate(SHELF.format(given)).output


@pytest.mark.parametrize("given", ["synonym('books')", "synonym('elsewhere')", "synonym(name)", "synonym(*names)"])
def test_what_is_no_column_in_sight_tells_no_type(given: str) -> None:
    """A column of a base, for instance."""
    assert f"    other = {given}\n" in translate(SHELF.format(given)).output


def test_one_that_takes_the_place_of_a_property_stays() -> None:
    """A name that is defined is not annotated, too."""
    own = "synonym('name', descriptor=other)"
    source = SHELF.format(own).replace(
        "    other", "    @property\n    def other(self):\n        return self.name\n\n    other"
    )
    assert f"    other = {own}\n" in translate(source).output
