"""What a declarative base made by a function keeps as a class: its bases and the lines of its body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from translator.model.module import ModuleModel
from translator.model.types import Imported, MetaDataValue
from translator.rules.mapped import bodies
from translator.syntax import names

KEPT = frozenset(
    {"metadata", "cls", "name", "class_registry", "type_annotation_map", "constructor", "bind", "registry"}
)
"""Arguments that have a place in a class; `bind` went with bound metadata."""
_METACLASS, _HOOK = "DeclarativeMeta", "__init_subclass__"


def arguments(call: cst.Call) -> dict[str, cst.BaseExpression] | None:
    """The arguments by name; None where some are positional or starred."""
    if names.starred(call) or any(arg.keyword is None for arg in call.args):
        return None
    return {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}


def obstacle(
    given: Mapping[str, cst.BaseExpression] | None, model: ModuleModel, program: Sequence[ModuleModel]
) -> str | None:
    """Why a base with these arguments stays what it is."""
    if given is None:
        return "its arguments can't be told apart"
    other = sorted(given.keys() - KEPT)
    if other:
        return f"{other[0]}= has no place in a DeclarativeBase class"
    if "constructor" in given:
        return "a DeclarativeBase class would keep the constructor of its bases, where 1.x took constructor="
    if "metadata" in given and _may_be_none(given["metadata"], model):
        return "its metadata may be None, which makes one of its own there, and would be the `metadata` of the class"
    for base in parents(given):
        if (found := initialised(base, model)) is not None:
            return found
    hooked = next(filter(None, (_hooked(each) for each in (model, *program))), None)
    if hooked is not None:
        return f"{hooked} has an __init_subclass__, before which a DeclarativeBase class may map what extends it"
    asking = next((each for each in (model, *program) if uses_metaclass(each)), None)
    if asking is not None:
        where = "the text" if asking is model else asking.name
        return f"{where} looks for DeclarativeMeta, which is not the metaclass of a DeclarativeBase class"
    return None


def _may_be_none(metadata: cst.BaseExpression, model: ModuleModel) -> bool:
    """Whether a value is not certain to be a MetaData: not e.g. a parameter, or `MetaData() if schema else None`."""
    while isinstance(metadata, cst.BooleanOperation) and isinstance(metadata.operator, cst.Or):
        metadata = metadata.right
    kind = model.type_of(metadata)
    certain = isinstance(kind, Imported) or (isinstance(kind, MetaDataValue) and not kind.vacant)
    return not certain and names.code(metadata) != "None"


def parents(given: Mapping[str, cst.BaseExpression]) -> list[cst.BaseExpression]:
    """The classes of `cls=`."""
    found = given.get("cls")
    if isinstance(found, cst.Tuple):
        return [element.value for element in found.elements]
    return [] if found is None or names.code(found) == "object" else [found]


def initialised(base: cst.BaseExpression, model: ModuleModel) -> str | None:
    """1.x put its own constructor before the one of `cls=`, a class keeps that; so there must be none."""
    spelled = names.code(base)
    node = bodies.class_named(spelled, model)
    if node is None:
        return f"whether {spelled} has an __init__ of its own is not in sight, and 1.x passed it over"
    if {"__init__", "metadata", "registry"} & bodies.body_of(node, model).bound:
        return f"1.x passed over the __init__ and the metadata of {spelled}, a DeclarativeBase class takes them"
    if _HOOK in bodies.body_of(node, model).bound:
        return (
            f"{spelled} has an __init_subclass__, in the middle of which a DeclarativeBase class maps what extends it"
        )
    for above in node.bases:
        if names.code(above.value) not in {"object", "ABC"} and (found := initialised(above.value, model)) is not None:
            return found
    return None


def _hooked(model: ModuleModel) -> str | None:
    """A class whose `__init_subclass__` does not end with that of the next class, which is what maps it in 2.0.

    A metaclass mapped classes after it, whatever it did.
    """
    if _HOOK not in model.text:
        return None
    for node in bodies.every_class(model):
        for line in node.body.body if bodies.is_mapped(node, model) else ():
            if isinstance(line, cst.FunctionDef) and line.name.value == _HOOK:
                last = names.code(line.body.body[-1]).strip()
                if not re.match(rf"(return )?super\(.*\)\.{_HOOK}\(", last):
                    return node.name.value
    return None


def uses_metaclass(model: ModuleModel) -> bool:
    """Whether the text asks for DeclarativeMeta, other than to annotate the base itself."""
    if _METACLASS not in model.text:
        return False
    return any(_METACLASS in names.code(line) for line in model.tree.body if not _annotates(line))


def _annotates(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.AnnAssign, cst.Import, cst.ImportFrom)) for small in line.body
    )


def lines(given: Mapping[str, cst.BaseExpression], registry: str | None) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The attributes of the class, each with its value; `registry` is how that class is spelled where it is needed."""
    if registry is not None:
        wanted = ("metadata", "class_registry", "type_annotation_map")
        args = [
            cst.Arg(given[name], keyword=cst.Name(name), equal=cst.AssignEqual(*[cst.SimpleWhitespace("")] * 2))
            for name in wanted
            if name in given
        ]
        yield "registry", cst.Call(names.path(registry), args)
        return
    for name in ("registry", "metadata", "type_annotation_map"):
        if name in given and names.code(given[name]) != "None":
            yield name, given[name]
