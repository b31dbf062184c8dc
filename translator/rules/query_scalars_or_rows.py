"""A function that is given queries of objects by some callers, and of rows by others, is told which.

A Query gave objects or rows by itself. `Session.scalars()` gives objects and `Session.execute()` rows, so a function that
runs both gets a parameter `scalars`, and the callers that hand over one class say so.
"""

from __future__ import annotations

from functools import partial

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model import lattice, queries
from translator.model.sites import FLAG, SCALARS, UNIQUE, Site, SiteKind
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = (
    "def _some(s, query, number):\n    return query.limit(number).all()\n\n\n"
    "users = _some(session, session.query(User).order_by(User.id), 2)\n"
    "names = _some(session, session.query(User.id, User.name).order_by(User.id), 3)"
)
AFTER = (
    "def _some(s, query, number, *, scalars=False):\n"
    "    return (s.scalars if scalars else s.execute)(query.limit(number)).all()\n\n\n"
    "users = _some(session, select(User).order_by(User.id), 2, scalars=True)\n"
    "names = _some(session, select(User.id, User.name).order_by(User.id), 3)"
)
ON = On(SiteKind.PASSED, frozenset({FLAG, SCALARS, UNIQUE}))
_REASON = "a select() does not say by itself whether objects or rows are wanted of it"


def rewrite(site: Site, here: Context) -> Outcome:
    """Add the parameter to the function, or the argument to a call."""
    kind, _, name = site.name.partition(":")
    if kind == FLAG:
        return Rewrite((Edit(site.node, site.ancestors, partial(_with_parameter, name)),), _REASON, need=Need.REQUIRED)
    value = _scalars(site) if kind == SCALARS else _unique(site)
    if not isinstance(value, str):
        return value
    if value == "False":
        return Rewrite((), _REASON)
    return Rewrite((Edit(site.node, site.ancestors, partial(_told, name, value)),), _REASON, need=Need.REQUIRED)


def _scalars(site: Site) -> str | Decline:
    """Whether objects are wanted of the query that a call hands over: what the call has to say of it."""
    query = terminals.query_of(site)
    if (declined := terminals.unknown_rows(query)) is not None:
        return declined
    return terminals.scalars_of(query) or (_MIXED if queries.is_mixed(query) else str(queries.objects(query)))


def _unique(site: Site) -> str | Decline:
    """Whether the query that a call hands over gives rows that hold objects."""
    query = terminals.query_of(site)
    rows = [way for way in lattice.ways(query) if not queries.objects(way)]
    found = {queries.holds_objects(way) for way in rows}
    if None in found:
        return Decline("it can't be told whether its rows hold whole objects, which Query gives once")
    if len(found) < 2:
        return str(True in found)
    return query.told.unique if query.told is not None and query.told.unique else _MIXED


_MIXED = Decline("it gives objects on some paths and rows on others, so that it can't be said here which")


def _told(name: str, value: str, node: cst.CSTNode) -> Replacement:
    """The call with one more argument by keyword, broken over lines as the others are."""
    call = cst.ensure_type(node, cst.Call)
    args = list(call.args)
    last = args[-1]
    between = call.whitespace_before_args if chains.breaks(call.whitespace_before_args) else cst.SimpleWhitespace(" ")
    flag = chains.argument(cst.Name(value), name).with_changes(
        comma=last.comma, whitespace_after_arg=last.whitespace_after_arg
    )
    args[-1] = last.with_changes(
        comma=cst.Comma(whitespace_after=between), whitespace_after_arg=cst.SimpleWhitespace("")
    )
    return call.with_changes(args=[*args, flag])


def _with_parameter(name: str, node: cst.CSTNode) -> Replacement:
    updated = cst.ensure_type(node, cst.FunctionDef)
    return updated.with_changes(params=_flagged(updated.params, name))


def _flagged(params: cst.Parameters, name: str) -> cst.Parameters:
    """The parameters with one more, given by keyword only; annotated where others are."""
    listed = [*params.posonly_params, *params.params, *params.kwonly_params]
    annotated = any(param.annotation is not None for param in listed)
    spaced = cst.SimpleWhitespace(" " if annotated else "")
    commas = [param.comma for param in listed[:-1] if isinstance(param.comma, cst.Comma)]
    between = commas[-1] if commas else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    flag = cst.Param(
        cst.Name(name),
        cst.Annotation(cst.Name("bool")) if annotated else None,
        default=cst.Name("False"),
        equal=cst.AssignEqual(spaced, spaced),
    )
    if params.kwonly_params:
        *first, last = params.kwonly_params
        return params.with_changes(kwonly_params=[*first, *_after(last, flag, between)])
    if isinstance(params.star_arg, cst.Param):
        star, flag = _after(params.star_arg, flag, between)
        return params.with_changes(star_arg=star, kwonly_params=[flag])
    if isinstance(params.star_kwarg, cst.Param):
        flag = flag.with_changes(comma=between)
        return params.with_changes(star_arg=cst.ParamStar(comma=between), kwonly_params=[flag])
    field = "params" if params.params else "posonly_params"
    *first, last = getattr(params, field)
    last, flag = _after(last, flag, between)
    return params.with_changes(**{field: [*first, last]}, star_arg=cst.ParamStar(comma=between), kwonly_params=[flag])


def _after(last: cst.Param, flag: cst.Param, between: cst.Comma) -> tuple[cst.Param, cst.Param]:
    """The last parameter and the new one after it, which takes over what stood before the bracket."""
    nothing = cst.SimpleWhitespace("")
    return (
        last.with_changes(comma=between, whitespace_after_param=nothing),
        flag.with_changes(comma=last.comma, whitespace_after_param=last.whitespace_after_param),
    )
