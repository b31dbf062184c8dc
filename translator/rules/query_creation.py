"""`Session.query(…)` becomes `select(…)`, or `update(…)` and `delete(…)` where the query ends in those.

The arguments stay: mapped classes, attributes and SQL expressions mean the same to `select()`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Severity
from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Query, Session
from translator.rules import contract, pending, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite, edit
from translator.rules.terminals import query_of
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "q = session.query(User)\nfor user in q:\n    print(user)"
AFTER = "q = select(User)\nfor user in session.scalars(q):\n    print(user)"
ON = On(SiteKind.CREATION, frozenset({"query"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Put the statement's function in the place of the session's method."""
    call = cst.ensure_type(site.node, cst.Call)
    if isinstance(site.receiver, Session) and site.receiver.is_async:
        return Decline("an AsyncSession has no query(): execute a select() with `await`", Severity.REMOVED)
    if isinstance(site.result, Query) and site.result.shape is None:
        return Decline(
            "what is selected is not in sight: the arguments of query() are unpacked from a variable; write select() of it "
            "and execute() for columns, scalars() for one class, and unique() where it holds a class and joins"
        )
    if not call.args and any(query_of(s).shape == () for s in (here.web.terminals if here.web is not None else ())):
        return Decline("query() is called without arguments, and nothing is added that it could select")
    dot = call.func.dot if isinstance(call.func, cst.Attribute) else None  # none in `query = session.query`
    if dot is not None and (chains.commented(dot.whitespace_before) or chains.commented(dot.whitespace_after)):
        return Decline("a comment stands between the session and query(); move it first")
    query = site.result
    assert isinstance(query, Query)
    name = here.name("sqlalchemy", statement_kind(here))

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=name)

    reason = "a statement is built apart from the session that executes it"
    ends = here.web.terminals if here.web is not None else ()
    core = ends and all(isinstance(s.receiver, Query) and queries.selects_no_class(s.receiver) for s in ends)
    asked = query.session.text if core and query.session is not None else None
    remarks = pending.not_flushed(site, asked, here.model.tree) if asked else ()
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(query, here), remarks=remarks)


def statement_kind(here: Context) -> str:
    """Which statement a query becomes, by how it ends."""
    kinds = {site.name for site in (here.web.terminals if here.web is not None else ())}
    if kinds == {"update"} or kinds == {"delete"}:
        return kinds.pop()
    return "select"
