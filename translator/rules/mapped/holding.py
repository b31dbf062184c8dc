"""Writes what a relationship holds as an annotation: `Mapped[list["Child"]]`, `Mapped["Parent | None"]`."""

from __future__ import annotations

import libcst as cst

from translator.model.types import Entity
from translator.rules.contract import Context
from translator.rules.mapped import arguments, bodies, checking, pythontypes, relating, spelling
from translator.rules.mapped.bodies import Body
from translator.rules.mapped.places import Place
from translator.rules.mapped.pythontypes import PythonType
from translator.rules.mapped.relating import Holds, Relation
from translator.syntax import names

_KINDS = {Holds.DYNAMIC: "DynamicMapped", Holds.WRITE_ONLY: "WriteOnlyMapped"}


def annotation(
    relation: Relation, call: cst.Call, body: Body, here: Context, place: Place | None = None
) -> tuple[str, str] | None:
    """The generic that a relationship is annotated with, and what stands in its brackets; None: there is no way.

    `place` is the attribute whose value the call is, where it has one: there the annotation is evaluated when the call is.
    """
    holds, target = relation.holds, relation.target
    if holds is None or target is None:
        return None
    mark = _mark(call, place, here)
    if is_evaluated(call, place, here):
        target = names.code(relating.target_of(call) or call)
    elif _is_value(call, body, here):
        unknown = spelling.type_name(pythontypes.UNKNOWN, body, here)
        if unknown is None:
            return None
        mark, target = "", unknown
    else:
        if _is_namesake(call, target, here):
            return None
        checking.import_class(target, here)
        target = _path(call, target, here)
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


def _mark(call: cst.Call, place: Place | None, here: Context) -> str:
    """The quotes around the name of the class: none where annotations aren't evaluated, or it is there; else the text's."""
    value = relating.target_of(call)
    if _postponed(here) or is_evaluated(call, place, here):
        return ""
    return value.quote[0] if isinstance(value, cst.SimpleString) else bodies.quote_of(here.model)


def is_evaluated(call: cst.Call, place: Place | None, here: Context) -> bool:
    """Whether the annotation gives the class itself, as the call does: `relationship(User)` in the body of a class.

    Not where the body binds that name: an annotation is evaluated when the attribute is there already.
    """
    value = relating.target_of(call)
    if place is None or _postponed(here) or not isinstance(value, (cst.Name, cst.Attribute)):
        return False
    if names.root(names.dotted(value) or "") in bodies.body_of(place.owner, here.model).bound:
        return False
    kind = here.model.type_of(value)
    return isinstance(kind, Entity) and kind.alias_of is None and here.model.mapping.get(kind.name) is not None


def _postponed(here: Context) -> bool:
    return "__future__.annotations" in here.model.imports.aliases.values()


def _is_value(call: cst.Call, body: Body, here: Context) -> bool:
    """Whether the class is what an expression gives, and no type by that name: `settings.user_model`, a local `owner_class`."""
    value = relating.target_of(call)
    value = value.body if isinstance(value, cst.Lambda) else value
    spelled = names.dotted(value) if value is not None else None
    if spelled is None:
        return False
    root, _, rest = spelled.partition(".")
    if rest:
        return not names.is_class_name(spelled.rpartition(".")[2])
    if here.model.mapping.get(root) is not None and root not in body.bound:
        return False
    return root in body.bound or not names.is_class_name(root)


def _is_namesake(call: cst.Call, target: str, here: Context) -> bool:
    """Whether the class of that name here is another one than the string means: `relationship("shop.models.Item")`."""
    value = relating.target_of(call)
    module = ((names.literal_string(value) if value is not None else None) or "").rpartition(".")[0]
    if not module or not here.model.name:
        return False
    found = here.model.name if here.model.mapping.defines(target) else here.model.imports.aliases.get(target)
    return found is not None and module.rpartition(".")[2] not in found.split(".")


def _path(call: cst.Call, target: str, here: Context) -> str:
    """The class by the module that the call names it by, where nothing else leads to it: `accounts.User`."""
    spelled = names.dotted(relating.target_of(call) or call) or ""
    known = here.model.mapping.get(target) is not None or target in here.model.imports.aliases
    return target if known or names.root(spelled) not in here.model.imports.aliases else spelled


def key_type(relation: Relation, here: Context) -> PythonType:
    """The type of the attribute that a dict is keyed by."""
    node = bodies.class_named(relation.target or "", here.model)
    value = dict(bodies.assignments(node)).get(relation.key or "") if node is not None else None
    column = arguments.read(value, here.model) if isinstance(value, cst.Call) else None
    if column is None or column.type is None or column.without_type or column.nullable is not False:
        return pythontypes.UNKNOWN
    found = pythontypes.of_column(column.type, here.model)
    return pythontypes.UNKNOWN if found.local else found
