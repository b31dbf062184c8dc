"""`Query.with_for_update()` stays where the query is selected, and is taken out of an UPDATE or DELETE, which ignored it.

`update()` and `delete()` statements have no such method: what they change is locked anyway.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.rules.query_creation import statement_kind
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "session.query(User).filter(User.name == 'x').with_for_update(skip_locked=True).delete()"
AFTER = "session.execute(delete(User).where(User.name == 'x'))"
ON = on_query("with_for_update")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the lock to a select()."""
    if statement_kind(here) == "select":
        return Rewrite((), "the lock is the same on a select()")
    if chains.comment_before(cst.ensure_type(site.node, cst.Call)):
        return Decline("a comment stands before with_for_update(), which has to go; move it first")
    return Rewrite((edit(site, chains.unlinked),), "Query ignored its lock where it updated or deleted")
