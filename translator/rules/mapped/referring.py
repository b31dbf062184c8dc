"""The type of the column that a foreign key refers to: in a class in sight, or in a `Table` of the text."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.model.mapping import MappedClass
from translator.model.module import ModuleModel
from translator.rules.mapped import arguments, bodies, pythontypes
from translator.rules.mapped.pythontypes import PythonType
from translator.syntax import names

_TABLES = "tables by name"
_DEPTH = 3
"""Foreign keys that refer to foreign keys are followed so far."""


def python_type(foreign: cst.Call, model: ModuleModel, depth: int = _DEPTH) -> PythonType:
    """The Python type of the column that a `ForeignKey(…)` names; `Any` where it is not in sight."""
    target = foreign.args[0].value if foreign.args else None
    spelled = (names.literal_string(target) or names.dotted(target)) if target is not None else None
    owner, _, attribute = (spelled or "").rpartition(".")
    table = owner.removesuffix(".c").rpartition(".")[2]
    for call in _columns(table, attribute, model):
        column = arguments.read(call, model)
        if column is not None and column.type is not None and not column.without_type:
            found = pythontypes.of_column(column.type, model)
            return found if _spelled_anywhere(found, model) else pythontypes.UNKNOWN
        if column is not None and column.foreign is not None and depth:
            return python_type(column.foreign, model, depth - 1)
    if any(m.columns[attribute].integer for m in _classes(table, model) if attribute in m.columns):
        return PythonType("int")
    return pythontypes.UNKNOWN


def _spelled_anywhere(found: PythonType, model: ModuleModel) -> bool:
    """Whether a type can be named in another class: not e.g. an Enum that stands in the body of the first one."""
    return not found.local or names.root(found.name) in bodies.top_names(model)


def _classes(table: str, model: ModuleModel) -> list[MappedClass]:
    goal = next((m for m in model.mapping if table and (m.table == table or m.name == table)), None)
    return model.mapping.family(goal.name) if goal is not None else []


def _columns(table: str, attribute: str, model: ModuleModel) -> Iterator[cst.Call]:
    """The calls that declare a column, in classes and tables of the text."""
    for mapped in _classes(table, model):
        node = bodies.class_named(mapped.name, model) if model.mapping.defines(mapped.name) else None
        value = dict(bodies.assignments(node)).get(attribute) if node is not None else None
        if isinstance(value, cst.Call):
            yield value
    found = _tables(model).get(table)
    for arg in found.args[2:] if found is not None else ():
        call = arg.value
        if isinstance(call, cst.Call) and call.args and names.literal_string(call.args[0].value) == attribute:
            yield call


def _tables(model: ModuleModel) -> dict[str, cst.Call]:
    """The calls of `Table(…)` at the top of the text, by the names of the tables and of their variables."""
    found: dict[str, cst.Call] = {}
    known = model.memo.setdefault(_TABLES, found)
    if known is found:
        for line in model.tree.body:
            for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
                value = small.value if isinstance(small, cst.Assign) else None
                if not isinstance(small, cst.Assign) or not isinstance(value, cst.Call) or not value.args:
                    continue
                name = names.literal_string(value.args[0].value)
                if name is not None and (names.dotted(value.func) or "").rpartition(".")[2] == "Table":
                    found[name] = value
                    found[names.code(small.targets[0].target)] = value
    return known if isinstance(known, dict) else found
