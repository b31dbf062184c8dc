"""How a statement is executed where a Query executed itself: shared by the rules for terminal methods.

Decides between `scalars()`, `execute()` and `scalar()`, whether `unique()` is needed, and what can't be said for
certain. No rule itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Safety
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.rules.contract import Context, Decline, Rewrite
from translator.syntax import chains, names
from translator.syntax.chains import Frame, Link


def query_of(site: Site) -> Query:
    """The query at a site that subscribes to queries."""
    assert isinstance(site.receiver, Query)
    return site.receiver


def obstacle(site: Site, here: Context, *, rows: bool = True) -> Decline | None:
    """Why a query can't be executed as a statement here, if so. `rows`: whether the kind of its rows matters."""
    query = query_of(site)
    if "before_compile" in here.model.hooks:
        return Decline(
            "a before_compile hook changes every Query and does not see select(): criteria that it adds would be lost; "
            "use do_orm_execute with with_loader_criteria() first"
        )
    if query.session is None:
        return Decline("it is not certain which session it runs on here; execute the statement on that session by hand")
    if not query.session.text:
        return Decline(
            "the session that Model.query runs on is not in sight; import the `db` of Flask-SQLAlchemy (or the scoped "
            "session) here"
        )
    if not _session_at_hand(site, here, query):
        return Decline(
            f"the session `{query.session.text}` that it was made with is not certainly the one bound here; "
            "execute the statement on that session by hand"
        )
    if query.session.needs is not None:
        here.has(query.session.needs)
    if Fact.CLAUSE_AFTER_LIMIT in query.may:
        return Decline(
            "a clause is added after LIMIT or OFFSET, which Query refuses and select() would apply before the limit; "
            "put the clause before the limit, or select from a subquery"
        )
    if queries.hidden_order(query):
        return Decline(
            "DISTINCT meets an ORDER BY on something that is not selected: 1.x silently added it to the columns, "
            "2.0 does not, so other rows come back; select the column too, or order by a selected one"
        )
    return _unknown_rows(query) if rows else None


def _session_at_hand(site: Site, here: Context, query: Query) -> bool:
    assert query.session is not None
    if here.web is not None and all(
        id(site.node) in made.ancestors or made.node is site.node for made in here.web.creations
    ):
        return True
    return query.session.stable and site.session is not None and site.session.binding == query.session.binding != -1


def _unknown_rows(query: Query) -> Decline | None:
    if query.shape is None:
        return Decline(
            "what it selects differs between paths, so that it can't be told whether rows or objects come back"
        )
    if not query.shape:
        return Decline("what it selects is not in sight: query() was called without arguments")
    if Fact.TUPLES in query.may and Fact.TUPLES not in query.must:
        return Decline("only_return_tuples() is used on some paths only, so that rows or objects may come back")
    if Fact.YIELD_PER in query.may and Fact.YIELD_PER not in query.must and queries.repeats(query):
        return Decline(
            "yield_per() is used on some paths only: with it Query gives repeated objects, without it each once"
        )
    unknown = [e for e in query.shape if e.kind is ElementKind.UNKNOWN]
    if unknown and len(query.shape) == 1:
        return Decline(
            f"it can't be told whether `{unknown[0].name}` is a mapped class (objects come back) or a column (rows do); "
            "write `scalars()` for a class, `execute()` for a column"
        )
    wholes = any(e.kind is ElementKind.ENTITY for e in query.shape)
    if unknown and not wholes and queries.repeats(query):
        return Decline(f"it can't be told whether `{unknown[0].name}` is a mapped class, whose rows Query gives once")
    return None


def unnamed(query: Query) -> Decline | None:
    """Why a rule can't write the name of what a query selects, if so."""
    if Fact.ELSEWHERE not in query.may:
        return None
    return Decline(
        "the class that has to be named here stands in another file or function, and nothing in sight names it here; "
        "import it, or put the clause where the query is made"
    )


def safety(query: Query, here: Context) -> Safety:
    """SAFE where the session is known, or where conventions hold in this text."""
    return Safety.SAFE if here.model.proven(query) else Safety.REVIEW


def unique(query: Query) -> tuple[Link, ...]:
    """`.unique()` where Query gave each entity once."""
    return (Link("unique"),) if queries.repeats(query) else ()


def session_of(query: Query) -> cst.BaseExpression:
    """The session as the text spells it."""
    assert query.session is not None
    return names.expression(query.session.text)


def extension_of(query: Query) -> cst.BaseExpression | None:
    """Flask-SQLAlchemy's object, where the query runs on the session of one."""
    text = query.session.text if query.session is not None else ""
    return names.path(text.removesuffix(".session")) if text.endswith(".session") else None


def entity_node(call: cst.Call) -> cst.BaseExpression | None:
    """The class in `session.query(X)` or `X.query` right before a terminal, where nothing stands between them."""
    made = call.func.value if isinstance(call.func, cst.Attribute) else None
    if isinstance(made, cst.Attribute) and made.attr.value == "query":
        return made.value
    plain = isinstance(made, cst.Call) and isinstance(made.func, cst.Attribute) and made.func.attr.value == "query"
    return made.args[0].value if plain and isinstance(made, cst.Call) and len(made.args) == 1 else None


def method_for(query: Query) -> str:
    """`scalars` where the query gives objects, `execute` where it gives rows."""
    return "scalars" if queries.objects(query) else "execute"


def drops_parens(site: Site) -> bool:
    """Whether the parentheses around the expression are there for its line breaks only."""
    parent = site.parent
    if isinstance(parent, cst.Return):
        after = parent.whitespace_after_return
        return not (isinstance(after, cst.SimpleWhitespace) and after.value == "")
    return isinstance(parent, (cst.Assign, cst.AnnAssign, cst.Expr, cst.Call))


def frame_of(node: cst.BaseExpression, site: Site) -> Frame:
    """What stands around the chain at a terminal call."""
    before: chains.Whitespace = cst.SimpleWhitespace("")
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        before = node.func.dot.whitespace_before
    return Frame(node.lpar, node.rpar, before, drops_parens(site))


def run(
    site: Site,
    here: Context,
    *,
    method: str,
    suffix: Sequence[Link] = (),
    tail: Sequence[Link] = (),
) -> Edit:
    """Replace `<query>.terminal(…)` by `session.method(<statement>.suffix).tail`."""
    query = query_of(site)

    def build(node: cst.CSTNode) -> Replacement:
        call = cst.ensure_type(node, cst.Call)
        statement = cst.ensure_type(call.func, cst.Attribute).value
        return chains.execute(
            statement,
            frame_of(call, site),
            session=session_of(query),
            method=method,
            suffix=suffix,
            tail=tail,
            indent=here.indent,
        )

    return Edit(site.node, site.ancestors, build)


def fetch(site: Site, here: Context, tail: str, reason: str, *, suffix: Sequence[Link] = ()) -> Rewrite | Decline:
    """The rewrite of a terminal that fetches objects or rows."""
    query = query_of(site)
    declined = obstacle(site, here)
    if declined is not None:
        return declined
    links = (*unique(query), Link(tail))
    change = run(site, here, method=method_for(query), suffix=suffix, tail=links)
    return Rewrite((change,), reason, safety=safety(query, here))
