"""`get_or_404`, `first_or_404` and `one_or_404` of a query become those of Flask-SQLAlchemy's `db`.

`db.first_or_404()` takes a statement as it is, so the LIMIT 1 that the query added is written out.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Safety
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import Fact, Query
from translator.rules import terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query, only_arguments
from translator.syntax import chains
from translator.syntax.chains import Link, argument

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/queries/"
BEFORE = "user = User.query.filter_by(name='ada').first_or_404()"
AFTER = "user = db.first_or_404(db.select(User).filter_by(name='ada').limit(1))"
ON = on_query("get_or_404", "first_or_404", "one_or_404")

_CLAUSES = (Fact.FILTERED, Fact.ORDERED, Fact.GROUPED, Fact.HAVING, Fact.DISTINCT, Fact.LIMITED, Fact.JOINED)


def rewrite(site: Site, here: Context) -> Outcome:
    """Hand the statement to the extension."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    declined = terminals.obstacle(site, here) or _unsuited(site, query)
    if declined is None and site.name != "get_or_404" and _spreads(query):
        return _made_unique(site, here, query, call)
    if declined is not None:
        return declined
    owner = terminals.extension_of(query)
    if owner is None:
        return Decline(f"{site.name}() is Flask-SQLAlchemy's, and its object (`db`) is not in sight; import it here")
    reason = f"Flask-SQLAlchemy takes a statement in db.{site.name}()"
    safety = terminals.safety(query, here)
    if site.name == "get_or_404":
        return _get(site, query, call, owner, reason, safety)
    if not only_arguments(call, "description") or len(call.args) > 1:
        return Decline(f"{site.name}() takes a description, nothing else")
    suffix = (Link("limit", (argument("1"),)),) if site.name == "first_or_404" else ()

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        executed = chains.execute(
            cst.ensure_type(updated.func, cst.Attribute).value,
            terminals.frame_of(updated, site),
            session=owner,
            method=site.name,
            suffix=suffix,
            indent=here.indent,
        )
        return chains.with_arguments(executed, [chains.named(arg, "description") for arg in updated.args])

    return Rewrite((Edit(site.node, site.ancestors, build),), reason, safety=safety)


def _unsuited(site: Site, query: Query) -> Decline | None:
    if queries.single_entity(query) is None and (query.shape is None or len(query.shape) != 1):
        return Decline(f"db.{site.name}() gives the first column only, and the query selects several")
    if site.name == "one_or_404" and queries.repeats(query) and not _spreads(query):
        return Decline(
            "a join can repeat the object that is looked for; Query dropped repeated ones before it counted, "
            "db.one_or_404() does not: use exists() or any() in place of the join"
        )
    return None


def _spreads(query: Query) -> bool:
    return Fact.EAGER_COLLECTION in query.may and queries.repeats(query)


def _made_unique(site: Site, here: Context, query: Query, call: cst.Call) -> Rewrite | Decline:
    """`….unique().first() or abort(404)`, where the object can't be taken for nothing."""
    entity = queries.single_entity(query)
    certain = entity is not None and here.model.mapping.always_true(entity)
    if site.name != "first_or_404" or not certain or not only_arguments(call, "description") or len(call.args) > 1:
        return Decline(
            f"a collection is loaded by a join, which db.{site.name}() does not make unique; load it with selectinload(), or "
            "call unique() and first() on the result, and abort(404) where that is None"
        )
    abort = cst.Call(here.name("flask", "abort"), [argument("404")])
    run = terminals.run(
        site, here, method="scalars", suffix=(Link("limit", (argument("1"),)),), tail=(Link("unique"), Link("first"))
    )
    parent = site.parent
    passed = isinstance(parent, cst.Call) and parent.func is not site.node
    alone = passed or isinstance(parent, (cst.Assign, cst.AnnAssign, cst.Return))

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        found = cst.ensure_type(run.build(node), cst.Call)
        given = [chains.named(arg, "description") for arg in updated.args]
        aborted = chains.with_arguments(abort, given) if given else abort
        either = cst.BooleanOperation(found.with_changes(lpar=[], rpar=[]), cst.Or(), aborted)
        if found.lpar:
            return either.with_changes(lpar=found.lpar, rpar=found.rpar)
        return either if alone else either.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

    return Rewrite(
        (Edit(site.node, site.ancestors, build),),
        "a collection is loaded by a join, so the rows have to be made unique, which db.first_or_404() does not do",
        safety=terminals.safety(query, here),
    )


def _get(
    site: Site, query: Query, call: cst.Call, owner: cst.BaseExpression, reason: str, safety: Safety
) -> Rewrite | Decline:
    entity = terminals.entity_node(call)
    if any(fact in query.may for fact in _CLAUSES):
        return Decline("get_or_404() on a query that has clauses raises; use first_or_404()")
    made_here = id(cst.ensure_type(call.func, cst.Attribute).value) in query.origins
    if (
        entity is None
        or not made_here
        or not only_arguments(call, "ident", "description")
        or not 1 <= len(call.args) <= 2
    ):
        return Decline(
            "get_or_404() is called on a query with options or on one held in a variable; use db.get_or_404()"
        )

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        selected = cst.ensure_type(cst.ensure_type(updated.func, cst.Attribute).value, cst.Call)
        first = cst.Arg(selected.args[0].value, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        rest = [updated.args[0], *(chains.named(arg, "description") for arg in updated.args[1:])]
        return updated.with_changes(func=cst.Attribute(owner, cst.Name("get_or_404")), args=[first, *rest])

    return Rewrite((Edit(site.node, site.ancestors, build),), reason, safety=safety)
