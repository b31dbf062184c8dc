"""What a mapped class is called where it is used: the name that one function has for it says nothing in another.

`def __init__(self, model): self.model = model` keeps what a method selects from as `self.model`, not as `model`; and what
it is there may be another class in a subclass or for another caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import libcst as cst

from translator.model.lattice import each, shared
from translator.model.types import Attribute, Belief, Entity, Expression, SomeEntity, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo


def here(walk: Expressions, node: cst.BaseExpression, kind: Entity | Attribute) -> Type:
    """A class or an attribute of one, by names that can be used where an expression stands."""
    root = names.root(kind.name if isinstance(kind, Entity) else kind.entity.name)
    if root not in walk.unit.local_names or names.root(names.dotted(node) or "") == root:
        return kind
    return kind if walk.scope.look_up(root) is not None else _by_path(node, kind)


def read(walk: Expressions, node: cst.Attribute, kind: Type) -> Type:
    """What an object or a class keeps in an attribute: any class, by what it is called there."""
    path = names.dotted(node) or ""
    if not isinstance(kind, Entity) or kind.name == path or path in walk.mapping:
        return kind
    return _by_path(node, kind)


def given(walk: Expressions, info: FunctionInfo, name: str, kind: Type) -> Type:
    """What a function is called with as a parameter, which is another one's name for it."""
    kind = kind if info.callers_in_sight else shared(kind)
    if isinstance(kind, Entity) and _is_local(walk, kind):
        return Entity(name, Belief.ASSUMED, kind.alias_of)
    return each(kind, lambda part: _unnamed(part) if _is_local(walk, part) else part)


class Given(Protocol):
    """What a function is called with, by its path in the caller's words."""

    @property
    def path(self) -> str | None: ...


def returned(info: FunctionInfo, kind: Type, given: Mapping[str, Given]) -> Type:
    """What a function gives, by the caller's names for what it was called with."""

    def renamed(part: Type) -> Type:
        root, dot, rest = _name(part).partition(".")
        if root not in info.local_names:
            return part
        path = given[root].path if root in given else None
        return (
            Entity(f"{path}{dot}{rest}", part.belief, part.alias_of)
            if path and isinstance(part, Entity)
            else _unnamed(part)
        )

    return each(kind, renamed)


def again(node: cst.BaseExpression) -> str | None:
    """How one of several classes is named once more; None where a call gives it, which may give another alias then."""
    return None if isinstance(node, cst.Call) else names.code(node)


def _name(kind: Type) -> str:
    match kind:
        case Entity(name=name) | Attribute(entity=Entity(name=name)):
            return name
    return ""


def _is_local(walk: Expressions, kind: Type) -> bool:
    return names.root(_name(kind)) in walk.scope.ever and walk.scope.kind != "module"


def _by_path(node: cst.BaseExpression, kind: Entity | Attribute) -> Type:
    path = names.dotted(node)
    if isinstance(kind, Entity) and path is not None:
        return Entity(path, Belief.ASSUMED, kind.alias_of)
    return _unnamed(kind)


def _unnamed(kind: Type) -> Type:
    """The same, which can't be named but by the expression that gives it."""
    match kind:
        case Entity(belief=belief):
            return SomeEntity(belief)
        case Attribute(entity=entity):
            return Expression(frozenset({entity.name}))
    return kind
