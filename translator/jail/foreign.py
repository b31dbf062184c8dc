"""SQL of other databases that SQLite refuses: what stands for it, so that what comes before and after can run.

A function is lent to SQLite, an operator replaced with one that it has, a command is only noted down. What is compared is
what the text sends, as it sends it; each thing that stood for another is told. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from .conventions import NOTED

NO_FUNCTION = re.compile(r"no such function: (\w+)$")
NEAR = re.compile(r"near \"(\w+)\": syntax error$")
WORD = re.compile(r"\s*([A-Za-z]+)")
TRUNCATED = re.compile(r"\s*TRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?([\w\"`.]+)[^,]*$", re.IGNORECASE)
OF_TABLES = re.compile(r"\s*CREATE\s+(TEMP\w*\s+)?TABLE\b", re.IGNORECASE)
"""What is no command to pass over: later ones would miss the table."""
QUOTED = re.compile(r"('(?:[^']|'')*'|\"[^\"]*\")")
ASKING = frozenset({"CALL", "DESC", "DESCRIBE", "EXEC", "EXECUTE", "SHOW"})
"""Commands that give rows: none, here."""
KEPT = frozenset({"ALTER", "COMMENT", "CREATE", "DROP", "GRANT", "LOAD", "MERGE", "REFRESH", "REVOKE"})
"""Commands that 1.x committed by itself on some database."""
OTHERS = frozenset(
    {"COPY", "DISCARD", "FLUSH", "LISTEN", "LOCK", "NOTIFY", "OPTIMIZE", "RESET", "SET", "UNLOCK", "USE"}
)
OF_THE_SHELL = frozenset(
    {"edit", "fsdir", "load_extension", "lsmode", "readfile", "writefile", "zipfile", "zipfile_cds"}
)
"""Functions of SQLite's shell and its extensions: nothing of another database's, and nothing that a program has."""
OPERATORS = (
    (re.compile(r"::\s*[A-Za-z_][\w ]*?(?:\(\d+\))?(?:\[\])?(?=[\s,)=<>]|$)"), "", "::"),
    (re.compile(r"\bNOT ILIKE\b", re.IGNORECASE), "NOT LIKE", "ILIKE"),
    (re.compile(r"\bILIKE\b", re.IGNORECASE), "LIKE", "ILIKE"),
    (re.compile(r"\s!~\*?\s"), " NOT LIKE ", "!~"),
    (re.compile(r"\s~\*?\s"), " LIKE ", "~"),
    (re.compile(r"\b(?:NOT )?(?:REGEXP|RLIKE|SIMILAR TO)\b", re.IGNORECASE), "LIKE", "REGEXP"),
    (re.compile(r"\s(?:@>|<@|&&|@@|<=>|\?\||\?&)\s"), " = ", "@>"),
    (re.compile(r"#>>"), "->>", "#>>"),
    (re.compile(r"#>"), "->", "#>"),
    (re.compile(r"\b(?:ANY|SOME|ALL)\s*(?=\()", re.IGNORECASE), "", "ANY"),
)
AGGREGATES = frozenset(
    {"any_value", "array_agg", "bit_and", "bit_or", "bool_and", "bool_or", "every", "json_agg", "jsonb_agg", "listagg"}
    | {"median", "mode", "std", "stddev", "stddev_pop", "stddev_samp", "string_agg", "var_pop", "variance", "xmlagg"}
)
PREDICATES = re.compile(r"is_|has_|st_(contains|intersects|within|touches|overlaps|dwithin)|contains|match|overlap")


class Foreign:
    """What stood for what in one run."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self._told: dict[str, None] = {}

    @property
    def told(self) -> list[str]:
        """A sentence for each thing."""
        return list(self._told)

    def instead(self, sql: str, message: str) -> str | None:
        """What is to be executed in place of a statement that failed with this message; None where nothing can be."""
        if missing := NO_FUNCTION.match(message):
            return sql if self._lend(missing[1]) else None
        if "syntax error" not in message and "unrecognized token" not in message:
            return None
        near = NEAR.match(message)
        if near and (quoted := _with_quotes(sql, near[1])) != sql:
            return quoted
        if emptied := TRUNCATED.match(sql):
            self._told["SQLite has no TRUNCATE: a DELETE of all rows stood for it."] = None
            return f"DELETE FROM {emptied[1]}"  # noqa: S608  # the text's own, jailed
        word = WORD.match(sql)
        if word and word[1].upper() in ASKING | KEPT | OTHERS and not OF_TABLES.match(sql):
            return self._note(sql, word[1].upper())
        return self._with_other_operators(sql)

    def _lend(self, name: str) -> bool:
        low = name.lower()
        if low in OF_THE_SHELL:
            return False
        if low in AGGREGATES:
            self._raw.create_aggregate(name, -1, _Joined)  # type: ignore[arg-type]  # not every method needs arguments
        else:
            self._raw.create_function(name, -1, FUNCTIONS.get(low) or _unknown(low))
        known = low in FUNCTIONS or low in AGGREGATES
        how = "one of ours" if known else "1" if PREDICATES.match(low) else "its first argument"
        sentence = f"SQLite has no function {low}(): {how} stood for it."
        lent, self._told[sentence] = sentence in self._told, None
        return not lent

    def _note(self, sql: str, word: str) -> str:
        shown = " ".join(sql.split())[:60]
        self._told[f"SQLite can't execute `{shown}`: it was compared as it is sent, and did nothing here."] = None
        if word in KEPT:
            self._raw.execute(f'CREATE TABLE IF NOT EXISTS "{NOTED}" (command)')
            self._raw.execute(f'INSERT INTO "{NOTED}" VALUES (?)', (sql,))  # noqa: S608  # the name is ours
        return "SELECT NULL AS result WHERE 0" if word in ASKING else 'DROP TABLE IF EXISTS "nothing of this name"'

    def _with_other_operators(self, sql: str) -> str | None:
        parts, used = QUOTED.split(sql), []
        for number in range(0, len(parts), 2):
            for pattern, other, sign in OPERATORS:
                parts[number], count = pattern.subn(other, parts[number])
                used += [sign] if count else []
        if not used:
            return None
        signs = ", ".join(dict.fromkeys(used))
        self._told[f"SQLite has not all operators of other databases: others that it has stood for {signs}."] = None
        return "".join(parts)


def _with_quotes(sql: str, word: str) -> str:
    """The statement with a keyword in quotes where it names a table: `select * from table`."""
    return re.sub(rf"\b(from|into|join|update|table)(\s+)({word})\b", r'\1\2"\3"', sql, flags=re.IGNORECASE)


def _unknown(name: str) -> Callable[..., Any]:
    if PREDICATES.match(name):
        return lambda *_: 1
    return lambda *arguments: arguments[0] if arguments else 1


class _Joined:
    """An aggregate: the texts of its values."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def step(self, *values: Any) -> None:
        if values and values[0] is not None:
            self._values.append(str(values[0]))

    def finalize(self) -> str | None:
        return ",".join(self._values) or None


def _truncated(unit: Any, moment: Any) -> Any:
    """`date_trunc('month', moment)`."""
    kept = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}.get(str(unit).lower(), 10)
    return None if moment is None else f"{str(moment)[:kept]}{'0000-01-01 00:00:00'[kept:]}"


def _part(moment: Any, first: int, last: int) -> int | None:
    digits = str(moment)[first:last]
    return int(digits) if digits.isdigit() else None


PARTS = {"year": (0, 4), "month": (5, 7), "day": (8, 10), "hour": (11, 13), "minute": (14, 16), "second": (17, 19)}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ascii": lambda text: ord(str(text)[0]) if text else 0,
    "char_length": lambda text: None if text is None else len(str(text)),
    "concat": lambda *values: "".join(str(value) for value in values if value is not None),
    "concat_ws": lambda sign, *values: str(sign).join(str(value) for value in values if value is not None),
    "curdate": lambda: "2020-01-01",
    "date_part": lambda unit, moment: _part(moment, *PARTS.get(str(unit).lower(), (0, 4))),
    "date_trunc": _truncated,
    "getdate": lambda: "2020-01-01 00:00:00",
    "greatest": lambda *values: max((value for value in values if value is not None), key=str, default=None),
    "isnull": lambda value, other=None: other if value is None else value,
    "least": lambda *values: min((value for value in values if value is not None), key=str, default=None),
    "left": lambda text, most: None if text is None else str(text)[:most],
    "len": lambda text: None if text is None else len(str(text)),
    "md5": lambda text: None if text is None else hashlib.md5(str(text).encode(), usedforsecurity=False).hexdigest(),
    "now": lambda: "2020-01-01 00:00:00",
    "rand": lambda *_: 0.5,
    "right": lambda text, most: None if text is None else str(text)[-most:],
    **{unit: lambda moment, place=place: _part(moment, *place) for unit, place in PARTS.items()},
}
"""Those that many texts ask for, on times as SQLite keeps them."""
