"""Puts the statements of two runs into pairs and says of each pair what differs. Pure functions of traces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from translator.verify import columns, sql
from translator.verify.trace import Pair, SqlMatch, Statement, Verdict

Trace = Mapping[str, Any]
_encode = json.JSONEncoder(sort_keys=True).encode


def pair_statements(before: Sequence[Trace], after: Sequence[Trace]) -> tuple[Pair, ...]:
    """Put the statements of both sides together, in their order; what has no partner stands alone."""
    return tuple(_pair(left, right) for left, right in _aligned(before, after))


def _aligned(before: Sequence[Trace], after: Sequence[Trace]) -> Iterator[tuple[Trace | None, Trace | None]]:
    keys = [[columns.key(item) for item in side] for side in (before, after)]
    moved = _moved(before, after, keys)
    after = [after[place] for place in moved]
    matcher = SequenceMatcher(None, keys[0], [keys[1][place] for place in moved], autojunk=False)
    for _, left, left_end, right, right_end in matcher.get_opcodes():
        for number in range(max(left_end - left, right_end - right)):
            one = before[left + number] if left + number < left_end else None
            other = after[right + number] if right + number < right_end else None
            yield one, other


def _moved(before: Sequence[Trace], after: Sequence[Trace], keys: Sequence[Sequence[str]]) -> list[int]:
    """The places of the second run's statements in the order of the first, where only reads between the same writes moved."""
    places = list(range(len(after)))
    if keys[0] == keys[1] or sorted(keys[0]) != sorted(keys[1]):
        return places
    for start, end in _between_writes(before):
        if [item["rows"] is None for item in after[start:end]] != [item["rows"] is None for item in before[start:end]]:
            return places
        left = list(range(start, end))
        for place in range(start, end):
            same = next((number for number in left if keys[1][number] == keys[0][place]), None)
            if same is None:
                return list(range(len(after)))
            left.remove(same)
            places[place] = same
    return places


def _between_writes(items: Sequence[Trace]) -> Iterator[tuple[int, int]]:
    """Each run of reads, and each write by itself."""
    start = 0
    for place, item in enumerate(items):
        if item["rows"] is None:
            yield start, place
            yield place, place + 1
            start = place + 1
    yield start, len(items)


def _pair(before: Trace | None, after: Trace | None) -> Pair:
    left, right = _statement(before), _statement(after)
    if before is None or after is None:
        whose = "the translation" if before is None else "the code as it was"
        return Pair(left, right, Verdict.DIFFERENT, SqlMatch.ONE_SIDED, f"Only {whose} emits this statement.")
    match = _sql_match(before["sql"], after["sql"])
    equally = _equal(match)
    if match is SqlMatch.DIFFERENT and columns.key(before) == columns.key(after):
        before, after, match = columns.in_order(before), columns.in_order(after), SqlMatch.LABELS
        equally = "The SQL is equal up to the order of its columns."
    reason = _reason(before, after, match)
    return Pair(left, right, Verdict.DIFFERENT if reason else Verdict.SAME, match, reason or equally)


def _equal(match: SqlMatch) -> str:
    return "The SQL is identical." if match is SqlMatch.IDENTICAL else "The SQL is equal up to column labels."


def _reason(before: Trace, after: Trace, match: SqlMatch) -> str:
    """What differs between two statements that belong together; empty if nothing does."""
    rows = _same_rows(before, after)
    if match is SqlMatch.DIFFERENT:
        if before["rows"] is None and after["rows"] is None:
            return "The SQL differs."
        return "The SQL differs; on this data the rows are the same." if rows else "The SQL and its rows differ."
    if not _same_parameters(before, after):
        return "The parameters differ."
    if bool(before.get("synchronised")) != bool(after.get("synchronised")):
        kept = "no longer" if before.get("synchronised") else "now"
        return f"The SQL is the same, but objects that the session holds are {kept} brought up to date."
    if not equal(before.get("unsaid"), after.get("unsaid")):
        return _apart(before.get("unsaid") or (), after.get("unsaid") or ())
    return "" if rows else "The SQL is the same, but its rows differ: earlier statements left other data."


def _apart(before: Sequence[str], after: Sequence[str]) -> str:
    """What one side asks for and SQLite's SQL doesn't say."""
    lost = [_in_words(word) for word in before if word not in after]
    added = [_in_words(word) for word in after if word not in before]
    parts = [f"it no longer {', '.join(lost)}" if lost else "", f"it now {', '.join(added)}" if added else ""]
    return f"The SQL is the same on SQLite, but {' and '.join(part for part in parts if part)}."


def _in_words(word: str) -> str:
    kind, _, rest = word.partition(" ")
    if kind == "lock":
        return "locks the rows (FOR UPDATE)" + (f" with {rest}" if rest else "")
    if kind == "offset":
        return "has an OFFSET"
    return f"says how to load: {rest}" if kind == "load" else f"has the option {word}"


def _same_rows(before: Trace, after: Trace) -> bool:
    one, other = before["rows"], after["rows"]
    if one is None or other is None:
        return bool(one == other)
    if sql.has_order(before["sql"]) and sql.has_order(after["sql"]):
        return equal(one, other)
    return sorted(map(key_of, one)) == sorted(map(key_of, other))


def _sql_match(before: str, after: str) -> SqlMatch:
    if sql.flat(before) == sql.flat(after):
        return SqlMatch.IDENTICAL
    return SqlMatch.LABELS if sql.meaning(before) == sql.meaning(after) else SqlMatch.DIFFERENT


def _statement(item: Trace | None) -> Statement | None:
    if item is None:
        return None
    rows = None if item["rows"] is None else tuple(item["rows"])
    inline = item.get("inline")
    return Statement(item["shown"], item["parameters"], item["line"], rows, inline if isinstance(inline, str) else None)


def equal(one: Any, other: Any) -> bool:
    """Equality that tells 2 from 2.0 and 1 from True, as a user of the value would."""
    return key_of(one) == key_of(other)


def key_of(value: Any) -> str:
    """An encoded value as text that is equal only for equal values."""
    return _encode(value)


def _same_parameters(before: Trace, after: Trace) -> bool:
    one, other = before["parameters"], after["parameters"]
    if equal(one, other):
        return True
    return sql.unordered_parameters(before["sql"]) and sorted(map(key_of, one)) == sorted(map(key_of, other))
