"""Typing of attributes: of modules, classes, objects, SQL expressions; and of what stands for a session."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, core, crossing, departed, extension
from translator.model.lattice import held
from translator.model.sites import SiteKind
from translator.model.types import (
    UNKNOWN,
    Attribute,
    Belief,
    Connection,
    Engine,
    Entity,
    Expression,
    Extension,
    Function,
    Guess,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    MetaDataValue,
    Query,
    QueryProperty,
    RawConnection,
    Result,
    Select,
    Session,
    SessionFactory,
    SessionRef,
    Super,
    TableValue,
    Type,
    Unknown,
    Url,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

NOT_APPLICATION = frozenset(sys.stdlib_module_names) | conventions.FOREIGN_IMPORTS | {"flask", "requests", "starlette"}
"""Packages whose names are no application's."""
_REFLECTION = frozenset(
    {"property", "prop", "parent", "mapper", "class_", "entity", "impl", "key", "type", "comparator"}
)
"""Attributes of a mapped attribute that tell of the mapping: no SQL."""
_NOT_SESSION_OWNERS = frozenset({"request", "req", "requests", "flask", "boto3", "client", "http", "driver", "browser"})


def attribute_of(walk: Expressions, node: cst.Attribute, owner: Type) -> Type:
    """The type of an attribute of something whose type is known already."""
    name = node.attr.value
    match owner:
        case Query():
            return _of_query(walk, node, owner, name)
        case Imported(name=full):
            return _of_module(walk, node, full, name)
        case Entity():
            return _of_entity(walk, node, owner, name)
        case Engine() | Connection() | Session() | SessionFactory() | Select() | MetaDataValue() | Url():
            return core.attribute(walk, node, owner)
        case RawConnection() | Result():
            return core.attribute(walk, node, owner)
        case Attribute() | Expression() if name in _REFLECTION:
            return UNKNOWN
        case Attribute(entity=Entity(belief=Belief.ASSUMED)) if name in {"value", "name"}:
            return UNKNOWN  # `Status.open.value`: an Enum whose class is not in sight
        case Attribute(entity=entity):
            return Expression(frozenset({entity.name}))
        case TableValue(name=table):
            spelled = table or names.dotted(node.value) or "?"
            if name in {"c", "columns"}:
                return TableValue(spelled, collection=True)
            return Expression(frozenset({spelled}))
        case Extension():
            return extension.attribute(walk, node, owner)
        case LocalInstance() | LocalClass() | Super() | Instance():
            kind = member(walk, owner, name)
            if kind is not UNKNOWN:
                return _looked_at(walk, node, owner, kind)
            if isinstance(owner, LocalClass) and name == "query":
                return extension.query_of_class(walk, node, Entity(names.code(node.value), Belief.ASSUMED))
        case Guess():
            return UNKNOWN
        case Expression(mentions=found):
            return Expression(found)
        case Unknown() if any(held(kept := walk.functions.classes.anywhere(name))):
            return crossing.read(walk, node, kept)
        case _ if owner is not UNKNOWN:
            return UNKNOWN
    return _attribute_by_convention(walk, node, name)


def _of_query(walk: Expressions, node: cst.Attribute, owner: Query, name: str) -> Type:
    walk.site(SiteKind.METHOD, node, name, owner)
    if name == "session":
        return Session(owner.belief)
    return Select() if name == "statement" else UNKNOWN


def member(walk: Expressions, owner: Type, name: str) -> Type:
    """What an attribute of a class in sight, or of an object of one, holds."""
    classes = walk.functions.classes
    key = classes.key(owner)
    if key is None:
        return UNKNOWN
    kind = classes.member(key, name, above=isinstance(owner, Super))
    if kind is UNKNOWN and not isinstance(owner, Super):
        kind = next((k for k in classes.overriding(key, name) if isinstance(k, Function)), UNKNOWN)
    return kind


def _looked_at(walk: Expressions, node: cst.Attribute, owner: Type, kind: Type) -> Type:
    info = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    if info is not None and info.is_property and not isinstance(owner, (LocalClass, Entity)):
        return crossing.look(walk, node, info.key)
    if isinstance(kind, QueryProperty):
        return extension.query_of_class(walk, node, Entity(names.code(node.value), Belief.ASSUMED))
    return crossing.read(walk, node, kind)


def _attribute_by_convention(walk: Expressions, node: cst.Attribute, name: str) -> Type:
    base = (names.dotted(node.value) or "").rpartition(".")[2]
    if name in conventions.SESSION_ATTRIBUTES and base not in _NOT_SESSION_OWNERS:
        return Session(Belief.ASSUMED)
    if name in conventions.ENGINE_NAMES and walk.about_sqlalchemy:
        return Engine(Belief.ASSUMED)
    if names.is_class_name(name) and names.dotted(node) and not walk.mapping.is_enum(name):
        return Entity(names.dotted(node) or name, Belief.ASSUMED)
    if base in conventions.MODEL_MODULES and conventions.abbreviates(name) and walk.about_sqlalchemy:
        return Entity(names.dotted(node) or name, Belief.ASSUMED)
    if name == "metadata" and walk.about_sqlalchemy and names.is_class_name(base):
        return MetaDataValue()
    if name == "c" and walk.about_sqlalchemy and (table := names.dotted(node.value)) is not None:
        return TableValue(table, collection=True)
    return UNKNOWN


def _of_module(walk: Expressions, node: cst.Attribute, full: str, name: str) -> Type:
    package = names.root(full)
    if package in conventions.EXTENSION_MODULES:
        return walk.name_of_package(node, Imported(f"{full}.{name}"))
    if package in NOT_APPLICATION:
        return Imported(f"{full}.{name}")
    kind = _attribute_by_convention(walk, node, name)
    return kind if kind is not UNKNOWN else Imported(f"{full}.{name}")


def _of_entity(walk: Expressions, node: cst.Attribute, entity: Entity, name: str) -> Type:
    if name in {"__table__", "c"}:
        return TableValue(entity.name, is_table=name == "__table__", collection=name == "c")
    if name == "query":
        return extension.query_of_class(walk, node, entity)
    if name in conventions.SESSION_ATTRIBUTES and not walk.mapping.has_attribute(entity.mapped_name, name):
        return _attribute_by_convention(walk, node, name)
    if name == "metadata":
        return MetaDataValue()
    if name.isupper() or name == "registry" or name.startswith("__"):
        return UNKNOWN
    if entity.name not in walk.mapping and entity.alias_of is None and names.is_class_name(name):
        return Entity(f"{entity.name}.{name}", Belief.ASSUMED)
    return Attribute(entity, name)


def departs(walk: Expressions, node: cst.Name | cst.Attribute, kind: Imported) -> bool:
    """Whether a name is gone from 2.x, and not a function whose calls have a rule of their own."""
    if departed.advice(kind.name) is None or not isinstance(node, cst.Attribute):
        return False
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    return not (kind.name in departed.CALLED and isinstance(outer, cst.Call) and outer.func is node)


def session_ref(walk: Expressions, node: cst.BaseExpression, kind: Type) -> SessionRef:
    """The session that a node names, comparable with a later use."""
    path = names.dotted(node)
    if path is None and isinstance(node, cst.Call) and not node.args:
        factory = walk.types.get(id(node.func))
        path = names.dotted(node.func)
        if path and (
            (isinstance(factory, SessionFactory) and factory.scoped and factory.belief is Belief.PROVEN)
            or isinstance(factory, Session)  # `db.session()`: a scoped_session gives the same one
        ):
            return SessionRef(f"{path}()", stable=True, binding=walk.binding_of(path))
        path = None
    if path is None:
        origin = kind.origin if isinstance(kind, Session) else None
        return origin if origin is not None else SessionRef(names.code(node), stable=False)
    outer = kind.origin if isinstance(kind, Session) and _is_local(walk, path) else None
    return SessionRef(path, stable=True, binding=walk.binding_of(path), outer=outer)


def _is_local(walk: Expressions, path: str) -> bool:
    return "." not in path and path in walk.scope.names and walk.scope.kind == "function"
