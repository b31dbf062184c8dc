"""In which order Python asks classes, and which classes are of one family."""

from __future__ import annotations

import random

import pytest

from translator.model.lineage import Families, order


@pytest.mark.parametrize("seed", range(200))
def test_order_is_that_of_python(seed: int) -> None:
    """Hierarchies made up at random: the order is `__mro__`, also where Python refuses what extends two bases so."""
    chance = random.Random(seed)
    classes: list[type] = []
    bases: dict[int, tuple[int, ...]] = {}
    for key in range(12):
        chosen = tuple(chance.sample(range(len(classes)), min(len(classes), chance.randint(0, 3))))
        bases[key] = chosen
        try:
            made = type(f"C{key}", tuple(classes[one] for one in chosen), {"key": key})
        except TypeError:  # Python finds no order
            assert sorted(order(key, bases.__getitem__)) == sorted(
                {key, *(each for one in chosen for each in order(one, bases.__getitem__))}
            )
            made, bases[key] = type(f"C{key}", (), {"key": key}), ()
        classes.append(made)
        expected = [one.__dict__["key"] for one in made.__mro__[:-1]]
        assert order(key, bases.__getitem__) == expected


def test_order_of_a_circle() -> None:
    """Classes that seem to extend each other, as names of several modules may show them, have an order that ends."""
    bases = {1: (2, 3), 2: (1,), 3: ()}
    assert order(1, bases.__getitem__) == [1, 2, 3]


def test_order_of_many() -> None:
    """A line of thousands of classes is walked as it is named."""
    bases = {key: (key + 1,) if key < 5000 else () for key in range(5001)}
    assert order(0, bases.__getitem__) == list(range(5001))


def test_families() -> None:
    """A class that extends two makes one family of theirs, and tells which head gave way."""
    families = Families()
    assert families.unite(1, [10]) == {1: 10}
    assert families.unite(2, [20]) == {2: 20}
    assert families.head(1) != families.head(2)
    assert families.unite(3, [10, 20]) == {3: 20, 10: 20}
    assert {families.head(key) for key in (1, 2, 3, 10, 20)} == {20}
