"""Functions that give back what they are given, whatever that is: `def resolve(ref): return ref`.

One caller hands over an engine, another the client of something else: each gets its own back, not the other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import lattice
from translator.model.functions import FunctionInfo
from translator.model.types import (
    UNKNOWN,
    Connectable,
    Connection,
    Engine,
    Instance,
    LocalInstance,
    NoneValue,
    Pending,
    Session,
    SessionRef,
    Type,
)

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_EXECUTORS = (Engine, Connection, Connectable, Session)
"""What stays known where it meets something unknown."""


def returned(walk: Expressions, info: FunctionInfo, value: cst.BaseExpression) -> None:
    """Note which parameters a function gives back as they are, and whether it gives executors of its own, too."""
    unspoken = {
        id(p): p.name.value for p in (*info.parameter_nodes, *info.node.params.kwonly_params) if not p.annotation
    }
    before = (info.hands_back, info.makes_executor)
    for leaf in _leaves(value):
        binding = walk.scope.look_up(leaf.value) if isinstance(leaf, cst.Name) else None
        if binding is not None and binding.bound_by in unspoken:
            info.hands_back |= {unspoken[binding.bound_by]}
        elif isinstance(walk.types.get(id(leaf), UNKNOWN), _EXECUTORS):
            info.makes_executor = True
    if (info.hands_back, info.makes_executor) != before:
        walk.functions.stir("function", info.key)


def is_of_others(info: FunctionInfo, result: Type, given: Iterable[tuple[str, Type]]) -> bool:
    """Whether the executor that a function is known to give is that of other callers: this one hands over something else."""
    if not isinstance(result, _EXECUTORS) or info.makes_executor:
        return False
    back = [kind for name, kind in given if name in info.hands_back]
    return any(not isinstance(kind, (*_EXECUTORS, NoneValue, Pending)) for kind in back)


def given(result: Type, seen: Type, outer: Callable[[SessionRef], SessionRef | None]) -> Type:
    """What a caller gets (`seen`: in its words), an object with its session in the caller's words, too, if it has some.

    `result` is what the function gives in words of its own, and `outer` writes the sessions that it was handed.
    """
    ref = result.session if isinstance(result, (Instance, LocalInstance)) else None
    if ref is None or not isinstance(seen, (Instance, LocalInstance)):
        return unsure(seen)
    return replace(seen, session=outer(ref) or replace(ref, stable=False, binding=-1))


def unsure(kind: Type) -> Type:
    """The same type, whose objects are in sessions that have other words here."""

    def lost(part: Type) -> Type:
        if not isinstance(part, (Instance, LocalInstance)) or part.session is None:
            return part
        return replace(part, session=replace(part.session, stable=False, binding=-1))

    return lattice.each(kind, lost)


def _leaves(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    match value:
        case cst.IfExp(body=one, orelse=other) | cst.BooleanOperation(left=one, right=other):
            yield from _leaves(one)
            yield from _leaves(other)
        case _:
            yield value
