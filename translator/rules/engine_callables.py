"""`Engine.transaction()` and `Engine.run_callable()` are gone: the function is called with a connection.

A function that got a connection as its first argument gets one from `with engine.begin() as conn:`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Engine
from translator.rules import contract, with_blocks
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.rules.engine_execute import NAMES
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#library-level-but-not-driver-level-autocommit-removed-from-both-core-and-orm"
BEFORE = "def clear(conn, table):\n    conn.execute(table.delete())\n\nengine.transaction(clear, User.__table__)"
AFTER = (
    "def clear(conn, table):\n    conn.execute(table.delete())\n\n"
    "with engine.begin() as connection:\n    clear(connection, User.__table__)"
)
ON = on_member(
    "Engine.transaction", "Engine.run_callable", "Connection.transaction", "Connection.run_callable",
    "Engine.contextual_connect", "Engine.connect", "Engine.create", "Engine.drop", "Engine.reflecttable",
    "Connection.contextual_connect", "Connection.create", "Connection.drop", "Connection.reflecttable",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Call the function in a transaction of its own."""
    member = site.name.partition(".")[2]
    call = site.node
    if member == "connect":
        return _closing(site, call) if isinstance(call, cst.Call) else None
    if not isinstance(call, cst.Call) or not isinstance(site.receiver, Engine) or member != "transaction":
        return Decline(f"{site.name}() is gone from 2.0: {_INSTEAD.get(member, _CALL)}", Severity.REMOVED)
    if not call.args or call.args[0].star or not isinstance(call.args[0].value, (cst.Name, cst.Attribute)):
        return Decline(f"{site.name}() is gone from 2.0: {_CALL}", Severity.REMOVED)
    name = here.fresh(site, *NAMES)
    engine = names.code(cst.ensure_type(call.func, cst.Attribute).value)
    block = with_blocks.wrap(site, here, engine=engine, name=name, writes=True, scalar=True)
    if isinstance(block, Decline):
        return block

    def build(updated: cst.Call) -> Replacement:
        function = updated.args[0]
        first = function.with_changes(value=cst.Name(name))
        return updated.with_changes(func=function.value, args=[first, *updated.args[1:]])

    safety = Safety.SAFE if here.model.proven(site.receiver) else Safety.REVIEW
    reason = "Engine.transaction() is gone; the function is called with a connection in a transaction"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, safety, wraps=(block,))


_CALL = "call the function with a connection inside `with engine.begin() as conn:`"
_INSTEAD = {
    "contextual_connect": "use connect()",
    "create": "use create(bind) of the table or MetaData",
    "drop": "use drop(bind) of the table or MetaData",
    "reflecttable": "use Table(…, autoload_with=engine) or inspect(engine).reflect_table()",
}


def _closing(site: Site, call: cst.Call) -> Outcome:
    given = names.keyword(call, "close_with_result")
    if given is None:
        return None
    if names.code(given) != "False":
        return Decline(
            "close_with_result is gone from 2.0: nothing closes this connection when its result is read; use "
            "`with engine.connect() as conn:`",
            Severity.REMOVED,
        )

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[a for a in updated.args if a.keyword is None])

    return Rewrite((edit(site, build),), "close_with_result is gone from 2.0", Need.REQUIRED)
