"""`Query.enable_eagerloads(False)` becomes the loader option `lazyload("*")`, or goes where it did nothing.

Inside a subquery and in a count collections are never loaded, so there the call is dropped. With other loader options
beside it the two differ, and the call is left to be looked at.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.model.types import Fact
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).enable_eagerloads(False).all()"
AFTER = "users = session.scalars(select(User).options(lazyload('*'))).all()"
ON = on_query("enable_eagerloads")

_NESTING = frozenset({"subquery", "cte", "exists", "scalar_subquery", "as_scalar", "label", "count"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Load everything lazily."""
    call = cst.ensure_type(site.node, cst.Call)
    if len(call.args) != 1 or names.code(call.args[0].value) != "False":
        return Decline("enable_eagerloads() is given something else than False; a select() has no such switch")
    nested = here.web is not None and all(s.name in _NESTING for s in here.web.terminals)
    if nested:
        if chains.comment_before(call):
            return Decline(
                "a comment stands before enable_eagerloads(), which a select() has no place for; move it first"
            )
        return Rewrite((edit(site, chains.unlinked),), "collections are not loaded in a subquery or a count")
    if any(Fact.OPTIONS in terminals.query_of(s).may for s in (here.web.sites if here.web is not None else ())):
        return Decline("enable_eagerloads(False) stands beside other loader options; take those away that it overrode")
    lazyload = here.name("sqlalchemy.orm", "lazyload")

    def build(updated: cst.Call) -> Replacement:
        everything = cst.Call(lazyload, [chains.argument("'*'")])
        return chains.relinked(updated, "options", (cst.Arg(everything),))

    return Rewrite((edit(site, build),), 'lazyload("*") switches eager loading off for a statement')
