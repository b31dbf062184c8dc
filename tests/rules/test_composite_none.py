"""What a composite is while its columns are None."""

from __future__ import annotations

from translator import Options, translate
from translator.options import Target

SOURCE = (
    "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import composite\nfrom app import Base, Spot\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    x = Column(Integer)\n    spot = composite(Spot, x, {})\n"
)


def told(source: str, target: Target = Target.SA21) -> bool:
    """Whether there is a note about it."""
    return any("an object in 2.1" in d.message for d in translate(source, Options(target=target)).diagnostics)


def test_it_is_told_for_the_version_that_changed() -> None:
    """And not where the author has decided."""
    assert told(SOURCE.format("x"))
    assert not told(SOURCE.format("x"), Target.SA20)
    assert not told(SOURCE.format("x, return_none_on=None"))
