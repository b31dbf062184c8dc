"""Variables that are asked for and called: `session.query(kind)` beside `kind(name="x")` says that it is a class.

Neither a Table nor a column can be called.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.types import UNKNOWN, Belief, Entity, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_TARGETS = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)
_ELSEWHERE = (cst.Global, cst.Nonlocal, cst.Del, cst.Match, cst.StarredElement)
"""What may give a name something else in ways that are not followed."""


def as_class(walk: Expressions, node: cst.BaseExpression, kind: Type) -> Type:
    """The type of what is asked for; a class where the function calls the same variable, which it binds once."""
    path = names.dotted(node) if kind is UNKNOWN and walk.function is not None else None
    if path is None or walk.function is None:
        return kind
    looked = list(_bindings_and_calls(walk.function.node, path, names.root(path)))
    once = looked.count("bound") == 1 and "elsewhere" not in looked
    return Entity(path, Belief.ASSUMED) if once and "called" in looked else kind


def _bindings_and_calls(node: cst.CSTNode, path: str, root: str) -> Iterator[str]:
    match node:
        case cst.Call(func=func) if names.dotted(func) == path:
            yield "called"
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
        yield from _bindings_and_calls(child, path, root)


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
