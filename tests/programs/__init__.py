"""Programs as people wrote them, one after another in `*.txt`, each after a line `### what it is about`.

Each follows the models and rows of `models.txt`, prints what it finds with `show()`, and is a project of its own. A line
`# stays: reason` at its beginning says that something in it stays legacy, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_STAYS = re.compile(r"\s*# stays: (.+)")


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its name, its whole text, and why something in it stays legacy (None where nothing does)."""

    name: str
    source: str
    stays: str | None

    def __str__(self) -> str:
        return self.name


def programs() -> Iterator[Program]:
    """Every program there is."""
    models = (HERE / "models.txt").read_text()
    for file in sorted(HERE.glob("*.txt")):
        if file.name == "models.txt":
            continue
        for piece in file.read_text().split("### ")[1:]:
            name, _, body = piece.partition("\n")
            stays = _STAYS.match(body)
            yield Program(f"{file.stem}: {name.strip()}", f"{models}{body}", stays[1] if stays else None)
