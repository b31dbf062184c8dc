"""Variables that are asked for, and what else is done with them: `session.query(kind)` beside `kind(name="x")`.

Neither a Table nor a column can be called, and only a class has columns by names of its own: `getattr(kind, key).in_(ids)`.
Only what gives rows has `kind.c.id`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.types import UNKNOWN, Belief, Entity, TableValue, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_TARGETS = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)
_ELSEWHERE = (cst.Global, cst.Nonlocal, cst.Del, cst.Match, cst.StarredElement)
"""What may give a name something else in ways that are not followed."""


_OF_COLUMNS = frozenset({"in_", "notin_", "not_in", "like", "ilike", "notlike", "notilike", "is_", "isnot", "is_not"})
"""Methods of columns that neither strings nor what else is kept under a name have."""
_OWN = frozenset({"type", "table", "property", "parent", "comparator", "prop", "class_", "key", "name", "info"})
"""What a column has, too: `Shape.c.type` is no table's column, but the type of one that is called `c`."""


def as_shown(walk: Expressions, node: cst.BaseExpression, kind: Type) -> Type:
    """The type of what is asked for: a class or a table where the function shows which by a variable that it binds once.

    An attribute of the object (`self.model`) is shown by any method of its class, where one function alone sets it.
    """
    path = names.dotted(node) if kind is UNKNOWN and walk.function is not None else None
    if path is None or walk.function is None:
        return kind
    shown = _shown(walk.function.node, path) or _shown_by_others(walk, path)
    if {"class", "table"} <= shown or not shown:
        return kind
    return Entity(path, Belief.ASSUMED) if "class" in shown else TableValue(path)


@lru_cache(maxsize=2048)  # a class is asked in each of its methods, and again in every round
def _shown(function: cst.FunctionDef, path: str) -> frozenset[str]:
    """What a function shows of a variable: nothing where it binds it twice, or in ways that are not followed."""
    looked = list(_bindings_and_uses(function, path, names.root(path)))
    once = looked.count("bound") == 1 and "elsewhere" not in looked
    return frozenset({"class", "table"} & set(looked)) if once else frozenset()


def _shown_by_others(walk: Expressions, path: str) -> frozenset[str]:
    """What the other methods of the class show of an attribute of its objects."""
    around, classes = walk.function, walk.functions.classes
    root, _, name = path.partition(".")
    if around is None or around.owner is None or not name.isidentifier() or root != _first(around.node):
        return frozenset()
    info = classes.info(around.owner)
    if info is None or not classes.keeps(around.owner, name):
        return frozenset()
    methods = [one for one in info.node.body.body if isinstance(one, cst.FunctionDef) and _first(one) == root]
    return frozenset().union(*(_shown(one, path) for one in methods))


def _first(function: cst.FunctionDef) -> str:
    """The name of the first parameter."""
    return next((param.name.value for param in (*function.params.posonly_params, *function.params.params)), "")


def _bindings_and_uses(node: cst.CSTNode, path: str, root: str) -> Iterator[str]:
    match node:
        case cst.Call(func=func) if names.dotted(func) == path:
            yield "class"
        case cst.Call(func=cst.Attribute(value=cst.Call() as got, attr=attr)) if attr.value in _OF_COLUMNS:
            if _by_name(got) == path:
                yield "class"
        case cst.Attribute(value=cst.Attribute(attr=cst.Name(value="c")) as inner, attr=attr):
            if names.dotted(inner) == f"{path}.c" and attr.value not in _OWN | _OF_COLUMNS:
                yield "table"
        case cst.Call() if _by_name(node) == f"{path}.c":
            yield "table"
        case cst.Param(name=cst.Name(value=name)) if name == root:
            yield "bound"
        case cst.FunctionDef(name=cst.Name(value=name)) | cst.ClassDef(name=cst.Name(value=name)) if name == root:
            yield "bound"
        case cst.AsName(name=cst.Name(value=name)) if name == root:
            yield "bound"
        case cst.ImportAlias(asname=None) if names.root(names.code(node.name)) == root:
            yield "bound"
    if isinstance(node, _TARGETS) and root in set(_names(node.target)):
        yield "bound"
    elif isinstance(node, _TARGETS) and path in set(_paths(node.target)):
        yield "elsewhere"
    if isinstance(node, _ELSEWHERE) and root in set(_names(node)):
        yield "elsewhere"
    for child in node.children:
        yield from _bindings_and_uses(child, path, root)


def _by_name(call: cst.Call) -> str | None:
    """What a name that is not written out is looked up in: `getattr(path, key)`."""
    match call:
        case cst.Call(func=cst.Name(value="getattr"), args=[first, second]):
            return names.dotted(first.value) if names.literal_string(second.value) is None else None
    return None


def _names(node: cst.CSTNode) -> Iterator[str]:
    """The variables that a target binds: not those whose attribute or item it gives a value."""
    if isinstance(node, cst.Name):
        yield node.value
    elif not isinstance(node, (cst.Attribute, cst.Subscript)):
        for child in node.children:
            yield from _names(child)


def _paths(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Attribute):
        yield names.dotted(node) or ""
    else:
        for child in node.children:
            yield from _paths(child)
