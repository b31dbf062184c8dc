"""`Query.options()` stays on the statement.

The strings of loader options are the affair of their own rule. A collection that an option loads by a join spreads an
object over several rows, so that `unique()` is added where the rows are fetched.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).options(joinedload(User.orders)).all()"
AFTER = "users = session.scalars(select(User).options(joinedload(User.orders))).unique().all()"
ON = on_query("options")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the options."""
    call = cst.ensure_type(site.node, cst.Call)
    for arg in call.args:
        made = arg.value
        if isinstance(made, cst.Call) and (names.dotted(made.func) or "").rpartition(".")[2] == "contains_alias":
            if len(call.args) > 1 or chains.comment_before(call):
                return Decline("contains_alias() does nothing any more; delete it")
            return Rewrite((edit(site, chains.unlinked),), "contains_alias() does nothing any more")
    return Rewrite((), "options are the same on a select()")
