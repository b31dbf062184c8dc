"""`?` and `%s` in SQL that is written out, with their values beside it: parameters get names. No rule itself.

The names are those of the columns that the values are compared with or put into.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from translator.syntax import names

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAMETER = re.compile(r"(?<![:\w\\]):\w")
"""What text() takes for a parameter of its own."""
_HOLE = re.compile(r"\?|%s")
_COMPARED = re.compile(
    r"(?:\b(\w+)[`\"]?\s*(?:=|<>|!=|<=|>=|<|>|\bLIKE\b|\bIN\s*\()|\b(LIMIT|OFFSET)\b)\s*$", re.IGNORECASE
)
_INSERTED = re.compile(r"\bINTO\s+[\w.`\"]+\s*\(([^()]*)\)\s*VALUES\s*\(([^()]*)\)\s*;?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """SQL with named parameters: the literal as it is written, and a name for each value."""

    literal: str
    names: tuple[str, ...]


def named(statement: cst.BaseExpression, values: Sequence[cst.BaseExpression]) -> Named | None:
    """The SQL with a name for each placeholder; None where it is not written out, or says something else by itself."""
    if not isinstance(statement, cst.SimpleString) or statement.prefix or "\\" in statement.value:
        return None
    literal = statement.value
    mark = len(statement.quote)
    hidden = literal[:mark] + _QUOTED.sub(lambda found: " " * len(found[0]), literal[mark:-mark]) + literal[-mark:]
    holes = list(_HOLE.finditer(hidden))
    if not holes or len(holes) != len(values) or len({hole[0] for hole in holes}) > 1 or "%%" in literal:
        return None
    if _PARAMETER.search(literal) or (holes[0][0] == "%s" and literal.count("%") != len(holes)):
        return None
    given = _names(hidden[mark:-mark], [hole.start() - mark for hole in holes])
    for hole, name in zip(reversed(holes), reversed(given), strict=True):
        literal = f"{literal[: hole.start()]}:{name}{literal[hole.end() :]}"
    return Named(literal, tuple(given))


def _names(sql: str, holes: Sequence[int]) -> list[str]:
    listed = _columns(sql, len(holes))
    found: list[str] = []
    for number, at in enumerate(holes, 1):
        before = _COMPARED.search(sql[:at])
        wish = listed[number - 1] if listed else (before[1] or before[2]).lower() if before else f"param_{number}"
        again = next(n for n in range(1, len(holes) + 1) if (wish if n == 1 else f"{wish}_{n}") not in found)
        found.append(wish if again == 1 else f"{wish}_{again}")
    return found


def _columns(sql: str, count: int) -> list[str]:
    """The columns of an INSERT whose values are placeholders, one for each."""
    insert = _INSERTED.search(sql)
    if insert is None:
        return []
    columns = [column.strip(' `"\n\t') for column in insert[1].split(",")]
    plain = all(value.strip() in {"?", "%s"} for value in insert[2].split(","))
    return columns if plain and len(columns) == count and all(c.isidentifier() for c in columns) else []


def values(args: Sequence[cst.Arg], *, scalars: bool) -> list[cst.BaseExpression] | None:
    """The values beside the SQL: one tuple of them, or the arguments themselves."""
    if scalars:
        return [arg.value for arg in args]
    if len(args) != 1 or args[0].keyword is not None or not isinstance(args[0].value, cst.Tuple):
        return None
    elements = args[0].value.elements
    return None if any(isinstance(e, cst.StarredElement) for e in elements) else [e.value for e in elements]


def arguments(found: Named, text: cst.BaseExpression, updated: Sequence[cst.Arg], *, scalars: bool) -> list[cst.Arg]:
    """`text(…)` and the dict of its parameters."""
    given = values(updated[1:], scalars=scalars) or []
    items = [
        cst.DictElement(cst.SimpleString(f'"{name}"'), value) for name, value in zip(found.names, given, strict=True)
    ]
    last = updated[-1]
    statement = cst.Call(text, [cst.Arg(cst.SimpleString(found.literal))])
    return [
        updated[0].with_changes(value=statement),
        cst.Arg(cst.Dict(items), comma=last.comma, whitespace_after_arg=last.whitespace_after_arg),
    ]


def of(call: cst.Call, *, scalars: bool) -> Named | None:
    """The SQL of an execution with named parameters, where that can be."""
    given = values(call.args[1:], scalars=scalars)
    return None if not given or names.starred(call) else named(call.args[0].value, given)
