"""What to say where values are put into the text of SQL: the form with parameters, written out. No rule itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import libcst as cst

from translator.findings import Severity
from translator.model.types import Plain, Type
from translator.rules.contract import Decline
from translator.syntax import names

_HOLE = re.compile(r"%(?:\((\w+)\))?[sdr]|\{(\w*)\}")
"""Where `%` or `format()` puts a value."""
_VALUE = re.compile(r"(?:=|<|>|LIKE|IN|VALUES|\(|,|AND|BETWEEN|LIMIT|OFFSET)\s*\(?\s*['\"]?%?$", re.IGNORECASE)
"""What stands before a value: not e.g. `FROM`, where the name of a table is put in."""
_LONGEST = 90


def remarks(call: cst.Call, kinds: Sequence[Type]) -> tuple[Decline, ...]:
    """A remark where the SQL that is executed has values put into it."""
    if not call.args or not isinstance(kinds[0], Plain) or not kinds[0].composed:
        return ()
    offered = _offered(call.args[0].value)
    if offered == "":
        said = (
            "what is put into the text of SQL here is no value but a name or a clause, which can't be a parameter: take "
            "it from a list of known ones"
        )
        return (Decline(said, Severity.NOTE),)
    offered = offered or 'text("… WHERE name = :name") with {"name": value}'
    said = (
        "values are put into the text of SQL, which lets whoever sets them change the statement; pass them as "
        f"parameters: {offered}"
    )
    return (Decline(said, Severity.NOTE),)


def _offered(node: cst.BaseExpression) -> str | None:
    """The statement with parameters; None where it is not written out here, "" where what is put in is no value."""
    given = list(_pieces(node))
    if not any(isinstance(piece, str) for piece in given) or all(isinstance(piece, str) for piece in given):
        return None
    sql, values = "", dict[str, str]()
    for at, piece in enumerate(given):
        if isinstance(piece, str):
            before = given[at - 1] if at else ""
            sql += (
                re.sub(r"^['\"]", "", piece) if not isinstance(before, str) and sql.endswith(tuple(values)) else piece
            )
            continue
        if not _VALUE.search(sql):
            return ""
        name = _name(piece, values)
        sql = re.sub(r"['\"]$", "", sql) + f":{name}"
        values[name] = names.code(piece)
    said = ", ".join(f'"{name}": {value}' for name, value in values.items())
    shown = " ".join(sql.split()).replace('"', "'")
    return f'text("{shown}") with {{{said}}}' if len(shown) + len(said) < 2 * _LONGEST else None


def _name(node: cst.BaseExpression, taken: dict[str, str]) -> str:
    last = (names.dotted(node) or "").rpartition(".")[2]
    wish = last if last.isidentifier() else "value"
    number = next((n for n in range(1, 99) if (wish if n == 1 else f"{wish}_{n}") not in taken), 99)
    return wish if number == 1 else f"{wish}_{number}"


def _pieces(node: cst.BaseExpression) -> Iterator[str | cst.BaseExpression]:
    """The text and the values of a composed string in order."""
    match node:
        case cst.FormattedString(parts=parts):
            for part in parts:
                yield part.value if isinstance(part, cst.FormattedStringText) else _expression(part)
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
            yield from _pieces(left)
            yield from _pieces(right)
        case cst.BinaryOperation(left=left, operator=cst.Modulo(), right=right):
            items = [e.value for e in right.elements] if isinstance(right, cst.Tuple) else [right]
            yield from _filled(names.literal_string(left), items)
        case cst.Call(func=cst.Attribute(value=left), args=args) if not names.starred(node):
            yield from _filled(names.literal_string(left), [arg.value for arg in args if arg.keyword is None])
        case cst.SimpleString() | cst.ConcatenatedString():
            yield names.literal_string(node) or ""
        case _:
            yield node


def _expression(part: cst.BaseFormattedStringContent) -> cst.BaseExpression:
    return cst.ensure_type(part, cst.FormattedStringExpression).expression


def _filled(template: str | None, items: Sequence[cst.BaseExpression]) -> Iterator[str | cst.BaseExpression]:
    holes = list(_HOLE.finditer(template or ""))
    if template is None or len(holes) != len(items) or any(hole[1] or hole[2] for hole in holes):
        return
    at = 0
    for hole, item in zip(holes, items, strict=True):
        yield template[at : hole.start()]
        yield item
        at = hole.end()
    yield template[at:]
