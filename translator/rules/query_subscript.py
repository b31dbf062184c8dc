"""An indexed or sliced Query becomes a limited statement whose rows are fetched into a list.

`query[n]` runs with LIMIT 1 OFFSET n and indexes the list, so that an index out of range still raises IndexError.
`query[a:b]` runs too, and gives a list. With `b <= a` Query gave `[]` without any SQL, where a select() would send a
negative LIMIT: a slice with computed bounds keeps that.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety
from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Fact, Plain, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import chains, names
from translator.syntax.chains import Frame, Link, argument

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "page = session.query(User).order_by(User.id)[10:20]"
AFTER = "page = session.scalars(select(User).order_by(User.id).slice(10, 20)).all()"
ON = On(SiteKind.SUBSCRIPT, frozenset({"[]"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Limit the statement, fetch the rows and index the list."""
    query = terminals.query_of(site)
    node = cst.ensure_type(site.node, cst.Subscript)
    declined = terminals.obstacle(site, here)
    if declined is not None:
        return declined
    if Fact.FROM_STATEMENT in query.may:
        return Decline("a statement given to from_statement() can't be limited; limit it where it is written")
    if len(node.slice) != 1:
        return Decline("a Query takes one index or one slice")
    inner = node.slice[0].slice
    if isinstance(inner, cst.Index):
        return _index(site, here, query, inner.value)
    return _slice(site, here, query, cst.ensure_type(inner, cst.Slice))


def _index(site: Site, here: Context, query: Query, index: cst.BaseExpression) -> Outcome:
    number = names.literal(index)
    eager = (Link("unique"),) if Fact.EAGER_COLLECTION in query.may and queries.repeats(query) else ()
    if isinstance(number, int) and number < 0:
        reason = "a negative index loads everything, as Query did in 1.x; 2.x refuses it"
        tail = (*terminals.unique(query), Link("all"))
        return _answer(site, here, (), tail, cst.Index(index), reason, need=Need.REQUIRED)
    if Fact.LIMITED in query.may:
        if not isinstance(number, int):
            return Decline("an index into a limited query is computed; write slice(n, n + 1) on the statement")
        links: tuple[Link, ...] = (Link("slice", _pair(str(number), str(number + 1))),)
    elif number == 0:
        links = (Link("limit", (argument("1"),)),)
    else:
        links = (Link("limit", (argument("1"),)), Link("offset", (cst.Arg(_bare(index)),)))
    certain = isinstance(number, int) or _number(index, here)
    reason = "an index is LIMIT 1 with an OFFSET, and IndexError where there is no such row" + (
        "" if certain else "; a negative one loaded everything in 1.x"
    )
    return _answer(site, here, links, (*eager, Link("all")), cst.Index(cst.Integer("0")), reason, certain=certain)


def _slice(site: Site, here: Context, query: Query, part: cst.Slice) -> Outcome:
    start, stop = _bound(part.lower), _bound(part.upper)
    bounds = [names.literal(bound) if bound is not None else None for bound in (start, stop)]
    if any(isinstance(bound, int) and bound < 0 for bound in bounds):
        return Decline(
            "a slice counted from the end loads everything in 1.x and raises in 2.x; order the other way round"
        )
    if isinstance(bounds[0], int) and isinstance(bounds[1], int) and bounds[1] <= bounds[0]:
        return Decline("this slice is always empty")
    literal = all(bound is None or isinstance(bound, int) for bound in bounds)
    computed = [b for b in (start, stop) if b is not None and names.literal(b) is ...]
    guard = None
    if not literal and start is not None and stop is not None:
        if any(not _repeatable(bound) for bound in (start, stop)):
            return Decline("the bounds of this slice are computed by calls; name them first, then use slice()")
        guard = _ends_after(start, stop, [b for b in (start, stop) if _may_be_none(b, site, here)])
    tail = (*terminals.unique(query), Link("all"))
    step = _bound(part.step)
    certain = all(_number(bound, here) for bound in computed)
    reason = "a slice runs the query: LIMIT and OFFSET, fetched into a list"
    if guard is not None:
        reason += "; a slice that ends before it starts is empty and sends no SQL, as before"
    if not certain:
        unheard = all(_may_be_none(bound, site, here) or _number(bound, here) for bound in computed)
        reason += f" (bounds that are {'negative' if unheard else 'None or negative'} are not provided for)"
    suffix = cst.Slice(None, None, step.deep_clone(), second_colon=cst.Colon()) if step is not None else None
    return _answer(site, here, _limits(query, start, stop), tail, suffix, reason, guard=guard, certain=certain)


def _limits(query: Query, start: cst.BaseExpression | None, stop: cst.BaseExpression | None) -> tuple[Link, ...]:
    if start is None and stop is None:
        return ()
    if Fact.LIMITED in query.may or (start is not None and stop is not None):
        return (Link("slice", _pair(start or "None", stop or "None")),)
    if start is not None:
        return (Link("offset", (cst.Arg(_bare(start)),)),)
    assert stop is not None
    return (Link("limit", (cst.Arg(_bare(stop)),)),)


def _pair(start: cst.BaseExpression | str, stop: cst.BaseExpression | str) -> tuple[cst.Arg, ...]:
    first, second = (cst.parse_expression(bound) if isinstance(bound, str) else _bare(bound) for bound in (start, stop))
    return (cst.Arg(first, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))), cst.Arg(second))


def _answer(
    site: Site,
    here: Context,
    suffix: tuple[Link, ...],
    tail: tuple[Link, ...],
    index: cst.Index | cst.Slice | None,
    reason: str,
    *,
    guard: cst.BaseExpression | None = None,
    certain: bool = True,
    need: Need = Need.STYLE,
) -> Rewrite:
    query = terminals.query_of(site)

    def build(node: cst.CSTNode) -> Replacement:
        subscript = cst.ensure_type(node, cst.Subscript)
        inner = subscript.value
        frame = Frame(inner.lpar, inner.rpar, _last_break(inner), drop_parens=True)
        result: cst.BaseExpression = chains.execute(
            inner.with_changes(lpar=[], rpar=[]),
            frame,
            session=terminals.session_of(query),
            method=terminals.method_for(query),
            suffix=suffix,
            tail=tail,
            indent=here.indent,
        )
        if index is not None:
            result = cst.Subscript(result, [cst.SubscriptElement(index)])
        lpar, rpar = subscript.lpar, subscript.rpar
        if guard is not None:
            result = cst.IfExp(guard, result, cst.List([]))
            if not lpar and not isinstance(site.parent, (cst.Assign, cst.Return, cst.Expr)):
                lpar, rpar = [cst.LeftParen()], [cst.RightParen()]
        return result.with_changes(lpar=[*lpar, *result.lpar], rpar=[*result.rpar, *rpar]) if lpar else result

    safety = terminals.safety(query, here) if certain else Safety.REVIEW
    gone = "a negative index raises there; order the other way round" if need is Need.REQUIRED else ""
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, need=need, safety=safety, gone=gone)


def _last_break(statement: cst.BaseExpression) -> chains.Whitespace:
    """The line break before the last link of `(session.query(User)\n .order_by(User.id))[0]`."""
    if statement.lpar and isinstance(statement, cst.Call) and isinstance(statement.func, cst.Attribute):
        return chains.uncommented(statement.func.dot.whitespace_before)
    return cst.SimpleWhitespace("")


def _bound(node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    return None if node is None or names.code(node) == "None" else node


def _bare(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.deep_clone()


def _number(node: cst.BaseExpression, here: Context) -> bool:
    """Whether a bound is certainly a number that can't be None."""
    if isinstance(node, cst.BinaryOperation):
        return _number(node.left, here) or _number(node.right, here)
    return isinstance(here.model.type_of(node), Plain)


def _ends_after(
    start: cst.BaseExpression, stop: cst.BaseExpression, perhaps_none: list[cst.BaseExpression]
) -> cst.BaseExpression:
    """The condition under which Query sent SQL for a slice: a bound that is None is none."""
    condition = f"{names.code(_bare(stop))} > {names.code(_bare(start))}"
    return cst.parse_expression(" or ".join([*(f"{names.code(bound)} is None" for bound in perhaps_none), condition]))


def _may_be_none(node: cst.BaseExpression, site: Site, here: Context) -> bool:
    """Whether a bound is a variable that is None by default, by its annotation, or in an assignment beside it."""
    if not isinstance(node, cst.Name):
        return False
    scope = next((n for n in reversed(site.around) if isinstance(n, cst.FunctionDef)), here.model.tree)
    for inner in names.below(scope):
        match inner:
            case cst.Param(name=cst.Name(value=node.value), annotation=annotation, default=default):
                if default is not None and names.code(default) == "None":
                    return True
                if annotation is not None and re.search(r"\b(?:None|Optional)\b", names.code(annotation.annotation)):
                    return True
            case cst.Assign(
                targets=[cst.AssignTarget(target=cst.Name(value=node.value))], value=cst.Name(value="None")
            ):
                return True
    return False


def _repeatable(node: cst.BaseExpression) -> bool:
    """Whether evaluating an expression twice is the same as once: names, numbers and arithmetic."""
    if isinstance(node, cst.BinaryOperation):
        return _repeatable(node.left) and _repeatable(node.right)
    return isinstance(node, cst.Integer) or names.dotted(node) is not None
