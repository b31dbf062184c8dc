"""Listeners of `engine_connect` that execute: 2.0 begins a transaction then, which the first `begin()` finds. No rule itself.

SQLAlchemy's own recipe of 1.x did so, to see whether a connection is alive: `connection.scalar(select([1]))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from translator.edits import Edit
from translator.findings import Need, Severity
from translator.rules.contract import Decline, Rewrite
from translator.syntax import names

_EXECUTING = frozenset({"execute", "scalar", "scalars", "exec_driver_sql"})
_FETCHING = frozenset({"scalar", "fetchone", "fetchall", "first", "all", "one", "scalar_one"})
_CAUSE = "what a listener of engine_connect executes begins a transaction in 2.0, so that engine.begin() raises"
UNSEEN = Decline(f"{_CAUSE}; if it executes, let it do so inside `with connection.begin():`", Severity.NOTE)
"""What to say of a listener that is not in sight."""
_ELSEWHERE = Decline(f"{_CAUSE}; execute inside `with {{}}.begin():`, and read the result there", Severity.REMOVED)

Around = tuple[cst.CSTNode, ...]


def wrapped(function: cst.FunctionDef, around: tuple[int, ...]) -> Rewrite | Decline | None:
    """Put what a listener executes into a transaction of its own."""
    params = [*function.params.posonly_params, *function.params.params]
    own = [param.name.value for param in params if param.name.value not in {"self", "cls"}]
    edits: list[Edit] = []
    for line, above in _executing(function.body, own[0] if own else "", (function,)):
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
        if small is None or not _read(small):
            return Decline(_ELSEWHERE.cause.format(own[0]), Severity.REMOVED)
        edits.append(Edit(line, (*around, *map(id, above)), _in_transaction(own[0])))
    return Rewrite(tuple(edits), _CAUSE, Need.REQUIRED) if edits else None


def _executing(node: cst.CSTNode, name: str, above: Around) -> Iterator[tuple[cst.CSTNode, Around]]:
    """The lines, or the heads of compound statements, that execute outside a transaction, with what is around them."""
    for child in node.children:
        if isinstance(child, (cst.FunctionDef, cst.ClassDef)):
            continue
        if isinstance(child, cst.With) and any(".begin" in names.code(item.item) for item in child.items):
            continue
        inside = (*above, node)
        if isinstance(child, (cst.BaseCompoundStatement, cst.BaseSuite, cst.Else, cst.Finally, cst.ExceptHandler)):
            yield from _executing(child, name, inside)
        elif any(_executes(inner, name) for inner in names.below(child)):
            yield (child if isinstance(child, cst.BaseStatement) else node), inside


def _executes(node: cst.CSTNode, name: str) -> bool:
    match node:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=method))):
            return owner == name and method in _EXECUTING
    return False


def _read(small: cst.BaseSmallStatement) -> bool:
    """Whether nothing of the result is left after the statement."""
    if isinstance(small, cst.Expr):
        return True
    value = small.value if isinstance(small, (cst.Assign, cst.Return)) else None
    called = value.func if isinstance(value, cst.Call) else None
    return isinstance(called, cst.Attribute) and called.attr.value in _FETCHING


def _in_transaction(name: str) -> Callable[[cst.CSTNode], cst.With]:
    begun = cst.Call(cst.Attribute(cst.Name(name), cst.Name("begin")))

    def build(node: cst.CSTNode) -> cst.With:
        line = cst.ensure_type(node, cst.SimpleStatementLine)
        body = cst.IndentedBlock([line.with_changes(leading_lines=())])
        return cst.With([cst.WithItem(begun)], body, leading_lines=line.leading_lines)

    return build
