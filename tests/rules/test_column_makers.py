"""Columns that something else than `Column` makes: a `partial()`, a function, a class."""

from __future__ import annotations

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, Translation, translate

HEAD = (
    "from functools import partial\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import declarative_base\n"
    "Base = declarative_base()\n"
)


def made(head: str, *lines: str, after: str = "", models: Models = Models.TYPED) -> Translation:
    """The translation of a class with these lines, whose tables are the same."""
    body = "".join(f"    {line}\n" for line in lines)
    source = f"{HEAD}{head}\n\nclass Shop(Base):\n    __tablename__ = 'shop'\n    id = Column(Integer, primary_key=True)\n{body}"
    return same_tables(f"{source}\n{after}\n", Options(models=models))


def stays(translation: Translation, line: str, why: str) -> None:
    """A line stays, and a note says why."""
    assert f"    {line}\n" in translation.output
    assert any(why in d.message for d in translation.diagnostics if "annotation" in d.message), translation.diagnostics


def test_what_a_partial_makes_is_annotated() -> None:
    """By its arguments and those of the call, of which the call's count."""
    output = made("NN = partial(Column, nullable=False)", "a = NN(String(5))", "b = NN(Integer, nullable=True)").output
    assert "NN = partial(mapped_column, nullable=False)\n" in output
    assert "    a: Mapped[str] = NN(String(5))\n    b: Mapped[int | None] = NN(Integer, nullable=True)\n" in output


def test_without_annotations_the_partial_alone_changes() -> None:
    """The style that writes `mapped_column()` only."""
    output = made("NN = partial(Column, nullable=False)", "a = NN(String(5))", models=Models.COLUMNS).output
    assert "NN = partial(mapped_column, nullable=False)\n" in output
    assert "    a = NN(String(5))\n" in output


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("t = Table('t', Base.metadata, NN('id', Integer))", "a = NN(String(5))"),
        ("other = [NN('id', Integer)]", "a = NN(String(5))"),
        ("make = NN", "a = NN(String(5))"),
    ],
)
def test_a_partial_with_other_uses_stays(after: str, line: str) -> None:
    """A Table takes no mapped_column()."""
    found = made("NN = partial(Column, nullable=False)", line, after=after)
    assert "partial(Column, nullable=False)" in found.output
    stays(found, line, "what else that is used for is not certain")


def test_a_maker_is_told_of_once_in_a_module() -> None:
    """Not at each of a hundred columns."""
    after = "t = Table('t', Base.metadata, NN('id', Integer))"
    found = made("NN = partial(Column, nullable=False)", *(f"{name} = NN(Text)" for name in "abcdef"), after=after)
    said = [each.message for each in found.diagnostics if "no annotation" in each.message]
    assert len(said) == 1
    assert "a, b, c and 3 more get no annotation" in said[0]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("def number():\n    return Column(Integer)", "a = number()"),
        ("def number():\n    found = Column(Integer)\n    return found", "a = number()"),
        ("class Number(Column):\n    inherit_cache = True", "a = Number(Integer)"),
        ("Number = partial(Column, Integer)", "a = Number()"),
    ],
)
def test_columns_that_others_make_are_told_of(head: str, line: str) -> None:
    """They stay what they are."""
    stays(made(head, line), line, "a gets no annotation")


def test_a_function_for_tables_is_none_of_it() -> None:
    """What it returns is no column."""
    found = made("def things(name):\n    return Table(name, Base.metadata, Column('id', Integer))", "a = things('x')")
    assert not [d for d in found.diagnostics if "gets no annotation" in d.message]


KEYS = "NN = partial(Column, nullable=False)\n\n\ndef key(name, **more):\n    return NN(name, Integer, **more)"


def test_a_function_may_give_what_a_partial_makes() -> None:
    """Where its callers put it into classes, too; else a Table may get it."""
    found = made(KEYS, "a = NN(String(5))", "b = key('b', index=True)")
    assert "NN = partial(mapped_column, nullable=False)\n" in found.output
    stays(found, "b = key('b', index=True)", "b gets no annotation")
    for after in ("t = Table('t', Base.metadata, key('id'))", "t = Table('t', Base.metadata, *map(key, ['id']))"):
        found = made(KEYS, "a = NN(String(5))", after=after)
        assert "NN = partial(Column, nullable=False)\n" in found.output


def test_a_column_of_a_module_that_is_not_in_sight_is_told_of() -> None:
    """In a class with a table; not what other packages call so."""
    head = "from sqlalchemy import Integer\nfrom app.base import Base, Column\nimport tables\n\n\n"
    body = "class Shop({}):\n{}    id = {}(Integer, primary_key=True)\n"
    mapped = translate(head + body.format("Base", "    __tablename__ = 'shop'\n", "Column"))
    assert "    id = Column(Integer, primary_key=True)\n" in mapped.output
    assert any("id gets no annotation" in d.message for d in mapped.diagnostics)
    assert translate(head + body.format("tables.Table", "", "tables.Column")).diagnostics == ()


def test_beside_flask_sqlalchemys_object_what_is_imported_stays_imported() -> None:
    """`Column` of an import becomes an imported name, which is there before the object is."""
    source = (
        "from functools import partial\nfrom flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import Column, Integer, Text\n"
        "NN = partial(Column, nullable=False)\ndb = SQLAlchemy()\n\n\nclass Shop(db.Model):\n"
        "    id = Column(Integer, primary_key=True)\n    name = NN(Text)\n"
    )
    output = translate(source).output
    assert "from sqlalchemy.orm import Mapped, mapped_column\n" in output
    assert "NN = partial(mapped_column, nullable=False)\n" in output
    assert "    id: Mapped[int] = mapped_column(primary_key=True)\n" in output
