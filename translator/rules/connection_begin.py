"""A Connection begins a transaction by itself at its first execution, so `begin()` must come before that.

In 1.x `begin()` inside a transaction joined it, after an execution it began one, and `begin_nested()` without a
transaction around it was a plain `begin()` that committed. In 2.0 the first two raise, and the last one is a savepoint
in a transaction that nobody commits. After a read, `get_transaction()` gives the transaction that the read has begun.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import Connection, Phase
from translator.rules import contract
from translator.rules.autocommit import commits_itself, on_the_same
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = "conn = engine.connect()\nwith conn.begin_nested():\n    conn.execute(text('DELETE FROM users'))"
AFTER = "conn = engine.connect()\nwith conn.begin():\n    conn.execute(text('DELETE FROM users'))"
ON = on_member("Connection.begin", "Connection.begin_nested", "Connection.connect", "Connection.contextual_connect")


_EXECUTES = ("Connection.execute", "Connection.scalar", "Connection.exec_driver_sql")


def rewrite(site: Site, here: Context) -> Outcome:
    """Begin what committed; flag what raises now."""
    connection = site.receiver
    assert isinstance(connection, Connection)
    if connection.is_async or not isinstance(site.node, cst.Call) or connection.phase is Phase.FUTURE:
        return None
    if site.name.endswith("connect"):
        return Decline(
            "a Connection has no connect() any more: use the connection itself, and let whoever opened it close it",
            Severity.REMOVED,
        )
    if commits_itself(site, here):
        return None
    if isinstance(site.parent, cst.BooleanOperation) and "get_transaction" in names.code(site.parent.left):
        return None
    nested = site.name.endswith("begin_nested")
    if connection.phase is Phase.READ:
        return _after_reading(site, here, connection) or _used(nested=nested)
    path = names.dotted(_owner(site.node))
    if connection.phase is Phase.IDLE and any(_reads(other) for other in on_the_same(site, here, path, *_EXECUTES)):
        return _used(nested=nested)
    if connection.phase is Phase.UNKNOWN and connection.used:
        return _used(nested=nested)
    if connection.phase is Phase.BEGUN and not nested:
        return Decline(
            "a transaction has been begun on this connection, and 2.0 refuses a second begin(), which used to join it; "
            "leave this one out, or use begin_nested() for a savepoint",
            Severity.REMOVED,
        )
    if nested and connection.phase is Phase.IDLE:
        return Rewrite(
            (edit(site, _begin),),
            "begin_nested() without a transaction around it was a plain begin() in 1.x, which commits at its end",
            Need.REQUIRED,
            Safety.SAFE if here.model.proven(connection) else Safety.REVIEW,
        )
    return None


def _reads(site: Site) -> bool:
    return not site.arguments or core.writes(site.arguments[0]) is not True


def _owner(call: cst.Call) -> cst.BaseExpression:
    return cst.ensure_type(call.func, cst.Attribute).value


def _after_reading(site: Site, here: Context, connection: Connection) -> Outcome:
    """Go on with the transaction that reading began, as 1.x did on the driver's connection."""
    call = cst.ensure_type(site.node, cst.Call)
    path = _owner(call)
    if names.dotted(path) is None or call.args:
        return None
    bare = any(
        (isinstance(node, cst.Assign) and node.value is call) or (isinstance(node, cst.WithItem) and node.item is call)
        for node in _statements(site)
    )

    def build(updated: cst.Call) -> Replacement:
        begun, begin = (cst.Call(cst.Attribute(path, cst.Name(name))) for name in ("get_transaction", "begin"))
        brackets = ([], []) if bare else ([cst.LeftParen()], [cst.RightParen()])
        return cst.BooleanOperation(begun, cst.Or(), begin, *brackets).with_changes(
            lpar=[*brackets[0], *updated.lpar], rpar=[*updated.rpar, *brackets[1]]
        )

    return Rewrite(
        (edit(site, build),),
        "reading on this connection may have begun a transaction in 2.0, and a second one can't be begun: it goes on",
        Need.REQUIRED,
        Safety.SAFE if here.model.proven(connection) else Safety.REVIEW,
    )


def _statements(site: Site) -> Iterator[cst.CSTNode]:
    """What may hold the call at a site whole: the small statements of its line, or the items of its `with`."""
    line = next((node for node in reversed(site.around) if isinstance(node, cst.BaseStatement)), None)
    if isinstance(line, cst.SimpleStatementLine):
        yield from line.body
    if isinstance(line, cst.With):
        yield from line.items


def _used(*, nested: bool) -> Decline:
    return Decline(
        "this connection was used before, which begins a transaction in 2.0, so that "
        + ("this savepoint is inside one that nobody commits; " if nested else "begin() raises; ")
        + "begin before the first execution, or call commit() first",
        Severity.REMOVED,
    )


def _begin(updated: cst.Call) -> Replacement:
    return chains.renamed(updated, "begin")
