"""`Connection.execute()` takes one statement and one parameter argument, and does not commit.

1.x also took strings, keyword parameters and several sets of parameters, and committed INSERT, UPDATE, DELETE and DDL by
itself where no transaction had been begun. A string whose values stand beside it becomes `text()` with named parameters;
any other goes to `exec_driver_sql()`, which hands it to the driver as 1.x did. A write outside a transaction is followed
by `commit()`, also where pandas does it, `frame.to_sql("users", conn)`; that Alembic or another package may write on a
connection outside a transaction is told.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import Connection, Phase, Select, TableValue
from translator.rules import autocommit, composed_sql, contract, executions, failed_executions
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = (
    "conn = engine.connect()\n"
    "conn.execute('INSERT INTO users (name) VALUES (?)', ('ada',))\n"
    "n = conn.execute('SELECT count(*) FROM users').scalar()\n"
    "conn.close()"
)
AFTER = (
    "conn = engine.connect()\n"
    "conn.execute(text('INSERT INTO users (name) VALUES (:name)'), {\"name\": 'ada'})\n"
    "conn.commit()\n"
    "n = conn.exec_driver_sql('SELECT count(*) FROM users').scalar()\n"
    "conn.close()"
)
ON = on_member("Connection.execute", "Connection.scalar", "Connection.exec_driver_sql", "Connection.handed")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the arguments as 2.0 takes them, and commit what 1.x committed."""
    connection = site.receiver
    if not isinstance(connection, Connection) or not isinstance(site.node, cst.Call) or connection.is_async:
        return None
    if site.name.endswith("handed"):
        return autocommit.handed(site, here)
    if site.name.endswith("exec_driver_sql"):
        found: executions.Plan | Decline = executions.Plan(False, executions.Shape.KEEP)
    else:
        found = executions.plan(site.node, site.arguments)
    if isinstance(found, Decline):
        return found
    nested = bool(site.arguments) and isinstance(site.arguments[0], TableValue) and not site.arguments[0].is_table
    if nested and not _unnests(site.node, here):
        return Decline("a subquery or an alias is no statement: execute select(subquery)", Severity.REMOVED)
    committed = _commit(site, here, connection)
    remarks = (*composed_sql.remarks(site.node, site.arguments), *_empty(site.node))
    insertions: tuple[Insertion, ...] = ()
    if isinstance(committed, Decline):
        if not found.changes:
            return committed
        remarks = (*remarks, committed)
    elif committed is not None:
        insertions = (committed,)
    restored, unrestored = _restored(site, here, connection)
    insertions, remarks = (*insertions, *restored), (*remarks, *unrestored)
    if not found.changes and not insertions and not remarks and not nested:
        return None
    scalar = site.name.endswith("scalar")
    proven = here.model.proven(connection) and found.safety is Safety.SAFE
    edits = (edit(site, executions.handed(found, site.node, here, scalar=scalar)),) if found.changes else ()
    if nested:
        edits = (*edits, edit(site, _unnested))
    return Rewrite(
        edits,
        "a subquery is no statement in 2.0" if nested else _reason(found, committed is not None, bool(insertions)),
        Need.REQUIRED,
        Safety.SAFE if proven else Safety.REVIEW,
        insertions=insertions,
        remarks=remarks,
    )


def _unnests(call: cst.Call, here: Context) -> bool:
    """Whether what is executed is a statement made a subquery right there: `conn.execute(stmt.subquery())`."""
    inner = call.args[0].value
    if not isinstance(inner, cst.Call) or not isinstance(inner.func, cst.Attribute):
        return False
    return inner.func.attr.value in {"subquery", "alias"} and isinstance(here.model.type_of(inner.func.value), Select)


def _unnested(updated: cst.Call) -> Replacement:
    first = updated.args[0]
    inner = cst.ensure_type(cst.ensure_type(first.value, cst.Call).func, cst.Attribute).value
    return updated.with_changes(args=[first.with_changes(value=inner), *updated.args[1:]])


def _empty(call: cst.Call) -> tuple[Decline, ...]:
    """A remark where no parameters are given as an empty list."""
    if len(call.args) < 2 or names.code(call.args[1].value) not in {"[]", "()"}:
        return ()
    return (
        Decline(
            "an empty list of parameters means one execution with none, so that an INSERT adds a row of defaults; 2.1 "
            "deprecates it: guard it with `if rows:`"
        ),
    )


def _reason(found: executions.Plan, commits: bool, restores: bool) -> str:
    said = []
    if found.string:
        said.append("a string goes to the driver by exec_driver_sql(), as 1.x handed it over")
    elif found.changes:
        said.append("2.0 takes one parameter argument: a dict, or a list of dicts")
    if commits:
        said.append("1.x committed this write by itself, 2.0 does not")
    if restores and not commits:
        said.append("1.x rolled back by itself after an error, 2.0 does not")
    return "; ".join(said)


def _commit(site: Site, here: Context, connection: Connection) -> Insertion | Decline | None:
    """The commit that 1.x made; a Decline where that can't be told or put anywhere."""
    does = True if connection.autocommit else (core.writes(site.arguments[0]) if site.arguments else None)
    return autocommit.committed_after(site, here, connection, _path(site), does=does)


def _restored(site: Site, here: Context, connection: Connection) -> tuple[tuple[Insertion, ...], tuple[Decline, ...]]:
    """What 1.x rolled back in handlers around a failed execution, where no transaction had been begun."""
    path = _path(site)
    if path is None or connection.phase not in {Phase.IDLE, Phase.READ} or autocommit.commits_itself(site, here):
        return (), ()
    if any(autocommit.on_the_same(site, here, path, *autocommit.BEGINS)):
        return (), ()
    return failed_executions.rollbacks(site, here, path)


def _path(site: Site) -> str | None:
    """The connection as the text spells it."""
    return names.dotted(autocommit.connection_of(cst.ensure_type(site.node, cst.Call)))
