"""What building a query does to its type: what it selects, what is in FROM, whether rows can repeat.

Works on types and on the spelling of arguments; walks no tree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from translator.model import conventions, visible
from translator.model.mapping import Mapping
from translator.model.signatures import AGGREGATES, CONJUNCTIONS, QUERY_METHODS, SCALAR_FUNCTIONS
from translator.model.types import (
    UNKNOWN,
    Attribute,
    Belief,
    Element,
    ElementKind,
    Entity,
    Expression,
    Fact,
    Imported,
    Instance,
    LoaderOption,
    LocalClass,
    Many,
    NoneValue,
    Plain,
    Query,
    Row,
    SomeEntity,
    TableValue,
    Type,
    Unknown,
)
from translator.syntax import names

_OF_COLUMNS = frozenset({"c", "columns", "type", "table", "property", "parent", "comparator", "prop", "class_", "key"})
_ORDERING_METHODS = frozenset({"desc", "asc", "nullsfirst", "nullslast", "nulls_first", "nulls_last"})


def element(node: cst.BaseExpression, kind: Type) -> Element:
    """What one argument of query() selects."""
    spelled = names.code(node)
    match kind:
        case Entity(name=name, belief=belief):
            return Element(ElementKind.ENTITY, spelled, name, kind.alias_of, belief=belief)
        case SomeEntity(belief=belief):
            return Element(ElementKind.ENTITY, spelled, visible.again(node), belief=belief)
        case Attribute(entity=Entity(belief=Belief.ASSUMED), name=name) if conventions.names_a_class(name):
            return _by_convention(node, spelled)  # `Repository.model_class`: no column of a class that is not in sight
        case Attribute(vacant=True):
            return Element(ElementKind.UNKNOWN, spelled)
        case Attribute(entity=entity):
            return Element(ElementKind.COLUMN, spelled, entity.name)
        case Expression() if _reaches_far(node):
            return Element(ElementKind.UNKNOWN, spelled)  # `A.b.c`: a class kept somewhere, as likely as a column
        case Expression(bundle=True):
            return Element(ElementKind.BUNDLE, kind.label or spelled)
        case Expression(aggregate=aggregate, exists=exists):
            return Element(ElementKind.COLUMN, kind.label or spelled, aggregate=aggregate, exists=exists)
        case TableValue():
            return Element(ElementKind.TABLE, spelled)
        case Unknown() if (label := _label(node)) is not None:
            return Element(ElementKind.COLUMN, label)
        case Unknown() | Imported() | LocalClass() | NoneValue():
            return _by_convention(node, spelled)
    return Element(ElementKind.UNKNOWN, spelled)


def _label(node: cst.BaseExpression) -> str | None:
    """The name of `anything.label("name")`, which is a column whatever it labels."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or len(node.args) != 1:
        return None
    return names.literal_string(node.args[0].value) if node.func.attr.value == "label" else None


def _reaches_far(node: cst.BaseExpression) -> bool:
    """Whether a path has an attribute of an attribute, other than a column under `.c`."""
    inner = node.value if isinstance(node, cst.Attribute) else None
    return isinstance(inner, cst.Attribute) and inner.attr.value not in {"c", "columns"}


def _by_convention(node: cst.BaseExpression, spelled: str) -> Element:
    path = names.dotted(node)
    if _is_a_class(node):
        return Element(ElementKind.ENTITY, spelled, spelled, belief=Belief.ASSUMED)
    if path is None:
        return Element(ElementKind.UNKNOWN, spelled)
    parts = path.split(".")
    if len(parts) > 1 and parts[-2] in conventions.MODEL_MODULES and parts[-1][:1].isupper():
        return Element(ElementKind.ENTITY, spelled, path, belief=Belief.ASSUMED)
    if names.is_class_name(parts[-1]) or conventions.names_a_class(parts[-1]):
        return Element(ElementKind.ENTITY, spelled, path, belief=Belief.ASSUMED)
    if len(parts) > 1 and (names.is_class_name(parts[-2]) or conventions.names_a_class(parts[-2])):
        return Element(ElementKind.COLUMN, spelled, ".".join(parts[:-1]), belief=Belief.ASSUMED)
    if parts[-1] == "__table__":
        return Element(ElementKind.TABLE, spelled)
    return Element(ElementKind.UNKNOWN, spelled)


def _is_a_class(node: cst.BaseExpression) -> bool:
    """Whether an expression gives a class whatever it is given: `type(user)`, `user.__class__`."""
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Name) and node.func.value == "type" and len(node.args) == 1
    return isinstance(node, cst.Attribute) and node.attr.value == "__class__"


def computed(function: str, arguments: Sequence[Type]) -> Expression:
    """What an SQL function gives: an aggregate where it is one, or takes one and gives a value for each row."""
    over = function in SCALAR_FUNCTIONS and any(isinstance(kind, Expression) and kind.aggregate for kind in arguments)
    given = [_element(kind) if isinstance(kind, Many) else kind for kind in arguments]
    hides = function in CONJUNCTIONS and any(map(_hides, given))
    return Expression(frozenset().union(*map(mentions, given)), over or function in AGGREGATES, hides=hides)


def combined(node: cst.BaseExpression, kinds: Sequence[Type]) -> Expression:
    """What operands give together, some of which are SQL."""
    aggregate = any(isinstance(kind, Expression) and kind.aggregate for kind in kinds)
    criteria = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.BitAnd, cst.BitOr))
    hides = any(_hides(kind) for kind in kinds if criteria or isinstance(kind, Expression))
    return Expression(frozenset().union(*map(mentions, kinds)), aggregate, hides=hides)


def _hides(kind: Type) -> bool:
    """Whether a criterion may draw entities into FROM that are not in sight."""
    return isinstance(kind, Unknown) or (isinstance(kind, Expression) and kind.hides)


def _element(kind: Many) -> Type:
    """What is in a list; an empty one may be filled where nobody looks."""
    return UNKNOWN if isinstance(kind.of, NoneValue) else kind.of


def mentions(kind: Type) -> frozenset[str]:
    """The entities that an SQL expression draws into FROM."""
    match kind:
        case Entity(name=name) | TableValue(name=name):
            return frozenset({name})
        case Attribute(entity=entity):
            return frozenset({entity.name})
        case Expression(mentions=found):
            return found
    return frozenset()


def entities(query: Query) -> frozenset[str]:
    """Names of the entities that are selected whole."""
    return frozenset(e.entity or e.name for e in query.shape or () if e.kind is ElementKind.ENTITY)


def single_entity(query: Query) -> str | None:
    """The one entity that the query selects, and nothing else."""
    if query.shape is not None and len(query.shape) == 1 and query.shape[0].kind is ElementKind.ENTITY:
        return query.shape[0].entity
    return None


def row_type(query: Query) -> Type:
    """What one row of the query is."""
    if query.variants:
        return UNKNOWN if any(map(objects, query.variants)) else Row(None, query.belief, keyed=False)
    name = single_entity(query)
    if name is not None and Fact.TUPLES not in query.may:
        return Instance(Entity(name, query.belief), session=query.session)
    if objects(query) and query.shape and query.shape[0].kind is ElementKind.ENTITY:
        return Instance(None)
    if query.shape is None or (len(query.shape) == 1 and query.shape[0].kind is ElementKind.UNKNOWN):
        return UNKNOWN
    return Row(query.shape, query.belief, keyed=False)


def parts(kind: Type, length: int) -> list[Type] | None:
    """The types of what a row is unpacked into: an object for each class that is selected whole."""
    if not isinstance(kind, Row) or kind.shape is None or len(kind.shape) != length:
        return None
    whole = ElementKind.ENTITY
    return [Instance(Entity(e.entity, e.belief)) if e.kind is whole and e.entity else UNKNOWN for e in kind.shape]


def objects(query: Query) -> bool:
    """Whether the query gives objects and not rows: one entity, or one Bundle that is to stand for itself."""
    if query.variants:
        return all(map(objects, query.variants))
    if Fact.TUPLES in query.may or query.shape is None or len(query.shape) != 1:
        return False
    return query.shape[0].kind in {ElementKind.ENTITY, ElementKind.BUNDLE}


def reshaped(query: Query, shape: tuple[Element, ...], froms: frozenset[str], mapping: Mapping) -> Query:
    """The query with other elements selected."""
    if query.froms and froms - query.froms:
        query = query.with_facts(Fact.CROSSED)
    query = replace(query, shape=shape, froms=query.froms | froms)
    eager = any(e.kind is ElementKind.ENTITY and _joins_collections(e, mapping) for e in shape)
    return query.with_facts(Fact.EAGER_COLLECTION) if eager else query


def _joins_collections(element: Element, mapping: Mapping) -> bool:
    """Whether a class that is selected whole may load a collection by a join; a variable may be any class in sight."""
    if element.alias_of is not None:
        return mapping.eager_collection(element.alias_of)
    entity, spelled = element.entity or "", element.name.rpartition(".")[2]
    if entity in mapping:
        if spelled == entity.rpartition(".")[2]:
            return mapping.eager_collection(entity)
        return any(mapping.eager_collection(c.name) for c in mapping if mapping.related(c.name, entity))
    if mapping.eager_collection(entity):
        return True  # one of those that have the name does
    return not names.is_class_name(spelled) and mapping.joins_somewhere()


def selecting(query: Query, given: Sequence[tuple[cst.BaseExpression, Type]], mapping: Mapping) -> Query:
    """A new query of these arguments."""
    shape = tuple(element(node, kind) for node, kind in given)
    drawn = frozenset().union(*(mentions(kind) for _, kind in given)) | {e.entity for e in shape if e.entity}
    query = reshaped(query, shape, frozenset(drawn), mapping)
    wholes = entities(query)
    if len(drawn) > 1 or any(_hides(kind) for _, kind in given):
        query = query.with_facts(Fact.CROSSED)
    crossed = wholes and any(name not in wholes for name in drawn)
    return with_repeats(query) if crossed else query


def ordered_by(query: Query, spelled: tuple[str, ...]) -> Query:
    """The query with more in its ORDER BY, given without directions."""
    return replace(query, order=tuple(dict.fromkeys((*query.order, *spelled))))


def with_repeats(query: Query) -> Query:
    """The query with rows that may repeat what is selected whole."""
    return query.with_facts(Fact.REPEATS)


def repeats(query: Query) -> bool:
    """Whether a Query gives fewer rows than its SQL because it drops repeated ones, so that `unique()` is needed."""
    if query.variants:
        return any(map(repeats, query.variants))
    selected = query.shape or ()
    if query.shape is not None and not any(e.kind in {ElementKind.ENTITY, ElementKind.UNKNOWN} for e in selected):
        return False
    if Fact.YIELD_PER in query.must:
        return False  # Query gives what the database gives, and refuses collections that are loaded by a join
    if Fact.EAGER_COLLECTION in query.may:
        return True
    if Fact.REPEATS not in query.may:
        return False
    if Fact.DISTINCT in query.must and Fact.DISTINCT_ON not in query.may:
        return False
    return not (Fact.GROUPED in query.must and Fact.GROUPED_ELSEWHERE not in query.may)


def is_mixed(query: Query) -> bool:
    """Whether the query gives objects on some paths and rows on others."""
    return bool(query.variants) and len({objects(way) for way in query.variants}) > 1


def holds_objects(query: Query) -> bool | None:
    """Whether Query gave each row of a query once, as it holds an object; None where that can't be told."""
    kinds = {element.kind for element in query.shape or ()}
    if Fact.YIELD_PER in query.may or (ElementKind.UNKNOWN in kinds and ElementKind.ENTITY not in kinds):
        return None
    return ElementKind.ENTITY in kinds


def keeps_some(query: Query) -> bool:
    """Whether some variants of a query that give rows need `unique()`, and others must not have it."""
    rows = [way for way in query.variants if not objects(way)]
    return any(map(repeats, rows)) and not all(map(holds_objects, rows))


def selects_no_class(query: Query) -> bool:
    """Whether nothing in a query names a mapped class but what is nested: `query(exists().where(…))`, of a Table.

    To a session such a select() is a statement of Core, where it is executed as one of the ORM in a Query.
    """
    selected = query.shape or ()
    if not selected or any(e.kind not in {ElementKind.COLUMN, ElementKind.TABLE} or e.entity for e in selected):
        return False
    tables = {e.name.removesuffix(".__table__") for e in selected if e.name.endswith(".__table__")}
    criteria = Fact.FILTERED in query.may and not tables  # which name a class, or what is nested in them does
    return not criteria and query.froms <= tables


def one_row(query: Query) -> bool:
    """Whether the query certainly gives at most one row: aggregates alone without GROUP BY, or EXISTS alone."""
    if query.shape is None or not query.shape or Fact.GROUPED in query.may or Fact.FROM_STATEMENT in query.may:
        return False
    if all(e.aggregate for e in query.shape):
        return True
    return len(query.shape) == 1 and query.shape[0].exists and not query.froms


def build(
    query: Query,
    method: str,
    call: cst.Call,
    arguments: Sequence[Type],
    mapping: Mapping,
) -> Query:
    """The type of `query.method(…)` for a method that builds."""
    signature = QUERY_METHODS[method]
    query = _recognised(query, call, mapping)
    checked = Fact.LIMITED in query.may and Fact.UNCHECKED not in query.must
    after_limit = checked and (signature.clause or method in {"filter_by", "join", "outerjoin"})
    result = query.with_facts(*signature.facts)
    if after_limit:
        result = result.with_facts(Fact.CLAUSE_AFTER_LIMIT)
    if signature.clause:
        result = _clause(result, method, call, arguments, mapping)
    elif method == "distinct":
        result = result.with_facts(Fact.DISTINCT, *((Fact.DISTINCT_ON,) if call.args else ()))
    elif method == "options":
        result = _options(result, arguments)
    elif method == "from_statement":
        result = result.with_facts(Fact.REPEATS)
    return result


def _recognised(query: Query, call: cst.Call, mapping: Mapping) -> Query:
    """A variable that is selected alone is a class where a clause names its attribute `v.id`, a table where `v.c.id`."""
    if query.shape is None or len(query.shape) != 1 or query.shape[0].kind is not ElementKind.UNKNOWN:
        return query
    name = query.shape[0].name
    if not all(part.isidentifier() for part in name.split(".")):
        return query
    if any(names.code(arg.value).startswith(f"{name}.c.") for arg in call.args):
        return replace(query, shape=(Element(ElementKind.TABLE, name),))
    if not any(_has_attribute(name, arg) for arg in call.args):
        return query
    whole = Element(ElementKind.ENTITY, name, name, belief=Belief.ASSUMED)
    return reshaped(query, (whole,), frozenset({name}), mapping)


def _has_attribute(name: str, arg: cst.Arg) -> bool:
    """Whether an argument begins with an attribute of that name that is no method and nothing that columns have."""
    found = re.match(rf"[~(]*{re.escape(name)}\.(\w+)\b(?!\s*\()", names.code(arg.value))
    return found is not None and found[1] not in _OF_COLUMNS


def _clause(query: Query, method: str, call: cst.Call, arguments: Sequence[Type], mapping: Mapping) -> Query:
    found: frozenset[str] = frozenset().union(*map(mentions, arguments))
    crossed, query = bool(found - query.froms), drawing(query, found, mapping)
    wholes = [e.name for e in query.shape or () if e.kind is ElementKind.ENTITY]

    def named(arg: cst.Arg) -> bool:
        return any(_has_attribute(name, arg) for name in wholes)

    opaque = any(
        _hides(kind) if isinstance(kind, Expression) else isinstance(kind, (Unknown, Many)) and not named(arg)
        for arg, kind in zip(call.args, arguments, strict=True)
    )
    if opaque and method in {"filter", "where", "having"}:
        query = query.with_facts(Fact.REPEATS)
    if crossed or opaque:
        query = query.with_facts(Fact.CROSSED)
    if method == "order_by":
        spelled = tuple(unordered(arg.value) for arg in call.args)
        reset = spelled in {("None",), ("False",)}
        query = _unordered(query) if reset else ordered_by(query, spelled)
    if method == "group_by" and not _groups_by_selected(query, call, arguments):
        query = query.with_facts(Fact.GROUPED_ELSEWHERE)
    return query


def _unordered(query: Query) -> Query:
    """The query after `order_by(None)`."""
    return replace(query, order=(), may=query.may - {Fact.ORDERED}, must=query.must - {Fact.ORDERED})


def _groups_by_selected(query: Query, call: cst.Call, arguments: Sequence[Type]) -> bool:
    wholes = entities(query)
    return not names.starred(call) and all(
        isinstance(kind, (Attribute, Entity)) and mentions(kind) <= wholes for kind in arguments
    )


def unordered(node: cst.BaseExpression) -> str:
    """What is ordered by, as spelled, without its direction."""
    while isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _ORDERING_METHODS and not node.args:
            node = node.func.value
        elif (names.dotted(node.func) or "").rpartition(".")[2] in _ORDERING_METHODS and len(node.args) == 1:
            node = node.args[0].value
        else:
            break
    return names.literal_string(node) or names.code(node)


def drawing(query: Query, found: frozenset[str], mapping: Mapping) -> Query:
    """Add entities to FROM; those that are neither selected whole nor there already multiply the rows."""
    fresh = {name for name in found - query.froms if not any(mapping.related(name, there) for there in query.froms)}
    if not fresh:
        return query
    query = replace(query, froms=query.froms | fresh)
    if fresh <= entities(query):
        return query
    return query.with_facts(Fact.REPEATS)


def _options(query: Query, arguments: Sequence[Type]) -> Query:
    given = [_element(kind) if isinstance(kind, Many) else kind for kind in arguments]
    eager = any(not isinstance(kind, LoaderOption) or kind.collection is not False for kind in given)
    return query.with_facts(Fact.EAGER_COLLECTION) if eager else query


def entity_like(nodes: Sequence[cst.Arg], kinds: Sequence[Type]) -> bool:
    """Whether arguments look like what query() takes: classes, their attributes, SQL expressions."""
    if not nodes or any(arg.keyword is not None for arg in nodes):
        return False
    whole = (Entity, Attribute, Expression, TableValue, Query)
    return all(
        isinstance(kind.of if arg.star == "*" and isinstance(kind, Many) else kind, whole)
        or (not isinstance(kind, Plain) and _by_convention(arg.value, "").kind is not ElementKind.UNKNOWN)
        for arg, kind in zip(nodes, kinds, strict=True)
    )
