"""The order of columns in a statement, which says nothing of what it does: versions list those of mixins elsewhere.

What the code makes of the rows is compared by itself, value by value; here it is only the statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.verify import sql

INSERT = re.compile(r"(INSERT INTO \S+) \( ([^()]+) \) VALUES \( (\?(?: , \?)*) \)")
END = "FROM"
COMPOUND = frozenset({"UNION", "EXCEPT", "INTERSECT"})


@dataclass(frozen=True, slots=True)
class Arranged:
    """A statement with its columns in the order of their names."""

    text: str
    columns: tuple[int, ...]
    """The old place of each."""
    marks: tuple[int, ...]
    """The old place of each parameter that stands among them."""


@sql.remembered
def arranged(text: str) -> Arranged | None:
    """A plain INSERT or SELECT so arranged; None for others, and where a column is named by its place."""
    if (found := INSERT.fullmatch(sql.meaning(text))) is not None:
        names = found[2].split(" , ")
        order = sorted(range(len(names)), key=names.__getitem__)
        marks = tuple(order) if len(names) == len(found[3].split(" , ")) else ()
        head = f"{found[1]} ( {' , '.join(names[place] for place in order)} )"
        return Arranged(head, tuple(order), marks) if marks else None
    words = sql.reduced(text)
    if words[:1] != ("SELECT",) or END not in words or COMPOUND.intersection(words):
        return None
    items, end = _items(words)
    if any(word.startswith("<column") for word in words) or (items and items[0][:1] == ["DISTINCT"]):
        return None
    texts = [" ".join(item) for item in items]
    starts = [sum(each.count("?") for each in items[:place]) for place in range(len(items))]
    order = sorted(range(len(items)), key=texts.__getitem__)
    marks = tuple(starts[place] + mark for place in order for mark in range(items[place].count("?")))
    whole = " ".join(["SELECT", " , ".join(texts[place] for place in order), *words[end:]])
    return Arranged(whole, tuple(order), marks)


def _items(words: Sequence[str]) -> tuple[list[list[str]], int]:
    """The parts of the outermost list of columns, and where it ends."""
    items: list[list[str]] = [[]]
    depth = 0
    for place, word in enumerate(words[1:], 1):
        depth += (word == "(") - (word == ")")
        if depth == 0 and word == END:
            return items, place
        if depth == 0 and word == ",":
            items.append([])
        else:
            items[-1].append(word)
    return [], len(words)


def key(item: Mapping[str, Any]) -> str:
    """What a statement is found again by: in whichever order its columns are, where no row shows it."""
    found = arranged(item["sql"]) if item.get("of_objects") or item["sql"].startswith("INSERT") else None
    return found.text if found is not None else sql.meaning(item["sql"])


def in_order(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was seen of a statement, with its columns, its rows and its parameters in the order of the columns' names."""
    found = arranged(item["sql"])
    if found is None:
        return item
    rows, given = item["rows"], item["parameters"]
    if rows is not None and all(len(row) == len(found.columns) for row in rows):
        rows = [[row[place] for place in found.columns] for row in rows]
    many = isinstance(given, list) and bool(given) and all(isinstance(one, list) for one in given)
    moved = [_moved(one, found.marks) for one in given] if many else _moved(given, found.marks)
    return {**item, "sql": found.text, "rows": rows, "parameters": moved}


def _moved(given: Any, marks: Sequence[int]) -> Any:
    if not isinstance(given, list) or len(given) < len(marks):
        return given
    return [*(given[place] for place in marks), *given[len(marks) :]]
