"""Whether the value that a name holds at one place of a function may still be read: else it is of no concern what it is.

Looks at syntax alone, and takes a name for read wherever it can't tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import libcst as cst

from translator.syntax import blocks, names


class _Fate(Enum):
    """What becomes of a value while some statements run."""

    READ = 1
    """It may be read."""
    GONE = 2
    """It is certainly replaced, or the function left, before it could be."""
    KEPT = 3
    """Neither."""


_INNER = (cst.FunctionDef, cst.Lambda, cst.ClassDef)
_LOOPS = (cst.For, cst.While)
_TRIES = (cst.Try, cst.TryStar)
_CATCHING = (*_TRIES, cst.With)
"""What may go on behind its end though something in it has not run."""
_JUMPS = (cst.Break, cst.Continue)
_SEEING = frozenset({"locals", "vars", "eval", "exec"})


def is_dead(name: str, path: Sequence[cst.CSTNode]) -> bool:
    """Whether nobody reads what a name of a function holds where several ways meet behind a statement.

    `path` is what stands around, outermost first, and ends with that statement. Behind a loop stands its next turn, too,
    and behind a `try` its handlers.
    """
    inner = max((i for i, node in enumerate(path) if isinstance(node, (*_INNER, cst.Module))), default=-1)
    function = path[inner] if inner >= 0 else None
    if not isinstance(function, cst.FunctionDef) or _is_seen_elsewhere(name, function):
        return False
    around = [node for node in path[inner:] if isinstance(node, cst.BaseCompoundStatement)]
    for at in reversed(range(len(around))):
        parent = around[at]
        if at + 1 < len(around):
            fate = _through(name, _following(parent, around[at + 1]))
            caught = any(isinstance(node, _CATCHING) for node in around[: at + 1])
            if fate is _Fate.READ or (fate is _Fate.GONE and not caught):
                return fate is _Fate.GONE
        if isinstance(parent, _LOOPS) and _of(name, parent) is _Fate.READ:
            return False
        if isinstance(parent, _TRIES) and _is_named(name, *parent.handlers, parent.orelse, parent.finalbody):
            return False
    return True


def _is_seen_elsewhere(name: str, function: cst.FunctionDef) -> bool:
    """Whether a function inside, or what sees all names at once, may read it at any time."""
    for node in names.below(function.body):
        if isinstance(node, cst.Name) and node.value in _SEEING:
            return True
        if isinstance(node, (cst.Global, cst.Nonlocal)) and any(item.name.value == name for item in node.names):
            return True
        if isinstance(node, _INNER) and _is_named(name, node):
            return True
    return False


def _following(parent: cst.CSTNode, child: cst.CSTNode) -> Sequence[cst.CSTNode]:
    block = blocks.siblings(parent, child)
    return block[next((at + 1 for at, statement in enumerate(block) if statement is child), 0) :]


def _through(name: str, statements: Sequence[cst.CSTNode]) -> _Fate:
    """What becomes of a value while statements run one after another."""
    for statement in statements:
        fate = _of(name, statement)
        if fate is not _Fate.KEPT:
            return fate
    return _Fate.KEPT


def _of(name: str, node: cst.CSTNode) -> _Fate:
    match node:
        case cst.SimpleStatementLine(body=body) | cst.SimpleStatementSuite(body=body) | cst.IndentedBlock(body=body):
            return _through(name, body)
        case cst.Assign(targets=targets, value=value):
            others = [target.target for target in targets if not _is(name, target.target)]
            return _replaced(name, value, *others, replaced=len(others) < len(targets))
        case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
            return _replaced(name, value, replaced=_is(name, target))
        case cst.Return() | cst.Raise():
            return _Fate.READ if _is_named(name, node) else _Fate.GONE
        case cst.If(test=test, body=body, orelse=orelse):
            return _Fate.READ if _is_named(name, test) else _either(_of(name, body), _else(name, orelse))
        case cst.Else(body=body):
            return _of(name, body)
        case cst.For(target=target, iter=walked, body=body, orelse=orelse):
            turn = _Fate.KEPT if _is(name, target) else _of(name, body)
            read = _is_named(name, walked) or (not _is(name, target) and _is_named(name, target))
            return _Fate.READ if read or _Fate.READ in {turn, _else(name, orelse)} else _Fate.KEPT
        case cst.While(test=test, body=body, orelse=orelse):
            read = _is_named(name, test) or _Fate.READ in {_of(name, body), _else(name, orelse)}
            return _Fate.READ if read else _Fate.KEPT
        case cst.With(items=items, body=body):
            read = _is_named(name, *items) or _of(name, body) is _Fate.READ
            return _Fate.READ if read else _Fate.KEPT
    jumps = any(isinstance(inner, _JUMPS) for inner in names.below(node))  # over what follows here
    return _Fate.READ if jumps or _is_named(name, node) else _Fate.KEPT


def _replaced(name: str, *read: cst.CSTNode, replaced: bool) -> _Fate:
    if _is_named(name, *read):
        return _Fate.READ
    return _Fate.GONE if replaced else _Fate.KEPT


def _else(name: str, node: cst.CSTNode | None) -> _Fate:
    return _of(name, node) if node is not None else _Fate.KEPT


def _either(left: _Fate, right: _Fate) -> _Fate:
    if _Fate.READ in {left, right}:
        return _Fate.READ
    return left if left is right else _Fate.KEPT


def _is(name: str, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _is_named(name: str, *nodes: cst.CSTNode | None) -> bool:
    """Whether a name stands anywhere in some nodes, be it as an attribute."""
    return any(_is(name, node) for top in nodes if top is not None for node in names.below(top))
