"""Programs as people wrote them, one after another in `*.txt`, each after a line `### what it is about`.

Each follows the models and rows of `models.txt`, prints what it finds with `show()`, and is a project of its own. Lines
at its beginning say more: `# dynamic: keep` is the option, `# stays: reason` says that something stays legacy, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from translator import Dynamic, Options

HERE = Path(__file__).parent
_DYNAMIC = re.compile(r"\s*# dynamic: (\w+)")
_STAYS = re.compile(r"\s*(?:# dynamic: \w+\s*)?# stays: (.+)")


@dataclass(frozen=True, slots=True)
class Program:
    """One program: its name, its text, why something in it stays legacy (None where nothing does), and its options."""

    name: str
    source: str
    stays: str | None
    options: Options

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
            chosen = _DYNAMIC.match(body)
            options = Options(dynamic=Dynamic(chosen[1])) if chosen else Options()
            yield Program(f"{file.stem}: {name.strip()}", f"{models}{body}", stays[1] if stays else None, options)
