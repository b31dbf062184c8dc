"""What 1.x committed by itself: a write on a connection on which no transaction was begun. No rule itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from translator.edits import Insertion
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site, SiteKind
from translator.model.types import Connection, Phase
from translator.rules.contract import Context, Decline, Rewrite
from translator.syntax import blocks, names

BEGINS = ("Connection.begin", "Connection.begin_nested")
"""What begins a transaction."""
_ALEMBIC_WRITES = re.compile(r"\.stamp\(|\brun_migrations\(|\bOperations\b")
_ALEMBIC_READS = re.compile(r"\bget_current_(revision|heads)\(|\b(compare_metadata|produce_migrations)\(")


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


def handed(site: Site, here: Context) -> Rewrite | Decline | None:
    """What to do where a connection is handed to code of another package, which may write on it."""
    connection, call = site.receiver, site.node
    if not isinstance(connection, Connection) or not isinstance(call, cst.Call) or connection.is_async:
        return None
    given = next(arg.value for arg in call.args if here.model.type_of(arg.value) == connection)
    called = names.code(call.func)
    if called.endswith("to_sql"):
        found = committed_after(site, here, connection, names.dotted(given), does=True)
        if not isinstance(found, Insertion):
            return found
        safety = Safety.SAFE if here.model.proven(connection) else Safety.REVIEW
        reason = "1.x committed what to_sql() writes by itself, 2.0 does not"
        return Rewrite((), reason, Need.REQUIRED, safety, insertions=(found,))
    if connection.phase not in {Phase.IDLE, Phase.READ} or commits_itself(site, here, names.dotted(given)):
        return None
    if called.endswith("MigrationContext.configure"):
        return _migrating(site, here)
    return Decline(
        f"`{called}()`, which is not in sight, is handed a connection outside a transaction: what it writes there 1.x "
        "committed by itself and 2.0 rolls back; if it writes, take the connection from engine.begin()",
        Severity.NOTE,
    )


def _migrating(site: Site, here: Context) -> Decline | None:
    """Alembic's own begin_transaction() commits, what it reads needs no commit: anything else is lost."""
    function = _function(site)
    text = names.code(function) if function is not None else here.model.text
    reads = function is None or _ALEMBIC_READS.search(text) or _ALEMBIC_WRITES.search(here.model.text) is None
    if (_ALEMBIC_WRITES.search(text) is None and reads) or "begin_transaction(" in text:
        return None
    return Decline(
        "1.x committed by itself what Alembic writes on this connection, the version among it, and 2.0 rolls it back: "
        "`with engine.begin() as conn:` around it, and hand MigrationContext.configure() that `conn`",
        Severity.REMOVED,
    )


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
