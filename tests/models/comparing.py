"""What differs between two looks at the same models. Knows nothing of how they were taken.

A difference of the columns' order alone is kept apart: 2.x puts a mixin's columns after the class's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Observation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was held against each other, and what differs: a sentence each."""

    tables: int
    classes: int
    rows: int
    """How many rows both sides read back, and the same."""
    unwritten: int
    """Classes of which the first look could not write and read rows: there is nothing to hold the second against."""
    ddl: tuple[str, ...]
    order: tuple[str, ...]
    """Tables that have the same columns in another order, or constraints that follow them."""
    mapping: tuple[str, ...]
    data: tuple[str, ...]
    loading: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """All but the order of columns."""
        return (*self.loading, *self.ddl, *self.mapping, *self.data)


def compare(before: Observation, after: Observation) -> Comparison:
    """Hold a later look against an earlier one."""
    loading = [
        f"{name} can be imported no longer: {error}"
        for name, error in after["failed"].items()
        if name not in before["failed"]
    ]
    if after["configured"] != before["configured"]:
        loading.append(f"mappers: {before['configured'] or 'configured'} -> {after['configured'] or 'configured'}")
    ddl, order = _tables(before["tables"], after["tables"])
    data, rows, unwritten = _rows(before, after)
    mapping = _mapping(before["classes"], after["classes"])
    return Comparison(
        tables=len(before["tables"]),
        classes=len(before["classes"]),
        rows=rows,
        unwritten=unwritten,
        ddl=tuple(ddl),
        order=tuple(order),
        mapping=tuple(mapping),
        data=tuple(data),
        loading=tuple(loading),
    )


def _tables(before: dict[str, Any], after: dict[str, Any]) -> tuple[list[str], list[str]]:
    ddl, order = [], []
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            ddl.append(f"table {name} is only {'before' if name in before else 'after'}")
            continue
        whole = [d for d, lines in before[name].items() if not _without(lines) and not _without(after[name][d])]
        for dialect, lines in before[name].items():
            others = after[name][dialect]
            if _without(lines) and whole:
                continue  # a type of another database, which is compared there
            lines, others = list(map(_plain, lines)), list(map(_plain, others))
            lost, new = _only(lines, others), _only(others, lines)
            if lines == others:
                continue
            if not lost and not new:
                order.append(f"table {name} on {dialect}: columns in another order")
            else:
                ddl.append(f"table {name} on {dialect}: {' | '.join(lost)} -> {' | '.join(new)}")
    return ddl, order


def _without(lines: list[str]) -> bool:
    """Whether the table has no DDL in a dialect, but for columns one by one."""
    return lines[0].startswith("no DDL")


def _plain(line: str) -> str:
    """A line of DDL without what 2.x itself writes another way, whatever the models say.

    SQLite's and MySQL's parentheses around defaults, and STORED, which 2.1 leaves to PostgreSQL's default.
    """
    line = re.sub(r"DEFAULT \((.*?\)|[^()]*)\)", r"DEFAULT \1", line)
    return re.sub(r"(GENERATED ALWAYS AS \(.*\)) (STORED|VIRTUAL)", r"\1", line)


def _only(lines: list[str], others: list[str]) -> list[str]:
    """The lines that the others don't have, where a comma at the end says nothing."""
    bare = [line.rstrip(",") for line in others]
    found = []
    for line in (line.rstrip(",") for line in lines):
        if line in bare:
            bare.remove(line)
        else:
            found.append(line)
    return found


def _mapping(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = []
    for name in sorted({*before, *after}):
        if name not in before or name not in after:
            found.append(f"class {name} is mapped only {'before' if name in before else 'after'}")
            continue
        for what, value in before[name].items():
            if what == "order":
                continue
            found += _deep(f"{name} {what}", value, after[name][what])
    return found


def _deep(where: str, before: Any, after: Any) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            line
            for key in sorted({*before, *after})
            for line in _deep(f"{where}.{key}" if where else key, before.get(key, "nothing"), after.get(key, "nothing"))
        ]
    if where.endswith(".lazy") and (before, after) == ("dynamic", "write_only"):
        return []  # meant so; what the collection holds is compared with the rows
    return [] if before == after else [f"{where}: {before} -> {after}"]


def _rows(before: Observation, after: Observation) -> tuple[list[str], int, int]:
    found, same, unwritten = [], 0, 0
    for name, earlier in before.get("rows", {}).items():
        later = after.get("rows", {}).get(name)
        if later is None:
            found.append(f"{name}: no rows were written")
            continue
        if isinstance(earlier["read"], str) or all(how.startswith("raised") for how in earlier["written"]):
            unwritten += 1
            continue
        if earlier == later:
            same += len(earlier["read"]) if isinstance(earlier["read"], list) else 0
            continue
        found += _deep(f"{name} rows", _numbered(earlier), _numbered(later))
    for name, value in before.get("returned", {}).items():
        found += _deep(f"{name}.exercise()", value, after.get("returned", {}).get(name))
    return found, same, unwritten


def _numbered(record: dict[str, Any]) -> dict[str, Any]:
    return {
        key: dict(zip(map(str, range(len(value))), value, strict=True)) if isinstance(value, list) else value
        for key, value in record.items()
    }
