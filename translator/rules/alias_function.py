"""`alias(statement, "x")` coerced the statement and warned; 2.1 refuses it. It is `statement.subquery("x")`."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import UNKNOWN, Select
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#migration-core-usage"
BEFORE = "from sqlalchemy import alias\nstmt = select(User.id)\nids = alias(stmt, 'ids')"
AFTER = "from sqlalchemy import alias\nstmt = select(User.id)\nids = stmt.subquery('ids')"
ON = on_call("alias")


def rewrite(site: Site, here: Context) -> Outcome:
    """Use the statement's own method; tables keep the function."""
    call = cst.ensure_type(site.node, cst.Call)
    statement = site.arguments[0] if call.args else None
    if statement is UNKNOWN and (path := names.dotted(call.args[0].value)) is not None:
        said = f"if `{path}` is a select(), 2.1 refuses it, and 2.0 warns: it is {path}.subquery() then"
        return Rewrite((), "alias() takes tables", remarks=(Decline(said, Severity.NOTE),))
    if not isinstance(statement, Select) or statement.kind != "select":
        return None
    first, *rest = call.args
    if first.keyword is not None or first.star or len(rest) > 1 or any(map(_no_name, rest)):
        return Decline("2.1 refuses alias() of a statement; write stmt.subquery(), which is not flat", Severity.REMOVED)
    if chains.is_broken(first.value):
        return Decline('2.1 refuses alias() of a statement; write stmt.subquery("name")', Severity.REMOVED)

    def build(updated: cst.Call) -> Replacement:
        inner, *names_ = updated.args
        link = Link("subquery", tuple(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in names_))
        return chains.attach(inner.value, [link]).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    said = "a statement becomes a subquery by its own method; alias() of it warns, and 2.1 refuses it"
    return Rewrite((edit(site, build),), said, Need.REQUIRED)


def _no_name(arg: cst.Arg) -> bool:
    return bool(arg.star) or (arg.keyword is not None and arg.keyword.value != "name")
