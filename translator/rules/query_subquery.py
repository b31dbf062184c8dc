"""Methods that make a part of another statement: `subquery`, `cte`, `exists`, `label`, `scalar_subquery`, `as_scalar`.

`Select` has them under the same names, but for `as_scalar()`, which is `scalar_subquery()` now.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Need
from translator.model import queries
from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

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
    if names.keyword(call, "with_labels") is not None or (site.name == "subquery" and len(names.positional(call)) > 1):
        return Decline(
            "subquery(with_labels=True) names its columns `table_column`; set the label style on the select()"
        )
    if queries.hidden_order(query):
        return Decline("DISTINCT meets an ORDER BY on something that is not selected, which 1.x added to the columns")
    if site.name != "as_scalar":
        return Rewrite((), f"{site.name}() is the same on a select()")
    renamed = edit(site, lambda c: chains.renamed(cst.ensure_type(c, cst.Call), "scalar_subquery"))
    return Rewrite((renamed,), "as_scalar() is named scalar_subquery() now", need=Need.REQUIRED)
