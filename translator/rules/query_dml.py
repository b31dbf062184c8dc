"""`Query.update()` and `Query.delete()` become `update()` and `delete()` statements that the session executes.

`synchronize_session` is an execution option of the statement, not an argument: leaving it out changes what objects in
memory show. Query gave the number of matched rows; where that number is used, `.rowcount` gives it.
In functions with annotations the result is cast to `CursorResult`, as the documentation advises: else type checkers know no
`rowcount`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model import queries
from translator.model.sites import Site
from translator.model.types import ElementKind, Fact, Query
from translator.rules import checked, contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query, only_arguments
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "n = session.query(User).filter(User.name == 'x').update({'name': 'y'}, synchronize_session=False)"
AFTER = (
    "n = session.execute(\n"
    "    update(User)\n"
    "    .where(User.name == 'x')\n"
    "    .values({'name': 'y'})\n"
    "    .execution_options(synchronize_session=False)\n"
    ").rowcount"
)
ON = on_query("update", "delete")

_DIALECTS = frozenset({"mysql", "mariadb", "postgresql", "sqlite", "oracle", "mssql"})
_REFUSED = (Fact.JOINED, Fact.ORDERED, Fact.GROUPED, Fact.DISTINCT, Fact.LIMITED, Fact.FROM_STATEMENT)


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute an UPDATE or DELETE with the criteria of the query."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    mixed = here.web is not None and {s.name for s in here.web.terminals} != {site.name}
    declined = _refused(site, here, query, call) or _unclear(site, query, call, mixed=mixed)
    if declined is not None:
        return declined
    sync = names.keyword(call, "synchronize_session")
    given = names.positional(call)
    if sync is None:
        at = 1 if site.name == "update" else 0
        sync = given[at].value if len(given) > at else None
    values = given[0].value if site.name == "update" and given else names.keyword(call, "values")
    if site.name == "update" and values is None:
        return Decline("update() is called without values")
    if mixed and Fact.FILTERED not in query.must:
        return Decline(
            f"the same query is also executed in another way, and without criteria that are certain its {site.name}() "
            "can't be made from the statement; build it apart"
        )
    if mixed and (unnamed := terminals.unnamed(query)) is not None:
        return unnamed
    tail = (Link("rowcount", None),) if site.used else ()
    entity = query.shape[0].name if query.shape else ""
    function = here.name("sqlalchemy", site.name)

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        statement = cst.ensure_type(updated.func, cst.Attribute).value
        if mixed:
            statement = _from_criteria(function, entity, statement)
        return chains.execute(
            statement,
            terminals.frame_of(updated, site),
            session=terminals.session_of(query),
            method="execute",
            suffix=_links(updated, site.name, sync is not None, here.indent),
            tail=tail,
            indent=here.indent,
        )

    said = " and rowcount gives the number of matched rows" if site.used else ""
    reason = f"{site.name}() is a statement of its own in 2.0 style{said}"
    change = Edit(site.node, site.ancestors, build)
    if tail and checked.knows_session(site, here):
        change = checked.counted(change, here)
    return Rewrite((change,), reason, safety=terminals.safety(query, here))


def _refused(site: Site, here: Context, query: Query, call: cst.Call) -> Decline | None:
    if f"after_bulk_{site.name}" in here.model.hooks:
        return Decline(f"an after_bulk_{site.name} hook is not called for statements; use do_orm_execute instead")
    if any(fact in query.may for fact in _REFUSED):
        return Decline(
            f"{site.name}() on a query with a join, an order, a group, DISTINCT or a limit raises in 1.x too; "
            "select the keys in a subquery"
        )
    if (
        not only_arguments(call, "values", "synchronize_session", f"{site.name}_args")
        or _extras(call, site.name) is None
    ):
        return Decline(f"{site.name}_args are not in sight, or have no plain equivalent on a statement")
    if not query.may.isdisjoint({Fact.OPTIONS, Fact.OTHER, Fact.HAVING}):
        return Decline(f"{site.name}() ignored the options and HAVING of its query; take them away first")
    return terminals.obstacle(site, here)


def _unclear(site: Site, query: Query, call: cst.Call, *, mixed: bool) -> Decline | None:
    """Why it isn't certain which class is changed, or that no other one is named; `mixed`: whether it is also selected."""
    whole = query.shape is not None and len(query.shape) == 1 and query.shape[0].kind is ElementKind.ENTITY
    entity = queries.single_entity(query)
    held = isinstance(cst.ensure_type(call.func, cst.Attribute).value, cst.Name)
    if not whole or (entity is None and mixed and not held):
        return Decline(f"it can't be told that the query is over one mapped class, which {site.name}() needs")
    if (query.froms - {entity}) if entity is not None else (query.froms or Fact.REPEATS in query.may):
        return Decline(f"the criteria of {site.name}() name another class; 1.x and 2.0 differ in how they correlate it")
    return None


def _links(call: cst.Call, name: str, synchronised: bool, indent: int) -> list[Link]:
    """`.values(…)` and `.execution_options(synchronize_session=…)` from the arguments as they stand."""
    positional = names.positional(call)
    links: list[Link] = []
    ordered, extras = _extras(call, name) or (False, ())
    if name == "update":
        values = positional[0].value if positional else names.keyword(call, "values")
        assert values is not None
        if chains.breaks(call.whitespace_before_args):
            values = chains.shifted(values, -indent)  # it stood on a line of its own
        links.append(Link("ordered_values", _pairs(values)) if ordered else Link("values", (cst.Arg(values),)))
    if extras:
        links.append(Link("with_dialect_options", extras))
    if synchronised:
        at = 1 if name == "update" else 0
        sync = names.keyword(call, "synchronize_session") or positional[at].value
        links.append(Link("execution_options", (chains.argument(sync, "synchronize_session"),)))
    return links


def _extras(call: cst.Call, name: str) -> tuple[bool, tuple[cst.Arg, ...]] | None:
    """What `update_args` or `delete_args` ask for: whether the order of the values is kept, and options of a dialect."""
    given = names.keyword(call, f"{name}_args")
    if given is None or names.code(given) == "None":
        return False, ()
    if not isinstance(given, cst.Dict):
        return None
    ordered, extras = False, []
    for item in given.elements:
        key = names.literal_string(item.key) if isinstance(item, cst.DictElement) else None
        if key == "preserve_parameter_order" and name == "update" and names.code(item.value) == "True":
            ordered = True
        elif key is not None and key.isidentifier() and key.partition("_")[0] in _DIALECTS:
            extras.append(chains.argument(item.value, key))
        else:
            return None
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return ordered, tuple([arg.with_changes(comma=comma) for arg in extras[:-1]] + extras[-1:])


def _pairs(values: cst.BaseExpression) -> tuple[cst.Arg, ...]:
    """The pairs of a list as arguments."""
    if not isinstance(values, (cst.List, cst.Tuple)):
        return (cst.Arg(values, star="*"),)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    pairs = [cst.Arg(e.value, star="*" if isinstance(e, cst.StarredElement) else "") for e in values.elements]
    return tuple([arg.with_changes(comma=comma) for arg in pairs[:-1]] + pairs[-1:])


def _from_criteria(function: cst.BaseExpression, entity: str, statement: cst.BaseExpression) -> cst.BaseExpression:
    """`delete(User).where(stmt.whereclause)`: the criteria of a select() that is used for more than this.

    Where it selects now one class, now another (`entity` is ""), the statement tells which.
    """
    told = f'{names.code(statement)}.column_descriptions[0]["entity"]'
    made = cst.Call(function, [cst.Arg(names.expression(entity or told))])
    criteria = chains.attach(statement.with_changes(lpar=[], rpar=[]), [Link("whereclause", None)])
    return chains.attach(made, [Link("where", (cst.Arg(criteria),))])
