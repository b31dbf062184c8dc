"""Statements that may be left on several ways: `try`, `with` and `match`. What names hold behind them covers all of them.

Nobody knows how far a block has come that raised: a name may hold whatever was bound to it on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import entering, merging, stages, transactions
from translator.model.scopes import Names
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Connection,
    Engine,
    Entered,
    Result,
    Session,
    SessionFactory,
    Transaction,
    Type,
)
from translator.syntax import blocks, names

if TYPE_CHECKING:
    from translator.model.interpret import Interpreter

_RAISING = (Session, SessionFactory, Connection, Engine, Transaction, Entered, Result)
"""Context managers that let through what is raised in them."""


def through_with(walk: Interpreter, node: cst.With) -> None:
    """`with x as y:`, of which some end what is raised inside: `suppress()`, a test's `raises()`."""
    kinds: list[Type] = []
    for item in node.items:
        kind = walk.expression(item.item)
        kinds.append(kind)
        entered = entering.entered(walk, item, kind)
        if item.asname is not None:
            walk.bind_target(item.asname.name, entered, item)
    before, mark = dict(walk.scope.names), walk.scope.mark
    walk.statements(node.body.body)
    if any(_may_suppress(item, kind) for item, kind in zip(node.items, kinds, strict=True)):
        walk.scope.names = merging.interrupted(walk, before, mark, walk.scope.names, node)
    for kind in kinds:
        transactions.over(walk, kind)


def _may_suppress(item: cst.WithItem, kind: Type) -> bool:
    opens = isinstance(item.item, cst.Call) and names.dotted(item.item.func) == "open"
    return not opens and not isinstance(kind, _RAISING)


def through_try(walk: Interpreter, node: cst.Try | cst.TryStar) -> None:
    """`try`, whose handlers may begin behind any statement of its body, and whose `finally` behind any at all."""
    before, mark = dict(walk.scope.names), walk.scope.mark
    walk.statements(node.body.body)
    if node.orelse is not None:
        walk.statements(node.orelse.body.body)
    normal = walk.scope.names
    merged = merging.interrupted(walk, before, mark, merging.broken(walk, before, dict(normal), node), node)
    result = normal
    for handler in node.handlers:
        walk.scope.names = dict(merged)
        if handler.name is not None:
            walk.bind_target(handler.name.name, PLAIN, handler)
        walk.statements(handler.body.body)
        if not blocks.leaves(handler.body.body):
            result = merging.meet(walk, result, walk.scope.names, node)
    walk.scope.names = result
    if node.finalbody is not None:
        stages.forgotten(walk)
        _finally(walk, node, node.finalbody, before, mark)


def _finally(walk: Interpreter, node: cst.Try | cst.TryStar, final: cst.Finally, before: Names, mark: int) -> None:
    """Walk a `finally`: what it reads may be of any moment; what comes behind goes on where nothing was raised."""
    normal = walk.scope.names
    read = {each.value for each in names.below(final.body) if isinstance(each, cst.Name)}
    known = {name: binding for name, binding in normal.items() if name in read}
    any_moment = normal | merging.interrupted(walk, before, mark, known, node, only=read)
    walk.scope.names = dict(any_moment)
    walk.statements(final.body.body)
    for name, binding in any_moment.items():
        if walk.scope.names.get(name) == binding and name in normal:
            walk.scope.names[name] = normal[name]


def through_match(walk: Interpreter, node: cst.Match) -> None:
    """`match`: each case may bind names by its pattern, and asks what stands behind its `if`."""
    walk.consume(node.subject, "it is matched against patterns")
    before = dict(walk.scope.names)
    result = dict(before)
    for case in node.cases:
        walk.scope.names = dict(before)
        for captured in _captured(case.pattern):
            walk.bind_target(captured, UNKNOWN, case)
        if case.guard is not None:
            walk.truth(case.guard)
        walk.statements(case.body.body)
        if not blocks.leaves(case.body.body):
            result = merging.meet(walk, result, walk.scope.names, node)
    walk.scope.names = result


def _captured(pattern: cst.MatchPattern) -> Sequence[cst.Name]:
    """The names that a pattern binds."""
    found: list[cst.Name] = []
    for each in (pattern, *names.below(pattern)):
        match each:
            case cst.MatchAs(name=cst.Name() as name) | cst.MatchStar(name=cst.Name() as name):
                found.append(name)
            case cst.MatchMapping(rest=cst.Name() as name):
                found.append(name)
    return found
