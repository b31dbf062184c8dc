"""The tables of classes that a call maps to them: `map_imperatively(Item, items)`, `mapper(Item, Item.table)`.

Their keys tell what the relationships of declarative classes to them hold. Knows nothing of their attributes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from translator.model import classbodies, declared
from translator.model.declared import MappedColumn
from translator.syntax import names

_MAPPING = frozenset({"mapper", "map_imperatively"})
_ELSEWHERE = frozenset({"autoload", "autoload_with"})
"""What says that a table has columns that do not stand in the text."""
_UNREAD = frozenset({"inherits", "concrete", "non_primary"})
_COLUMNS = 2
"""The place of the first column among the arguments of `Table()`."""


@dataclass(frozen=True, slots=True)
class Tabled:
    """A class, and what its table has; columns by the names that the database knows."""

    name: str
    table: str
    columns: dict[str, MappedColumn]
    constraints: tuple[tuple[tuple[str, ...], str], ...]


def found(body: Iterable[cst.CSTNode]) -> Iterator[Tabled]:
    """The classes that statements at the top of a module map to tables of it, each once and by itself."""
    body = list(body)
    tables = dict(_tables(body))
    calls = [call for call in _calls(body) if _last(call.func) in _MAPPING and call.args]
    times = Counter(_last(call.args[0].value) for call in calls)
    for call in calls:
        entity, positional = _last(call.args[0].value), names.positional(call)
        given = positional[1].value if len(positional) > 1 else names.keyword(call, "local_table")
        unread = names.starred(call) or any(names.keyword(call, name) is not None for name in _UNREAD)
        if given is None or unread or times[entity] > 1:
            continue
        made = given if isinstance(given, cst.Call) else tables.get(names.dotted(given) or "")
        if made is not None and (read := _read(entity, made)) is not None:
            yield read


def _read(entity: str, made: cst.Call) -> Tabled | None:
    """What a call of `Table()` says; None where it may not be all."""
    name = names.literal_string(made.args[0].value) if _last(made.func) == "Table" and made.args else None
    if name is None or names.starred(made) or any(names.keyword(made, each) is not None for each in _ELSEWHERE):
        return None
    columns = {}
    given = names.positional(made)[_COLUMNS:]
    for arg in given:
        call = arg.value
        if not isinstance(call, cst.Call) or not call.args:
            return None
        if _last(call.func) in declared.COLUMNS:
            called = names.literal_string(call.args[0].value)
            if called is None:
                return None
            columns[called] = declared.column(called, call)
    constraints = declared.constraints(cst.Tuple([cst.Element(arg.value) for arg in given]))
    return Tabled(entity, name, columns, tuple(constraints))


def _tables(body: list[cst.CSTNode]) -> Iterator[tuple[str, cst.Call]]:
    """Calls by what they are assigned to: `items`, `Item.table`, also in the body of the class."""
    for small in _lines(body):
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call) and len(small.targets) == 1:
            yield names.dotted(small.targets[0].target) or "", small.value
    for node in classbodies.classes(body):
        for name, _, value in classbodies.attributes(node):
            if isinstance(value, cst.Call):
                yield f"{node.name.value}.{name}", value


def _calls(body: list[cst.CSTNode]) -> Iterator[cst.Call]:
    for small in _lines(body):
        value = small.value if isinstance(small, (cst.Expr, cst.Assign)) else None
        if isinstance(value, cst.Call):
            yield value


def _lines(body: list[cst.CSTNode]) -> Iterator[cst.BaseSmallStatement]:
    return (small for line in body if isinstance(line, cst.SimpleStatementLine) for small in line.body)


def _last(node: cst.BaseExpression) -> str:
    return (names.dotted(node) or "").rpartition(".")[2]
