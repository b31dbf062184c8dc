"""`execute` of an engine, a connection or a session that is handed on or called under another name is flagged.

`run = engine.execute` is gone from 2.0 with the method. Under another name a connection's takes no strings any more and
commits nothing by itself; what has to follow such a call depends on the connection, which is not to be seen there.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import Connection, Engine, Phase
from translator.rules import contract, executions
from translator.rules.contract import Context, Decline, Outcome, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = "conn = engine.connect()\nrun = conn.execute\nuser = run(users.select(users.c.id == 1)).first()"
AFTER = "conn = engine.connect()\nrun = conn.execute\nuser = run(users.select().where(users.c.id == 1)).first()"
ON = on_member(
    "Engine.execute", "Engine.scalar", "Engine.got execute", "Engine.got scalar", "Session.got query", "Bound.execute",
    "Bound.scalar",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Say what is gone, and what has to be done at a call under another name."""
    owner, method = site.receiver, site.name.partition(".")[2]
    if method == "got query":
        return Decline("a legacy Query is asked for by getattr() here; write select() and execute it on the session")
    if site.name.startswith("Engine."):
        if isinstance(site.node, cst.Call) and not method.startswith("got "):
            return None
        method = method.removeprefix("got ")
        return Decline(
            f"Engine.{method}() is gone from 2.0, and it is handed on here; hand on a function that takes a connection "
            "from the engine: `with engine.begin() as conn: return conn.execute(statement)`",
            Severity.REMOVED,
        )
    if isinstance(owner, Engine):
        return None
    call = cst.ensure_type(site.node, cst.Call)
    found = executions.plan(call, site.arguments)
    whose = (
        f"`{names.code(call.func)}` is {method}() of a {'connection' if isinstance(owner, Connection) else 'session'}"
    )
    if isinstance(found, Decline) or found.changes:
        return Decline(
            f"{whose}, which takes a statement, e.g. text(…), and one parameter argument, a dict or a list of dicts",
            Severity.REMOVED,
        )
    lost = isinstance(owner, Connection) and owner.phase not in {Phase.BEGUN, Phase.FUTURE}
    if not lost or core.writes(site.arguments[0]) is False:
        return None
    return Decline(f"{whose}, which committed writes by itself in 1.x: commit() must follow them in 2.0")
