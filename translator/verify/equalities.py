"""Conditions that say the same of columns that are equal, and tables under another name than their own.

A dynamic collection selects `FROM user, followers WHERE followers.followed_id = user.id AND followers.followed_id = ?`,
`with_parent()` gives the table in the middle an alias, and its criteria are on `user.id`. Words are those of `sql`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_ENDS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT", "WINDOW", "FOR"})
_MORE = frozenset({"OR", "BETWEEN", "CASE", "NOT", "COLLATE"})
"""What makes a WHERE more than conditions that all hold, or an equality something else."""
Column = tuple[str, str]


def under_their_own_names(words: Sequence[str]) -> list[str]:
    """`followers AS followers_1` as `followers`, where nothing else in the statement has to do with that name."""
    result = list(words)
    place = 1
    while place + 1 < len(result):
        table, alias = result[place - 1], result[place + 1]
        if (
            result[place].upper() == "AS"
            and _stands_alone(result, place - 1)
            and result.count(table) == 1
            and _given(result, alias) == 1
        ):
            del result[place : place + 2]
            result = [table if word == alias and _is_owner(result, at) else word for at, word in enumerate(result)]
        place += 1
    return result


def _stands_alone(words: Sequence[str], place: int) -> bool:
    """Whether a table is listed in a FROM at this place, and not e.g. a column with its label or what a parenthesis gives."""
    before = words[place - 1].upper() if place else ""
    if before not in ("FROM", "JOIN", ","):
        return False
    depth = 0
    for word in reversed(words[:place]):
        depth += (word == ")") - (word == "(")
        if depth < 0 or word.upper() in ("SELECT", "WHERE", "ON", "SET", "BY"):
            return False
        if depth == 0 and word.upper() in ("FROM", "JOIN"):
            return True
    return False


def _given(words: Sequence[str], alias: str) -> int:
    """How often a name is given: SQL written by hand may give one to another table in an inner SELECT."""
    return sum(word.upper() == "AS" and following == alias for word, following in pairwise(words))


def _is_owner(words: Sequence[str], place: int) -> bool:
    return place + 1 < len(words) and words[place + 1] == "."


def with_one_of_equals(words: Sequence[str]) -> list[str]:
    """Each WHERE that is a row of conditions, with one of the columns that it says are equal for all of them."""
    result: list[str] = []
    place = 0
    while place < len(words):
        result.append(words[place])
        place += 1
        if words[place - 1].upper() == "WHERE":
            end = _end(words, place)
            result += _rewritten(words[place:end])
            place = end
    return result


def _end(words: Sequence[str], start: int) -> int:
    depth = 0
    for place in range(start, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth < 0 or (depth == 0 and words[place].upper() in _ENDS):
            return place
    return len(words)


def _rewritten(condition: Sequence[str]) -> list[str]:
    if "(" in condition or any(word.upper() in _MORE for word in condition):
        return list(condition)
    parts: list[list[str]] = [[]]
    for word in condition:
        if word.upper() == "AND":
            parts.append([])
        else:
            parts[-1].append(word)
    one_of: dict[Column, Column] = {}
    for pair in filter(None, map(_equal, parts)):
        first, second = (one_of.get(column, column) for column in pair)
        least, other = min(first, second), max(first, second)
        one_of |= dict.fromkeys((other, *(c for c, chosen in one_of.items() if chosen == other)), least)
    told = [part if _equal(part) else _with(part, one_of) for part in parts]
    return " AND ".join(" ".join(part) for part in told).split(" ") if one_of else list(condition)


def _equal(part: Sequence[str]) -> tuple[Column, Column] | None:
    """The columns of `a.b = c.d`."""
    if len(part) != 7 or part[1] != "." or part[3] != "=" or part[5] != ".":
        return None
    return (part[0], part[2]), (part[4], part[6])


def _with(part: Sequence[str], one_of: dict[Column, Column]) -> list[str]:
    result = list(part)
    for place in range(len(result) - 2):
        if result[place + 1] == "." and (chosen := one_of.get((result[place], result[place + 2]))) is not None:
            result[place], result[place + 2] = chosen
    return result
