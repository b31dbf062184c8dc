"""The catalogue's entries, read from `entries/*.txt`. Knows nothing of how they are translated or run.

`- id: x` starts an entry; `  key: text` runs to the end of the line; `  key: |` opens a block indented by four;
`  naive:` is followed by `  - {code: "...", why: "..."}` lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "entries"
FAMILIES = (
    "query-exec",
    "query-build",
    "query-dml",
    "select-core",
    "engine-connection",
    "session",
    "orm-mapping",
    "relationship",
    "loader-options",
    "result-row",
    "text-raw-sql",
    "imports",
    "flask-sqlalchemy",
    "async",
    "types-misc",
)


@dataclass(frozen=True, slots=True)
class Naive:
    """A plausible translation that is wrong (or weaker), and why."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One legacy construct with its 2.0 form."""

    id: str
    family: str
    legacy: str
    modern: str
    automatic: str
    notes: str
    environment: str
    setup: str
    setup_legacy: str
    setup_modern: str
    check: str
    expect_raises: tuple[str, ...]
    runs: bool
    legacy_runs: bool
    naive: tuple[Naive, ...]
    differs_ok: str
    """Why the modern form's behaviour differs from the legacy one's, where it does."""

    @property
    def meant_to_be_automatic(self) -> bool:
        """Whether a local rewrite is always right, once the types are known."""
        return self.automatic.startswith("yes")


@cache
def load() -> tuple[Entry, ...]:
    """All entries, in the order of the files."""
    entries = tuple(_entry(raw) for path in sorted(FOLDER.glob("*.txt")) for raw in _parse(path))
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen or entry.family not in FAMILIES:
            raise ValueError(f"{entry.id}: given twice, or of an unknown family ({entry.family})")
        seen.add(entry.id)
    return entries


def select(words: list[str]) -> list[Entry]:
    """The entries of the named families and those whose id contains one of the words; all without any."""
    return [
        entry
        for entry in load()
        if not words or any(word == entry.family or (word not in FAMILIES and word in entry.id) for word in words)
    ]


def _entry(raw: dict[str, Any]) -> Entry:
    raises = raw.get("expect_raises") or ()
    return Entry(
        id=raw["id"],
        family=raw["family"],
        legacy=raw["legacy"],
        modern=raw["modern"],
        automatic=raw["automatic"],
        notes=raw["notes"],
        environment=raw.get("env", ""),
        setup=raw.get("setup", ""),
        setup_legacy=raw.get("setup_legacy", ""),
        setup_modern=raw.get("setup_modern", ""),
        check=raw.get("check", ""),
        expect_raises=(raises,) if isinstance(raises, str) else tuple(raises),
        runs=raw.get("run") != "false",
        legacy_runs=raw.get("run") not in {"false", "modern"},
        naive=tuple(Naive(item["code"], item.get("why", "")) for item in raw.get("naive", ())),
        differs_ok=raw.get("differs_ok", ""),
    )


def _parse(path: Path) -> Iterator[dict[str, Any]]:
    entry: dict[str, Any] = {}
    block: str | None = None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if block is not None and (line.startswith("    ") or not line.strip()):
            entry[block] += line[4:] + "\n"
            continue
        if block is not None:
            entry[block] = entry[block].rstrip() + "\n"
            block = None
        if not line.strip() or line.startswith("#"):
            continue
        if start := re.match(r"- id: (\S+)$", line):
            if entry:
                yield entry
            entry = {"id": start.group(1)}
        elif item := re.match(r"  - (\{.*\})$", line):
            entry.setdefault("naive", []).append(yaml.safe_load(item.group(1)))
        elif field := re.match(r"  (\w+):(?: (.*))?$", line):
            key, value = field.group(1), (field.group(2) or "").strip()
            if value == "|":
                block, value = key, ""
            if key != "naive":
                entry[key] = _unquoted(value)
        else:
            raise ValueError(f"{path.name}:{number}: neither a field nor part of a block: {line}")
    if block is not None:
        entry[block] = entry[block].rstrip() + "\n"
    if entry:
        yield entry


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"' and '"' not in value[1:-1]:
        return value[1:-1]
    return value
