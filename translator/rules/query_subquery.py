"""Methods that make a part of another statement: `subquery`, `cte`, `exists`, `label`, `scalar_subquery`, `as_scalar`.

`Select` has them under the same names, but for `as_scalar()`, which is `scalar_subquery()` now.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model import ordering
from translator.model.sites import Site
from translator.model.types import Fact
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "sub = session.query(Order.user_id).filter(Order.total > 5).subquery()\nn = session.query(sub).count()"
AFTER = (
    "sub = select(Order.user_id).where(Order.total > 5).subquery()\n"
    "n = session.scalar(select(func.count()).select_from(select(sub).subquery()))"
)
ON = on_query("subquery", "cte", "exists", "label", "scalar_subquery", "as_scalar")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the method, under the name that it has on a select()."""
    call = cst.ensure_type(site.node, cst.Call)
    query = terminals.query_of(site)
    if ordering.hidden(query):
        return Decline("DISTINCT meets an ORDER BY on something that is not selected, which 1.x added to the columns")
    if Fact.FROM_STATEMENT in query.may:
        return Decline(f"{site.name}() of a query made by from_statement() is refused; nest the statement itself")
    if site.name == "subquery" and _member(site):
        if chains.comment_before(call):
            return Decline("a comment stands before subquery(), which in_() takes no more; move it first")
        return Rewrite(
            (edit(site, chains.unlinked),), "in_() takes the select() itself; a subquery there is warned about"
        )
    if site.name == "subquery" and (names.keyword(call, "with_labels") or len(names.positional(call)) > 1):
        return _labelled(site, call, here)
    if site.name != "as_scalar":
        return Rewrite((), f"{site.name}() is the same on a select()")
    renamed = edit(site, lambda c: chains.renamed(cst.ensure_type(c, cst.Call), "scalar_subquery"))
    return Rewrite((renamed,), "as_scalar() is named scalar_subquery() now", need=Need.REQUIRED)


def _member(site: Site) -> bool:
    """Whether the subquery is the argument of `in_()` or of its negation."""
    parent = site.parent
    return (
        isinstance(parent, cst.Call)
        and isinstance(parent.func, cst.Attribute)
        and parent.func.attr.value in {"in_", "notin_", "not_in"}
        and len(parent.args) == 1
        and parent.args[0].value is site.node
    )


def _labelled(site: Site, call: cst.Call, here: Context) -> Outcome:
    """`subquery(with_labels=True)`: the labels `table_column` name the columns of the subquery."""
    flag = names.keyword(call, "with_labels") or names.positional(call)[1].value
    if names.code(flag) not in {"True", "False"}:
        return Decline("whether subquery() is to label its columns is not in sight")
    kept = [a for a in call.args if a.value is not flag]
    style = here.name("sqlalchemy", "LABEL_STYLE_TABLENAME_PLUS_COL") if names.code(flag) == "True" else None

    def build(updated: cst.Call) -> Replacement:
        args = [old for old, was in zip(updated.args, call.args, strict=True) if was in kept]
        args = [*args[:-1], *(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in args[-1:])]
        func = cst.ensure_type(updated.func, cst.Attribute)
        if style is None:
            return updated.with_changes(args=args)
        links = [Link("set_label_style", (cst.Arg(style),)), Link("subquery", tuple(args))]
        made = chains.attach(func.value, links, func.dot.whitespace_before)
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    reason = "the label style is set on the select(), so that the subquery's columns keep their names"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED)
