"""What becomes of a query that crosses the border of a function: its session and entities under the names there.

A query that `def base(session): return session.query(User)` returns runs, for the caller of `base(db.session)`, on
`db.session`; one that is handed to `def page(session, query)` together with its session runs there on `session`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import lattice
from translator.model.functions import FunctionInfo
from translator.model.lattice import held, join
from translator.model.types import (
    UNKNOWN,
    Element,
    Entered,
    Entity,
    Function,
    Group,
    Keyed,
    LocalClass,
    LocalInstance,
    Many,
    NoneValue,
    Query,
    Session,
    SessionRef,
    Super,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call: its path in the caller's words (None where it is no path), its binding and its type."""

    path: str | None
    binding: int
    kind: Type


def call(walk: Expressions, node: cst.Call, key: int) -> Type:
    """A call of a function of this text: notes what goes in, gives what comes out."""
    info = walk.functions.info(key)
    if info is None:
        walk.arguments(node, walk.expression)
        return UNKNOWN
    given = _given(walk, node, info)
    for one in (info, *_overriding(walk, node, info)):
        _hand_over(walk, one, given)
    if info.is_manager:
        return Entered(info.yielded or UNKNOWN)
    if info.yielded is not None:
        return Many(info.yielded)
    return _result(walk, node, info, given)


def by_name(walk: Expressions, node: cst.Call, name: str) -> Type | None:
    """A method of something unknown, if only one method of that name in sight gives a query; None where none does."""
    found = walk.functions.methods_giving_queries(name)
    if len(found) == 1:
        return call(walk, node, found[0].key)
    for info in found:
        walk.lose(info.summary or UNKNOWN, node, f"`{names.code(node.func)}()` may be any of several methods in sight")
    return None


def look(walk: Expressions, node: cst.Attribute, key: int) -> Type:
    """A property that is looked at."""
    info = walk.functions.info(key)
    if info is None:
        return UNKNOWN
    given = _receiver(walk, node, info)
    for one in (info, *_overriding(walk, node, info)):
        _hand_over(walk, one, given)
    return _result(walk, node, info, given)


def yielded(walk: Expressions, kind: Type) -> Type:
    """What a generator function of this text gives: `with session_scope() as s`, `Depends(get_db)`."""
    info = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    return (info.yielded or UNKNOWN) if info is not None else UNKNOWN


def read(walk: Expressions, node: cst.Attribute, kind: Type) -> Type:
    """A query that an object keeps, as seen by who reads it there: its `self.session` is the object's session."""
    path = names.dotted(node.value)

    def seen(query: Query) -> Query:
        ref = query.session
        root, dot, rest = ref.text.partition(".") if ref is not None else ("", "", "")
        if root != "self" or path in {None, "self"}:
            return query
        return replace(query, session=walk.reference(f"{path}{dot}{rest}"))

    return mapped(kind, seen)


def _given(walk: Expressions, node: cst.Call, info: FunctionInfo) -> dict[str, Argument]:
    given = _receiver(walk, node.func, info)
    params = [p.name.value for p in info.parameter_nodes]
    if given and params and params[0] in given:
        params = params[1:]
    known = {p.name.value for p in (*info.parameter_nodes, *info.node.params.kwonly_params)}
    position = 0
    for arg in node.args:
        kind = walk.expression(arg.value)
        name = None
        if arg.keyword is not None and arg.keyword.value in known:
            name = arg.keyword.value
        elif arg.keyword is None and not arg.star and position < len(params):
            name = params[position]
            position += 1
        if name is None:
            walk.lose(kind, arg.value, f"it is passed to `{info.name}()` in a way that is not followed")
            continue
        if not info.callers_in_sight:
            walk.lose(kind, arg.value, f"it is passed to `{info.name}()`, which others may call too", convertible=True)
        path = names.dotted(arg.value)
        given[name] = Argument(path, walk.binding_of(path) if path else -1, kind)
    return given


def _receiver(walk: Expressions, func: cst.BaseExpression, info: FunctionInfo) -> dict[str, Argument]:
    """What `self` or `cls` is in a method that is called on something."""
    params = info.parameter_nodes
    if info.owner is None or not isinstance(func, cst.Attribute) or not params or "staticmethod" in info.decorators:
        return {}
    kind = walk.types.get(id(func.value), UNKNOWN)
    if isinstance(kind, (LocalClass, Entity)) and "classmethod" not in info.decorators:
        return {}  # Class.method(obj): the object is an argument
    path = names.dotted(func.value)
    if isinstance(kind, Super) and walk.function is not None and walk.function.parameter_nodes:
        path = walk.function.parameter_nodes[0].name.value
    return {params[0].name.value: Argument(path, walk.binding_of(path) if path else -1, kind)}


def _overriding(walk: Expressions, node: cst.BaseExpression, info: FunctionInfo) -> list[FunctionInfo]:
    """The methods in sight that may run instead, because a subclass overrides the one that is called."""
    func = node.func if isinstance(node, cst.Call) else node
    if info.owner is None or not isinstance(func, cst.Attribute):
        return []
    if isinstance(walk.types.get(id(func.value)), (Super, Entity)):
        return []
    kinds = walk.functions.classes.overriding(info.owner, info.name)
    found = [walk.functions.info(kind.key) for kind in kinds if isinstance(kind, Function)]
    return [one for one in found if one is not None and one is not info]


def _hand_over(walk: Expressions, info: FunctionInfo, given: Mapping[str, Argument]) -> None:
    """Note what a function is called with."""
    own = _bindings(walk, info)
    bound: dict[str, Type] = {}
    for name, argument in given.items():
        if not isinstance(argument.kind, (LocalInstance, LocalClass)):
            kind = argument.kind if info.callers_in_sight else lattice.shared(argument.kind)
            bound[name] = mapped(kind, lambda query: _inside(query, given, own))
    walk.functions.called(info, bound)


def _bindings(walk: Expressions, info: FunctionInfo) -> dict[str, int]:
    """What binds each parameter inside the function."""
    found = {p.name.value: id(p) for p in (*info.parameter_nodes, *info.node.params.kwonly_params)}
    if info.owner is not None and info.parameter_nodes and "staticmethod" not in info.decorators:
        found[info.parameter_nodes[0].name.value] = walk.functions.classes.root(info.owner)
    return found


def _result(walk: Expressions, node: cst.BaseExpression, info: FunctionInfo, given: Mapping[str, Argument]) -> Type:
    if not info.plain:
        return UNKNOWN
    result = info.summary
    for other in _overriding(walk, node, info):
        theirs = other.summary
        if theirs is not None and not isinstance(theirs, NoneValue):
            ours = result if result is not None and not isinstance(result, NoneValue) else theirs
            result = join(ours, theirs)
    if result is None:
        return UNKNOWN
    own = _bindings(walk, info)
    if isinstance(result, Session):
        origin = _outer_ref(walk, result.origin, given, own) if result.origin is not None else None
        return replace(result, origin=origin)
    return mapped(result, lambda query: _outside(walk, query, given, own))


def mapped(kind: Type, change: Callable[[Query], Query]) -> Type:
    """The same type with a function applied to each query in it."""
    match kind:
        case Query():
            return change(kind)
        case Many(of=inner) if any(held(inner)):
            return Many(mapped(inner, change))
        case Keyed(of=inner) if any(held(inner)):
            return Keyed(mapped(inner, change))
        case Group(items=items):
            return Group(tuple(mapped(item, change) for item in items))
    return kind


def _inside(query: Query, given: Mapping[str, Argument], own: Mapping[str, int]) -> Query:
    """A query as the function sees it that is called with it."""
    ref = query.session
    if ref is None:
        return query
    fitting = [
        (name, argument.path)
        for name, argument in given.items()
        if argument.path is not None
        and argument.binding == ref.binding
        and (ref.text == argument.path or ref.text.startswith(f"{argument.path}."))
    ]
    if not fitting:
        return query
    name, path = max(fitting, key=lambda pair: len(pair[1]))
    text = f"{name}{ref.text[len(path) :]}"
    return replace(query, session=SessionRef(text, ref.stable, own.get(name, -1)))


def _outside(walk: Expressions, query: Query, given: Mapping[str, Argument], own: Mapping[str, int]) -> Query:
    """A query as the caller sees it that a function returned to it."""
    query = _with_entities(query, {n: a.path for n, a in given.items() if isinstance(a.kind, Entity) and a.path})
    if query.session is None:
        return query
    ref = _outer_ref(walk, query.session, given, own)
    return replace(query, session=ref or SessionRef(query.session.text, stable=False, binding=-1))


def _outer_ref(
    walk: Expressions, ref: SessionRef, given: Mapping[str, Argument], own: Mapping[str, int]
) -> SessionRef | None:
    """A session in the caller's words; None where it has none for it."""
    root, dot, rest = ref.text.partition(".")
    if root not in own or own[root] != ref.binding:
        return _outer_ref(walk, ref.outer, given, own) if ref.outer is not None else ref
    argument = given.get(root)
    if argument is None:
        return None
    if argument.path is not None:
        return walk.reference(f"{argument.path}{dot}{rest}")
    kind = argument.kind
    return kind.origin if isinstance(kind, Session) and not dot else None


def _with_entities(query: Query, renamed: Mapping[str, str]) -> Query:
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
    )
