"""A composite that is asked of an object that was just made."""

from __future__ import annotations

import pytest

from translator import Options, translate
from translator.options import Target

HEAD = (
    "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import composite, declarative_base\nfrom app import Spot\n\n"
    "Base = declarative_base()\n\n\nclass Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    x = Column(Integer)\n    spot = composite(Spot, x{})\n\n\n"
)


def told(source: str, target: Target = Target.SA21) -> bool:
    """Whether there is a word about the place."""
    return any("of a new object" in d.message for d in translate(source, Options(target=target)).diagnostics)


@pytest.mark.parametrize("use", ["print(Shelf().spot)", "shelf = Shelf(id=1)\nif shelf.spot is None:\n    pass"])
def test_it_is_told_where_the_object_is_new(use: str) -> None:
    """For the version that changed, unless the author has decided."""
    assert told(HEAD.format("") + use)
    assert not told(HEAD.format("") + use, Target.SA20)
    assert not told(HEAD.format(", return_none_on=None") + use)


@pytest.mark.parametrize(
    "use",
    [
        "print(Shelf(spot=Spot(1)).spot)",
        "shelf = Shelf(spot=Spot(1))\nprint(shelf.spot)",
        "shelf = Shelf()\nshelf.spot = Spot(1)\nprint(shelf.spot)",
        "def f(session):\n    shelf = session.get(Shelf, 1)\n    print(shelf.spot)",
        "print(Shelf().x)",
    ],
)
def test_it_is_not_told_elsewhere(use: str) -> None:
    """Of objects that are given the composite, or come from the database; of other attributes."""
    assert not told(HEAD.format("") + use)
