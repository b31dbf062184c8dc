"""`Query.from_self()` becomes a select from the statement as a subquery.

What followed meant that subquery: an ORDER BY names its columns, a limit and a count stay. Criteria and joins after it
have to name an alias, which is left to be written by hand; so are other columns than those inside.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract, subqueries, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#selecting-from-the-query-itself-as-a-subquery-e-g-from-self"
BEFORE = "newest = session.query(User).order_by(User.id.desc()).limit(5).from_self().order_by(User.name).all()"
AFTER = (
    "newest = session.scalars(\n"
    '    select(aliased(User, select(User).order_by(User.id.desc()).limit(5).subquery())).order_by("name")\n'
    ").all()"
)
ON = on_query("from_self")


def _inside(call: cst.Call) -> cst.BaseExpression:
    return cst.ensure_type(call.func, cst.Attribute).value


def rewrite(site: Site, here: Context) -> Outcome:
    """Select from the statement."""
    call = cst.ensure_type(site.node, cst.Call)
    if call.args or not subqueries.kept(site, here):
        outside = None if chains.comment_before(call) else subqueries.named(site, here, _inside)
        return outside or Decline(
            "from_self() is gone from 2.0: it selects from a subquery, and what follows in the chain means that subquery; "
            "write the inner statement with .subquery(), take aliased(Entity, subquery), and name the alias in what follows",
            Severity.REMOVED,
        )
    func = cst.ensure_type(call.func, cst.Attribute)
    if chains.comment_before(call) or chains.breaks(func.dot.whitespace_before):
        return Decline("from_self() stands on a line of its own; write the subquery by hand", Severity.REMOVED)
    around = subqueries.selecting(site, here)

    def build(updated: cst.Call) -> Replacement:
        inner = cst.ensure_type(updated.func, cst.Attribute).value
        return around(inner).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    reason = "from_self() selected from the query as a subquery"
    query = terminals.query_of(site)
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED, safety=terminals.safety(query, here))
