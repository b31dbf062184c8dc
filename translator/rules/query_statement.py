"""`query.statement` is the statement itself once the query is one; `column_descriptions` and `whereclause` stay.

`query.session` becomes the session.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "rows = session.execute(session.query(User.id).filter(User.active).statement).all()"
AFTER = "rows = session.execute(select(User.id).where(User.active)).all()"
ON = on_query("statement", "column_descriptions", "whereclause", "session", attribute=True)


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the attribute away, or leave it where a select() has it."""
    node = site.node
    if not isinstance(node, cst.Attribute):
        return Decline(f"Query has no method {site.name}()")
    if site.name in {"column_descriptions", "whereclause"}:
        return Rewrite((), f"{site.name} is the same on a select()")
    query = terminals.query_of(site)
    if site.name == "session":
        declined = terminals.obstacle(site, here, rows=False)
        if declined is not None:
            return declined
    if chains.comment_before(node):
        return Decline(f"a comment stands before .{site.name}; move it first")

    def build(updated: cst.CSTNode) -> Replacement:
        if site.name == "session":
            return terminals.session_of(query).with_changes(lpar=node.lpar, rpar=node.rpar)
        return chains.unlinked(cst.ensure_type(updated, cst.Attribute))

    reason = "a statement holds no session" if site.name == "session" else "the query is the statement now"
    return Rewrite((Edit(node, site.ancestors, build),), reason, safety=terminals.safety(query, here))
