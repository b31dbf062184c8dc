"""`Query.with_lockmode()` becomes `with_for_update()`, but in an UPDATE or DELETE, which ignored it."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.rules.query_creation import statement_kind
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.query(User).with_lockmode('update').filter(User.id == 1).one()"
AFTER = "user = session.scalars(select(User).with_for_update().where(User.id == 1)).one()"
ON = on_query("with_lockmode")

_MODES = {"update": None, "update_nowait": "nowait", "read": "read"}


def rewrite(site: Site, here: Context) -> Outcome:
    """Spell the mode as arguments."""
    call = cst.ensure_type(site.node, cst.Call)
    mode = names.literal_string(call.args[0].value) if len(call.args) == 1 else None
    if mode not in _MODES:
        return Decline("with_lockmode() is gone, and its mode is not in sight; use with_for_update()", Severity.REMOVED)
    if (kind := statement_kind(here)) != "select":
        if chains.comment_before(call):
            return Decline("a comment stands before with_lockmode(), which has to go; move it first", Severity.REMOVED)
        return Rewrite((edit(site, chains.unlinked),), f"Query ignored its lock where it is asked to {kind}()")
    flag = _MODES[mode]
    args = (chains.argument("True", flag),) if flag is not None else ()

    def build(updated: cst.Call) -> Replacement:
        return chains.relinked(updated, "with_for_update", args)

    reason = "with_lockmode() is named with_for_update()"
    gone = "with_lockmode() is gone from 2.0; write with_for_update()"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED, gone=gone, alone=True)
