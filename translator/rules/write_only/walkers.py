"""Who may walk the attributes of an owner by names that no file has: bases, serializers, reflection, lists of classes.

Asked where nobody said that relationships are to be write-only: then such a place keeps them, however sure the rest is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from translator.model import conventions
from translator.model.attributes import NOT_APPLICATION
from translator.model.mapping import Mapping
from translator.model.module import ModuleModel
from translator.model.types import Entity, Instance, LocalClass, LocalInstance, Type
from translator.rules.mapped import bodies, needing
from translator.rules.write_only.candidates import Candidate, is_of
from translator.rules.write_only.uses import Met, Obstacle, may_be
from translator.syntax import names

_REGISTRIES = frozenset({"_decl_class_registry", "_class_registry", "mappers", "__subclasses__"})
"""What holds classes that nothing names."""
_OF_COLUMNS = frozenset(
    {"c", "columns", "column_attrs", "primary_key", "local_table", "persist_selectable", "mapped_table", "tables", "class_",
     "polymorphic_identity", "polymorphic_on", "polymorphic_map", "version_id_col", "concrete", "inherits", "single",
     "get_property_by_column"}
)  # fmt: skip
"""What is asked of a mapper that leads to no relationship."""
_SHOWING = frozenset({"vars", "dir"})
_HARMLESS = frozenset(
    {"flask", "flask_login", "flask_security", "flask_user", "flask_dance", "flask_principal", "enum", "abc"}
)
"""Packages whose bases of models look at no attribute that they do not name."""
_BASES = frozenset({"object", "Base", "Model", "DeclarativeBase", "BaseModel", "DeclBase", "ModelBase"})
"""How the base of a model is called that stands in another text."""
_MARSHALLING = frozenset({"flask_restful", "flask_restx", "flask_restplus", "marshmallow", "flask_marshmallow"})
"""Packages that take a dict for the names of the attributes to show."""
_DISPLAYS = (cst.List, cst.Tuple, cst.Set, cst.Dict)
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.Annotation, cst.Subscript)


def obstacles(
    model: ModuleModel, met: Met, candidates: Sequence[Candidate], modules: frozenset[str]
) -> Iterator[Obstacle]:
    """The places of a module that may look at all that an owner has."""
    for node, around in met:
        if isinstance(node, cst.Attribute):
            yield from _asked(node, around, model, candidates, modules)
        elif isinstance(node, cst.Call) and names.dotted(node.func) in _SHOWING and node.args:
            yield from _looks(node, model.type_of(node.args[0].value), model, candidates, modules)
        elif isinstance(node, cst.ClassDef):
            yield from _bases(node, model, candidates)
        elif isinstance(node, cst.SimpleString):
            yield from _marshalled(node, around, model, candidates)
        if isinstance(node, (cst.Name, cst.Attribute)):
            yield from _listed(node, around, model, candidates)


def may_matter(node: cst.CSTNode, model: ModuleModel, wanted: Collection[str]) -> bool:
    """Whether a node may be such a place; `wanted` are the names of the relationships."""
    match node:
        case cst.Attribute(attr=cst.Name(value=name)) if name in _REGISTRIES or name in {"__mapper__", "__dict__"}:
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in _SHOWING
        case cst.SimpleString():
            return node.raw_value in wanted
    if isinstance(node, (cst.Name, cst.Attribute)):
        return isinstance(model.type_of(node), Entity)
    return isinstance(node, cst.ClassDef)


def _asked(
    node: cst.Attribute,
    around: Sequence[cst.CSTNode],
    model: ModuleModel,
    candidates: Sequence[Candidate],
    modules: frozenset[str],
) -> Iterator[Obstacle]:
    name, outer = node.attr.value, around[-1]
    if name in _REGISTRIES:
        if names.root(getattr(model.type_of(node.value), "name", "")) not in NOT_APPLICATION:
            yield from (Obstacle(one, node, model, f"`{names.code(node)}` may give any class") for one in candidates)
    elif name == "__mapper__":
        if not (isinstance(outer, cst.Attribute) and outer.attr.value in _OF_COLUMNS):
            yield from _looks(node, model.type_of(node.value), model, candidates, modules)
    elif name == "__dict__":
        kind = model.type_of(node.value)
        if isinstance(kind, (Entity, Instance, LocalInstance, LocalClass)):
            yield from _looks(node, kind, model, candidates, modules)


def _looks(
    node: cst.BaseExpression, kind: Type, model: ModuleModel, candidates: Sequence[Candidate], modules: frozenset[str]
) -> Iterator[Obstacle]:
    for one in candidates:
        if may_be(kind, one, model, modules):
            yield Obstacle(one, node, model, f"`{names.code(node)}` may look at every attribute of it")


def _bases(node: cst.ClassDef, model: ModuleModel, candidates: Sequence[Candidate]) -> Iterator[Obstacle]:
    """What a class extends besides the base of all models, and is not in sight: a mixin with a `to_dict()`, say."""
    owned = [one for one in candidates if _is_above(node.name.value, one, model.mapping)]
    if not owned:
        return
    for arg in node.bases:
        if _is_in_sight(arg.value, model):
            continue
        why = (
            f"{node.name.value} extends {names.code(arg.value)}, which is not in sight and may look at every attribute"
        )
        yield from (Obstacle(one, node, model, why) for one in owned)


def _is_above(name: str, candidate: Candidate, mapping: Mapping) -> bool:
    """Whether a class is the one that a relationship stands in, one of its bases or one that extends it."""
    if name == candidate.key[0]:
        return True
    family = mapping.family(candidate.key[0])
    above = {base.rpartition(".")[2] for mapped in family for base in (mapped.name, *mapped.bases)}
    return name in above or (mapping.get(name) is not None and is_of(mapping, name, candidate))


def _is_in_sight(base: cst.BaseExpression, model: ModuleModel) -> bool:
    kind = model.type_of(base)
    if isinstance(kind, LocalClass) or (isinstance(kind, Entity) and kind.mapped_name in model.mapping):
        return True
    spelled = names.dotted(base.func if isinstance(base, cst.Call) else base) or ""
    last = spelled.rpartition(".")[2]
    full = needing.absolute(model.imports.aliases.get(names.root(spelled), ""), model)
    if names.root(full) in _HARMLESS | conventions.EXTENSION_MODULES:
        return True
    return last in _BASES or model.mapping.get(spelled) is not None or bodies.class_named(last, model) is not None


def _listed(
    node: cst.BaseExpression, around: Sequence[cst.CSTNode], model: ModuleModel, candidates: Sequence[Candidate]
) -> Iterator[Obstacle]:
    """A class in a list or a dict: whoever walks it may do with every class what an admin page does."""
    kind = model.type_of(node)
    if not isinstance(kind, Entity) or kind.alias_of is not None:
        return
    held = around[-1] if around else None
    if not isinstance(held, (cst.Element, cst.DictElement)) or held.value is not node:
        return
    at = len(around) - 1
    while at >= 0 and isinstance(around[at], (cst.Element, cst.DictElement, *_DISPLAYS)):
        at -= 1
    outer = around[at] if at >= 0 else None
    if isinstance(outer, (cst.Arg, *_SCOPES)) or _is_for_a_shell(around):
        return  # what a call is given is looked at where calls are
    mapped = model.mapping.get(kind.mapped_name)
    for one in candidates:
        if mapped is not None and is_of(model.mapping, mapped.name, one):
            why = f"{kind.name} stands in a list, and who walks that may look at every attribute"
            yield Obstacle(one, node, model, why)


def _is_for_a_shell(around: Sequence[cst.CSTNode]) -> bool:
    """Whether it is what a function gives that tells a shell its names."""
    functions = [node for node in around if isinstance(node, cst.FunctionDef)]
    words = [names.code(each.decorator) for node in functions for each in node.decorators]
    return any("shell" in text for text in (*words, *(node.name.value for node in functions)))


def _marshalled(
    node: cst.SimpleString, around: Sequence[cst.CSTNode], model: ModuleModel, candidates: Sequence[Candidate]
) -> Iterator[Obstacle]:
    """The key of a dict that names attributes to show: `{"posts": fields.List(…)}`."""
    element = around[-1] if around else None
    if not isinstance(element, cst.DictElement) or element.key is not node:
        return
    value = element.value.func if isinstance(element.value, cst.Call) else element.value
    if names.root(model.imports.aliases.get(names.root(names.dotted(value) or ""), "")) not in _MARSHALLING:
        return
    for one in candidates:
        if one.key[1] == node.raw_value:
            yield Obstacle(one, node, model, f"`{names.code(element)}` shows it")
