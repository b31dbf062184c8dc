"""The builders of Query that change what it selects or how it is read: `with_entities`, `add_columns`, `with_parent`, …

Clauses are the affair of `queries`, joins of `joins`. Works on types and on the spelling of arguments; walks no tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from translator.model import joins, ordering, pointing, queries
from translator.model.mapping import Mapping
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Attribute,
    Element,
    ElementKind,
    Fact,
    Instance,
    Many,
    Pagination,
    Query,
    Row,
    Type,
)
from translator.syntax import names


def build(query: Query, method: str, call: cst.Call, arguments: Sequence[Type], mapping: Mapping) -> Query:
    """The type of `query.method(…)` for a method that builds."""
    query = pointing.extended(ordering.extended(query, method), method)
    result = _built(query, method, call, arguments, mapping)
    if not query.variants:
        return result
    known = result.shape is None and method not in _NESTING
    ways = (_built(ordering.extended(way, method), method, call, arguments, mapping) for way in query.variants if known)
    return replace(result, variants=frozenset(ways))


_NESTING = frozenset(
    {"union", "union_all", "intersect", "intersect_all", "except_", "except_all", "from_self", "select_entity_from",
     "with_polymorphic"}
)  # fmt: skip
"""Methods that make other queries of a query than their arguments show."""


def _built(query: Query, method: str, call: cst.Call, arguments: Sequence[Type], mapping: Mapping) -> Query:
    result = queries.build(query, method, call, arguments, mapping)
    if Fact.COMPOUND in query.may and not _on_a_compound(query, method, call):
        result = result.with_facts(Fact.PAST_COMPOUND)
    match method:
        case "join" | "outerjoin":
            return joins.joined(result, call, arguments, mapping)
        case "select_from":
            return joins.selected_from(result, arguments, mapping)
        case "union" | "union_all" | "intersect" | "intersect_all" | "except_" | "except_all":
            return _compound(query, method, arguments)
        case "from_self":
            nested = _compound(query, method, ())
            nested = nested.with_facts(*((Fact.REPEATS,) if queries.repeats(query) else ()))
            if not call.args:
                return nested
            return reselected(nested, call, arguments, mapping, keep=False).with_facts(Fact.PAST_COMPOUND)
        case "select_entity_from":
            return result.with_facts(Fact.REPEATS)
        case "with_polymorphic":
            listed = call.args[0].value if call.args else None
            elements = listed.elements if isinstance(listed, (cst.List, cst.Tuple)) else ()
            return replace(result, froms=result.froms | set(filter(None, (names.dotted(e.value) for e in elements))))
        case "with_entities" | "values" | "value":
            return reselected(result, call, arguments, mapping, keep=False)
        case "add_columns" | "add_column" | "add_entity":
            return reselected(result, call, arguments, mapping, keep=True)
        case "reset_joinpoint":
            return replace(result, joinpoint=joins.root(query) or "")
        case "enable_assertions" if _is(call, "False"):
            return result.with_facts(Fact.UNCHECKED)
        case "only_return_tuples" if not _is(call, "False"):
            return result.with_facts(Fact.TUPLES)
        case "enable_eagerloads" if _is(call, "False"):
            return _without_eager_loads(result)
        case "with_parent":
            return _with_parent(result, arguments, mapping)
    return result


def reselected(query: Query, call: cst.Call, arguments: Sequence[Type], mapping: Mapping, *, keep: bool) -> Query:
    """The query with these elements selected, in the place of the old ones or (`keep`) after them."""
    given = [(arg.value, kind) for arg, kind in zip(call.args, arguments, strict=True)]
    if names.keyword(call, "alias") is not None:  # add_entity(User, alias=a)
        given = [
            pair for pair, arg in zip(given, call.args, strict=True) if arg.keyword and arg.keyword.value == "alias"
        ]
    if names.starred(call) or (keep and query.shape is None):
        return replace(query.with_facts(Fact.REPEATS), shape=None)
    added: tuple[Element, ...] = tuple(queries.element(node, kind) for node, kind in given)
    drawn = frozenset().union(*(queries.mentions(kind) for _, kind in given)) | {e.entity for e in added if e.entity}
    before = query.froms
    shape = (*(query.shape or ()), *added) if keep else added
    result = queries.reshaped(query, shape, frozenset(drawn), mapping)
    wholes = queries.entities(result)
    crossed = bool(wholes) and any(name not in wholes for name in before | drawn)
    if crossed or (wholes and Fact.GROUPED in query.may):
        result = result.with_facts(Fact.REPEATS, Fact.GROUPED_ELSEWHERE)
    return result


def _is(call: cst.Call, spelled: str) -> bool:
    return len(call.args) == 1 and names.code(call.args[0].value) == spelled


def _without_eager_loads(query: Query) -> Query:
    """No collection is joined any more, unless an option asks for it by name."""
    query = query.with_facts(Fact.NO_EAGER_LOADS)
    if Fact.OPTIONS in query.may:
        return query
    eager = {Fact.EAGER_COLLECTION}
    return replace(query, may=query.may - eager, must=query.must - eager)


def _with_parent(query: Query, arguments: Sequence[Type], mapping: Mapping) -> Query:
    """A parent's children: each once, but that rows of a secondary table may repeat."""
    prop = arguments[1] if len(arguments) > 1 else None
    parent = arguments[0] if arguments else None
    found = []
    if isinstance(prop, Attribute):
        found = [mapping.relationship(prop.entity.mapped_name, prop.name)]
    elif isinstance(parent, Instance) and parent.entity is not None:
        family = mapping.family(parent.entity.mapped_name)
        target = queries.single_entity(query)
        found = [r for mapped in family for r in mapped.relationships.values() if r.target == target]
    if found and all(relation is not None and not relation.secondary for relation in found):
        return query
    return query.with_facts(Fact.REPEATS)


def _compound(query: Query, method: str, arguments: Sequence[Type]) -> Query:
    """Several queries made one, whose rows are those of the first one's kind."""
    others = [kind for kind in arguments if isinstance(kind, Query)]
    everyone = [query, *others]
    kept = frozenset({Fact.COMPOUND, *({Fact.REPEATS} if method.endswith("_all") else set())})
    inside = frozenset().union(*(q.may for q in everyone))
    if (
        Fact.OPTIONS not in inside and Fact.EAGER_COLLECTION in inside & query.must
    ):  # of the class: the whole loads them, too
        kept, inside = kept | {Fact.EAGER_COLLECTION}, inside - {Fact.EAGER_COLLECTION}
    if any(fact in inside for fact in _OUTLIVING) or any(ordering.hidden(q) for q in everyone):
        kept |= {Fact.UNNESTABLE}
    if len(others) != len(arguments) or any(not _like(query, other) for other in others):
        kept |= {Fact.UNNESTABLE}
    if not _like(query, query):
        kept |= {Fact.UNNESTABLE if others else Fact.PAST_COMPOUND}
    return replace(
        query,
        belief=min((q.belief for q in everyone), key=lambda belief: belief.value),
        origins=frozenset().union(*(q.origins for q in everyone)),
        session=query.session if all(q.session == query.session for q in others) else None,
        may=kept,
        must=kept,
        froms=frozenset(e.entity for e in query.shape or () if e.entity),
        joinpoint=None,
        root=None,
        order=(),
    )


_OUTLIVING = frozenset(
    {Fact.PAST_COMPOUND, Fact.UNNESTABLE, Fact.OPTIONS, Fact.EAGER_COLLECTION, Fact.POPULATED, Fact.YIELD_PER, Fact.AUTOFLUSH,
     Fact.LOCKED, Fact.LABELLED, Fact.TUPLES, Fact.FROM_STATEMENT, Fact.CLAUSE_AFTER_LIMIT, Fact.OTHER, Fact.HINTED,
     Fact.NO_EAGER_LOADS}
)  # fmt: skip
"""What Query keeps for the whole and a compound statement does not take from its parts, or can't nest."""


def _like(query: Query, other: Query) -> bool:
    """Whether two queries can be parts of one compound: the same entity, or columns on both sides."""
    if query.shape is None or other.shape is None or len(query.shape) != len(other.shape):
        return False
    if len(query.shape) == 1 and query.shape[0].kind is ElementKind.ENTITY:
        return query.shape == other.shape
    names_there = [element.name for element in query.shape]
    columns = all(e.kind is ElementKind.COLUMN for e in (*query.shape, *other.shape))
    return columns and len(set(names_there)) == len(names_there)


def _on_a_compound(query: Query, method: str, call: cst.Call) -> bool:
    """Whether a clause means the columns that come out of a compound statement, by name or by attribute."""
    if method in {"limit", "offset", "slice"}:
        return True
    if method != "order_by" or names.starred(call) or not query.shape:
        return False
    return all(_comes_out(query, queries.unordered(arg.value), arg.value) for arg in call.args)


def _comes_out(query: Query, spelled: str, node: cst.BaseExpression) -> bool:
    """Whether a word or an attribute, perhaps with a direction, names a column that comes out."""
    if names.literal_string(node) is not None:
        return spelled.isidentifier()
    directions = sum(f".{d}(" in names.code(node) or names.code(node).startswith(f"{d}(") for d in ("desc", "asc"))
    bare = names.code(node) == spelled or (directions == 1 and names.code(node).count("(") <= 2)
    owner, _, attribute = spelled.rpartition(".")
    columns = {e.name for e in query.shape or () if e.entity is not None}
    return bare and attribute.isidentifier() and (spelled in columns or owner in queries.entities(query))


def fetched(name: str, owner: Query) -> Type:
    """What a method that executes a query gives."""
    row = queries.row_type(owner)
    if name == "all":
        return Many(row)
    if name == "values":
        return Many(Row(None))
    if name in {"first", "one", "one_or_none", "get", "get_or_404", "first_or_404", "one_or_404"}:
        return row
    if name == "paginate":
        return Pagination(row)
    return PLAIN if name in {"count", "update", "delete"} else UNKNOWN
