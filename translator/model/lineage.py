"""Classes and those that they extend: in which order Python asks them, and which are of one family."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

_MOST = 100
"""Of how many classes the order is looked for. More come as they are named, which is right where each extends one."""


def order(key: int, bases: Callable[[int], Sequence[int]]) -> list[int]:
    """A class and all that it extends, in the order that Python looks attributes up in (C3, as `__mro__` has it).

    Where Python would refuse the bases, or one leads back to the class, they come as they are named, the deepest last.
    """
    named = _as_named(key, bases)
    if len(named) > _MOST or all(len(bases(one)) <= 1 for one in named):
        return named
    return _merged(key, bases, {}) or named


def _as_named(key: int, bases: Callable[[int], Sequence[int]]) -> list[int]:
    found = {key: None}
    queue = [key]
    for one in queue:  # it grows while it is walked
        queue += (new := [base for base in dict.fromkeys(bases(one)) if base not in found])
        found |= dict.fromkeys(new)
    return queue


def _merged(key: int, bases: Callable[[int], Sequence[int]], known: dict[int, list[int] | None]) -> list[int] | None:
    """The order of a class from those of its bases; None where there is none."""
    if key in known:
        return known[key]
    known[key] = None  # while it is looked for: a class that leads back to itself has none
    lines: list[list[int]] = [list(bases(key))]
    for base in reversed(lines[0]):
        if (line := _merged(base, bases, known)) is None:
            return None
        lines.insert(0, line)
    result = [key]
    while lines := [line for line in lines if line]:
        first = next((line[0] for line in lines if not any(line[0] in other[1:] for other in lines)), None)
        if first is None:
            return None
        result.append(first)
        lines = [line[1:] if line[0] == first else line for line in lines]
    known[key] = result
    return result


class Families:
    """Which classes are of one family: each with what it extends, and so with all that extend the same.

    What `self.x` is in one of them, it is in the others: an object may be of a class that extends them all.
    """

    def __init__(self) -> None:
        self._heads: dict[int, int] = {}

    def head(self, key: int) -> int:
        """The one class that stands for a family."""
        while (above := self._heads.get(key, key)) != key:
            self._heads[key] = self._heads.get(above, above)  # half the way for whoever asks next
            key = above
        return key

    def unite(self, key: int, bases: Iterable[int]) -> dict[int, int]:
        """Note what a class extends; gives the heads that are heads no longer, each with the one in its place."""
        replaced: dict[int, int] = {}
        for base in bases:
            one, other = self.head(base), self.head(key)
            if one != other:
                self._heads[other] = one
                replaced[other] = one
        return {old: self.head(new) for old, new in replaced.items()}
