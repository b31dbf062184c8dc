"""Ends loops that the rows of a proof never end: `while True:` until no job is left, `while node.parent: …`.

By counting, so that both sides go round as often. Runs on either SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ROUNDS = 2000
"""How often a loop goes round that asks no database."""
ASKING_ROUNDS = 20
"""How often one does that has emitted so many statements since it began."""


class Rounds:
    """Counts the rounds of each `while`, by the line it stands in."""

    def __init__(self, emitted: Callable[[], int]) -> None:
        """`emitted` tells how many statements there have been so far."""
        self._emitted = emitted
        self._gone: dict[int, tuple[int, int]] = {}
        self.ended: set[int] = set()

    def test(self, line: int, value: Any) -> Any:
        """What a loop goes by: its own test, as long as it may go on."""
        if not value:
            self._gone.pop(line, None)
            return value
        rounds, began = self._gone.get(line, (0, self._emitted()))
        self._gone[line] = rounds + 1, began
        if rounds < (ASKING_ROUNDS if self._emitted() - began >= ASKING_ROUNDS else ROUNDS):
            return value
        del self._gone[line]
        self.ended.add(line)
        return False

    @property
    def told(self) -> list[dict[str, int]]:
        """The lines of the loops that were ended."""
        return [{"line": line} for line in sorted(self.ended)]
