"""Declarative bases: what functions and decorators made, as classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, translate
from translator.project import translate_all

HEAD = (
    "from sqlalchemy import Column, Integer, MetaData\n"
    "from sqlalchemy.ext.declarative import as_declarative, declarative_base\nfrom sqlalchemy.orm import registry\n"
)
SHELF = (
    "\n\nclass Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    n = Column(Integer, index=True)\n"
)

HOOK = "    def __init_subclass__(cls):\n        cls.__tablename__ = cls.__name__\n"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("Base = declarative_base()", "class Base(DeclarativeBase):\n    pass"),
        ("Base: object = declarative_base(name='Base')", "class Base(DeclarativeBase):\n    pass"),
        (
            "Base = declarative_base(metadata=MetaData(naming_convention={'ix': 'i_%(column_0_label)s'}))",
            "class Base(DeclarativeBase):\n    metadata = MetaData(naming_convention={'ix': 'i_%(column_0_label)s'})",
        ),
        (
            "known = {}\nBase = declarative_base(class_registry=known, metadata=MetaData(schema='s'))",
            "class Base(DeclarativeBase):\n    registry = registry(metadata=MetaData(schema='s'), class_registry=known)",
        ),
        ("class A:\n    x = 1\n\n\nBase = declarative_base(cls=A)", "class Base(A, DeclarativeBase):\n    pass"),
        (
            "class A:\n    x = 1\n\n\nclass B(object):\n    y = 1\n\n\nBase = declarative_base(cls=(A, B))",
            "class Base(A, B, DeclarativeBase):\n    pass",
        ),
        ("@as_declarative()\nclass Base(object):\n    x = 1", "class Base(DeclarativeBase):\n    x = 1"),
        (
            "@as_declarative(metadata=MetaData(schema='s'))\nclass Base:\n    'Doc.'\n    m = 1",
            "class Base(DeclarativeBase):\n    'Doc.'\n    metadata = MetaData(schema='s')\n    m = 1",
        ),
        ("@as_declarative()\nclass Base:\n    pass", "class Base(DeclarativeBase):\n    pass"),
        (
            "reg = registry(metadata=MetaData(schema='s'))\nBase = reg.generate_base()",
            "class Base(DeclarativeBase):\n    registry = reg",
        ),
        (
            "class A:\n    x = 1\n\n\nBase = registry().generate_base(cls=A, name='B')",
            "class Base(A, DeclarativeBase):\n    registry = registry()",
        ),
    ],
)
def test_a_base_is_a_class(base: str, expected: str) -> None:
    """With its metadata, its registry and its bases; the tables are the same."""
    assert f"{expected}\n" in same_tables(f"{HEAD}\n\n{base}{SHELF}").output


@pytest.mark.parametrize(
    ("base", "why"),
    [
        ("Base = declarative_base(metaclass=Meta)", "metaclass="),
        ("Base = declarative_base(constructor=None)", "constructor"),
        ("Base = declarative_base(cls=Elsewhere)", "not in sight"),
        ("class A:\n    def __init__(self): ...\n\n\nBase = declarative_base(cls=A)", "__init__"),
        (
            "Base = declarative_base()\n\n\ndef is_model(c):\n    return isinstance(c, DeclarativeMeta)",
            "DeclarativeMeta",
        ),
        ("@as_declarative()\nclass Base:\n    def __init__(self): ...", "__init__"),
        ("Base = declarative_base(**options)", "arguments"),
        ("Base = registry().generate_base(mapper=own)", "mapper= has no place"),
        ("meta = MetaData() if schema else None\nBase = declarative_base(metadata=meta)", "may be None"),
        ("meta = None\nif schema:\n    meta = MetaData()\nBase = declarative_base(metadata=meta)", "may be None"),
        ("def made(meta=None):\n    Base = declarative_base(metadata=meta)\n    return Base", "may be None"),
        (
            f"class A:\n{HOOK}        super().__init_subclass__()\n\n\nBase = declarative_base(cls=A)",
            "__init_subclass__",
        ),
        (f"Base = declarative_base()\n\n\nclass B(Base):\n    __abstract__ = True\n{HOOK}", "__init_subclass__"),
        (f"Base = declarative_base()\n\n\nclass AMixin:\n{HOOK}", "__init_subclass__"),
    ],
)
def test_a_base_that_would_change_stays(base: str, why: str) -> None:
    """2.x still has the function; a note says why."""
    translation = translate(f"{HEAD}\n\n{base}\n")
    assert "DeclarativeBase" not in translation.output
    assert any(why in found.message for found in translation.diagnostics), translation.diagnostics


def test_a_hook_that_ends_with_that_of_the_base_leaves_it_to_map() -> None:
    """What it does before is there in time, as it was before the metaclass mapped the class."""
    mixin = f"class NamedMixin:\n{HOOK}        super().__init_subclass__()\n"
    shelf = "\n\nclass Shelf(NamedMixin, Base):\n    id = Column(Integer, primary_key=True)\n"
    found = same_tables(f"{HEAD}\n\nBase = declarative_base()\n\n\n{mixin}{shelf}")
    assert "class Base(DeclarativeBase)" in found.output


def test_another_name_of_a_base_is_told_of() -> None:
    """The class is called like the variable; where it was called so before, nothing is said."""
    for name, told in (("Model", True), ("Base", False)):
        found = translate(f"{HEAD}Base = declarative_base(name='{name}')\n")
        assert "class Base(DeclarativeBase)" in found.output
        assert any("is called Base now, not Model" in each.message for each in found.diagnostics) is told


def test_two_bases_stand_two_lines_apart() -> None:
    """Each that follows another one has the lines of that."""
    output = translate(f"{HEAD}Base = declarative_base()\nOther = declarative_base()\n").output
    assert output.endswith("class Base(DeclarativeBase):\n    pass\n\n\nclass Other(DeclarativeBase):\n    pass\n")


def test_models_that_are_left_alone_keep_their_base() -> None:
    """By the option."""
    output = translate(f"{HEAD}Base = declarative_base()\n", Options(models=Models.NONE)).output
    assert "Base = declarative_base()" in output


def test_an_engine_that_comes_first_is_told() -> None:
    """2.x refuses it."""
    found = translate("from sqlalchemy.orm import declarative_base\nBase = declarative_base(engine)\n").diagnostics
    assert any("takes arguments by name only" in one.message for one in found)


def test_a_base_for_both_versions_stays() -> None:
    """What is made where DeclarativeBase can't be imported is for 1.x; the annotations are those of the other one."""
    source = (
        "from sqlalchemy import Column, Integer\n\ntry:\n    from sqlalchemy.orm import DeclarativeBase\n\n"
        "    class Base(DeclarativeBase):\n        pass\n\nexcept ImportError:\n"
        "    from sqlalchemy.orm import declarative_base\n\n    Base = declarative_base()\n"
    )
    assert translate(source).output == source
    assert "n: Mapped[int | None] = mapped_column(index=True)\n" in translate(source + SHELF).output


def test_a_base_whose_metaclass_another_module_looks_for_stays(tmp_path: Path) -> None:
    """A metaclass of models that extends DeclarativeMeta, and what tells models by it."""
    files = {
        "base.py": "from sqlalchemy.ext.declarative import declarative_base\n\nBase = declarative_base()\n",
        "views.py": (
            "from base import Base\nfrom sqlalchemy.ext.declarative import DeclarativeMeta\n\n\n"
            "class ViewMeta(DeclarativeMeta):\n    pass\n\n\nclass View(Base, metaclass=ViewMeta):\n    __abstract__ = True\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = list(translate_all([str(tmp_path / name) for name in files], lambda _: Options(), 1))
    assert done[0].translation is not None
    assert "Base = declarative_base()" in done[0].translation.output
    assert "views looks for DeclarativeMeta" in done[0].translation.diagnostics[0].message
