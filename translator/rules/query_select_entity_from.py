"""`Query.select_entity_from()` becomes an alias of the class over that selectable, named wherever the class was.

The method re-pointed every mention of the class to the selectable. `select(User).select_from(selectable)` would be a
cross product with the table.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Insertion, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site, SiteKind
from translator.model.types import Select, TableValue
from translator.rules import contract, repointing, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#selecting-from-the-query-itself-as-a-subquery-e-g-from-self"
BEFORE = """first = session.query(User).order_by(User.id).limit(2).subquery()
users = session.query(User).select_entity_from(first).filter(User.id > 1).all()"""
AFTER = """first = select(User).order_by(User.id).limit(2).subquery()
user = aliased(User, first)
users = session.scalars(select(user).where(user.id > 1)).unique().all()"""
ON = on_query("select_entity_from")

_ADVICE = Decline(
    "select_entity_from() is gone from 2.0: it re-pointed every mention of the entity; take "
    "aliased(Entity, selectable) and name the alias instead",
    Severity.REMOVED,
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Bind the alias before the statement and name it throughout."""
    call = cst.ensure_type(site.node, cst.Call)
    kind = site.arguments[0] if site.arguments else None
    tail = ".subquery()" if isinstance(kind, Select) else ""
    known = isinstance(kind, Select) or (isinstance(kind, TableValue) and not kind.is_table)
    if len(call.args) != 1 or call.args[0].keyword is not None or not known or chains.comment_before(call):
        return _ADVICE
    entity = repointing.single(terminals.query_of(site))
    if entity is None:
        return _ADVICE
    alias = repointing.alias_name(site, entity, here)
    found = throughout(site, entity, {entity: alias}, here)
    where = repointing.place(site)
    if found is None or where is None:
        return _ADVICE
    aliased = names.code(here.name("sqlalchemy.orm", "aliased"))
    held: list[str] = []

    def build(updated: cst.Call) -> Replacement:
        held[:] = [names.code(updated.args[0].value)]
        return chains.unlinked(updated)

    def text() -> str:
        return f"{alias} = {aliased}({entity}, {held[0]}{tail})"

    return Rewrite(
        (edit(site, build), *found),
        f"every mention of `{entity}` meant the selectable, which has an alias now",
        Need.REQUIRED,
        terminals.safety(terminals.query_of(site), here),
        insertions=(Insertion(where.statement, where.ancestors, text, before=True),),
    )


def throughout(site: Site, entity: str, renamed: dict[str, str], here: Context) -> tuple[Edit, ...] | None:
    """Edits of every mention in a query that one `session.query(Entity)` makes; None where one may be out of sight."""
    web = here.web
    later = repointing.followers(site, here)
    if web is None or later is None or len(web.creations) != 1 or web.creations[0].name != "query":
        return None
    made = web.creations[0]
    if made.kind is not SiteKind.CREATION or repointing.function_of(made) is not repointing.function_of(site):
        return None
    place, there = repointing.place(made), repointing.place(site)
    if place is None or there is None or place.statement is not there.statement:
        return None
    found = repointing.mentions((made, *later), renamed, frozenset({entity}), here)
    return None if found is None else tuple(change for _, change in found)
