"""The parts of a hybrid property under names of their own."""

from __future__ import annotations

import pytest

from translator import Models, Options, translate

HEAD = (
    "from sqlalchemy import Column, Integer\nfrom sqlalchemy.ext.hybrid import hybrid_property\nfrom app import Base\n\n\n"
    "class Box(Base):\n    __tablename__ = 'box'\n    id = Column(Integer, primary_key=True)\n\n"
    "    @hybrid_property\n    def area(self):\n        return self.id * 2\n\n"
)
SETTER = "    @area.setter\n    def area(self, value):\n        self.id = value // 2\n"
EXPRESSION = "    @area.expression  # in SQL\n    def area(cls):\n        return cls.id * 2\n"


def test_parts_keep_what_stands_around_them() -> None:
    """Comments and documentation; a private name does not get another underline."""
    output = translate(HEAD + EXPRESSION + "\n" + SETTER).output
    assert "    @area.inplace.expression  # in SQL\n    @classmethod\n    def _area_expression(cls):\n" in output
    assert "    @area.inplace.setter\n    def _area_setter(self, value):\n" in output
    assert "@_area.inplace.setter\n    def _area_setter(" in translate((HEAD + SETTER).replace("area", "_area")).output


@pytest.mark.parametrize("models", [Models.COLUMNS, Models.NONE])
def test_it_is_for_type_checkers(models: Models) -> None:
    """Where models get no types, hybrids stay."""
    assert "inplace" not in translate(HEAD + SETTER, Options(models=models)).output


@pytest.mark.parametrize(
    "rest",
    [
        "    same = area\n\n" + SETTER,
        SETTER.replace("def area", "def size"),
        "    @area.setter\n    @checked\n    def area(self, value):\n        self.id = value // 2\n",
        "    @property\n    def area(self):\n        return 1\n\n" + SETTER,
        "    @area.getter\n    def area(self):\n        return 1\n\n" + SETTER,
    ],
)
def test_other_properties_stay(rest: str) -> None:
    """A copy that is taken before a part, a part of another name, one that is wrapped, one of a plain property."""
    assert "inplace" not in translate(HEAD + rest).output


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ("\n\ndef found(cls):\n    return inspect(cls).all_orm_descriptors.keys()\n", "all_orm_descriptors is asked"),
        ("\n    def _area_setter(self):\n        pass\n", "_area_setter is taken"),
        ("\n" + SETTER, "_area_setter is taken"),
    ],
)
def test_names_that_would_be_seen_or_are_taken_are_told(rest: str, why: str) -> None:
    """The parts stay under one name then."""
    translation = translate(HEAD + SETTER + rest)
    assert "inplace" not in translation.output
    assert any(why in d.message for d in translation.diagnostics)
