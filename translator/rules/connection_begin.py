"""A Connection begins a transaction by itself at its first execution, so `begin()` must come before that.

In 1.x `begin()` inside a transaction joined it, after an execution it began one, and `begin_nested()` without a
transaction around it was a plain `begin()` that committed. In 2.0 the first two raise, and the last one is a savepoint
in a transaction that nobody commits.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Connection, Phase
from translator.rules import contract
from translator.rules.connection_execute import commits_itself
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = "conn = engine.connect()\nwith conn.begin_nested():\n    conn.execute(text('DELETE FROM users'))"
AFTER = "conn = engine.connect()\nwith conn.begin():\n    conn.execute(text('DELETE FROM users'))"
ON = on_member("Connection.begin", "Connection.begin_nested", "Connection.connect", "Connection.contextual_connect")


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
    nested = site.name.endswith("begin_nested")
    if connection.phase is Phase.READ:
        return Decline(
            "this connection was used before, which begins a transaction in 2.0, so that "
            + ("this savepoint is inside one that nobody commits; " if nested else "begin() raises; ")
            + "begin before the first execution, or call rollback() first",
            Severity.REMOVED,
        )
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


def _begin(updated: cst.Call) -> Replacement:
    return chains.renamed(updated, "begin")
