"""What befalls the owners of a collection: a write-only one can't be merged, deleted with its owner, or walked by those
who look at every attribute of a class.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from translator.model import conventions
from translator.model.attributes import NOT_APPLICATION
from translator.model.mapping import Mapping
from translator.model.module import ModuleModel
from translator.model.sites import SiteKind
from translator.model.types import (
    Attribute,
    Belief,
    Connection,
    Engine,
    Entity,
    Expression,
    Extension,
    Function,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    Plain,
    Query,
    QueryMaker,
    Result,
    Select,
    Session,
    SessionFactory,
    Super,
    Type,
)
from translator.rules.mapped import bodies, needing, places, relating
from translator.rules.write_only.candidates import Candidate, is_of
from translator.rules.write_only.uses import Met, Obstacle, may_be
from translator.syntax import names

_REFLECTING = frozenset({"relationships", "iterate_properties", "all_orm_descriptors", "class_mapper", "object_mapper"})
_MAPPERS = frozenset({"class_mapper", "object_mapper", "inspect"})
_OUR_OWN = (
    Session, SessionFactory, Query, QueryMaker, Select, Extension, Result, Attribute, Expression, Engine, Connection, Entity,
    Function, LocalClass, LocalInstance, Super,
)  # fmt: skip
"""Whose methods take a class and do with it what is in sight, or what SQLAlchemy does."""
_SCOPES = (cst.FunctionDef, cst.Lambda)
_ABSTRACT = frozenset({"ABC", "Generic", "Protocol", "Interface"})
_CONNECTING = re.compile(r"\b(?:get_)?(?:engine|bind|connection|conn|db_engine)(?:\(\w*\))?$|\.connect\(\)$")
"""How what has no mapped class is spelled."""


def obstacles(
    model: ModuleModel,
    met: Met,
    candidates: Sequence[Candidate],
    modules: frozenset[str],
    halves: frozenset[str],
) -> Iterator[Obstacle]:
    """The places of a module that do to an owner what a write-only collection does not survive.

    `modules` are the names of the program's modules, `halves` the classes of it that extend what is not in sight.
    """
    yield from _in_sessions(model, candidates, modules)
    yield from _cascades(model, candidates)
    for node, around in met:
        if isinstance(node, cst.Attribute) and node.attr.value in _REFLECTING:
            yield from (Obstacle(one, node, model, _looks(node)) for one in candidates)
        elif isinstance(node, cst.Call):
            yield from _deleted(node, model, candidates)
            if _reflects(node, model):
                yield from (Obstacle(one, node, model, _looks(node)) for one in candidates)
        if isinstance(node, (cst.Name, cst.Attribute)) and isinstance(kind := model.type_of(node), Entity):
            taker = _taker(node, around, kind, model, modules, halves)
            yield from (Obstacle(o, node, model, taker) for o in candidates if taker and _owns(kind, o, model))


def halves(models: Sequence[ModuleModel]) -> frozenset[str]:
    """The names of the classes of a program that extend something of other packages, or what is not in sight."""
    open_ones: set[str] = set()
    below: dict[str, set[str]] = {}
    classes = [(node, model) for model in models for node in bodies.every_class(model)]
    own = {node.name.value for node, _ in classes}
    for node, model in classes:
        for arg in node.bases:
            last = (names.dotted(arg.value) or "").rpartition(".")[2]
            if last in own:
                below.setdefault(last, set()).add(node.name.value)
            elif not _is_harmless(arg.value, model):
                open_ones.add(node.name.value)
    left = list(open_ones)
    while left:
        fresh = below.get(left.pop(), set()) - open_ones
        open_ones |= fresh
        left += fresh
    return frozenset(open_ones)


def _is_harmless(base: cst.BaseExpression, model: ModuleModel) -> bool:
    kind, spelled = model.type_of(base), names.dotted(base) or ""
    if spelled.rpartition(".")[2] in _ABSTRACT or (isinstance(base, cst.Name) and hasattr(builtins, spelled)):
        return True
    full = model.imports.aliases.get(names.root(spelled), kind.name if isinstance(kind, Imported) else "")
    if full:
        return names.root(needing.absolute(full, model)) in NOT_APPLICATION | conventions.EXTENSION_MODULES
    if isinstance(kind, Entity):  # which a name alone may make one, e.g. the `ModelView` of an admin page
        return kind.mapped_name in model.mapping
    return isinstance(kind, _OUR_OWN) and not isinstance(kind, LocalInstance)


def may_matter(node: cst.CSTNode, model: ModuleModel, wanted: Collection[str]) -> bool:
    """Whether a node may be a place that looks at classes or their objects as wholes."""
    match node:
        case cst.Attribute(attr=cst.Name(value=name)) if name in _REFLECTING:
            return True
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=name))):
            return name in {"delete", "merge"} or name in _MAPPERS
        case cst.Call():
            return isinstance(model.type_of(node.func), Imported)
    return isinstance(node, (cst.Name, cst.Attribute)) and isinstance(model.type_of(node), Entity)


def _looks(node: cst.BaseExpression) -> str:
    return f"`{names.code(node)}` may look at every attribute of a class"


def _owns(kind: Entity, candidate: Candidate, model: ModuleModel) -> bool:
    mapped = model.mapping.get(kind.mapped_name)
    return mapped is not None and is_of(model.mapping, mapped.name, candidate)


def _in_sessions(model: ModuleModel, candidates: Sequence[Candidate], modules: frozenset[str]) -> Iterator[Obstacle]:
    for site in model.members("Session.merge", "Session.delete"):
        merges = site.name.endswith("merge")
        if not isinstance(site.node, cst.Call) or not site.arguments:
            continue
        kind = site.arguments[0]
        if isinstance(kind, Plain):
            continue
        for one in candidates:
            if not merges and one.passive:
                continue
            if may_be(kind, one, model, modules) or (merges and _reaches(kind, one, model.mapping)):
                does = "merges" if merges else "deletes"
                what = f"`{names.code(site.node)}` {does} what may be its owner, which a write-only collection refuses"
                yield Obstacle(one, site.node, model, what + ("" if merges else " without passive_deletes="))


def _reaches(kind: Type, candidate: Candidate, mapping: Mapping) -> bool:
    """Whether what is merged may bring an owner along by its relationships."""
    if not isinstance(kind, Instance) or kind.entity is None:
        return True
    seen: set[str] = set()
    left = [kind.entity.mapped_name]
    while left:
        for mapped in mapping.family(left.pop()):
            if mapped.name in seen:
                continue
            seen.add(mapped.name)
            targets = [relation.target for relation in mapped.relationships.values()]
            if any(target is None or is_of(mapping, target, candidate) for target in targets):
                return True
            left.extend(target for target in targets if target is not None)
    return False


def _deleted(node: cst.Call, model: ModuleModel, candidates: Sequence[Candidate]) -> Iterator[Obstacle]:
    """`store.delete(user)`, where nothing tells what the store does."""
    func = node.func
    if not isinstance(func, cst.Attribute) or func.attr.value not in {"delete", "merge"} or not node.args:
        return
    kind = model.type_of(node.args[0].value)
    if isinstance(model.type_of(func.value), (Session, SessionFactory)):
        return
    for one in candidates:
        known = isinstance(kind, Instance) and kind.entity is not None
        if known and may_be(kind, one, model, frozenset()) and not one.passive:
            yield Obstacle(one, node, model, f"`{names.code(node)}` may delete or merge its owner")


def _cascades(model: ModuleModel, candidates: Sequence[Candidate]) -> Iterator[Obstacle]:
    """Relationships whose objects are deleted with what they belong to, if those are owners."""
    for site in model.sites:
        last = site.name.rpartition(".")[2]
        if site.kind is not SiteKind.CALL or last not in {"relationship", "relation", "dynamic_loader"}:
            continue
        call, place = cst.ensure_type(site.node, cst.Call), places.place_of(site)
        backref = names.keyword(call, "backref")
        sides = [(call, relating.target_name(call))]
        if isinstance(backref, cst.Call):
            sides.append((backref, place.owner.name.value if place is not None else None))
        for side, target in sides:
            cascade = names.keyword(side, "cascade")
            said = names.literal_string(cascade) if cascade is not None else ""
            if said is not None and "all" not in said and "delete" not in said:
                continue
            for one in candidates:
                if not one.passive and (target is None or is_of(model.mapping, target, one)):
                    why = f"`{names.code(cascade or side)}` may delete its owner, which has no passive_deletes="
                    yield Obstacle(one, side, model, f"the cascade {why}")


def _reflects(node: cst.Call, model: ModuleModel) -> bool:
    """`inspect(User)`: not e.g. `inspect(engine)`, and not the module of that name."""
    kind = model.type_of(node.func)
    full = kind.name if isinstance(kind, Imported) else ""
    if (
        full.rpartition(".")[2] not in _MAPPERS
        or names.root(full) not in conventions.EXTENSION_MODULES
        or not node.args
    ):
        return False
    given = node.args[0].value
    told = isinstance(model.type_of(given), (Engine, Connection, Extension))
    return not told and _CONNECTING.search(names.code(given)) is None


def _taker(
    node: cst.BaseExpression,
    around: Sequence[cst.CSTNode],
    kind: Entity,
    model: ModuleModel,
    modules: frozenset[str],
    halves: frozenset[str],
) -> str:
    """Who else is given a class and may look at its attributes: an admin page, a schema. "" where nobody is."""
    if kind.alias_of is not None or isinstance(around[-1], (cst.Attribute, cst.AssignTarget)):
        return ""
    for at in range(len(around) - 1, -1, -1):
        outer, inner = around[at], around[at + 1] if at + 1 < len(around) else node
        if isinstance(outer, (*_SCOPES, cst.Annotation, cst.Decorator)):
            return ""
        if isinstance(outer, cst.ClassDef):
            given = isinstance(inner, cst.Arg) or outer.name.value in model.mapping
            said = f"the class {outer.name.value} is given {kind.name} and may look at every attribute of it"
            return "" if given else said
        if isinstance(outer, cst.Call):
            if inner is outer.func:
                return ""
            said = f"`{names.code(outer.func)}()` is given {kind.name} and may look at every attribute of it"
            return "" if _is_known(outer, model, modules, halves) else said
    return ""


def _is_known(call: cst.Call, model: ModuleModel, modules: frozenset[str], halves: frozenset[str]) -> bool:
    """Whether it is in sight what a call does with a class that it is given."""
    func = call.func
    last = func.attr.value if isinstance(func, cst.Attribute) else names.dotted(func) or ""
    if isinstance(func, cst.Name) and hasattr(builtins, func.value):
        return True
    if last.startswith("assert"):
        return True
    for kind in (model.type_of(func), model.type_of(func.value) if isinstance(func, cst.Attribute) else None):
        if isinstance(kind, (LocalClass, LocalInstance)) and kind.name in halves:
            return False  # an admin page of the application's own
        if isinstance(kind, Imported):
            full = needing.absolute(kind.name, model)
            own = any(full == name or full.startswith(f"{name}.") for name in modules)
            return own or names.root(full) in NOT_APPLICATION | conventions.EXTENSION_MODULES
        if isinstance(kind, Entity) and (kind.belief is Belief.PROVEN or kind.name in model.mapping):
            return True
        if isinstance(kind, _OUR_OWN) and not isinstance(kind, Entity):
            return True
    return False
