"""`Query.with_hint()` stays where the query is selected, and is taken out of an UPDATE or DELETE, which ignored it.

`update()` and `delete()` statements have a `with_hint()` of their own, with other arguments.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.rules.query_creation import statement_kind
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "session.query(User).with_hint(User, 'INDEX(users PK)', 'oracle').filter(User.name == 'x').delete()"
AFTER = "session.execute(delete(User).where(User.name == 'x'))"
ON = on_query("with_hint", "with_statement_hint")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the hint to a select()."""
    if statement_kind(here) == "select":
        return Rewrite((), "the hint is the same on a select()")
    if chains.comment_before(cst.ensure_type(site.node, cst.Call)):
        return Decline(f"a comment stands before {site.name}(), which has to go; move it first")
    return Rewrite((edit(site, chains.unlinked),), "Query ignored its hints where it updated or deleted")
