"""`exists([column])` becomes `exists(select(column))`.

2.0 takes a statement, or columns one by one.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "some = exists([Order.id]).where(Order.user_id == User.id)"
AFTER = "some = exists(Order.id).where(Order.user_id == User.id)"
ON = on_call("exists")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the columns out of their list."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not isinstance(call.args[0].value, cst.List) or call.args[0].star:
        return None
    if len(call.args) > 1:
        return Decline("exists() takes no criterion as an argument in 2.0; use where()", Severity.REMOVED)
    if len(call.args[0].value.elements) != 1:
        return Decline("exists() of several columns: give it a select()", Severity.REMOVED)
    element = call.args[0].value.elements[0].value
    literal = here.name("sqlalchemy", "literal") if isinstance(element, (cst.Integer, cst.SimpleString)) else None

    def build(updated: cst.Call) -> Replacement:
        value = cst.ensure_type(updated.args[0].value, cst.List).elements[0].value
        value = cst.Call(literal, [cst.Arg(value)]) if literal is not None else value
        return updated.with_changes(args=[updated.args[0].with_changes(value=value)])

    return Rewrite((edit(site, build),), "2.0 takes the columns of exists() as arguments", Need.REQUIRED)
