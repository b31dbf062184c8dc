"""How a statement is executed where a Query executed itself: shared by the rules for terminal methods.

Decides between `scalars()`, `execute()` and `scalar()`, whether `unique()` is needed, and what can't be said for
certain. No rule itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Safety, Severity
from translator.model import ordering, queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.rules.contract import Context, Decline, Rewrite
from translator.syntax import chains, names
from translator.syntax.chains import Frame, Link


def query_of(site: Site) -> Query:
    """The query at a site that subscribes to queries."""
    assert isinstance(site.receiver, Query)
    return site.receiver


def obstacle(site: Site, here: Context, *, rows: bool = True, either: bool = False) -> Decline | None:
    """Why a query can't be executed as a statement here, if so.

    `rows`: whether the kind of its rows matters; `either`: whether the rule can write what gives objects or rows, as a
    parameter tells.
    """
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
    if ordering.hidden(query):
        return Decline(
            "DISTINCT meets an ORDER BY on something that is not selected: 1.x silently added it to the columns, "
            "2.0 does not, so other rows come back; select the column too, or order by a selected one"
        )
    if not rows:
        return None
    if (declined := unknown_rows(query)) is not None or not query.variants:
        return declined
    if not either and (queries.is_mixed(query) or queries.keeps_some(query)):
        return _DIFFERS
    return _undecided(site, query)


def _session_at_hand(site: Site, here: Context, query: Query) -> bool:
    assert query.session is not None
    if here.web is not None and all(
        id(site.node) in made.ancestors or made.node is site.node for made in here.web.creations
    ):
        return True
    return query.session.stable and site.session is not None and site.session.binding == query.session.binding != -1


def _undecided(site: Site, query: Query) -> Decline | None:
    """Why a query that gives objects on some paths and rows on others can't be run, if no parameter tells which."""
    inner = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), None)
    told = query.told if query.told is not None and query.told.function == id(inner) else None
    if queries.is_mixed(query) and (told is None or not told.scalars):
        return _DIFFERS
    if queries.keeps_some(query) and (told is None or not told.unique):
        return Decline(
            "on some paths it selects columns alone, whose equal rows Query gives all, and on others whole objects, which "
            "it gives once; execute it where it is made"
        )
    return None


_DIFFERS = Decline("what it selects differs between paths, so that it can't be told whether rows or objects come back")


def unknown_rows(query: Query) -> Decline | None:
    """Why it can't be told whether a query gives objects or rows, if so."""
    if query.variants:
        return next(filter(None, map(unknown_rows, sorted(query.variants, key=repr))), None)
    if query.shape is None:
        return _DIFFERS
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


_NO_NAME = re.compile(r"[^\w.]")


def plain_sql(call: cst.Call, *, labels: bool) -> Decline | None:
    """Why a clause is left whose argument is SQL in a plain string, if so; `labels`: a single word may name a label."""
    for arg in call.args:
        found = names.literal_string(arg.value) if arg.keyword is None and not arg.star else None
        if found is not None and (not labels or _NO_NAME.search(found)):
            return Decline(
                f"SQL in a plain string is refused since 1.4: write text({found!r})",
                Severity.REMOVED,
            )
    return None


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


def scalars_of(query: Query) -> str:
    """The parameter that tells whether a query gives objects or rows; "" where that is known."""
    return query.told.scalars if query.told is not None and queries.is_mixed(query) else ""


def alike(query: Query) -> bool:
    """Whether `unique()` is right for all variants of a query, or for none of them."""
    needed = {queries.repeats(way) for way in query.variants}
    return len(needed) < 2 or all(map(queries.holds_objects, query.variants))


def run(
    site: Site,
    here: Context,
    *,
    method: str,
    flag: str = "",
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
            flag=flag,
            suffix=suffix,
            tail=tail,
            indent=here.indent,
        )

    return Edit(site.node, site.ancestors, build)


def fetch(site: Site, here: Context, tail: str, reason: str, *, suffix: Sequence[Link] = ()) -> Rewrite | Decline:
    """The rewrite of a terminal that fetches objects or rows."""
    query = query_of(site)
    declined = obstacle(site, here, either=True)
    if declined is not None:
        return declined
    links = (*unique(query), Link(tail))
    if alike(query):
        change = run(site, here, method=method_for(query), flag=scalars_of(query), suffix=suffix, tail=links)
        return Rewrite((change,), reason, safety=safety(query, here))
    statement = cst.ensure_type(cst.ensure_type(site.node, cst.Call).func, cst.Attribute).value
    if not isinstance(statement, cst.Name) or suffix:
        return UNALIKE
    apart = Edit(site.node, site.ancestors, lambda node: _run_apart(cst.ensure_type(node, cst.Call), query, tail))
    return Rewrite((apart,), reason, safety=safety(query, here))


UNALIKE = Decline(
    "it gives whole objects to some callers, each once, and columns to others, whose equal rows have to stay; give the query "
    "a name of its own, and call all() of that"
)


def _run_apart(call: cst.Call, query: Query, tail: str) -> cst.BaseExpression:
    """`(session.scalars(q).unique() if scalars else session.execute(q)).all()`, with a third way where rows differ."""
    statement = cst.ensure_type(call.func, cst.Attribute).value

    def ran(method: str, *, once: bool) -> cst.BaseExpression:
        links = (Link(method, (cst.Arg(statement.deep_clone()),)), *((Link("unique"),) if once else ()))
        return chains.attach(session_of(query), links)

    rows = [way for way in query.variants if not queries.objects(way)]
    chosen = ran("execute", once=any(map(queries.repeats, rows)))
    if queries.keeps_some(query):
        assert query.told is not None
        chosen = cst.IfExp(cst.Name(query.told.unique), chosen, ran("execute", once=False))
    if flag := scalars_of(query):
        repeated = any(queries.repeats(way) for way in query.variants if queries.objects(way))
        chosen = cst.IfExp(cst.Name(flag), ran("scalars", once=repeated), chosen)
    made = cst.ensure_type(chains.attach(chosen, (Link(tail),)), cst.Call)
    return made.with_changes(lpar=call.lpar, rpar=call.rpar)
