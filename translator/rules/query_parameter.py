"""A function that runs a query which it is given gets the session as well.

A Query brought its session along. A select() does not, so a function that has no other name for the session gets a
parameter `session`, and its callers hand over the one that the query was made with.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model.sites import PARAMETER, Site, SiteKind
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = (
    "def _page(query, number):\n    return query.limit(2).offset(2 * number).all()\n\n\n"
    "def users(s):\n    return _page(s.query(User).order_by(User.id), 0)\n\n\n"
    "found = users(session)"
)
AFTER = (
    "def _page(session, query, number):\n    return session.scalars(query.limit(2).offset(2 * number)).all()\n\n\n"
    "def users(s):\n    return _page(s, select(User).order_by(User.id), 0)\n\n\n"
    "found = users(session)"
)
ON = On(SiteKind.PASSED, frozenset({PARAMETER, "argument"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Add the parameter to the function, or the argument to a call."""
    if site.name == PARAMETER:
        return _parameter(site)
    query = terminals.query_of(site)
    declined = terminals.obstacle(site, here, rows=False)
    if declined is not None:
        return declined
    call = cst.ensure_type(site.node, cst.Call)
    if chains.commented(call.whitespace_before_args):
        return Decline("a comment stands before the arguments, where the session has to be handed over; move it first")

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        between = updated.whitespace_before_args if chains.breaks(updated.whitespace_before_args) else None
        comma = cst.Comma(whitespace_after=between or cst.SimpleWhitespace(" "))
        session = cst.Arg(terminals.session_of(query), comma=comma)
        return updated.with_changes(args=[session, *updated.args])

    return Rewrite(
        (Edit(site.node, site.ancestors, build),),
        "a select() does not know its session, so the function that runs it is given that, too",
        need=Need.REQUIRED,
    )


def _parameter(site: Site) -> Outcome:
    assert site.session is not None
    name = site.session.text
    position = len(site.arguments)  # after self or cls, where it has one

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.FunctionDef)
        params = updated.params
        field = "posonly_params" if params.posonly_params else "params"
        listed = list(getattr(params, field))
        between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        beside = listed[max(position - 1, 0)].comma if position < len(listed) else None
        if isinstance(beside, cst.Comma):
            between = cst.Comma(whitespace_after=chains.uncommented(beside.whitespace_after))
        listed.insert(position, cst.Param(cst.Name(name), comma=between))
        return updated.with_changes(params=params.with_changes(**{field: listed}))

    return Rewrite(
        (Edit(site.node, site.ancestors, build),),
        f"the function runs a query that it is given, which does not bring its session along: `{name}` does",
        need=Need.REQUIRED,
    )
