"""What annotations declare: sessions, engines, connections, objects of mapped classes. Knows nothing of their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import attributes, conventions
from translator.model.types import (
    UNKNOWN,
    Belief,
    Connection,
    Engine,
    Entity,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    Session,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_BRACKETS = re.compile(r"[|\[\],]")
_MAYBE = frozenset({"", "None", "Optional", "Union"})


def declared(walk: Expressions, node: cst.BaseExpression) -> Type:
    """The type that an annotation declares, also `Optional[X]`, `X | None` and `Annotated[X, …]`."""
    spelled = names.literal_string(node) or names.code(node)
    if spelled.isidentifier() and (binding := walk.scope.look_up(spelled)) is not None:
        if isinstance(binding.type, LocalClass):
            return LocalInstance(binding.type.key, binding.type.name)
        if isinstance(binding.type, Imported) and names.root(binding.type.name) in attributes.NOT_APPLICATION:
            return UNKNOWN
        if isinstance(binding.type, Imported) and isinstance(
            kind := attributes.of_program(walk, spelled, binding.type.name, called=True), LocalClass
        ):
            return LocalInstance(kind.key, kind.name)
    parts = [part.strip(" \"'") for part in _BRACKETS.split(spelled)]
    for part in parts:
        full = walk.imports.aliases.get(part, part)  # `from sqlalchemy.orm import Session as DBSession`
        last = (full if names.root(full) in conventions.EXTENSION_MODULES else part).rpartition(".")[2]
        if last in {"AsyncSession", "Session", "scoped_session"}:
            return Session(Belief.PROVEN, is_async=last == "AsyncSession")
        if last in {"Engine", "AsyncEngine"}:
            return Engine(Belief.PROVEN, is_async=last == "AsyncEngine")
        if last in {"Connection", "AsyncConnection"} and walk.about_sqlalchemy:
            return Connection(Belief.PROVEN, is_async=last == "AsyncConnection")
    named = [part for part in parts if part.rpartition(".")[2] not in _MAYBE]
    return _object(walk, named[0]) if len(named) == 1 else UNKNOWN


def _object(walk: Expressions, path: str) -> Type:
    """An object of a mapped class: not of `schemas.User`, which has the name of one.

    Of a class that is not in sight nothing is known but that it is mapped, where it comes from a module of such classes.
    """
    owner, _, name = path.rpartition(".")
    if owner in conventions.MODEL_MODULES and path in walk.mapping:
        return Instance(Entity(path, Belief.PROVEN))
    known = not owner and (walk.mapping.defines(name) or (name in walk.mapping and name in walk.imports.aliases))
    module = walk.imports.aliases.get(name, "").rpartition(".")[0].rpartition(".")[2]
    home = names.root(walk.imports.aliases.get(owner or name, ""))
    if name not in walk.mapping and names.is_class_name(name) and walk.says_sqlalchemy:
        foreign = home in conventions.EXTENSION_MODULES or home in attributes.NOT_APPLICATION
        return Instance(None) if {owner, module} & conventions.MODEL_MODULES and not foreign else UNKNOWN
    if not known or (not walk.mapping.defines(name) and module not in {*conventions.MODEL_MODULES, _home(walk, name)}):
        return UNKNOWN
    return Instance(Entity(name, Belief.PROVEN))


def _home(walk: Expressions, name: str) -> str:
    mapped = walk.mapping.get(name)
    return mapped.module if mapped is not None and mapped.module else "models"
