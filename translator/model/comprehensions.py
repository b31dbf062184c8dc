"""Comprehensions, generators and `:=`: which names they bind where, and what is read in them only later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import merging
from translator.model.lattice import held, join
from translator.model.scopes import Scope
from translator.model.types import Keyed, Many, Query, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def comprehension(walk: Expressions, node: cst.BaseComp) -> Type:
    """A list, set or dict that is put together, or a generator, of what it gives."""
    outer = walk.scope
    walk.scope = Scope("comprehension", outer)
    kind = walk.iterated(node.for_in.iter, "comprehension")
    walk.scope.late = isinstance(node, cst.GeneratorExp) and not _is_used_up(walk, node)
    around = _home(outer)
    walk.bind_target(node.for_in.target, kind, node.for_in)
    with merging.perhaps(walk, around):
        of = _each(walk, node)
    walk.scope = outer
    return of


def _each(walk: Expressions, node: cst.BaseComp) -> Type:
    clause: cst.CompFor | None = node.for_in
    while clause is not None:
        for condition in clause.ifs:
            walk.truth(condition.test)
        clause = clause.inner_for_in
        if clause is not None:
            kind = walk.iterated(clause.iter, "comprehension")
            walk.bind_target(clause.target, kind, clause)
    if isinstance(node, cst.DictComp):
        walk.consume(node.key, "it is the key of a dict")
        return Keyed(walk.expression(node.value))
    return Many(walk.expression(node.elt))  # type: ignore[attr-defined]


def _is_used_up(walk: Expressions, node: cst.GeneratorExp) -> bool:
    """Whether a generator is an argument: `any(…)`, which walks it at once, as most do."""
    around = walk.path[-2] if len(walk.path) > 1 else None
    return isinstance(around, cst.Call) and around.func is not node


def _home(scope: Scope) -> Scope:
    """The scope whose names `:=` binds there: a comprehension binds nothing but what it walks."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def named(walk: Expressions, node: cst.NamedExpr) -> Type:
    """`name := value`"""
    kind = walk.expression(node.value)
    if isinstance(node.target, cst.Name):
        inner, walk.scope = walk.scope, _home(walk.scope)
        walk.bind(node.target.value, kind, id(node))
        walk.scope = inner
    return kind


def rebound(walk: Expressions, name: str, kind: Type) -> None:
    """Leave the queries of a name that gets another one after a lambda or a generator has read it, and may yet run."""
    read = walk.scope.read_late.get(name)
    if read is None or not (any(held(read.type)) or any(held(kind))) or _as_good(read.type, kind):
        return
    reason = f"a lambda or a generator reads `{name}`, and may run when that holds something else"
    for each in (read.type, kind):
        walk.lose(each, walk.path[-1], reason)


def _as_good(read: Type, kind: Type) -> bool:
    """Whether what was written for one query is right for the other."""
    return isinstance(read, Query) and isinstance(kind, Query) and join(read, kind) == read
