"""Writes what a relationship holds as an annotation: `Mapped[list["Child"]]`, `Mapped["Parent | None"]`."""

from __future__ import annotations

import libcst as cst

from translator.rules.contract import Context
from translator.rules.mapped import arguments, bodies, checking, pythontypes, relating, spelling
from translator.rules.mapped.bodies import Body
from translator.rules.mapped.pythontypes import PythonType
from translator.rules.mapped.relating import Holds, Relation

_KINDS = {Holds.DYNAMIC: "DynamicMapped", Holds.WRITE_ONLY: "WriteOnlyMapped"}


def annotation(relation: Relation, call: cst.Call, body: Body, here: Context) -> tuple[str, str] | None:
    """The generic that a relationship is annotated with, and what stands in its brackets; None: there is no way."""
    holds, target = relation.holds, relation.target
    if holds is None or target is None:
        return None
    checking.import_class(target, here)
    mark = _mark(call, here)
    name = f"{mark}{target}{mark}"
    if holds in _KINDS:
        return _KINDS[holds], name
    if holds is Holds.ONE:
        return "Mapped", name
    if holds is Holds.MAYBE:
        if here.options.python.has_unions:
            return "Mapped", f"{mark}{target} | None{mark}"
        found = spelling.optional(name, body, here)
        return ("Mapped", found) if found is not None else None
    outer = spelling.type_name(PythonType(str(holds)), body, here)
    if outer is None:
        return None
    if holds is not Holds.DICT:
        return "Mapped", f"{outer}[{name}]"
    key = spelling.type_name(key_type(relation, here), body, here)
    return ("Mapped", f"{outer}[{key}, {name}]") if key is not None else None


def _mark(call: cst.Call, here: Context) -> str:
    """The quotes around the name of the class: none where annotations aren't evaluated, else those of the text."""
    if "__future__.annotations" in here.model.imports.aliases.values():
        return ""
    value = relating.target_of(call)
    return value.quote[0] if isinstance(value, cst.SimpleString) else '"'


def key_type(relation: Relation, here: Context) -> PythonType:
    """The type of the attribute that a dict is keyed by."""
    node = bodies.class_named(relation.target or "", here.model)
    value = dict(bodies.assignments(node)).get(relation.key or "") if node is not None else None
    column = arguments.read(value, here.model) if isinstance(value, cst.Call) else None
    if column is None or column.type is None or column.without_type or column.nullable is not False:
        return pythontypes.UNKNOWN
    found = pythontypes.of_column(column.type, here.model)
    return pythontypes.UNKNOWN if found.local else found
