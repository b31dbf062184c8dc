"""Which names each scope of a text binds, so that a name that is written there means what it is to mean."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence

import libcst as cst

from translator.syntax.imports import Imports

OTHER = ""
"""Stands for whatever binds a name and is no import."""

_BINDERS = frozenset((
    cst.FunctionDef, cst.ClassDef, cst.Import, cst.ImportFrom, cst.Global, cst.Nonlocal, cst.AssignTarget, cst.AnnAssign,
    cst.AugAssign, cst.For, cst.NamedExpr, cst.Del, cst.AsName, cst.MatchAs, cst.MatchStar,
))  # fmt: skip
_APART = frozenset((cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Import, cst.ImportFrom))
"""What is not looked into: it is a scope of its own, or has been read."""
_LEAVES = frozenset((
    cst.Name, cst.SimpleString, cst.Integer, cst.Float, cst.Pass, cst.SimpleWhitespace, cst.TrailingWhitespace,
    cst.EmptyLine, cst.Comma, cst.Dot, cst.AssignEqual,
))  # fmt: skip
"""What most nodes of a text are; nothing is bound in them."""

_LAYOUT = (
    "whitespace", "lpar", "rpar", "lbrace", "rbrace", "lbracket", "rbracket", "comma", "semicolon", "leading_lines",
    "lines_after", "header", "footer", "trailing", "indent", "equal", "dot", "newline",
)  # fmt: skip
"""How the fields begin that hold blanks, brackets and signs."""

Bound = dict[str, set[str]]
"""Name → the full names that imports bind it to, and `OTHER`."""

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef, *_COMPREHENSIONS)


class Scopes:
    """The scopes of one module; each is read when it is first asked about."""

    def __init__(self, tree: cst.Module) -> None:
        self._tree = tree
        self._bound: dict[int, Bound] = {}

    def meaning(self, name: str, around: Sequence[cst.CSTNode]) -> frozenset[str]:
        """What a name is bound to where these nodes stand around, outermost first; empty where nothing binds it."""
        scope = self.binder(name, around)
        return frozenset(self._of(scope)[name]) if scope is not None else frozenset()

    def binder(self, name: str, around: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
        """The scope that binds a name for a place; None where nothing in sight does.

        The body of a class binds names for itself only, not for its methods.
        """
        innermost = True
        for node in (*reversed([n for n in around if isinstance(n, _SCOPES)]), self._tree):
            if self._of(node).get(name) and (innermost or not isinstance(node, cst.ClassDef)):
                return node
            innermost = innermost and isinstance(node, _COMPREHENSIONS)
        return None

    def imported_before(self, name: str, around: Sequence[cst.CSTNode]) -> bool:
        """Whether the innermost function imports a name in a statement above the one that holds the place."""
        functions = [node for node in around if isinstance(node, cst.FunctionDef)]
        for statement in functions[-1].body.body if functions else ():
            if any(statement is node for node in around):
                return False
            for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, (cst.Import, cst.ImportFrom)) and name in dict(Imports.bindings(small)):
                    return True
        return False

    def bound_later(self, name: str, around: Sequence[cst.CSTNode]) -> bool:
        """Whether code that runs as the module is loaded stands above the only imports that bind a name."""
        if any(isinstance(node, (cst.FunctionDef, cst.Lambda)) for node in around):
            return False
        for line in self._tree.body:
            if any(line is node for node in around):
                return True
            if not isinstance(line, cst.SimpleStatementLine):
                if _imports(line, name):
                    return False
            elif any(isinstance(s, (cst.Import, cst.ImportFrom)) and _imports(s, name) for s in line.body):
                return False
        return False

    def _of(self, node: cst.CSTNode) -> Bound:
        found = self._bound.get(id(node))
        if found is None:
            found = self._bound[id(node)] = bindings(node)
        return found


def _imports(node: cst.CSTNode, name: str) -> bool:
    """Whether a statement imports a name, or everything there is."""
    if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar):
        return True
    if isinstance(node, (cst.Import, cst.ImportFrom)):
        return name in dict(Imports.bindings(node))
    return any(_imports(child, name) for child in node.children)


def bindings(scope: cst.CSTNode) -> Bound:
    """The names that a module, a function, a lambda, a class or a comprehension binds."""
    found: Bound = {}
    elsewhere: set[str] = set()
    for name, full in _of_scope(scope, elsewhere):
        found.setdefault(name, set()).add(full)
    return {name: fulls for name, fulls in found.items() if name not in elsewhere}


def _of_scope(scope: cst.CSTNode, elsewhere: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(scope, (cst.FunctionDef, cst.Lambda)):
        params = scope.params
        stars = [star for star in (params.star_arg, params.star_kwarg) if isinstance(star, cst.Param)]
        for param in (*params.posonly_params, *params.params, *params.kwonly_params, *stars):
            yield param.name.value, OTHER
    if isinstance(scope, _COMPREHENSIONS):
        clause: cst.CompFor | None = scope.for_in
        while clause is not None:
            yield from _targets(clause.target)
            clause = clause.inner_for_in
    elif isinstance(scope, (cst.FunctionDef, cst.ClassDef)):
        yield from _inside(scope.body, elsewhere)
    elif isinstance(scope, cst.Module):
        for line in scope.body:
            yield from _inside(line, elsewhere)


def _inside(node: cst.CSTNode, elsewhere: set[str]) -> Iterator[tuple[str, str]]:
    """The bindings below a node that belong to the scope it stands in; those of `global` go to `elsewhere`."""
    kind = type(node)
    if kind in _LEAVES:
        return
    if kind in _BINDERS:
        yield from _bound_by(node, elsewhere)
    if kind in _APART:
        return
    for name in _fields(kind):
        held = getattr(node, name)
        for child in held if isinstance(held, (tuple, list)) else (held,):
            if isinstance(child, cst.CSTNode):
                yield from _inside(child, elsewhere)


@functools.cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """What a kind of node holds that may bind names: `CSTNode.children` visits blanks and commas, at ten times the price."""
    return tuple(field.name for field in dataclasses.fields(kind) if not field.name.startswith(_LAYOUT))


def _bound_by(node: cst.CSTNode, elsewhere: set[str]) -> Iterator[tuple[str, str]]:
    """The bindings that a node makes itself."""
    match node:
        case cst.FunctionDef() | cst.ClassDef():
            yield node.name.value, OTHER
        case cst.Import() | cst.ImportFrom():
            yield from Imports.bindings(node)
        case cst.Global() | cst.Nonlocal():
            elsewhere.update(item.name.value for item in node.names)
        case cst.AssignTarget() | cst.AnnAssign() | cst.AugAssign() | cst.For() | cst.NamedExpr() | cst.Del():
            yield from _targets(node.target)
        case cst.AsName():
            yield from _targets(node.name)
        case cst.MatchAs() | cst.MatchStar():
            if node.name is not None:
                yield node.name.value, OTHER
        case _:
            pass


def _targets(target: cst.CSTNode) -> Iterator[tuple[str, str]]:
    match target:
        case cst.Name():
            yield target.value, OTHER
        case cst.Tuple() | cst.List():
            for element in target.elements:
                yield from _targets(element.value)
