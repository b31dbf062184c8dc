"""`Query.get()` becomes `Session.get()`.

Both look into the identity map first and give None where nothing is found. Options of the query, `populate_existing()`,
`with_for_update()` and execution options become arguments.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Replacement
from translator.findings import Severity
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-get-method-moves-to-session"
BEFORE = "user = session.query(User).options(selectinload(User.orders)).get(5)"
AFTER = "user = session.get(User, 5, options=[selectinload(User.orders)])"
ON = on_query("get")

_CLAUSES = (
    Fact.FILTERED, Fact.ORDERED, Fact.GROUPED, Fact.HAVING, Fact.DISTINCT, Fact.LIMITED, Fact.JOINED,
    Fact.FROM_STATEMENT,
)  # fmt: skip
_SETTINGS = (Fact.OPTIONS, Fact.LOCKED, Fact.POPULATED, Fact.OTHER, Fact.HINTED, Fact.YIELD_PER, Fact.NO_EAGER_LOADS)
_OPTION_LINKS = {"populate_existing": "populate_existing", "autoflush": "autoflush", "yield_per": "yield_per"}
_PLAIN_LINKS = frozenset({"options", "with_for_update", "execution_options", *_OPTION_LINKS})

_FLUSHES = Decline(
    "get() of 1.4 flushes whatever autoflush() says, and so does this; write `with session.no_autoflush:` where it shall not",
    Severity.NOTE,
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask the session for the object."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    if any(fact in query.must for fact in _CLAUSES):
        return Decline(
            "get() on a query that has clauses raises in 1.x too; drop the clauses or use filter() and one()"
        )
    if any(fact in query.may for fact in _CLAUSES):
        return Decline(
            "on some paths, or in some classes, the query of this get() has clauses, with which 1.x raises and Session.get() "
            "would not; use filter() and one_or_none() there"
        )
    if not only_arguments(call, "ident") or len(call.args) != 1:
        return Decline("get() takes the primary key, once")
    if query.shape is None or len(query.shape) != 1 or query.shape[0].kind in {ElementKind.COLUMN, ElementKind.TABLE}:
        return Decline("get() needs a query of one mapped class")
    declined = terminals.obstacle(site, here, rows=False)
    if declined is not None:
        return declined
    entity = query.shape[0].name
    chain = _chain(call, query)
    if chain is None and (unnamed := terminals.unnamed(query)) is not None:
        return unnamed
    if chain is None and (any(fact in query.may for fact in _SETTINGS) or not _still_named(query, call)):
        return Decline(_options_apart(call))
    if chain and any(link.name not in _PLAIN_LINKS or link.args is None for link in chain):
        return Decline("something else than options stands between query() and get(); use Session.get()")
    if chain and any(_unclear(link) for link in chain):
        return Decline("the options between query() and get() are not in sight; use Session.get()")

    def build(updated: cst.Call) -> Replacement:
        func = cst.Attribute(terminals.session_of(query), cst.Name("get"))
        made, links = _peeled(updated, len(chain)) if chain is not None else (None, [])
        target = cst.parse_expression(entity) if not isinstance(made, cst.Call) or not made.args else made.args[0].value
        ident = updated.args[0]
        keywords = _keywords(links)
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        if keywords:
            ident = ident.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
        return updated.with_changes(func=func, args=[cst.Arg(target, comma=comma), ident, *keywords])

    reason = "Session.get() looks up the identity map and gives None where nothing is found, as Query.get() does"
    flushes = any(link.name == "autoflush" for link in chain or ())
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(query, here), remarks=(_FLUSHES,) * flushes)


def _options_apart(call: cst.Call) -> str:
    """What is said of a get() on a query whose options, if it has any, stand elsewhere."""
    owner = cst.ensure_type(call.func, cst.Attribute).value
    if not isinstance(owner, (cst.Call, cst.Attribute)):
        return "the query of this get() is held in a variable and has options; hand them to Session.get()"
    return (
        f"the query of this get() is what `{names.code(owner)}` gives, which may have options; let a method give those as a "
        "list, for options() and for `get(…, options=…)` of the session"
    )


def _still_named(query: Query, call: cst.Call) -> bool:
    """Whether what query() was given can be named where get() stands: a class, or a variable that has it this moment."""
    entity = queries.single_entity(query)
    if entity is None:
        return False
    made_here = isinstance(cst.ensure_type(call.func, cst.Attribute).value, cst.Call)
    return made_here or names.is_class_name(entity.rpartition(".")[2])


def _chain(call: cst.Call, query: Query) -> list[chains.Link] | None:
    """The links between the making of the query and this call; None where it is made elsewhere, e.g. by `base(session)`."""
    node = cst.ensure_type(call.func, cst.Attribute).value
    depth = 0
    while id(node) not in query.origins:
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
            return None
        node, depth = node.func.value, depth + 1
    return _peeled(call, depth)[1]


def _peeled(call: cst.Call, depth: int) -> tuple[cst.BaseExpression, list[chains.Link]]:
    """What a number of links before this call hang on, and those: `session.query(X)`, or `select(X)` once that is rewritten."""
    links: list[chains.Link] = []
    node = cst.ensure_type(call.func, cst.Attribute).value
    for _ in range(depth):
        link = cst.ensure_type(node, cst.Call)
        func = cst.ensure_type(link.func, cst.Attribute)
        links.append(chains.Link(func.attr.value, tuple(link.args)))
        node = func.value
    return node, links[::-1]


def _unclear(link: chains.Link) -> bool:
    """Whether the arguments of a link can't become arguments of get()."""
    args = link.args or ()
    if link.name == "execution_options" or link.name == "with_for_update":
        return any(arg.keyword is None for arg in args)
    if link.name in _OPTION_LINKS:
        return len(args) > 1 or any(arg.star for arg in args)
    return any(arg.star == "**" or arg.keyword is not None for arg in args)


def _keywords(links: Sequence[chains.Link]) -> list[cst.Arg]:
    """The links, as rewritten, as keyword arguments of `Session.get()`."""
    given = [arg for link in links if link.name == "options" for arg in link.args or ()]
    alone = given[0].value if len(given) == 1 and given[0].star and isinstance(given[0].value, cst.List) else None
    options = cst.List([(cst.StarredElement if arg.star else cst.Element)(arg.value) for arg in given])
    found: list[cst.Arg] = [chains.argument(alone or options, "options")] if given else []
    execution: list[cst.Arg] = []
    for link in links:
        args = link.args or ()
        if link.name == "with_for_update":
            found.append(chains.argument(_mapping(args) if args else cst.Name("True"), "with_for_update"))
        elif link.name == "execution_options":
            top = [a for a in args if a.keyword is not None and a.keyword.value == "populate_existing"]
            found += [chains.argument(a.value, "populate_existing") for a in top]
            execution += [a for a in args if a not in top and a.keyword is not None and a.keyword.value != "autoflush"]
    if execution:
        found.append(chains.argument(_mapping(execution), "execution_options"))
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [arg.with_changes(comma=comma) for arg in found[:-1]] + found[-1:]


def _mapping(args: Sequence[cst.Arg]) -> cst.Dict:
    """`{"nowait": True}` from `nowait=True`."""
    return cst.Dict(
        [
            cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value)
            for arg in args
            if arg.keyword is not None
        ]
    )
