"""SQL text reduced to what it means: white space, column labels and anonymous names set aside.

`Query` labels its columns (`users.id AS users_id`), `select()` doesn't, and both number what has no name. Only names that
the statement itself introduces with AS are touched: a column that happens to be called `line_1` stays what it is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from translator.verify import equalities, nesting

TOKEN = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|\s+|.", re.DOTALL
)
WORD = re.compile(r"[A-Za-z_\"`\[]")
LIST_ENDS = frozenset(
    {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNION", "EXCEPT", "INTERSECT", "WINDOW"}
)

LABELS_SEEN_FROM = frozenset({"GROUP", "HAVING", "ORDER"})
T = TypeVar("T")
REMEMBERED, SHORT = 256, 4096
"""How many texts are remembered, and up to how many characters: a job may be made to emit any."""


def remembered(reduce: Callable[[str], T]) -> Callable[[str], T]:
    """A text is asked about several times in one comparison: on rows, on empty tables, for pairs and for their difference."""
    kept = functools.lru_cache(maxsize=REMEMBERED)(reduce)
    return functools.wraps(reduce)(lambda sql: kept(sql) if len(sql) <= SHORT else reduce(sql))


@remembered
def flat(sql: str) -> str:
    """The text with white space evened out, otherwise as it is."""
    return " ".join(_words(sql))


@remembered
def meaning(sql: str) -> str:
    """The text without labels and with its own names numbered by appearance."""
    return " ".join(reduced(sql))


@remembered
def reduced(sql: str) -> tuple[str, ...]:
    """The words of that text."""
    words = nesting.flattened(_with_bare_exists(_words(_without_returning(sql))))
    named = _Reducer(equalities.under_their_own_names(words)).reduce()
    return tuple(_with_sorted_tables(equalities.with_one_of_equals(named)))


def unordered_parameters(sql: str) -> bool:
    """Whether all parameters stand in one `IN (?, ?, …)`, as a loader's do, so that their order means nothing."""
    text = flat(sql)
    found = re.findall(r"\bIN \( (\?(?: , \?)*) \)", text)
    return len(found) == 1 and found[0].count("?") == text.count("?")


def rows_of(sql: str) -> tuple[str, str] | None:
    """The table and the condition of a plain SELECT, UPDATE or DELETE on one table; None for what is more than that."""
    words = _words(sql)
    upper = [word.upper() for word in words]
    head = upper[0] if upper else ""
    if head not in ("SELECT", "UPDATE", "DELETE") or (head == "SELECT" and "FROM" not in upper):
        return None
    place = 1 if head == "UPDATE" else upper.index("FROM") + 1
    if place >= len(words):
        return None
    condition = upper.index("WHERE") if "WHERE" in upper else len(words)
    between = upper[place + 1 : condition]
    if between and (head != "UPDATE" or between[0] != "SET"):
        return None  # e.g. a join, an alias
    return words[place], " ".join(words[condition:])


def touches(sql: str, table: str) -> bool:
    """Whether a statement is an UPDATE or a DELETE of this table."""
    found = rows_of(sql)
    return found is not None and found[0] == table


@remembered
def has_order(sql: str) -> bool:
    """Whether the outermost SELECT says in which order its rows come."""
    depth = 0
    words = [word.upper() for word in _words(sql)]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        depth += (word == "(") - (word == ")")
        if depth == 0 and word == "ORDER" and following == "BY":
            return True
    return False


def _with_bare_exists(words: list[str]) -> list[str]:
    """`EXISTS (SELECT a, b FROM` asks what `EXISTS (SELECT 1 FROM` asks; not so where the list calls a function."""
    if not any(word.upper() == "EXISTS" for word in words):
        return words
    result: list[str] = []
    place = 0
    while place < len(words):
        result.append(words[place])
        place += 1
        if [word.upper() for word in result[-3:]] != ["EXISTS", "(", "SELECT"]:
            continue
        end = next(
            (at for at in range(place, len(words)) if words[at].upper() in ("(", ")", "FROM", "DISTINCT")), place
        )
        if end < len(words) and words[end].upper() == "FROM":
            result.append("1")
            place = end
    return result


def _with_sorted_tables(words: list[str]) -> list[str]:
    """`FROM a, b` and `FROM b, a` are one: versions differ in the order that they list tables in."""
    result: list[str] = []
    place = 0
    while place < len(words):
        result.append(words[place])
        place += 1
        if words[place - 1].upper() != "FROM":
            continue
        tables: list[list[str]] = [[]]
        depth = 0
        while place < len(words) and depth >= 0:
            word = words[place]
            depth += (word == "(") - (word == ")")
            if depth < 0 or (depth == 0 and word.upper() in LIST_ENDS):
                break
            if depth == 0 and word == ",":
                tables.append([])
            else:
                tables[-1].append(word)
            place += 1
        inner = sorted((_with_sorted_tables(table) for table in tables), key=" ".join)
        for index, table in enumerate(inner):
            result += [",", *table] if index else table
    return result


def _words(sql: str) -> list[str]:
    return [word for word in TOKEN.findall(sql) if not word.isspace()]


def _without_returning(sql: str) -> str:
    if not sql.lstrip()[:6].upper().startswith(("INSERT", "UPDATE", "DELETE")):
        return sql
    return re.sub(r"\s+RETURNING\s+[^()]*$", "", sql, flags=re.IGNORECASE)


@dataclass(slots=True)
class _Scope:
    """One parenthesis of the statement."""

    in_list: bool = False
    """Inside a SELECT's column list, where AS gives a label rather than an alias."""
    column: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    is_select: bool = False
    is_cast: bool = False
    """`CAST(x AS INTEGER)`: what follows AS is no name."""
    cte: str | None = None


class _Reducer:
    """One walk over the words. Labels vanish, references to them become the number of their column."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._aliases: dict[str, str] = {}
        self._labels_of: dict[str, dict[str, str]] = {}
        self._out: list[str] = []
        self._tail: int | None = None

    def reduce(self) -> list[str]:
        """The reduced words."""
        scopes = [_Scope()]
        closed: _Scope | None = None
        place = 0
        while place < len(self._words):
            word = self._words[place]
            upper = word.upper()
            scope = scopes[-1]
            if word == "(":
                scopes.append(self._opened(place))
            elif word == ")" and len(scopes) > 1:
                closed = scopes.pop()
                if closed.cte is not None:
                    self._labels_of[closed.cte] = closed.labels
                self._out.append(word)
                place += 1
                continue
            elif upper == "SELECT":
                # not in the second part of a UNION: the first part's labels name its columns
                scope.labels = {} if not scope.is_select else scope.labels
                scope.in_list, scope.is_select, scope.column = True, True, 0
            elif upper in LIST_ENDS:
                scope.in_list = False
                if len(scopes) == 1 and upper in LABELS_SEEN_FROM and self._tail is None:
                    self._tail = len(self._out)
            elif word == "," and scope.in_list:
                scope.column += 1
            elif upper == "AS" and not scope.is_cast and self._names_follow(place):
                self._named(self._words[place + 1], scope, closed)
                place += 2
                continue
            closed = None
            self._out.append(word)
            place += 1
        return self._resolved(scopes[0].labels)

    def _opened(self, place: int) -> _Scope:
        previous = [word.upper() for word in self._words[max(place - 1, 0) : place]]
        if previous == ["AS"] and place > 1:
            name = self._words[place - 2]
            self._aliases.setdefault(name, f"<{len(self._aliases)}>")
            return _Scope(cte=name)
        return _Scope(is_cast=previous in (["CAST"], ["TRY_CAST"]))

    def _names_follow(self, place: int) -> bool:
        return place + 1 < len(self._words) and WORD.match(self._words[place + 1]) is not None

    def _named(self, name: str, scope: _Scope, closed: _Scope | None) -> None:
        if scope.in_list:
            scope.labels.setdefault(name, f"<column {scope.column}>")
            return
        self._aliases.setdefault(name, f"<{len(self._aliases)}>")
        if closed is not None and closed.is_select:
            self._labels_of[name] = closed.labels
        self._out += ["AS", name]

    def _resolved(self, outermost: dict[str, str]) -> list[str]:
        """Replace the names that the statement itself gave; a name after a dot is a column of what stands before."""
        result: list[str] = []
        out = self._out
        for place, word in enumerate(out):
            if place > 1 and out[place - 1] == ".":
                result.append(self._labels_of.get(out[place - 2], {}).get(word, word))
            elif word in self._aliases:
                result.append(self._aliases[word])
            elif word in outermost and self._tail is not None and place >= self._tail:
                result.append(outermost[word])
            else:
                result.append(word)
        return result
