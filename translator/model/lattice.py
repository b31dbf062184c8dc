"""Where types meet: the least type that covers two, and the queries that a value is or holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from os.path import commonprefix

from translator.model import departed, ordering, pointing
from translator.model.limits import Uncut
from translator.model.types import (
    UNKNOWN,
    Belief,
    Connectable,
    Connection,
    Element,
    ElementKind,
    Engine,
    Entered,
    Entity,
    Expression,
    Fact,
    Gives,
    Group,
    Guess,
    Imported,
    Instance,
    Keyed,
    LocalInstance,
    Many,
    MetaDataValue,
    NoneValue,
    Pending,
    Phase,
    Plain,
    Query,
    Result,
    Row,
    Session,
    SomeEntity,
    Type,
    Unknown,
)

_HOMES = frozenset(
    f"sqlalchemy{part}" for part in ("", ".types", ".schema", ".sql", ".sql.expression", ".sql.sqltypes")
)
"""Modules whose names of one spelling are one thing; not e.g. those of dialects, or of `sqlalchemy.orm`."""
_WORD = re.compile(r"\s*[A-Za-z]+\W")
"""A first word that is complete."""


def join(left: Type, right: Type) -> Type:
    """The least type that covers both: what a name holds where two paths meet."""
    if isinstance(left, (Instance, LocalInstance)) and isinstance(right, (Instance, LocalInstance)) and left == right:
        return _join_objects(left, right)
    if left == right and isinstance(left, (Many, Keyed, Group)):
        return _join_containers(left, right)  # of objects that are equal, one may be in no session
    if left == right or isinstance(right, Pending):
        return left
    if isinstance(left, Pending):
        return right
    if isinstance(left, Query) and isinstance(right, Query):
        return _join_queries(left, right)
    if isinstance(left, Uncut) and isinstance(right, Uncut):
        return left.met(right)
    if isinstance(left, Row) and isinstance(right, Row):
        return _join_rows(left, right)
    if isinstance(left, NoneValue):
        return replace(right, vacant=True) if isinstance(right, MetaDataValue) else right
    if isinstance(right, NoneValue):
        return join(right, left)
    if isinstance(left, MetaDataValue) and isinstance(right, MetaDataValue) and left.bind == right.bind:
        return replace(left, vacant=left.vacant or right.vacant)
    if isinstance(left, Unknown) and isinstance(right, (Session, Engine, Connection)):
        return right
    if isinstance(right, Unknown) and isinstance(left, (Session, Engine, Connection)):
        return left
    if {type(left), type(right)} <= {Engine, Connection, Connectable} and type(left) is not type(right):
        return Connectable()
    if isinstance(left, Plain) and isinstance(right, Plain) and left.text and right.text:
        return Plain(text=True, start=_common(left.start, right.start), composed=left.composed or right.composed)
    if isinstance(left, Connection) and isinstance(right, Connection):
        return _join_connections(left, right)
    if isinstance(left, Imported) and isinstance(right, Imported):
        return _join_imported(left, right)
    if isinstance(left, Expression) and isinstance(right, Expression):
        return Expression(left.mentions | right.mentions, hides=left.hides or right.hides)
    if isinstance(left, Session) and isinstance(right, Session) and left.is_async == right.is_async:
        return replace(
            left, belief=left.belief & right.belief, origin=left.origin if left.origin == right.origin else None
        )
    if isinstance(left, (Entity, SomeEntity)) and isinstance(right, (Entity, SomeEntity)):
        return SomeEntity(left.belief & right.belief)
    if type(left) is type(right) and isinstance(left, (Engine, Connection)):
        return replace(left, belief=left.belief & right.belief)  # type: ignore[attr-defined]
    return _join_containers(left, right)


def _join_imported(left: Imported, right: Imported) -> Type:
    """What `try` imports from one place and `except ImportError` from another: one thing, by the home that 2.x knows."""
    found = sorted({".".join(departed.MOVED.get(each.name, (each.name,))) for each in (left, right)})
    if len(found) == 1:
        return Imported(found[0])
    homes = {name.rpartition(".")[0] for name in found}
    there = [name for name in found if departed.advice(name) is None]
    last = {name.rpartition(".")[2] for name in found}
    ours = all(home.partition(".")[0] in departed.PACKAGES for home in homes)
    same = len(last) == 1 and ours and (len(there) == 1 or homes <= _HOMES)
    return Imported(there[0]) if same else UNKNOWN


def _join_objects(left: Instance | LocalInstance, right: Instance | LocalInstance) -> Type:
    """One of two objects of a class: it may be in no session if one of them may, and is in a known one if both are."""
    session = left.session if left.session == right.session else None
    if session is None and left.session is not None and right.session is not None:
        same = left.session.text == right.session.text
        session = replace(left.session, stable=False, binding=-1) if same else None
    return replace(left, made=left.made or right.made, session=session)


def join_given(left: Type, right: Type) -> Type:
    """What a parameter holds that is given both: unknown for rows and something else, since rows are handed as mappings."""
    either = isinstance(left, Row) is not isinstance(right, Row)
    joined = join(left, right)
    return UNKNOWN if either and isinstance(joined, Row) and joined.shared else joined


def _join_containers(left: Type, right: Type) -> Type:
    match left, right:
        case Many(of=a), Many(of=b):
            return Many(join(a, b))
        case Keyed(of=a), Keyed(of=b):
            return Keyed(join(a, b))
        case Group(items=a), Group(items=b) if len(a) == len(b):
            return Group(tuple(join(x, y) for x, y in zip(a, b, strict=True)))
        case Guess(made_by=name), Guess():
            return Guess(left.origins | right.origins, name)
        case (Row() as row, _) | (_, Row() as row):
            return replace(row, shape=None, shared=True)
    return UNKNOWN


def _common(left: str | None, right: str | None) -> str | None:
    """How two texts begin, where that is more than one word: not e.g. the `IN` of `INSERT` and of something else."""
    found = commonprefix([left or "", right or ""])  # noqa: RUF071  (no paths, but texts)
    return found if _WORD.match(found) else None


def _join_connections(left: Connection, right: Connection) -> Connection:
    return Connection(
        belief=left.belief & right.belief,
        is_async=left.is_async or right.is_async,
        phase=_join_phases(left.phase, right.phase),
        origin=left.origin if left.origin == right.origin else 0,
        used=left.used or right.used,
        future=left.future if left.future == right.future else None,
    )


def _join_phases(left: Phase, right: Phase) -> Phase:
    if {left, right} == {Phase.IDLE, Phase.READ}:
        return Phase.READ  # 1.x has begun nothing on either path
    return left if left is right else Phase.UNKNOWN


def _join_rows(left: Row, right: Row) -> Row:
    return Row(
        left.shape if left.shape == right.shape else None,
        left.belief & right.belief,
        shared=left.shared or right.shared,
        keyed=left.keyed if left.keyed == right.keyed else None,
        told=left.told or right.told,
    )


def held(kind: Type | None) -> Iterator[Query]:
    """The queries that a value is or holds."""
    match kind:
        case Query():
            yield kind
        case Many(of=inner) | Keyed(of=inner) | Entered(of=inner) | Gives(of=inner):
            yield from held(inner)
        case Group(items=items):
            for item in items:
                yield from held(item)


def rows_in(kind: Type | None) -> Row | None:
    """The row of a Connection that a value is or holds."""
    match kind:
        case Row(keyed=True | None):
            return kind
        case Many(of=inner) | Keyed(of=inner) | Result(of=inner):
            return rows_in(inner)
    return None


def told(kind: Type) -> Type:
    """The same type where nothing but a name says that it holds rows."""
    match kind:
        case Row():
            return replace(kind, belief=Belief.ASSUMED, told=True, shared=False)
        case Many(of=inner):
            return Many(told(inner))
        case Keyed(of=inner):
            return Keyed(told(inner))
        case Result(of=inner):
            return replace(kind, of=told(inner))
    return kind


def _join_shapes(left: tuple[Element, ...] | None, right: tuple[Element, ...] | None) -> tuple[Element, ...] | None:
    """What both select, where the kinds agree: an entity, whichever it is, gives objects."""
    if left == right or left is None or right is None:
        return left if left == right else None
    if [e.kind for e in left] != [e.kind for e in right] or ElementKind.UNKNOWN in {e.kind for e in left}:
        return None
    return tuple(a if a == b else _join_elements(a, b) for a, b in zip(left, right, strict=True))


def _join_elements(left: Element, right: Element) -> Element:
    return Element(
        kind=left.kind,
        aggregate=left.aggregate and right.aggregate,
        exists=left.exists and right.exists,
        belief=left.belief & right.belief,
    )


def ways(query: Query) -> frozenset[Query]:
    """A query by each kind of rows that it may give; nothing where that is not known of every path."""
    if query.shape is None:
        return query.variants
    return frozenset({replace(query, origins=frozenset(), session=None, variants=frozenset(), told=None)})


def kinds_of(query: Query) -> tuple[object, ...]:
    """What tells two variants apart: the kinds of what they select."""
    return (Fact.TUPLES in query.may, *(element.kind for element in query.shape or ()))


def _join_ways(left: Query, right: Query) -> frozenset[Query]:
    found: dict[tuple[object, ...], Query] = {}
    every = (ways(left), ways(right))
    for way in (way for some in every for way in some):
        key = kinds_of(way)
        if key in found and _join_shapes(found[key].shape, way.shape) is None:
            return frozenset()  # of one kind, but nobody knows which
        found[key] = _join_queries(found[key], way) if key in found else way
    known = all(every) and all(way.shape is not None for way in found.values())
    return frozenset(found.values()) if known else frozenset()


def _join_queries(left: Query, right: Query) -> Query:
    shape = _join_shapes(left.shape, right.shape)
    both = Query(
        belief=left.belief & right.belief,
        shape=shape,
        origins=left.origins | right.origins,
        session=left.session if left.session == right.session else None,
        may=left.may | right.may,
        must=left.must & right.must,
        froms=left.froms & right.froms,  # on the other path an entity that only one has is a cross product later
        joinpoint=left.joinpoint if left.joinpoint == right.joinpoint else "",
        root=left.root if left.root == right.root else "",
        order=left.order if left.order == right.order else tuple(dict.fromkeys((*left.order, *right.order))),
        query_class=_join_names(left.query_class, right.query_class),
        model_queries=left.model_queries | right.model_queries,
        variants=_join_ways(left, right) if shape is None else frozenset(),
        told=left.told if left.told == right.told else None,
        meant=pointing.met(left, right),
    )
    return ordering.met(left, right, both)


def _join_names(left: str | None, right: str | None) -> str | None:
    """The Query classes that a query may be of; "" stands among them for Query itself."""
    if left == right:
        return left
    return " or ".join(sorted({*(left or "").split(" or "), *(right or "").split(" or ")}))


def each(kind: Type, change: Callable[[Type], Type]) -> Type:
    """The same type with a function applied to what its containers hold, or to itself where it is none."""
    match kind:
        case Many(of=inner):
            return Many(each(inner, change))
        case Keyed(of=inner):
            return Keyed(each(inner, change))
        case Entered(of=inner):
            return Entered(each(inner, change))
        case Group(items=items):
            return Group(tuple(each(item, change) for item in items))
    return change(kind)


def mapped(kind: Type, change: Callable[[Query], Query]) -> Type:
    """The same type with a function applied to each query in it."""
    return each(kind, lambda part: change(part) if isinstance(part, Query) else part)


def shared(kind: Type) -> Type:
    """The type of a value as a function sees it that others may call too, with other rows and other connections."""
    match kind:
        case Connection():
            return replace(
                kind, phase=Phase.UNKNOWN, origin=0, used=True
            )  # others may hand in one that is in no transaction
        case Plain(text=True):
            return replace(kind, start=None)
        case Row():
            return replace(kind, shared=True)
        case Many(of=Row() as row):
            return Many(replace(row, shared=True))
        case Result(of=Row() as row):
            return replace(kind, of=replace(row, shared=True))
    return kind


def survives(kind: Type, settled: Type | None) -> bool:
    """Whether a query is still seen in what it was joined with."""
    return not any(held(kind)) or any(held(settled))


def wider(known: Type | None, found: Type | None) -> Type | None:
    """What a round found, joined with what was known where both are queries.

    Functions that hand queries on to each other in a circle may pass two kinds of them round for ever.
    """
    return join(known, found) if isinstance(known, Query) and isinstance(found, Query) else found
