"""Divisions that cut off the fraction in 1.x."""

from __future__ import annotations

from tests.rules.checks import left
from translator import translate

IMPORTS = (
    "from sqlalchemy import Column, Float, Integer\nfrom sqlalchemy.ext.hybrid import hybrid_property\n"
    "from app import Base\n\n\n"
)
PART = (
    "class Part(Base):\n    __tablename__ = 'part'\n    id = Column(Integer, primary_key=True)\n"
    "    size = Column(Integer)\n    weight = Column(Float)\n\n"
)
HYBRID = "    @hybrid_property\n    def half(self):\n        return self.{} / 2\n\n"


def test_a_division_by_what_may_be_an_integer_is_told_of() -> None:
    """A variable, or what a function of Python gives."""
    for divisor in ("n", "len(names)"):
        left(f"n = 2\n{PART}half = Part.size / {divisor}\n", "if both sides are integers")


def test_a_division_by_what_is_no_integer_is_none_of_it() -> None:
    """It was true division before."""
    for divisor in ("2.0", "float(n)"):
        assert not translate(f"n = 2\n{PART}half = Part.size / {divisor}\n").diagnostics


def test_a_division_in_a_hybrid_is_told_of() -> None:
    """It computes with numbers of an object, and in SQL with the columns of its class."""
    left(f"{IMPORTS}{PART}{HYBRID.format('size')}", "true division")
    assert not translate(f"{IMPORTS}{PART}{HYBRID.format('weight')}").diagnostics


def test_the_expression_of_a_hybrid_divides_columns() -> None:
    """Its function gets the class."""
    expression = "    @half.expression\n    def half(cls):\n        return cls.size / 2\n"
    output = translate(f"{IMPORTS}{PART}{HYBRID.format('weight')}{expression}").output
    assert "return cls.size // 2" in output


def test_a_division_in_place_is_told_of() -> None:
    """Where what is divided is of SQL."""
    left(f"{PART}half = Part.size + 1\nhalf /= 2\n", "write //=")
    assert not translate(f"{PART}half = 3\nhalf /= 2\n").diagnostics
