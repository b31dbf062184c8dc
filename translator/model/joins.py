"""`join()`, `outerjoin()` and `select_from()` of Query: what they draw into FROM, and which entity `filter_by()` means then.

A relationship that is named by a string belongs to what `select_from()` named, or to the first entity; the next one in the
same call belongs to the class that the one before it leads to. Works on types and spelling; walks no tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from translator.model.mapping import Mapping, Relationship
from translator.model.queries import drawing, element, entities, mentions
from translator.model.types import (
    UNKNOWN,
    Attribute,
    ElementKind,
    Entity,
    Fact,
    Imported,
    Query,
    TableValue,
    Type,
    Unknown,
)
from translator.syntax import names


def selected_from(query: Query, arguments: Sequence[Type], mapping: Mapping) -> Query:
    """The query after `select_from(…)`."""
    drawn = drawing(query, frozenset().union(*map(mentions, arguments)), mapping)
    first = arguments[0] if arguments else None
    root = first.name if isinstance(first, Entity) and query.root in {None, first.name} else ""
    drawn = replace(drawn, root=root)
    return drawn.with_facts(Fact.REPEATS) if any(isinstance(k, (Unknown, TableValue)) for k in arguments) else drawn


def root(query: Query) -> str | None:
    """The entity whose relationships `join("name")` names: that of `select_from()`, or the first one."""
    if query.root is not None:
        return query.root or None
    return query.shape[0].entity if query.shape else None


def joined(query: Query, call: cst.Call, arguments: Sequence[Type], mapping: Mapping) -> Query:
    """The query after `join(…)` or `outerjoin(…)`."""
    args = names.positional(call)
    lost = replace(query.with_facts(Fact.REPEATS), joinpoint="")
    if names.starred(call) or not args:
        return lost
    if _is_path(args, arguments):
        return _along(query, args, arguments, mapping)
    if all(isinstance(arg.value, cst.Tuple) for arg in args):
        pairs = [_target(arg.value.elements[0].value, UNKNOWN) for arg in args if isinstance(arg.value, cst.Tuple)]
        return replace(lost, froms=lost.froms | set(filter(None, pairs)), joinpoint=pairs[-1] or "")
    first = arguments[0]
    onclause = args[1].value if len(args) > 1 else names.keyword(call, "onclause")
    if isinstance(first, Attribute):
        relation = mapping.relationship(first.entity.mapped_name, first.name)
        target = relation.target if relation is not None and onclause is None else None
        query = replace(query, froms=query.froms | ({target} if target else set()), joinpoint=target or "")
        if relation is not None and relation.many is False and onclause is None:
            return query
        return query if target and target in entities(query) else query.with_facts(Fact.REPEATS)
    if isinstance(first, (Entity, Unknown, Imported)) and (target := _target(args[0].value, first)):
        lefts = query.froms
        query = replace(query, froms=query.froms | {target}, joinpoint=target)
        if target in entities(query) or _many_to_one(lefts, first, onclause, mapping):
            return query
        return query.with_facts(Fact.REPEATS)
    return lost


def _is_path(args: Sequence[cst.Arg], kinds: Sequence[Type]) -> bool:
    """Whether it is a path of relationships, by strings or attributes: `join("orders", Order.items)`."""
    strings = [names.literal_string(arg.value) is not None for arg in args]
    each = all(s or isinstance(kind, Attribute) for s, kind in zip(strings, kinds, strict=False))
    return each and (any(strings) or len(args) > 1)


def _along(query: Query, args: Sequence[cst.Arg], kinds: Sequence[Type], mapping: Mapping) -> Query:
    left, many = root(query), False
    for arg, kind in zip(args, kinds, strict=False):
        text = names.literal_string(arg.value)
        relations = _named(left, text, mapping) if text is not None else _of(kind, mapping)
        left = relations[-1].target if relations and all(relations) and relations[-1] is not None else None
        query = replace(query, froms=query.froms | {r.target for r in relations if r is not None and r.target})
        many = many or any(r is None or r.many is not False for r in relations)
    query = replace(query, joinpoint=left or "")
    return query.with_facts(Fact.REPEATS) if many else query


def _named(left: str | None, path: str, mapping: Mapping) -> list[Relationship | None]:
    """The relationships along `"orders.items"`, None from the first one on that is not in sight."""
    found: list[Relationship | None] = []
    for part in path.split("."):
        relation = mapping.relationship(left, part) if left else None
        found.append(relation)
        left = relation.target if relation is not None else None
    return found


def _of(kind: Type, mapping: Mapping) -> list[Relationship | None]:
    assert isinstance(kind, Attribute)
    return [mapping.relationship(kind.entity.mapped_name, kind.name)]


def _target(node: cst.BaseExpression, kind: Type) -> str | None:
    if isinstance(kind, Entity):
        return kind.name
    found = element(node, kind)
    return found.entity if found.kind is ElementKind.ENTITY and names.dotted(node) else None


def _many_to_one(lefts: frozenset[str], target: Type, onclause: cst.BaseExpression | None, mapping: Mapping) -> bool:
    """Whether a join finds at most one row of the target for each row there is, as far as the mapping shows."""
    if not isinstance(target, Entity):
        return False
    if onclause is None:
        return target.alias_of is None and mapping.refers_once(lefts, target.name)
    key = mapping.key_of(target.mapped_name)
    if key is None or not isinstance(onclause, cst.Comparison) or len(onclause.comparisons) != 1:
        return False
    comparison = onclause.comparisons[0]
    sides = {names.code(onclause.left).strip(), names.code(comparison.comparator).strip()}
    return isinstance(comparison.operator, cst.Equal) and f"{target.name}.{key}" in sides and len(sides) == 2
