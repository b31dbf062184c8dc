"""`Query.get()` becomes `Session.get()`.

Both look into the identity map first and give None where nothing is found. Options of the query become arguments.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#orm-query-get-method-moves-to-session"
BEFORE = "user = session.query(User).get(5)"
AFTER = "user = session.get(User, 5)"
ON = on_query("get")

_CLAUSES = (Fact.FILTERED, Fact.ORDERED, Fact.GROUPED, Fact.HAVING, Fact.DISTINCT, Fact.LIMITED, Fact.JOINED)


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask the session for the object."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    if any(fact in query.may for fact in _CLAUSES):
        return Decline(
            "get() on a query that has clauses raises in 1.x too; drop the clauses or use filter() and one()"
        )
    if not only_arguments(call, "ident") or len(call.args) != 1:
        return Decline("get() takes the primary key, once")
    made = _creation(call)
    if made is None:
        return Decline("options stand between query() and get(), or the query is held in a variable; use Session.get()")
    if len(made.args) != 1 or made.args[0].star or made.args[0].keyword is not None:
        return Decline("get() needs a query of one mapped class")
    if query.shape is not None and query.shape[0].kind in {ElementKind.COLUMN, ElementKind.TABLE}:
        return Decline("get() needs a query of one mapped class")

    def build(updated: cst.Call) -> Replacement:
        inner = cst.ensure_type(cst.ensure_type(updated.func, cst.Attribute).value, cst.Call)
        entity = inner.args[0].with_changes(
            comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")), whitespace_after_arg=cst.SimpleWhitespace("")
        )
        func = cst.Attribute(terminals.session_of(query), cst.Name("get"))
        return updated.with_changes(func=func, args=[entity, *updated.args])

    reason = "Session.get() looks up the identity map and gives None where nothing is found, as Query.get() does"
    assert queries.row_type(query) is not None
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(query, here))


def _creation(call: cst.Call) -> cst.Call | None:
    """The `session.query(X)` right before `.get()`, where nothing stands between them."""
    made = call.func.value if isinstance(call.func, cst.Attribute) else None
    if isinstance(made, cst.Call) and isinstance(made.func, cst.Attribute) and made.func.attr.value == "query":
        return made if names.dotted(made.func) or made.func else None
    return None
