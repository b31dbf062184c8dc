"""`Connection.execute()` takes one statement and one parameter argument, and does not commit.

1.x also took strings, keyword parameters and several sets of parameters, and committed INSERT, UPDATE, DELETE and DDL by
itself where no transaction had been begun. A string whose values stand beside it becomes `text()` with named parameters;
any other goes to `exec_driver_sql()`, which hands it to the driver as 1.x did. A write outside a transaction is followed
by `commit()`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model import core
from translator.model.sites import Site, SiteKind
from translator.model.types import Connection, Phase, Select, TableValue
from translator.rules import composed_sql, contract, executions
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import blocks, names

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
ON = on_member("Connection.execute", "Connection.scalar", "Connection.exec_driver_sql")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the arguments as 2.0 takes them, and commit what 1.x committed."""
    connection = site.receiver
    if not isinstance(connection, Connection) or not isinstance(site.node, cst.Call) or connection.is_async:
        return None
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
    if not found.changes and not insertions and not remarks and not nested:
        return None
    scalar = site.name.endswith("scalar")
    proven = here.model.proven(connection) and found.safety is Safety.SAFE
    edits = (edit(site, executions.handed(found, site.node, here, scalar=scalar)),) if found.changes else ()
    if nested:
        edits = (*edits, edit(site, _unnested))
    return Rewrite(
        edits,
        "a subquery is no statement in 2.0" if nested else _reason(found, committed is not None),
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


def _reason(found: executions.Plan, commits: bool) -> str:
    said = []
    if found.string:
        said.append("a string goes to the driver by exec_driver_sql(), as 1.x handed it over")
    elif found.changes:
        said.append("2.0 takes one parameter argument: a dict, or a list of dicts")
    if commits:
        said.append("1.x committed this write by itself, 2.0 does not")
    return "; ".join(said)


def _commit(site: Site, here: Context, connection: Connection) -> Insertion | Decline | None:
    """The commit that 1.x made; a Decline where that can't be told or put anywhere."""
    does = True if connection.autocommit else (core.writes(site.arguments[0]) if site.arguments else None)
    return committed_after(site, here, connection, names.dotted(_base(cst.ensure_type(site.node, cst.Call))), does=does)


def committed_after(
    site: Site, here: Context, connection: Connection, path: str | None, *, does: bool | None
) -> Insertion | Decline | None:
    """The commit after the statement at a site, which runs on the connection of that name."""
    if does is False or connection.phase in {Phase.BEGUN, Phase.FUTURE} or commits_itself(site, here, path):
        return None
    if connection.phase is Phase.UNKNOWN:
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


def _base(call: cst.Call) -> cst.BaseExpression:
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


def _spelled(site: Site) -> str:
    node = site.node
    return names.code(_base(node)) if isinstance(node, cst.Call) else ""


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
