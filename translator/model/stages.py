"""In which order the methods of one object run, as far as that tells where its queries have no LIMIT yet.

`_page()`, which puts one into `self.query`, may come before `_filter()` or after it; where every call of both is in sight,
and of which object, the walk knows. An object is under a name of its own, `self`, or what a call has just given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Protocol

import libcst as cst

from translator.model import holding
from translator.model.lattice import held, join, mapped
from translator.model.limits import NOTHING, Uncut, freed, is_free
from translator.model.scopes import Binding
from translator.model.types import PENDING, UNKNOWN, Function, Instance, LocalClass, LocalInstance, Super, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo

GIVEN = "its attributes"
"""Under which name a method is told of the object that it is called on; no parameter can have it."""


class Handed(Protocol):
    """An argument of a call, as far as it matters here."""

    @property
    def path(self) -> str | None:
        """How the caller calls it; None for what has no name."""


# one object at one point


def _key(path: str) -> str:
    return f"{path}:"


def _known(walk: Expressions, path: str | None) -> Uncut | None:
    binding = walk.scope.names.get(_key(path)) if path is not None else None
    if path is None or binding is None or not isinstance(binding.type, Uncut):
        return None
    return binding.type if binding.bound_by == walk.binding_of(path) else None


def _set(walk: Expressions, path: str, state: Uncut | None) -> None:
    walk.scope.names.pop(_key(path), None)
    if state is not None and state != NOTHING:
        walk.scope.names[_key(path)] = Binding(state, walk.binding_of(path))


def _every(walk: Expressions) -> Iterator[tuple[str, Uncut]]:
    for key, binding in [*walk.scope.names.items()]:
        if isinstance(binding.type, Uncut):
            yield key[:-1], binding.type


def _path(walk: Expressions, node: cst.BaseExpression) -> str | None:
    """What an object goes by here: its name, that of what a call gave again, or one for what a call has made."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(walk.types.get(id(node)), Super) and walk.function is not None:
        return next((param.name.value for param in walk.function.parameter_nodes), None)
    return walk.scope.same.get(id(node))


def _fresh(walk: Expressions, key: int) -> Uncut | None:
    """An object that was just made; None where it may go where nobody sees what is called on it."""
    cut = walk.functions.classes.cut_in_class
    return Uncut(frozenset(cut), others=True) if _contained(walk, key) else None


def _contained(walk: Expressions, key: int) -> bool:
    """Whether the methods that may run on the objects of a class hand those on to nobody."""
    classes = walk.functions.classes
    for info in classes.related(key):
        if info.node.decorators or info.node.keywords:
            return False
        if not all(holding.is_harmless(info, base) for base in info.foreign_bases):
            return False
        if info.uses is None:
            info.uses = holding.by_methods(info)
        if not is_quiet(walk, key, info.uses):
            return False
    return True


def is_quiet(walk: Expressions, key: int, uses: holding.Uses) -> bool:
    """Whether what is done with an object calls no method of it but right there."""
    return not uses.handed and not (
        any(_calls(walk, key, name, looked=True) for name in uses.looked)
        or any(_calls(walk, key, name, looked=False) for name in uses.later)
    )


def _calls(walk: Expressions, key: int, name: str, *, looked: bool) -> bool:
    """Whether an attribute is a method, and more than a property that is `looked` at."""
    classes = walk.functions.classes
    kinds = [kind for one in classes.related(key) for kind in (one.fresh.get(name), one.members.get(name)) if kind]
    infos = [walk.functions.info(kind.key) for kind in kinds if isinstance(kind, Function)]
    return any(info is None or not (looked and info.is_property) for info in infos)


def _keeps(walk: Expressions, key: int) -> bool:
    classes = walk.functions.classes
    return any(any(held(kind)) for name in classes.kept_names for kind, _ in classes.stores(key, name))


# what happens to it


def stored(walk: Expressions, target: cst.Attribute, key: int, kind: Type) -> None:
    """An attribute is given a value."""
    name, path = target.attr.value, _path(walk, target.value)
    free = kind is PENDING or (any(held(kind)) and all(map(is_free, held(kind))))
    for other, state in _every(walk):
        if other != path and not state.others:
            _set(walk, other, state.given(name, free=False))
    if path is not None and (known := _known(walk, path) or (NOTHING if _contained(walk, key) else None)) is not None:
        _set(walk, path, known.given(name, free=free))


def seen(walk: Expressions, node: cst.Attribute, kind: Type) -> Type:
    """What an attribute holds, without what is only put there later."""
    state = _known(walk, _path(walk, node.value))
    return mapped(kind, freed) if state is not None and state.has(node.attr.value) else kind


def called(walk: Expressions, node: cst.BaseExpression, *, may_store: bool) -> None:
    """Something is called that may store queries in what is not followed; of what is, it is known what it did."""
    left = walk.scope.left.pop(id(node), None)
    if may_store:
        owner = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else None
        of = walk.types.get(id(owner), UNKNOWN) if owner is not None else UNKNOWN
        unseen = left is None and isinstance(of, (LocalInstance, LocalClass, Instance, Super))
        for path, state in _every(walk):
            if unseen or not state.others:
                _set(walk, path, None)
    if left is not None:
        path, now = left
        _set(walk, path, now if isinstance(now, Uncut) else None)


def forgotten(walk: Expressions) -> None:
    """From here on it is not known how far the statements before have come: in an `except`, for instance."""
    for path, _ in _every(walk):
        _set(walk, path, None)


def entered(walk: Expressions, info: FunctionInfo) -> None:
    """Begin a method: all calls of it that may be are known, or nothing is known of its object."""
    if info.owner is None or info.static or not info.parameter_nodes or not _keeps(walk, info.owner):
        return
    walk.scope.ends = None
    state: Type = NOTHING
    if info.name == "__init__":
        state = info.parameters.get(GIVEN, PENDING)
    elif _is_followed(walk, info) and not holding.runs_later(info.node):
        state = walk.functions.argument_of(info, GIVEN)
    if state is PENDING:
        walk.functions.hope()
        state = _fresh(walk, info.owner) or NOTHING
    if isinstance(state, Uncut):
        _set(walk, info.parameter_nodes[0].name.value, state)


def _is_followed(walk: Expressions, info: FunctionInfo) -> bool:
    """Whether every call of a method is in sight, as far as its name tells."""
    closed = walk.functions.stages.closed.get(info.key)
    return info.callers_in_sight if closed is None else closed and info.plain and not info.leaks


def returned(walk: Expressions) -> None:
    """A method ends here, on one path."""
    if walk.function is None or not walk.function.parameter_nodes:
        return
    state = _known(walk, walk.function.parameter_nodes[0].name.value) or NOTHING
    walk.scope.ends = state if walk.scope.ends is None else join(walk.scope.ends, state)


def ended(walk: Expressions, info: FunctionInfo) -> None:
    """All paths through a method have ended."""
    if info.owner is None or info.static:
        return
    state = walk.scope.ends if isinstance(walk.scope.ends, Uncut) else NOTHING
    if not info.plain or holding.runs_later(info.node) or not _contained(walk, info.owner):
        state = NOTHING
    before = walk.functions.stages.leaving.get(info.key)
    walk.functions.stages.leaving[info.key] = state
    if before != state and (before is not None or state != NOTHING):
        walk.functions.stir("function", info.key)
        walk.functions.stir("module", info.home.index)


def handed(
    walk: Expressions, node: cst.BaseExpression, infos: Sequence[FunctionInfo], given: Mapping[str, Handed]
) -> None:
    """A method is called, or whichever overrides it: it is told of its object, and tells what it made of that."""
    info = infos[0]
    if info.owner is None or info.static or not info.parameter_nodes or not _keeps(walk, info.owner):
        return
    func = node.func if isinstance(node, cst.Call) else node
    argument = given.get(info.parameter_nodes[0].name.value)
    path = argument.path if argument is not None and argument.path is not None else None
    if path is None and isinstance(func, cst.Attribute):
        path = _path(walk, func.value)
    state = _known(walk, path) or NOTHING
    for one in infos:
        walk.functions.called(one, {GIVEN: state})
    if path is None:
        return
    walk.scope.left[id(node)] = (path, _after(walk, infos, state))
    if isinstance(node, cst.Call) and all(holding.gives_itself(one.node) and one.plain for one in infos):
        walk.scope.same[id(node)] = path
    else:
        walk.scope.same.pop(id(node), None)


def made(walk: Expressions, node: cst.Call, of: LocalInstance, info: FunctionInfo | None) -> None:
    """An object is made, by its `__init__` if there is one."""
    path = f" {id(node)}"
    walk.scope.same.pop(id(node), None)
    if not _keeps(walk, of.key):
        return
    own = walk.functions.classes.info(of.key)
    known = own is not None and (names.dotted(node.func) or "").rpartition(".")[2] == own.name
    state = (_fresh(walk, of.key) if known else None) or NOTHING
    if info is not None:
        walk.functions.called(info, {GIVEN: state})
        state = _after(walk, [info], state) or NOTHING
    walk.scope.same[id(node)] = path
    walk.scope.left[id(node)] = (path, state)


def _after(walk: Expressions, infos: Sequence[FunctionInfo], state: Uncut) -> Uncut | None:
    found = [walk.functions.stages.leaving.get(info.key, walk.functions.pending(info.key)) for info in infos]
    kind = reduce(join, found)
    if kind is PENDING:
        walk.functions.hope()
        return state
    return kind if isinstance(kind, Uncut) else None


# names


def taken(walk: Expressions, value: cst.BaseExpression) -> tuple[str, Uncut] | None:
    """The object that a name is about to hold, as a call gave it."""
    path = walk.scope.same.get(id(value)) if isinstance(value, cst.Call) else None
    state = _known(walk, path)
    return (path, state) if path is not None and state is not None else None


def named(walk: Expressions, node: cst.Assign, of: tuple[str, Uncut] | None) -> None:
    """What a call gave has a name now: it is followed under that, if it goes nowhere else."""
    if of is None:
        return
    path, state = of
    target = node.targets[0].target
    if path.startswith(" ") or (isinstance(target, cst.Name) and target.value == path):
        walk.scope.names.pop(_key(path), None)
        key = walk.functions.classes.key(walk.types.get(id(node.value), UNKNOWN))
        if len(node.targets) == 1 and isinstance(target, cst.Name) and key is not None:
            function = walk.function
            body = walk.unit.tree.body if function is None else function.node.body.body
            if is_quiet(walk, key, holding.of_name(body, target.value)):
                _set(walk, target.value, state)
    else:
        forgotten(walk)
