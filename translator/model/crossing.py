"""What becomes of a query that crosses the border of a function: its session and entities under the names there.

A query that `def base(session): return session.query(User)` returns runs, for the caller of `base(db.session)`, on
`db.session`; one that is handed to `def page(session, query)` together with its session runs there on `session`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import handing, keeping, lattice, mixed, pointing, rows, stages, stored, through, visible
from translator.model.functions import FunctionInfo
from translator.model.lattice import held, join
from translator.model.sites import PARAMETER, Escape, SiteKind
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Belief,
    Entered,
    Entity,
    Fact,
    Function,
    Guess,
    LocalClass,
    LocalInstance,
    Many,
    Pending,
    Query,
    QueryMaker,
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
    keeps: Mapping[str, str] = field(default_factory=dict)
    """For an object that is made right here: the sessions that it keeps, by the paths that it was given: `self.session`."""


def call(walk: Expressions, node: cst.Call, key: int) -> Type:
    """A call of a function of this text: notes what goes in, gives what comes out."""
    info = walk.functions.info(key)
    if info is None:
        walk.arguments(node, walk.expression)
        return UNKNOWN
    if not info.of_query or isinstance(walk.types.get(id(getattr(node.func, "value", None))), Query):
        walk.functions.follow(node.func, info.name)
    given = _given(walk, node, info, _receiver(walk, node.func, info))
    if info.name == "__init__":
        keeping.keep_above(walk, info, {name: argument.path for name, argument in given.items()})
    if info.carries:
        given = _with_session(walk, node, info, given)
    if info.told is not None:
        mixed.telling(walk, node, info, info.told, given[info.sorts].kind if info.sorts in given else None)
    every = (info, *_overriding(walk, node, info))
    for one in every:
        theirs = _as_given_to(one, info, given)
        _hand_over(walk, one, theirs)
        _mixed(walk, node, one, theirs)
    stages.handed(walk, node, every, given)
    if info.is_manager:
        return Entered(_yielded(walk, info))
    if info.yielded is not None:
        return Many(_yielded(walk, info))
    return _result(walk, node, info, given)


def make(walk: Expressions, node: cst.Call, made: LocalInstance) -> None:
    """A call of a class of this text: its `__init__` gets what goes in."""
    method = walk.functions.classes.member(made.key, "__init__")
    info = walk.functions.info(method.key) if isinstance(method, Function) else None
    if info is None or not info.plain or not info.parameter_nodes:
        walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{made.name}()`", convertible=True))
        if method is UNKNOWN:
            stages.made(walk, node, made, None)
        return
    walk.functions.follow(node.func, made.name)
    given = _given(walk, node, info, {info.parameter_nodes[0].name.value: Argument(None, -1, made)})
    if info.carries:
        given = _with_session(walk, node, info, given)
    if info.told is not None:
        mixed.telling(walk, node, info, info.told, given[info.sorts].kind if info.sorts in given else None)
    _hand_over(walk, info, given)
    _mixed(walk, node, info, given)
    stages.made(walk, node, made, info)


def carry(walk: Expressions, info: FunctionInfo) -> None:
    """Give a function that runs the query of a parameter a name for its session, and for what the query gives."""
    if info.told is not None:
        mixed.tell(walk, info, info.told)
    if not info.carries:
        return
    walk.bind(info.session_name, Session(Belief.PROVEN), id(info))
    kind = info.parameters.get(info.carries)
    if isinstance(kind, Query):
        query = replace(kind, session=SessionRef(info.session_name, stable=True, binding=id(info)))
        bound = info.owner is not None and "staticmethod" not in info.decorators
        walk.site(SiteKind.PASSED, info.node, PARAMETER, query, arguments=(PLAIN,) * bound, result=query)


def _with_session(
    walk: Expressions, node: cst.Call, info: FunctionInfo, given: dict[str, Argument]
) -> dict[str, Argument]:
    """The arguments with the session of the query that the function runs; a call without one spoils it."""
    query = given[info.carries].kind if info.carries in given else None
    params = info.parameter_nodes
    bound = info.owner is None or "staticmethod" in info.decorators or (params and params[0].name.value in given)
    if not isinstance(query, Query) or names.starred(node) or not bound:
        if not isinstance(query, Pending):
            info.carries, info.uncarried = "", True
            walk.functions.stir("function", info.key)
            walk.functions.stir("module", info.home.index)
        return given
    walk.site(SiteKind.PASSED, node, "argument", query, result=query)
    ref = query.session
    if ref is None:
        return given
    return {
        **given,
        info.session_name: Argument(ref.text if ref.stable else None, ref.binding, Session(query.belief, origin=ref)),
    }


def by_name(walk: Expressions, node: cst.Call, name: str) -> Type | None:
    """A method of something unknown, if only one method of that name in sight gives a query; None where none does."""
    found = walk.functions.methods_giving_queries(name)
    if name in walk.functions.overridden:  # a name of Query's says nothing of who is asked
        found = [info for info in found if not info.of_query]
    if len(found) == 1 and not found[0].of_query and (found[0].home is walk.unit or walk.functions.is_only(found[0])):
        return call(walk, node, found[0].key)
    spelled = names.called(node.func)
    if found and all(info.of_query or info.home is not walk.unit for info in found):
        walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{spelled}()`", convertible=True))
        if methods := frozenset(info.key for info in found if info.of_query):
            said = f"`{spelled}()` may be a call of it, on something of which nothing is known"
            walk.escapes[id(node), said] = Escape(methods, node, said, convertible=True, home=walk.unit.index)
        return Guess(frozenset().union(*(q.origins for info in found for q in held(info.summary))), f"{name}()")
    for info in found:
        walk.lose(info.summary or UNKNOWN, node, f"`{spelled}()` may be any of several methods in sight")
    return None


def look(walk: Expressions, node: cst.Attribute, key: int) -> Type:
    """A property that is looked at."""
    info = walk.functions.info(key)
    if info is None:
        return UNKNOWN
    walk.functions.follow(node, info.name)
    given = _receiver(walk, node, info)
    every = (info, *_overriding(walk, node, info))
    for one in every:
        _hand_over(walk, one, _as_given_to(one, info, given))
    stages.handed(walk, node, every, given)
    stored.called(walk, node)
    return _result(walk, node, info, given)


def yielded(walk: Expressions, kind: Type) -> Type:
    """What a generator function of this text gives: `with session_scope() as s`, `Depends(get_db)`."""
    info = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    return _yielded(walk, info) if info is not None else UNKNOWN


def _yielded(walk: Expressions, info: FunctionInfo) -> Type:
    return walk.program.respelled(info.yielded or UNKNOWN, info.home, walk.unit)


def read(walk: Expressions, node: cst.Attribute, kind: Type) -> Type:
    """A query that an object keeps, as seen by who reads it there: its `self.session` is the object's session."""
    path = names.dotted(node.value)

    def seen(query: Query) -> Query:
        ref = query.session
        root, dot, rest = ref.text.partition(".") if ref is not None else ("", "", "")
        if root != "self" or path in {None, "self"}:
            return query
        return replace(query, session=walk.reference(f"{path}{dot}{rest}"))

    return lattice.mapped(kind, seen)


def _given(
    walk: Expressions, node: cst.Call, info: FunctionInfo, receiver: Mapping[str, Argument]
) -> dict[str, Argument]:
    given = dict(receiver)
    called = names.dotted(node.func) or info.name
    params = [p.name.value for p in info.parameter_nodes]
    if given and params and params[0] in given:
        params = params[1:]
    known = {p.name.value for p in (*info.parameter_nodes, *info.node.params.kwonly_params)}
    position = 0
    for arg in node.args:
        kind = walk.expression(arg.value)
        name = None
        if isinstance(kind, QueryMaker):
            walk.lose(kind, arg.value, f"it is passed to `{info.name}()`")
            kind = UNKNOWN
        if arg.keyword is not None and arg.keyword.value in known:
            name = arg.keyword.value
        elif arg.keyword is None and not arg.star and position < len(params):
            name = params[position]
            position += 1
        if name is None:
            hands_on = isinstance(walk.types.get(id(getattr(node.func, "value", None))), Super)
            info.starred = info.starred or (bool(arg.star) and not hands_on)
            kind = rows.unpacked(walk, arg, kind)
            walk.lose(kind, arg.value, f"it is passed to `{called}()` in a way that is not followed")
            continue
        if not info.callers_in_sight:
            walk.lose(kind, arg.value, f"it is passed to `{called}()`, which others may call too", convertible=True)
        rows.handed(walk, arg.value, kind, info, name)
        path = names.dotted(arg.value)
        if arg.keyword is not None or not info.shifts:  # else nobody knows which parameter it is
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
    keeps = keeping.by_object(walk, func.value, kind) if path is None else {}
    return {params[0].name.value: Argument(path, walk.binding_of(path) if path else -1, kind, keeps)}


def _keeps(walk: Expressions, owner: int, path: str) -> bool:
    """Whether what a path of attributes gives is the same later on, as far as the class shows that has the first."""
    return not path or walk.functions.classes.keeps(owner, names.root(path))


def _overriding(walk: Expressions, node: cst.BaseExpression, info: FunctionInfo) -> list[FunctionInfo]:
    """The methods in sight that may run instead, because a subclass overrides the one that is called."""
    func = node.func if isinstance(node, cst.Call) else node
    if info.owner is None or not isinstance(func, cst.Attribute):
        return []
    kind = walk.types.get(id(func.value))
    if isinstance(kind, (Super, Entity)) or (isinstance(kind, Query) and _is_exact(walk, func.value, kind)):
        return []
    if isinstance(kind, LocalInstance) and isinstance(
        walk.types.get(id(getattr(func.value, "func", None))), LocalClass
    ):
        return []  # `Users().find()`: it is made right here
    kinds = walk.functions.classes.overriding(info.owner, info.name, kind)
    found = [walk.functions.info(kind.key) for kind in kinds if isinstance(kind, Function)]
    return [one for one in found if one is not None and one is not info]


def _is_exact(walk: Expressions, node: cst.BaseExpression, query: Query) -> bool:
    """Whether a query is of the very class that it is known to be of: not e.g. the `self` of a method of such a class."""
    above = isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "super"
    return above or walk.function is None or walk.function.key not in query.origins


def _hand_over(walk: Expressions, info: FunctionInfo, given: Mapping[str, Argument]) -> None:
    """Note what a function is called with."""
    own = _bindings(walk, info)
    unfollowed = (LocalClass, LocalInstance) if info.of_query or not info.callers_in_sight else LocalClass
    bound: dict[str, Type] = {}
    for name, argument in given.items():
        if isinstance(argument.kind, unfollowed):
            continue
        kind = handing.unsure(visible.given(walk, info, name, argument.kind))
        bound[name] = walk.program.respelled(kind, walk.unit, info.home, partial(_inside, walk, given, info, own, name))
    walk.functions.called(info, bound)


def _mixed(walk: Expressions, node: cst.Call, info: FunctionInfo, given: Mapping[str, Argument]) -> None:
    """Lose the queries that a function is called with which takes something else from other callers."""
    unsure = [*given][info.owner is not None :] if info.starred else []  # the object comes first, and is no argument
    for name, argument in given.items():
        if any(held(argument.kind)) and (name in unsure or not any(held(info.parameters.get(name)))):
            walk.lose(argument.kind, node, f"`{info.name}()` is given something else as `{name}` elsewhere")


def _bindings(walk: Expressions, info: FunctionInfo) -> dict[str, int]:
    """What binds each parameter inside the function."""
    found = {p.name.value: id(p) for p in (*info.parameter_nodes, *info.node.params.kwonly_params)}
    if info.owner is not None and info.parameter_nodes and "staticmethod" not in info.decorators:
        found[info.parameter_nodes[0].name.value] = walk.functions.classes.root(info.owner)
    if info.carries:
        found[info.session_name] = id(info)
    return found


def _result(walk: Expressions, node: cst.BaseExpression, info: FunctionInfo, given: Mapping[str, Argument]) -> Type:
    if not info.plain:
        return UNKNOWN
    found = [
        (one, _returned(walk, one, _as_given_to(one, info, given))) for one in (info, *_overriding(walk, node, info))
    ]
    result = reduce(join, (kind for _, kind in found))
    if not any(held(result)):
        for _, kind in found:
            walk.lose(kind, node, f"a method that overrides `{info.name}()` gives something else")
    if isinstance(node, cst.Attribute) and info.owner is not None:
        kinds = walk.functions.classes.overriding(info.owner, info.name, walk.types.get(id(node.value)))
        if kept := [kind for kind in kinds if any(held(kind))]:  # `base = session.query(User)` in a subclass
            for kind in (result, *kept):
                walk.lose(kind, node, f"an attribute of a subclass stands in the place of `{info.name}`")
            return UNKNOWN
    return result


def _returned(walk: Expressions, info: FunctionInfo, given: Mapping[str, Argument]) -> Type:
    """What one function gives, in the caller's words."""
    result = info.summary
    if result is None:
        return walk.functions.pending(info.key)
    if handing.is_of_others(info, result, ((name, argument.kind) for name, argument in given.items())):
        return UNKNOWN
    if isinstance(result, Session):
        origin = _outer_ref(walk, result.origin, given, info) if result.origin is not None else None
        return replace(result, origin=origin)
    seen = visible.returned(info, result, given)
    seen = walk.program.respelled(seen, info.home, walk.unit, lambda query: _outside(walk, query, given, info))
    own = _bindings(walk, info).values()
    return handing.given(result, seen, lambda ref: _outer_ref(walk, ref, given, info) if ref.binding in own else None)


def _as_given_to(other: FunctionInfo, info: FunctionInfo, given: Mapping[str, Argument]) -> Mapping[str, Argument]:
    """The arguments of a call by the names that an overriding method has for its parameters."""
    if other is info:
        return given
    ours, theirs = ([p.name.value for p in one.parameter_nodes] for one in (info, other))
    renamed = dict(zip(ours, theirs, strict=False))
    return {renamed.get(name, name): argument for name, argument in given.items()}


def _inside(
    walk: Expressions,
    given: Mapping[str, Argument],
    info: FunctionInfo,
    own: Mapping[str, int],
    parameter: str,
    query: Query,
) -> Query:
    """A query as the function sees it that is called with it as one of its parameters."""
    ref = query.session
    query = walk.program.respelled_query(query, walk.unit, info.home)
    query = replace(query, told=info.told if parameter == info.sorts else None)
    if parameter == info.carries:
        return replace(query, session=SessionRef(info.session_name, stable=True, binding=id(info)))
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


def _outside(walk: Expressions, query: Query, given: Mapping[str, Argument], info: FunctionInfo) -> Query:
    """A query as the caller sees it that a function returned to it."""
    before = query
    query = walk.program.respelled_query(query, info.home, walk.unit, local=info.local_names)
    query = replace(query, told=None) if query.told is not None and query.told.function == info.key else query
    renamed = {n: a.path for n, a in given.items() if a.path}
    lost, query = query.session, through.with_entities(query, renamed)
    query = through.passed(query, before, info, {n: a.kind for n, a in given.items()})
    words = {*before.froms, before.joinpoint or "", before.root or "", *(e.entity or "" for e in before.shape or ())}
    hidden = info.local_names - renamed.keys()
    if any(names.root(word) in hidden or "(" in word for word in words | pointing.words(before)):  # `type(self)`
        query = query.with_facts(Fact.ELSEWHERE)
    if before.session is None or query.session is not lost:
        return query
    ref = _outer_ref(walk, before.session, given, info)
    return replace(query, session=ref or SessionRef(before.session.text, stable=False, binding=-1))


def _outer_ref(
    walk: Expressions, ref: SessionRef, given: Mapping[str, Argument], info: FunctionInfo
) -> SessionRef | None:
    """A session in the caller's words; None where it has none for it."""
    own = _bindings(walk, info)
    root, dot, rest = ref.text.partition(".")
    if root not in own or own[root] != ref.binding:
        if ref.outer is not None:
            return _outer_ref(walk, ref.outer, given, info)
        return walk.program.session(ref, info.home, walk.unit)
    argument = given.get(root)
    if argument is None or (info.owner is not None and not _keeps(walk, info.owner, rest)):
        return None
    if argument.path is not None:
        return walk.reference(f"{argument.path}{dot}{rest}")
    if (kept := argument.keeps.get(ref.text)) is not None:
        return walk.reference(kept)
    kind = argument.kind
    return kind.origin if isinstance(kind, Session) and not dot else None
