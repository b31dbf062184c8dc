"""Methods that make a part of another statement: `subquery`, `cte`, `exists`, `label`, `scalar_subquery`, `as_scalar`.

`Select` has them under the same names, but for `as_scalar()`, which is `scalar_subquery()` now.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model import ordering, queries
from translator.model.sites import Site
from translator.model.types import Fact, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names
from translator.syntax.chains import Link, argument

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "sub = session.query(Order.user_id).filter(Order.total > 5).subquery()\nn = session.query(sub).count()"
AFTER = (
    "sub = select(Order.user_id).where(Order.total > 5).subquery()\n"
    "n = session.scalar(select(func.count()).select_from(select(sub).subquery()))"
)
_CHANGING = frozenset({"delete", "update"})
_MEMBERS = frozenset({"in_", "notin_", "not_in"})
ON = on_query("subquery", "cte", "exists", "label", "scalar_subquery", "as_scalar")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the method, under the name that it has on a select()."""
    call = cst.ensure_type(site.node, cst.Call)
    query = terminals.query_of(site)
    if ordering.hidden(query):
        return Decline("DISTINCT meets an ORDER BY on something that is not selected, which 1.x added to the columns")
    if Fact.FROM_STATEMENT in query.may:
        return Decline(f"{site.name}() of a query made by from_statement() is refused; nest the statement itself")
    labels = bool(names.keyword(call, "with_labels")) or len(names.positional(call)) > 1
    if site.name == "subquery" and (_member(site) or _held_for_members(site)):
        if not _wants_its_table(site, query, here):
            return _without(site, query, call)
        if not labels:
            return _selected(site)
    if site.name == "subquery" and labels:
        return _labelled(site, call, here)
    if site.name != "as_scalar":
        return Rewrite((), f"{site.name}() is the same on a select()")
    renamed = edit(site, lambda c: chains.renamed(cst.ensure_type(c, cst.Call), "scalar_subquery"))
    return Rewrite((renamed,), "as_scalar() is named scalar_subquery() now", need=Need.REQUIRED)


def _without(site: Site, query: Query, call: cst.Call) -> Outcome:
    """The select() itself, which takes no table of the statement around it for its own, as the subquery did not."""
    if chains.comment_before(call):
        return Decline("a comment stands before subquery(), which in_() takes no more; move it first")
    if not _is_crossed(query):
        return Rewrite(
            (edit(site, chains.unlinked),), "in_() takes the select() itself; a subquery there is warned about"
        )
    alone = edit(site, lambda c: chains.relinked(cst.ensure_type(c, cst.Call), "correlate", (argument("None"),)))
    return Rewrite((alone,), "in_() takes the select() itself, which would take tables of the statement around it else")


def _selected(site: Site) -> Rewrite:
    """A select() from the subquery, as in_() makes one of it by itself, with a warning that type checkers share."""

    def build(updated: cst.Call) -> Replacement:
        before = cst.ensure_type(updated.func, cst.Attribute).dot.whitespace_before
        made = chains.attach(updated.with_changes(lpar=[], rpar=[]), [Link("select")], chains.uncommented(before))
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "in_() takes a select(); the derived table stays, which MySQL may need")


def _wants_its_table(site: Site, query: Query, here: Context) -> bool:
    """Whether MySQL may need the derived table: it refuses a LIMIT in IN, and what a DELETE or UPDATE changes."""
    if Fact.LIMITED in query.may:
        return True
    owner = site.parent.func if isinstance(site.parent, cst.Call) else None
    compared = queries.mentions(here.model.type_of(owner.value)) if isinstance(owner, cst.Attribute) else frozenset()
    if compared and not compared & query.froms and not _is_crossed(query):
        return False
    function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    around = function if function is not None else next(iter(site.around), None)
    return around is not None and any(_changes(node) for node in names.below(around))


def _is_crossed(query: Query) -> bool:
    """Whether there may be several tables in FROM that no join joins."""
    return Fact.CROSSED in query.may or (len(query.froms) > 1 and Fact.JOINED not in query.must)


def _changes(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value in _CHANGING


def _member(site: Site) -> bool:
    """Whether the subquery is the argument of `in_()` or of its negation."""
    return site.parent is not None and _asks_for_members(site.parent) and _only(site.parent) is site.node


def _held_for_members(site: Site) -> bool:
    """Whether it is held in a variable of a function, which is the argument of `in_()` wherever it stands."""
    match site.parent:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            function = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
            return function is not None and set(_uses(function.body, name)) == {True}
    return False


def _uses(node: cst.CSTNode, name: str) -> Iterator[bool]:
    """For each place that a name is used at, whether it is the argument of `in_()`; not those that bind it."""
    if isinstance(node, cst.Name):
        if node.value == name:
            yield False
    elif isinstance(node, cst.Call) and _asks_for_members(node) and names.dotted(_only(node)) == name:
        yield True
        yield from _uses(node.func, name)
    elif isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name):
        return
    elif isinstance(node, (cst.Attribute, cst.Arg)):
        yield from _uses(node.value, name)
    else:
        for child in node.children:
            yield from _uses(child, name)


def _asks_for_members(node: cst.CSTNode) -> TypeGuard[cst.Call]:
    """Whether a node is a call of `in_()` or of its negation, with one argument."""
    asks = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value in _MEMBERS
    return asks and isinstance(node, cst.Call) and len(node.args) == 1


def _only(call: cst.Call) -> cst.BaseExpression:
    return call.args[0].value


def _labelled(site: Site, call: cst.Call, here: Context) -> Outcome:
    """`subquery(with_labels=True)`: the labels `table_column` name the columns of the subquery."""
    flag = names.keyword(call, "with_labels") or names.positional(call)[1].value
    if names.code(flag) not in {"True", "False"}:
        return Decline("whether subquery() is to label its columns is not in sight")
    kept = [a for a in call.args if a.value is not flag]
    style = here.name("sqlalchemy", "LABEL_STYLE_TABLENAME_PLUS_COL") if names.code(flag) == "True" else None

    def build(updated: cst.Call) -> Replacement:
        args = [old for old, was in zip(updated.args, call.args, strict=True) if was in kept]
        args = [*args[:-1], *(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in args[-1:])]
        func = cst.ensure_type(updated.func, cst.Attribute)
        if style is None:
            return updated.with_changes(args=args)
        links = [Link("set_label_style", (cst.Arg(style),)), Link("subquery", tuple(args))]
        made = chains.attach(func.value, links, func.dot.whitespace_before)
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    reason = "the label style is set on the select(), so that the subquery's columns keep their names"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED)
