"""What 1.x rolled back by itself when an execution failed outside a transaction. Shared by rules; no rule itself.

After an error 1.x rolled back where no transaction had been begun, and the connection was as new. In 2.0 the transaction
that the execution began goes on; PostgreSQL refuses everything in it until it is rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Insertion
from translator.model.sites import Site
from translator.rules.contract import Context, Decline
from translator.syntax import blocks, names


def rollbacks(site: Site, here: Context, path: str) -> tuple[tuple[Insertion, ...], tuple[Decline, ...]]:
    """A `rollback()` in each handler around an execution on the connection of that name, where it is used afterwards.

    A remark takes its place where a handler has no room for it.
    """
    at = max((n for n, node in enumerate(site.around) if isinstance(node, cst.FunctionDef)), default=-1)
    around = site.around[at + 1 :]
    tries = [n for n, node in enumerate(around) if isinstance(node, cst.Try) and _tried(node, around[n + 1 :])]
    if not tries:
        return (), ()
    found = cst.ensure_type(around[tries[-1]], cst.Try)
    if any(_opens(node, path) for node in around[tries[-1] + 1 :]):
        return (), ()  # `with engine.connect() as conn:` inside has closed it, or never had it, when a handler begins
    scope = site.around[at] if at >= 0 else here.model.tree
    outside = around[: tries[-1]]
    later = (
        "." in path or any(isinstance(node, (cst.For, cst.While)) for node in outside) or _goes_on(scope, found, path)
    )
    outer = tuple(map(id, site.around[: at + 1 + tries[-1]]))
    insertions: list[Insertion] = []
    remarks: list[Decline] = []
    for handler in found.handlers:
        body = handler.body
        if not _concerns(handler) or not (_mentions(handler, path) or (later and not blocks.leaves(body.body))):
            continue
        if isinstance(body, cst.IndentedBlock):
            entered = (*outer, id(found), id(handler))
            insertions.append(Insertion(body.body[0], entered, f"{path}.rollback()", before=True))
        else:
            remarks.append(
                Decline(
                    "after an error 1.x rolled back by itself, 2.0 does not: give the handler lines of its own and call "
                    f"{path}.rollback() in it"
                )
            )
    return tuple(insertions), tuple(remarks)


def _opens(node: cst.CSTNode, path: str) -> bool:
    """Whether a block takes the connection of that name, and closes it."""
    items = node.items if isinstance(node, cst.With) else ()
    return any(item.asname is not None and names.dotted(item.asname.name) == path for item in items)


def _tried(node: cst.Try, inner: Sequence[cst.CSTNode]) -> bool:
    return bool(inner) and any(line is inner[0] for line in node.body.body)


_OTHERS = frozenset({"KeyError", "ValueError", "TypeError", "AttributeError", "IndexError", "ImportError", "OSError"})


def _concerns(handler: cst.ExceptHandler) -> bool:
    """Whether a handler may catch what a database raises."""
    last = (names.dotted(handler.type) or "").rpartition(".")[2] if handler.type is not None else ""
    return last not in _OTHERS


def _goes_on(scope: cst.CSTNode, tried: cst.Try, path: str) -> bool:
    """Whether a connection is used after a statement, or others have it who may use it."""
    if isinstance(scope, cst.FunctionDef) and any(param.name.value == path for param in scope.params.params):
        return True
    passed = False
    inside = {id(node) for node in names.below(tried)}
    for node in names.below(scope):
        passed = passed or node is tried
        if passed and id(node) not in inside and _uses(node, path):
            return True
    return False


def _mentions(node: cst.CSTNode, path: str) -> bool:
    """Whether something in a node uses the connection of that name, but to close it."""
    return any(_uses(inner, path) for inner in names.below(node))


def _uses(node: cst.CSTNode, path: str) -> bool:
    """Whether a node does something with it: `conn.execute`, or `conn` as an argument."""
    if isinstance(node, cst.Attribute):
        return names.dotted(node.value) == path and node.attr.value not in {"close", "closed"}
    return isinstance(node, (cst.Arg, cst.Return)) and node.value is not None and names.dotted(node.value) == path
