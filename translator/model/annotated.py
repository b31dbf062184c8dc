"""Annotations that say Query of a value which is one, or that use a name which is another in 2.x.

Of parameters, of variables and of what a function returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import departed
from translator.model.functions import FunctionInfo
from translator.model.lattice import held, join
from translator.model.sites import SiteKind
from translator.model.types import UNKNOWN, Imported, Plain, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_QUERIES = frozenset(
    {"sqlalchemy.orm.Query", "sqlalchemy.orm.query.Query", "flask_sqlalchemy.BaseQuery", "flask_sqlalchemy.query.Query"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """One place in an annotation that names Query."""

    path: tuple[cst.BaseExpression, ...]
    """The expressions around it, outermost first, and itself: the name with its arguments, or the text that it is in."""
    spelled: str
    alone: bool
    """Whether nothing but None may be in its place."""


def note(walk: Expressions, annotation: cst.Annotation | None, kind: Type | None) -> None:
    """Record where an annotation of a value says Query, if the value is one, or holds some; and names that are others."""
    if annotation is not None and walk.unit.renamed:
        _renamed(walk, annotation.annotation, ())
    found: list[Type] = list(held(kind)) if annotation is not None else []
    said = list(_places(walk, annotation.annotation, ())) if annotation is not None and found else []
    if len(said) != 1 or not said[0].alone:
        return
    receiver, before = reduce(join, found, found[0]), len(walk.path)
    walk.path.extend(said[0].path)
    spelled = Plain(text=True, start=said[0].spelled)
    walk.site(SiteKind.ANNOTATED, said[0].path[-1], "annotation", receiver, arguments=(spelled,), result=receiver)
    del walk.path[before:]


def returned(walk: Expressions, info: FunctionInfo) -> None:
    """The same for what a function returns."""
    note(walk, info.node.returns, info.fresh_returns)


def _renamed(walk: Expressions, node: cst.CSTNode, around: tuple[cst.BaseExpression, ...]) -> None:
    """Record the names in an annotation that 2.x has under others; the text of one in quotes as a whole."""
    if isinstance(node, cst.SimpleString):
        for spelled, full in _old(walk, _parsed(names.literal_string(node) or "")):
            _record(walk, (*around, node), full, spelled)
    elif isinstance(node, (cst.Name, cst.Attribute)):
        for spelled, full in _old(walk, node):
            _record(walk, (*around, node), full, spelled)
    else:
        inside = (*around, node) if isinstance(node, cst.BaseExpression) else around
        for child in node.children:
            _renamed(walk, child, inside)


def _old(walk: Expressions, node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """The names in an expression that are others in 2.x, as they are spelled and in full."""
    spelled = names.dotted(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
    if spelled is None:
        for child in node.children:
            yield from _old(walk, child)
        return
    root, dot, rest = spelled.partition(".")
    binding = walk.scope.look_up(root) if root in walk.unit.renamed else None
    if binding is None or not isinstance(binding.type, Imported):
        return
    full = f"{binding.type.name}{dot}{rest}"
    last = full.rpartition(".")[2]
    if full in departed.MOVED and departed.MOVED[full][1] != last and spelled.rpartition(".")[2] == last:
        yield spelled, full


def _record(walk: Expressions, path: tuple[cst.BaseExpression, ...], full: str, spelled: str) -> None:
    before = len(walk.path)
    walk.path.extend(path)
    said = (Plain(text=True, start=spelled),)
    walk.site(SiteKind.NAME, path[-1], f"moved:{full}", UNKNOWN, arguments=said)
    del walk.path[before:]


def _places(walk: Expressions, node: cst.CSTNode, around: tuple[cst.BaseExpression, ...]) -> Iterator[Said]:
    """The places in an annotation that name Query."""
    if isinstance(node, cst.SimpleString):
        for said in _places(walk, _parsed(names.literal_string(node) or ""), ()):
            yield Said((*around, node), said.spelled, said.alone and all(map(_alone, around)))
        return
    named = node.value if isinstance(node, cst.Subscript) else node
    if isinstance(named, (cst.Name, cst.Attribute)) and _is_query(walk, named):
        assert isinstance(node, cst.BaseExpression)
        yield Said((*around, node), names.code(node), all(map(_alone, around)))
    elif not isinstance(node, cst.Attribute):
        inside = (*around, node) if isinstance(node, cst.BaseExpression) else around
        for child in node.children:
            yield from _places(walk, child, inside)


def _is_query(walk: Expressions, node: cst.BaseExpression) -> bool:
    root, dot, rest = (names.dotted(node) or "").partition(".")
    binding = walk.scope.look_up(root) if root else None
    return binding is not None and isinstance(binding.type, Imported) and f"{binding.type.name}{dot}{rest}" in _QUERIES


def _alone(node: cst.BaseExpression) -> bool:
    """Whether nothing but None may be in the place of what an annotation names."""
    if isinstance(node, cst.BinaryOperation):
        return "None" in {names.code(node.left), names.code(node.right)}
    if isinstance(node, cst.Subscript) and (names.dotted(node.value) or "").rpartition(".")[2] == "Union":
        return len(node.slice) == 2 and any(names.code(item.slice) == "None" for item in node.slice)
    return True


def _parsed(text: str) -> cst.CSTNode:
    try:
        return cst.parse_expression(text)
    except cst.ParserSyntaxError:
        return cst.Name("_")
