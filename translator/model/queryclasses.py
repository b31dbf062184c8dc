"""Query classes of an application: `query_class`, `query_cls`, subclasses of Query with methods of their own.

A select() has none of those methods, and does nothing of what an overriding one does. So a query of such a class stays
as it is where that matters. A class that is not in sight betrays itself by calls that Query would not take.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import querymethods
from translator.model.classes import ClassInfo
from translator.model.signatures import QUERY_METHODS
from translator.model.types import Entity, Query, Session, SessionFactory, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

STANDARD = frozenset({"BaseQuery", "Query", "orm.Query", "sqlalchemy.orm.Query", "db.Query"})
"""Query classes that change nothing about what a query finds."""
_INNER = {
    "get_or_404": frozenset({"get"}),
    "first_or_404": frozenset({"first"}),
    "one_or_404": frozenset({"one"}),
    "first": frozenset({"limit"}),
    "one": frozenset({"one_or_none"}),
    "scalar": frozenset({"one"}),
    "filter_by": frozenset({"filter"}),
    "where": frozenset({"filter"}),
    "paginate": frozenset({"limit", "offset", "order_by", "count", "items", "all"}),
}
"""Methods that a method of Query calls in its turn."""
_UNRULED = frozenset(
    {
        "allows_lambda", "bind", "column_descriptions", "execute", "from_self", "get_execution_options",
        "get_label_style", "instances", "is_single_entity", "lazy_loaded_from", "load_options", "merge_result",
        "select_entity_from", "selectable", "statement", "whereclause", "with_polymorphic", "with_transformation",
        "subquery", "session",
    }
)  # fmt: skip
"""Other attributes of Query: they are no sign of a class of its own."""
_MOST = {
    "all": 0, "first": 0, "one": 0, "one_or_none": 0, "scalar": 0, "count": 0, "exists": 0, "get": 1, "get_or_404": 2,
    "limit": 1, "offset": 1, "subquery": 3, "cte": 3, "paginate": 4,
}  # fmt: skip
"""How many arguments a method of Query takes by position at most."""


def applied(
    walk: Expressions, query: Query, node: cst.BaseExpression, query_class: str | None, *, of_model: bool = False
) -> Query:
    """The query as one of a class of the application's own, if that is what it is."""
    info = walk.functions.classes.named(query_class) if query_class is not None else None
    if query_class is None or (query_class in STANDARD and info is None):
        return query
    reason = _changes_everything(walk, query, query_class)
    query = replace(query, query_class=query_class)
    if reason is not None:
        walk.escape(query, node, reason)
    elif info is not None:
        querymethods.seed(walk, info, query, of_model=of_model)
    return query


def given(node: cst.Call, kinds: list[Type], kind: Type) -> Type:
    """A session or what makes sessions, with the Query class that it is given."""
    if not isinstance(kind, (Session, SessionFactory)):
        return kind
    if (spelled := names.keyword(node, "query_cls")) is not None:
        return replace(kind, query_class=names.code(spelled))
    inner = kinds[0].query_class if kinds and isinstance(kinds[0], SessionFactory) else None
    return replace(kind, query_class=inner)


def suspected(walk: Expressions, query: Query, node: cst.BaseExpression, entity: Entity) -> None:
    """`Model.query` of a class whose queries were called as Query can't be: leave them all."""
    reason = walk.functions.odd_queries.get(entity.mapped_name)
    if reason is not None:
        walk.escape(query, node, reason)


def refused(walk: Expressions, node: cst.Call, name: str, query: Query) -> bool:
    """Whether a method is not Query's own here; the query then stays, for the reason that is recorded."""
    reason = _own_method(walk, name, query)
    if reason is not None:
        walk.escape(query, node, reason)
        return True
    querymethods.doubt(walk, node, query, {name, *_INNER.get(name, ())})
    reason = _unlike_query(node, name)
    if reason is None:
        return False
    walk.escape(query, node, reason)
    for entity in query.model_queries:
        if entity not in walk.functions.odd_queries:
            walk.functions.odd_queries[entity] = reason
            walk.functions.stir("everything")
    return True


def _own_method(walk: Expressions, name: str, query: Query) -> str | None:
    if query.query_class is None:
        return None
    own: set[str] = set()
    for spelled in filter(None, query.query_class.split(" or ")):
        info = walk.functions.classes.named(spelled)
        if info is None:
            own = own.union(*(_known_methods(walk, entity) or () for entity in query.model_queries))
            continue
        family = walk.functions.classes.family(info.key)
        if querymethods.is_own(walk, query):
            family = [*family, *walk.functions.classes.extending(info.key)]
        own.update(member for one in family for member in members(one))
    found = next(iter(sorted({name, *_INNER.get(name, ())} & own)), None)
    if found is None:
        return None
    if querymethods.is_own(walk, query):
        return f"`{found}()` is a method of classes that extend `{query.query_class}`, which a select() does not have"
    return (
        f"`{found}()` is a method of its class `{query.query_class}`, which a select() does not have; "
        "make it a function of a select() first"
    )


def members(info: ClassInfo) -> set[str]:
    """What a class defines, also where its module was walked in this round only."""
    return {*info.members, *info.fresh, *(name for found in info.stored.values() for name in found)}


def _known_methods(walk: Expressions, entity: str) -> frozenset[str] | None:
    """What the query class of a model defines that stands in another module, where that is known."""
    mapped = walk.mapping.get(entity)
    return mapped.query_methods if mapped is not None else None


def _unlike_query(node: cst.Call, name: str) -> str | None:
    """Why a call is none that Query itself would take."""
    if name not in QUERY_METHODS and name not in _UNRULED:
        return (
            f"queries of its class have a `{name}()` that is not SQLAlchemy's: their query class, which is not in sight, may "
            "do more in other methods, too, and a select() has none of them; make them functions of a select() first"
        )
    given = names.positional(node)
    too_many = len(given) > _MOST.get(name, len(given))
    if name == "delete" and given:
        too_many = not (isinstance(given[0].value, (cst.Name, cst.SimpleString)) and _like_a_setting(given[0].value))
    if too_many and not names.starred(node):
        return (
            f"`{name}()` is called with arguments that Query.{name}() does not take, so its query class, which is not in "
            "sight, has a method of that name; make it a function of a select() first"
        )
    return None


def _like_a_setting(node: cst.BaseExpression) -> bool:
    """Whether a value may be one of `synchronize_session`."""
    if isinstance(node, cst.SimpleString):
        return names.literal_string(node) in {"evaluate", "fetch", "auto"}
    return isinstance(node, cst.Name) and (node.value in {"False", "None"} or "sync" in node.value)


def _changes_everything(walk: Expressions, query: Query, query_class: str) -> str | None:
    """Why no query of this class can be a statement instead."""
    info = walk.functions.classes.named(query_class)
    known = set().union(*(_known_methods(walk, entity) or () for entity in query.model_queries))
    if info is None and known and not known & querymethods.EVERY:
        return None
    if info is None:
        return f"it is a `{query_class}`, which is not in sight and may change what every query finds"
    for one in walk.functions.classes.family(info.key):
        for spelled in one.foreign_bases:
            if spelled != "object" and not querymethods.is_query(one, spelled):
                return f"it is a `{query_class}`, whose base `{spelled}` is not in sight"
        for name in sorted(querymethods.EVERY & members(one)):
            return (
                f"its class `{one.name}` has a `{name}()` of its own, which a select() does not have: criteria that it "
                "adds would be lost; use do_orm_execute with with_loader_criteria() first"
            )
    return None
