"""A write on something that is not in sight is flagged, and so is SQL in a string: 1.x committed it by itself.

2.0 commits nothing by itself, and an Engine has no `execute()` any more. On a Session nothing changes. A string is what
only a driver's cursor takes.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import Connectable, Type
from translator.rules import contract, executions
from translator.rules.contract import Context, Decline, Outcome, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = "def add(store, rows):\n    store.execute(insert(users, rows))"
AFTER = "def add(store, rows):\n    store.execute(insert(users).values(rows))"
ON = on_member("Executor.execute", "Executor.string")


def rewrite(site: Site, here: Context) -> Outcome:
    """Flag what writes, and parameters that 2.0 takes in another form."""
    call = cst.ensure_type(site.node, cst.Call)
    path = names.code(cst.ensure_type(call.func, cst.Attribute).value).strip()
    if site.name == "Executor.string":
        return _string(call, path, site.arguments[0])
    found = executions.plan(call, site.arguments)
    if isinstance(found, Decline) or found.changes:
        return Decline(
            f"it can't be told what `{path}` is: 2.0 takes one parameter argument, a dict or a list of dicts",
            Severity.REMOVED,
        )
    writes = core.writes(site.arguments[0])
    if isinstance(site.receiver, Connectable) and writes is not True:
        return Decline(
            f"`{path}` may be an Engine or a Connection: execute() of an Engine is gone from 2.0; ask for one of them, and open "
            "`with engine.connect() as conn:` where it is the other"
        )
    if writes is not True:
        return None
    return Decline(
        f"it can't be told what `{path}` is: a Connection committed this write by itself in 1.x, so that commit() must "
        "follow unless a transaction has been begun; an Engine has no execute(): `with engine.begin() as conn:`; on a "
        "Session nothing changes"
    )


def _string(call: cst.Call, path: str, kind: Type) -> Decline:
    """SQL in a string: a driver's cursor takes it as before, nothing of SQLAlchemy does."""
    lost = (
        "; 1.x committed such a write by itself on an Engine or a Connection, 2.0 doesn't" if core.writes(kind) else ""
    )
    said = (
        f"it can't be told what `{path}` is: a string is executed by a driver's cursor only; a Connection or a Session of 2.0 "
        f"takes text(…) and one parameter argument, a dict or a list of dicts, and an Engine has no execute(){lost}"
    )
    named = any(arg.keyword is not None or arg.star == "**" for arg in call.args)
    return Decline(said, Severity.REMOVED if named else Severity.LEGACY)
