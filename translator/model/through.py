"""Functions that give back the query they are given, extended: it selects what the caller's does, on its session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from translator.model import pointing
from translator.model.functions import FunctionInfo
from translator.model.lattice import kinds_of
from translator.model.signatures import QUERY_METHODS
from translator.model.types import Element, ElementKind, Fact, Query, Type
from translator.syntax import names

_RESELECTING = re.compile(
    r"\.(?:with_entities|add_columns?|add_entity|from_self|union\w*|intersect\w*|except_\w*|select_entity_from"
    r"|with_polymorphic|from_statement|only_return_tuples|with_labels|values?|subquery)\("
)
"""Methods after which a query selects something else, or gives it otherwise."""
_METHOD = re.compile(r"\.\s*(\w+)\(")
_LIMITING = frozenset({"limit", "offset", "slice"})
_DRAWING = frozenset({Fact.REPEATS})
_ADDING: Mapping[str, frozenset[Fact]] = {
    "filter": _DRAWING, "where": _DRAWING, "order_by": _DRAWING, "filter_by": frozenset(),
    "distinct": frozenset({Fact.DISTINCT, Fact.DISTINCT_ON}), "options": frozenset({Fact.EAGER_COLLECTION}),
    "limit": frozenset(), "offset": frozenset(), "slice": frozenset(), "with_hint": frozenset(),
    "with_statement_hint": frozenset(), "yield_per": frozenset(), "populate_existing": frozenset(),
    "with_for_update": frozenset(), "execution_options": frozenset(), "params": frozenset(), "autoflush": frozenset(),
}  # fmt: skip
"""Methods that leave what is selected and joined, with what they may add beside the facts of their signatures."""


def passed(query: Query, before: Query, info: FunctionInfo, given: Mapping[str, Type]) -> Query:
    """What a function returned to one caller, where others call it with queries of other sessions or entities.

    `before` is what it returns as its own module sees it. Only the one parameter that all of that came in by is looked
    at, and only where the text of the function shows that it extends it and nothing else.
    """
    lost = before.session is None or not before.session.stable
    for name, kind in given.items():
        known = info.parameters.get(name)
        if not (isinstance(kind, Query) and isinstance(known, Query) and before.origins <= known.origins):
            continue
        if _unnamed(query) and before.shape == known.shape:  # whichever class: that of the caller
            query = replace(query, shape=kind.shape, froms=query.froms | kind.froms)
        text = _extended(info, name) if known != kind else None
        if text is None:
            continue
        query = _of_its_own(query, kind, known, frozenset(_METHOD.findall(text)))
        if query.shape is None and _RESELECTING.search(text) is None:
            query = replace(query, shape=kind.shape, froms=query.froms | kind.froms, variants=_of(query, kind))
            query = replace(query, told=kind.told)
        if lost and ".with_session(" not in text:
            query = replace(query, session=kind.session)
        return query
    return query


def _of_its_own(query: Query, kind: Query, known: Query, called: frozenset[str]) -> Query:
    """The query with what one caller did to it and what the function does, without what other callers did to theirs.

    `known` is what the parameter holds for all of them, `called` the names of whatever methods the function calls.
    """
    building = called & QUERY_METHODS.keys()
    decided = kind.shape and not any(element.kind is ElementKind.UNKNOWN for element in kind.shape)
    if not building <= _ADDING.keys() or not decided:
        return query
    added = {fact for name in building for fact in (*QUERY_METHODS[name].facts, *_ADDING[name])}
    if Fact.LIMITED in kind.may or building & _LIMITING:
        added.add(Fact.CLAUSE_AFTER_LIMIT)
    if Fact.COMPOUND in kind.may:
        added.add(Fact.PAST_COMPOUND)
    apart = {Fact.ORDERED_APART} if building & {"order_by", "distinct"} or Fact.ORDERED_APART not in kind.may else set()
    return replace(
        query,
        shape=kind.shape,
        variants=frozenset(),
        may=(kind.may | (query.may - known.may) | (query.may & added)) - apart,
        must=kind.must | (query.must - known.must),
        froms=kind.froms | query.froms,
        joinpoint=kind.joinpoint,
        root=kind.root,
        order=tuple(dict.fromkeys((*kind.order, *query.order))) if "order_by" in building else kind.order,
        query_class=kind.query_class,
        model_queries=kind.model_queries,
        meant=kind.meant if building <= pointing.KEEPING else frozenset(),
    )


def _of(query: Query, kind: Query) -> frozenset[Query]:
    """What was returned, by the kinds of rows that one caller gave."""
    if kind.shape is not None:
        return frozenset()
    given = set(map(kinds_of, kind.variants))
    return frozenset(way for way in query.variants if kinds_of(way) in given)


def _unnamed(query: Query) -> bool:
    """Whether a query selects an object, but of a class that differs between those who call."""
    return query.shape is not None and any(e.kind is ElementKind.ENTITY and e.entity is None for e in query.shape)


def _extended(info: FunctionInfo, name: str) -> str | None:
    """The text of a function that does nothing with a parameter but call its methods, assign and return it."""
    lines = info.node.body.body
    documented = info.node.get_docstring() is not None
    text = "".join(map(names.code, lines[1:] if documented else lines))
    used = re.compile(rf"(?:\breturn\s+|\bif\s+)?(?<![.\w]){re.escape(name)}\b\s*(?:\.|=(?!=))?")
    plain = all(found[0].endswith((".", "=")) or found[0].startswith(("return", "if")) for found in used.finditer(text))
    return text if plain else None


def with_entities(query: Query, renamed: Mapping[str, str]) -> Query:
    """The query with entities that were parameters under the names of what was passed."""
    if not renamed or query.shape is None:
        return query

    def name(old: str) -> str:
        root, dot, rest = old.partition(".")
        return f"{renamed[root]}{dot}{rest}" if root in renamed else old

    shape: tuple[Element, ...] = tuple(
        replace(e, entity=name(e.entity) if e.entity else e.entity, name=name(e.name)) for e in query.shape
    )
    return replace(
        query,
        shape=shape,
        froms=frozenset(map(name, query.froms)),
        joinpoint=name(query.joinpoint) if query.joinpoint else query.joinpoint,
        root=name(query.root) if query.root else query.root,
        meant=pointing.renamed(query, name),
    )
