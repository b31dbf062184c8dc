"""Compound statements that are the first part of one of the same kind: `(a UNION b) UNION c` is `a UNION b UNION c`.

`Query.union()` selects from what it combined, so that one after another nests; `union(a, b, c)` doesn't. UNION and
UNION ALL are associative, so that both mean the same rows. Words are those of `sql`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_OTHERS = frozenset({"EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH", "WITH"})
"""Words that make a compound statement more than a union, or another one."""


def flattened(words: list[str]) -> list[str]:
    """The words with such parts put in the place of what selects from them, and nothing else."""
    place = 0
    while place < len(words):
        found = _flat_at(words, place) if words[place].upper() == "SELECT" else None
        words, place = (found, place) if found is not None else (words, place + 1)
    return words


def _flat_at(words: list[str], start: int) -> list[str] | None:
    """The words with what a SELECT selects from in its place, if it is all of a union of the kind that follows."""
    place, read = start + 1, list[tuple[str, str, str]]()
    while place + 2 < len(words) and words[place + 1] == ".":
        alias, column = words[place], words[place + 2]
        place += 3
        labelled = place + 1 < len(words) and words[place].upper() == "AS"
        read.append((alias, column, words[place + 1] if labelled else column))
        place += 2 if labelled else 0
        if place >= len(words) or words[place] != ",":
            break
        place += 1
    if not read or [word.upper() for word in words[place : place + 3]] != ["FROM", "(", "SELECT"]:
        return None
    opened = place + 1
    closed = _closing(words, opened)
    kind = _kind(words, closed + 3)
    if not kind or words[closed + 1].upper() != "AS" or {alias for alias, _, _ in read} != {words[closed + 2]}:
        return None
    inner = words[opened + 1 : closed]
    if _kinds(inner) != {kind} or _labels(inner) != [column for _, column, _ in read]:
        return None
    renamed = {label: column for _, column, label in read}
    if len(renamed) < len(read) or any(label not in {column, f"{alias}_{column}"} for alias, column, label in read):
        return None
    before, after = ([renamed.get(word, word) for word in some] for some in (words[:start], words[closed + 3 :]))
    return [*before, *inner, *after]


def _closing(words: Sequence[str], opened: int) -> int:
    depth = 0
    for place in range(opened, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return place
    return len(words)


def _kind(words: Sequence[str], place: int) -> str:
    """`UNION` or `UNION ALL` where one stands; nothing where none does."""
    found = [word.upper() for word in words[place : place + 2]]
    if found[:1] != ["UNION"]:
        return ""
    return " ".join(found) if found[1:] == ["ALL"] else "UNION"


def _kinds(words: Sequence[str]) -> set[str]:
    """How the parts of a compound statement are combined, and what else makes it one that has to stay apart."""
    return {_kind(words, place) or words[place].upper() for place in _outside(words) if _combines(words[place])}


def _combines(word: str) -> bool:
    return word.upper() == "UNION" or word.upper() in _OTHERS


def _labels(words: Sequence[str]) -> list[str]:
    """What the columns of the first part are called."""
    found: list[str] = []
    outside = [*_outside(words)]
    for place in outside:
        if words[place] == "," or words[place].upper() == "FROM":
            found.append(words[place - 1])
        if words[place].upper() == "FROM":
            break
    return found


def _outside(words: Sequence[str]) -> Iterator[int]:
    """The places that no parenthesis is around."""
    depth = 0
    for place, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if depth == 0:
            yield place
