"""Queries that objects keep: what an attribute holds, whichever method has stored it there, and in which order.

`self.query` is a slot of its object. Each method of its class, of the bases and of what extends it may have given it the
value that another one reads; only what the same function did right before is known to be there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import holding, stages
from translator.model.lattice import held, join
from translator.model.limits import is_free
from translator.model.scopes import Binding
from translator.model.types import (
    PENDING,
    UNKNOWN,
    Entity,
    Function,
    Instance,
    LocalClass,
    LocalInstance,
    Query,
    Super,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import Functions
    from translator.model.program import Unit

_GIVEN = re.compile(r"\.(\w+)\s*(?:=(?!=)|,[^=\n]*=(?!=))")
"""An attribute that is given a value, maybe among others."""


def be_strict(functions: Functions) -> bool:
    """Take attributes for whatever any method stores there; tells whether a module has to be walked for that."""
    functions.classes.strict = True
    for name in functions.classes.kept_names:
        functions.stir("kept", name)
    functions.close({})
    return any(map(functions.is_stale, functions.program.units))


def together(walk: Expressions, key: int, name: str) -> Type | None:
    """What an attribute holds of an object of a class, whoever stored it; None where no query is among that.

    Before all is known of what is stored, that is what the walk met first.
    """
    walk.functions.read("kept", name)
    if not walk.functions.classes.strict or name not in walk.functions.classes.kept_names:
        return None
    found = walk.functions.classes.stores(key, name)
    if not any(any(held(kind)) for kind, _ in found):
        return None
    return reduce(join, (respelled(walk, kind, home or walk.unit) for kind, home in found))


def respelled(walk: Expressions, kind: Type, home: Unit) -> Type:
    """What a class of another module keeps, in the words of this one; sessions of the object are called so everywhere."""

    def through(query: Query) -> Query:
        own = query.session is not None and query.session.stable and query.session.text.startswith("self.")
        seen = walk.program.respelled_query(query, home, walk.unit)
        return replace(seen, session=query.session) if own else seen

    return walk.program.respelled(kind, home, walk.unit, through)


def not_yet(walk: Expressions, key: int, name: str) -> Type:
    """What an attribute holds that no method which was walked has set: what one will set that comes later."""
    if not walk.functions.hoping:
        return UNKNOWN
    family = walk.functions.classes.family(key)
    for info in family:
        if info.assigned is None:
            info.assigned = frozenset(_GIVEN.findall(names.code(info.node.body)))
    return PENDING if any(name in (info.assigned or ()) for info in family) else UNKNOWN


def note(walk: Expressions, target: cst.Attribute, key: int, kind: Type) -> None:
    """A query is stored: it is there as long as nothing is called that may store another one."""
    name = target.attr.value
    stages.stored(walk, target, key, kind)
    for kept in _paths(walk, f".{name}"):
        del walk.scope.names[kept]
    if not any(held(kind)):
        return
    if name not in walk.functions.classes.kept_names:
        walk.functions.classes.kept_names.add(name)
        walk.functions.stir("kept", name)
    if (path := names.dotted(target)) is not None and _is_own(walk, target.value) and _only_here(walk, key):
        walk.scope.names[path] = Binding(kind, walk.binding_of(path))


def in_class(walk: Expressions, node: cst.ClassDef, name: str, kind: Type) -> None:
    """What the body of a class binds is an attribute of the class and of its objects: `base = session.query(User)`."""
    walk.functions.classes.store(id(node), name, kind)
    if not any(held(kind)):
        return
    info = walk.functions.classes.info(id(node))
    if not all(map(is_free, held(kind))) and name not in walk.functions.classes.cut_in_class:
        walk.functions.classes.cut_in_class.add(name)
        walk.functions.stir("everything")
    inner = info is not None and "." in info.path  # `class Meta`, which is there for others
    followed = not inner and not walk.mapping.defines(node.name.value)
    if followed and name not in walk.functions.classes.kept_names:
        walk.functions.classes.kept_names.add(name)
        walk.functions.stir("kept", name)
    if not followed or not name.startswith("_"):
        reason = f"it is kept in the class attribute `{name}`"
        walk.lose(kind, node.name, reason, convertible=followed)
        if followed and (found := walk.escapes.get((id(node.name), reason))) is not None:
            walk.escapes[id(node.name), reason] = replace(found, stored=name)


def right_here(walk: Expressions, node: cst.Attribute) -> Type | None:
    """The query that this function has stored in an attribute and that is certainly there still."""
    path = names.dotted(node)
    binding = walk.scope.names.get(path) if path is not None else None
    if path is None or binding is None or not any(held(binding.type)):
        return None
    return binding.type if binding.bound_by == walk.binding_of(path) else None


def called(walk: Expressions, node: cst.BaseExpression) -> None:
    """Something is called, or a property looked at, that may store other queries in attributes."""
    may_store = not isinstance(node, cst.Call) or _may_store(walk, node)
    for path in _paths(walk, "") if may_store else ():
        del walk.scope.names[path]
    stages.called(walk, node, may_store=may_store)


def _paths(walk: Expressions, ending: str) -> list[str]:
    return [
        path
        for path, binding in walk.scope.names.items()
        if "." in path and path.endswith(ending) and any(held(binding.type))
    ]


def _may_store(walk: Expressions, node: cst.Call) -> bool:
    """Whether a call runs code of the program, or hands an object of it to code that may."""
    called = walk.types.get(id(node.func), UNKNOWN)
    of = walk.types.get(id(node.func.value), UNKNOWN) if isinstance(node.func, cst.Attribute) else UNKNOWN
    given = [walk.types.get(id(arg.value), UNKNOWN) for arg in node.args]
    if isinstance(called, (Function, LocalClass, LocalInstance, Entity)):
        return True
    return any(isinstance(kind, (LocalInstance, Instance, Super, Function)) for kind in (of, *given))


def _only_here(walk: Expressions, key: int) -> bool:
    """Whether the method calls others of its object only where it says so: no lambda does, and no bound method is kept."""
    assert walk.function is not None
    own = walk.function.parameter_nodes[0].name.value
    return stages.is_quiet(walk, key, holding.of_name(walk.function.node.body.body, own))


def _is_own(walk: Expressions, node: cst.BaseExpression) -> bool:
    """Whether an expression is the object whose method is walked."""
    around = walk.function
    params = around.parameter_nodes if around is not None and around.owner is not None else []
    return bool(params) and isinstance(node, cst.Name) and node.value == params[0].name.value
