"""`Query.union()` and its kin become the functions of the same names.

Query selected from the combined statements as from a subquery, and so does the rewrite: objects come out through
`aliased(Entity, subquery)`. What followed meant that subquery: an ORDER BY names its columns, a limit stays, anything
else is left to be written by hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.rules import contract, subqueries, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "ids = session.query(User.id).union(session.query(Order.user_id)).order_by(User.id).all()"
AFTER = (
    "ids = session.execute(\n"
    '    select(union(select(User.id), select(Order.user_id)).subquery()).order_by("id")\n'
    ").all()"
)
ON = on_query("union", "union_all", "intersect", "intersect_all", "except_", "except_all")


def rewrite(site: Site, here: Context) -> Outcome:
    """Hand the queries to the function."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or not only_arguments(call):
        return Decline(f"what {site.name}() combines is not in sight")
    advice = Decline(
        f"{site.name}() selects from the combined statements as a subquery, and what stands in or after it can't be kept; "
        f"write {site.name}(first, second).subquery(), take aliased(Entity, subquery), and name the alias in what follows"
    )
    function = here.name("sqlalchemy", site.name)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))

    def combined(updated: cst.Call) -> cst.Call:
        first = cst.ensure_type(updated.func, cst.Attribute).value
        return updated.with_changes(func=function, args=[cst.Arg(first, comma=comma), *updated.args], lpar=[], rpar=[])

    if not subqueries.kept(site, here):
        return (None if chains.comment_before(call) else subqueries.named(site, here, combined)) or advice
    if chains.comment_before(call):
        return Decline(f"a comment stands before {site.name}(); write {site.name}(first, second) by hand")
    around = subqueries.selecting(site, here)
    repeated = _is_same(cst.ensure_type(call.func, cst.Attribute).value, site.name)

    def build(updated: cst.Call) -> Replacement:
        made = combined(updated)
        before = _combined_before(made.args[0].value, site.name) if repeated else ()
        made = made.with_changes(args=[*_separated(before), *made.args[1:]]) if before else made
        return around(made).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    reason = f"{site.name}() is a function over statements, and what follows selects from it"
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(terminals.query_of(site), here))


def _is_same(node: cst.BaseExpression, name: str) -> bool:
    """Whether what is combined was just combined the same way, so that `a.union(b).union(c)` is the union of three."""
    attribute = node.func if isinstance(node, cst.Call) else None
    return isinstance(attribute, cst.Attribute) and attribute.attr.value == name in {"union", "union_all"}


def _combined_before(node: cst.BaseExpression, name: str) -> Sequence[cst.Arg]:
    """The statements in `select(union(a, b).subquery())`, or in the same of an alias; none where it became something else."""
    while isinstance(node, cst.Call):
        if (names.dotted(node.func) or "").rpartition(".")[2] == name:
            return node.args
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "subquery":
            node = node.func.value
        elif node.args:
            node = node.args[-1].value  # select(…), aliased(Entity, …)
        else:
            break
    return ()


def _separated(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [*args[:-1], args[-1].with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))]
