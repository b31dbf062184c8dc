"""What 1.x committed by itself: a write on a connection on which no transaction was begun. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Insertion
from translator.findings import Severity
from translator.model.sites import Site, SiteKind
from translator.model.types import Connection, Phase
from translator.rules.contract import Context, Decline
from translator.syntax import blocks, names

BEGINS = ("Connection.begin", "Connection.begin_nested")
"""What begins a transaction."""


def committed_after(
    site: Site, here: Context, connection: Connection, path: str | None, *, does: bool | None
) -> Insertion | Decline | None:
    """The commit after the statement at a site, which runs on the connection of that name."""
    if does is False or connection.phase in {Phase.BEGUN, Phase.FUTURE} or commits_itself(site, here, path):
        return None
    if connection.phase is Phase.UNKNOWN or (does and any(on_the_same(site, here, path, *BEGINS))):
        return _ambient() if does else None
    if does is None:
        return Decline(
            "it can't be told whether this writes: 1.x committed writes outside a transaction by itself, 2.0 rolls them "
            "back when the connection is closed; if it writes, call commit() after it"
        )
    line = next((node for node in reversed(site.around) if isinstance(node, cst.BaseStatement)), None)
    if path is None or not isinstance(line, cst.SimpleStatementLine) or isinstance(line.body[-1], cst.Return):
        return _nowhere()
    at = site.around.index(line)
    if any(isinstance(node, (cst.Lambda, cst.BaseComp)) for node in site.around[at:]):
        return _nowhere()
    if not blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree):
        return _nowhere()
    if "returning" in names.code(line).lower():
        return _nowhere()
    return Insertion(line, tuple(map(id, site.around[:at])), f"{path}.commit()")


def connection_of(call: cst.Call) -> cst.BaseExpression:
    """The connection under `conn.execution_options(…).execute(…)`."""
    node = cst.ensure_type(call.func, cst.Attribute).value
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    return node


def commits_itself(site: Site, here: Context, path: str | None = None) -> bool:
    """Whether the text commits on this connection, which only a connection of 2.0 style lets it do."""
    mine = path or _spelled(site)
    function = _function(site)
    return any(
        other.kind is SiteKind.MEMBER
        and other.name in {"Connection.commit", "Connection.rollback"}
        and _function(other) is function
        and _spelled(other) == mine
        for other in here.model.members("Connection.commit", "Connection.rollback")
    )


def on_the_same(site: Site, here: Context, path: str | None, *members: str) -> Iterator[Site]:
    """What other functions do with a connection that this one has from around it: a global, or a name of a closure."""
    scope = here.model.scopes.binder(path, site.around) if path is not None and "." not in path else None
    for other in here.model.members(*members) if scope is not None else ():
        apart = _function(other) is not _function(site)
        if apart and _spelled(other) == path and here.model.scopes.binder(path or "", other.around) is scope:
            yield other


def _spelled(site: Site) -> str:
    node = site.node
    return names.code(connection_of(node)) if isinstance(node, cst.Call) else ""


def _function(site: Site) -> cst.CSTNode | None:
    return next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)


def _ambient() -> Decline:
    return Decline(
        "1.x committed this write by itself unless a transaction had been begun; 2.0 never does: whoever makes this "
        "connection must take it from engine.begin(), or commit() must follow"
    )


def _nowhere() -> Decline:
    return Decline(
        "1.x committed this write by itself, 2.0 does not, and there is no place for a commit() right after it; "
        "keep the result in a variable, call commit(), then use it",
        Severity.REMOVED,
    )
