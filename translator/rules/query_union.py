"""`Query.union()` and its kin become the functions of the same names.

Query selected from the combined statements as from a subquery, and so does the rewrite: objects come out through
`aliased(Entity, subquery)`. What followed meant that subquery: an ORDER BY names its columns, a limit stays, anything
else is left to be written by hand.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Fact, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "ids = session.query(User.id).union(session.query(Order.user_id)).order_by(User.id).all()"
AFTER = (
    "ids = session.execute(\n"
    "    select(union(select(User.id), select(Order.user_id)).subquery()).order_by(\"id\")\n"
    ").all()"
)
ON = on_query("union", "union_all", "intersect", "intersect_all", "except_", "except_all")

_ALLOWED = frozenset(
    {"order_by", "limit", "offset", "slice", "all", "first", "one", "one_or_none", "count", "subquery", "cte",
     "scalar_subquery", "as_scalar", "exists", *ON.names}
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Hand the queries to the function."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not only_arguments(call):
        return Decline(f"what {site.name}() combines is not in sight")
    advice = Decline(
        f"{site.name}() selects from the combined statements as a subquery, and what stands in or after it can't be kept; "
        f"write {site.name}(first, second).subquery(), take aliased(Entity, subquery), and name the alias in what follows"
    )
    if not _kept(site, here):
        return advice
    func = cst.ensure_type(call.func, cst.Attribute)
    if chains.comment_before(call) or chains.breaks(func.dot.whitespace_before):
        return Decline(f"{site.name}() stands on a line of its own; write {site.name}(first, second) by hand")
    function, select = here.name("sqlalchemy", site.name), here.name("sqlalchemy", "select")
    entity = queries.single_entity(terminals.query_of(site))
    aliased = here.name("sqlalchemy.orm", "aliased") if entity is not None else None
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))

    def build(updated: cst.Call) -> Replacement:
        first = cst.ensure_type(updated.func, cst.Attribute).value
        combined = updated.with_changes(
            func=function, args=[cst.Arg(first, comma=comma), *updated.args], lpar=[], rpar=[]
        )
        inner: cst.BaseExpression = chains.attach(combined, [Link("subquery")])
        if aliased is not None and entity is not None:
            inner = cst.Call(aliased, [cst.Arg(names.expression(entity), comma=comma), cst.Arg(inner)])
        return cst.Call(select, [cst.Arg(inner)], lpar=updated.lpar, rpar=updated.rpar)

    reason = f"{site.name}() is a function over statements, and what follows selects from it"
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(terminals.query_of(site), here))


def _kept(site: Site, here: Context) -> bool:
    """Whether all that is done with compound statements in this web can be done with the function's."""
    result = site.result
    if not isinstance(result, Query) or Fact.PAST_COMPOUND in result.may or result.session is None:
        return False
    entity = queries.single_entity(result)
    if entity is not None and not names.is_class_name(entity.rpartition(".")[2]):
        return False
    for other in here.web.sites if here.web is not None else ():
        for kind in (other.receiver, other.result):
            # a compound on one path only would need two different ORDER BYs and the like
            if isinstance(kind, Query) and (
                Fact.PAST_COMPOUND in kind.may or (Fact.COMPOUND in kind.may) != (Fact.COMPOUND in kind.must)
            ):
                return False
        on_compound = isinstance(other.receiver, Query) and Fact.COMPOUND in other.receiver.may
        if on_compound and other.kind is SiteKind.METHOD and other.name not in _ALLOWED:
            return False
    return True
