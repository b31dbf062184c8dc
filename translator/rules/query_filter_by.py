"""`Query.filter_by()` stays `filter_by()` on a statement over one entity, and is spelled out after a join.

`Query.filter_by()` means the entity that was joined last. `Select.filter_by()` means the same in 2.0, but 2.1 looks at
every entity in FROM and refuses a name that several of them have. `where(Entity.name == value)` means one thing everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Safety
from translator.model import pointing
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.options import Target
from translator.rules import contract, repointing, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "orders = session.query(User).join(Order, Order.user_id == User.id).filter_by(state='open').all()"
AFTER = (
    "orders = session.scalars(\n"
    "    select(User).join(Order, Order.user_id == User.id).where(Order.state == 'open')\n"
    ").unique().all()"
)
ON = on_query("filter_by")
_REPOINTING = frozenset({"reset_joinpoint", "select_from", "select_entity_from", "with_polymorphic", "from_self"})
"""Methods after which Query and a statement may not agree which entity was joined last."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave it over one entity; else name the entity that it means."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    reason = "filter_by() is the same on a statement over one entity"
    alone = Fact.JOINED not in query.may and len(query.froms) <= 1
    computed = alone and _computes(query, here)
    if alone and not computed:
        return Rewrite((), reason)
    target = _target(query) or (next(iter(query.froms), None) if computed else None)
    if not call.args:
        return Rewrite((), reason)
    if target is None or any(arg.star for arg in call.args):
        if target is not None and _alone(query) and not computed:
            return Rewrite((), reason)
        if _same_in_20(query, here):
            return Rewrite((), _LAST_JOINED)
        if (told := _told(site, query, here)) is not None:
            return told
        return Decline(
            "filter_by() means one entity, after a join the one that was joined last, and it can't be named here; "
            "write where(Entity.attribute == value), or choose 2.0 as the target"
        )

    if (declined := terminals.unnamed(query)) is not None:
        return Rewrite((), _LAST_JOINED) if _same_in_20(query, here) else declined

    def build(updated: cst.Call) -> Replacement:
        args = [_criterion(target, arg) for arg in updated.args]
        return chains.renamed(updated, "where").with_changes(args=args)

    said = f"filter_by() meant `{target}` here; 2.1 refuses names that several entities in FROM have"
    return Rewrite((edit(site, build),), said, safety=Safety.SAFE)


def _told(site: Site, query: Query, here: Context) -> Rewrite | None:
    """Ask the statement what it selects, where that tells which entity is meant; None where it can't be asked."""
    call = cst.ensure_type(site.node, cst.Call)
    others = sorted((first, target) for first, target in pointing.meant(query) if first != target)
    asked, place = _asked(call, query, here), repointing.place(site)
    starred = any(arg.star for arg in call.args)
    if not others or asked is None or place is None or starred or terminals.unnamed(query) is not None:
        return None
    selected, entity = here.fresh(site, "selected"), here.fresh(site, "entity", "filtered")

    def build(updated: cst.Call) -> Replacement:
        args = [_criterion(entity, arg) for arg in updated.args]
        return chains.renamed(updated, "where").with_changes(args=args)

    pairs = ", ".join(f"`{target}` where `{first}` is selected" for first, target in others)
    said = f"filter_by() meant {pairs}; 2.1 refuses names that several entities in FROM have"
    texts = (f'{selected} = {asked}.column_descriptions[0]["entity"]', f"{entity} = {_choice(others, selected)}")
    bindings = (Insertion(place.statement, place.ancestors, text, before=True) for text in texts)
    return Rewrite((edit(site, build),), said, insertions=tuple(bindings))


def _choice(others: Sequence[tuple[str, str]], selected: str) -> str:
    """An expression of the entity that is meant: another one for some of those that are selected, else that one."""
    targets = {target for _, target in others}
    if len(targets) > 1:
        told = ", ".join(f"{first}: {target}" for first, target in others)
        return f"{{{told}}}.get({selected}, {selected})"
    firsts = [first for first, _ in others]
    test = f"in {{{', '.join(firsts)}}}" if len(firsts) > 1 else f"is {firsts[0]}"
    return f"{targets.pop()} if {selected} {test} else {selected}"


def _asked(call: cst.Call, query: Query, here: Context) -> str | None:
    """The name that holds the query a chain begins with, from which on it selects and joins the same."""
    node: cst.BaseExpression = call
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    kind = here.model.type_of(node)
    same = isinstance(kind, Query) and pointing.meant(kind) == pointing.meant(query)
    return node.value if same and isinstance(node, cst.Name) else None


_LAST_JOINED = "filter_by() means the entity that was joined last, on a statement of 2.0 as on a Query"


def _same_in_20(query: Query, here: Context) -> bool:
    """Whether the output is for 2.0 only, where filter_by() finds the same entity if nothing else re-pointed it."""
    repointed = here.web is None or any(site.name in _REPOINTING for site in here.web.sites)
    return here.options.target is Target.SA20 and not repointed and Fact.COMPOUND not in query.may


def _computes(query: Query, here: Context) -> bool:
    """Whether 2.1 sees two entities for one class: beside another element, what is no attribute of its table.

    `select(User.id, User.hybrid).filter_by(id=1)` is refused there, and `select(User.hybrid).filter_by(id=1)` is not.
    """
    if here.options.target is Target.SA20 or query.shape is None or len(query.shape) == 1:
        return False
    mapping, columns = here.model.mapping, [e for e in query.shape if e.kind is ElementKind.COLUMN]
    return any(
        any(map(mapping.computes, query.froms))
        if column.entity is None
        else mapping.has_attribute(column.entity, column.name.rpartition(".")[2]) is False
        for column in columns
    )


def _target(query: Query) -> str | None:
    if Fact.JOINED in query.may:
        return query.joinpoint or None
    if query.root is not None:
        return query.root or None
    first = query.shape[0] if query.shape else None
    if first is None or first.kind not in {ElementKind.ENTITY, ElementKind.COLUMN}:
        return None
    return first.entity


def _alone(query: Query) -> bool:
    return len(query.froms) <= 1


def _criterion(target: str, arg: cst.Arg) -> cst.Arg:
    """`Target.name == value` from `name=value`."""
    assert arg.keyword is not None
    value = arg.value
    if isinstance(
        value, (cst.Comparison, cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.UnaryOperation, cst.NamedExpr)
    ):
        value = value if value.lpar else value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    left = cst.Attribute(names.expression(target), cst.Name(arg.keyword.value))
    comparison = cst.Comparison(left, [cst.ComparisonTarget(cst.Equal(), value)])
    return arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT, value=comparison)
