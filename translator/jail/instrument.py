"""Marks put into a paste before it runs: what its bare expressions come to, and which of its statements are reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from .forcing import Force

VALUE = "__requery_value__"
REACHED = "__requery_reached__"
ENDED = "__requery_ended__"
ASSERTED = "__requery_asserted__"
ROUND = "__requery_round__"
Region = tuple[int, int, int, int]
"""First line and column, last line and column behind it: lines from 1, columns in code points."""
ASKING = frozenset({"execute", "get", "query", "scalar", "scalars"})


class Ended(BaseException):
    """A `return` at the top level of a piece of a function: nothing after it runs."""


class _Lifted(ast.NodeTransformer):
    """Has a piece of a function run without the function: what it returns or yields is a value of its top level."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        ended = ast.copy_location(ast.Raise(ast.Name(ENDED, ast.Load()), None), node)
        return [ended] if node.value is None else [ast.copy_location(ast.Expr(node.value), node), ended]

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        return node.value or ast.copy_location(ast.Constant(None), node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        return node.value


def instrument(tree: ast.Module, text: str, force: Force | None = None) -> tuple[ast.Module, list[Region]]:
    """The tree with its marks, and the region of text that each stands for, by the number that the mark hands over.

    A statement has one, of which only the head counts where it holds others: `if found:`, not what follows. So has what
    an expression may leave out: `b` in `a if test else b` and in `a or b`, what a comprehension does for each item.
    """
    tree = _Lifted().visit(tree)
    for node in _outside_functions(tree):
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            call = ast.Call(ast.Name(VALUE, ast.Load()), [ast.Constant(node.lineno), node.value], [])
            node.value = ast.copy_location(call, node.value)
    regions = _Regions(text)
    if force is not None:
        force.put_into(tree)
    blocks = [(owner, name) for owner in ast.walk(tree) for name in ("body", "orelse", "finalbody")]
    tree = _Parts(regions).visit(tree)
    for owner, name in blocks:
        block = getattr(owner, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            setattr(owner, name, [marked for node in block for marked in _marked(node, regions)])
    return ast.fix_missing_locations(tree), regions.found


class _Regions:
    """The regions of a text in lines and code points; ast counts bytes."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self.found: list[Region] = []

    def mark(self, node: ast.AST, end: tuple[int, int] | None = None) -> ast.Call:
        """The call that tells that this node is reached."""
        place: Any = node
        first = min([place.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
        start = (
            0 if isinstance(node, ast.stmt) and first < place.lineno else self._column(place.lineno, place.col_offset)
        )
        line, column = end or (place.end_lineno, place.end_col_offset)
        self.found.append((first, start, line, self._column(line, column)))
        return ast.Call(ast.Name(REACHED, ast.Load()), [ast.Constant(len(self.found) - 1)], [])

    def _column(self, line: int, column: int) -> int:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return column if text.isascii() else len(text.encode("utf-8", "replace")[:column].decode("utf-8", "ignore"))


class _Parts(ast.NodeTransformer):
    """Marks the parts of expressions that may be left out."""

    def __init__(self, regions: _Regions) -> None:
        self._regions = regions
        self._tests = True

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outer, self._tests = self._tests, node.name.startswith("test")
        try:
            return self.generic_visit(node)
        finally:
            self._tests = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """In tests and at the top level; elsewhere it guards what follows."""
        if not self._tests:
            return self.generic_visit(node)
        call = ast.Call(ast.Name(ASSERTED, ast.Load()), [ast.Constant(node.lineno), node.test], [])
        return self.generic_visit(ast.copy_location(ast.Expr(ast.copy_location(call, node)), node))

    def visit_While(self, node: ast.While) -> ast.AST:
        """What it goes by is asked whether it may go on, too."""
        node.test = self.visit(node.test)
        call = ast.Call(ast.Name(ROUND, ast.Load()), [ast.Constant(node.lineno), node.test], [])
        node.test = ast.copy_location(call, node.test)
        node.body, node.orelse = ([self.visit(line) for line in block] for block in (node.body, node.orelse))
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        node.body, node.orelse = self._part(node.body), self._part(node.orelse)
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        node.values[1:] = [self._part(value) for value in node.values[1:]]
        return self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Only where it asks a database: SQLAlchemy reads the code of others, e.g. in `with_loader_criteria()`."""
        if any(isinstance(inner, ast.Attribute) and inner.attr in ASKING for inner in ast.walk(node.body)):
            node.body = self._part(node.body)
        return self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        node.elt = self._part(node.elt)
        return self.generic_visit(node)

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # type: ignore[assignment]

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        node.value = self._part(node.value)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = self.visit(node.value) if node.value is not None else None
        return node  # an annotation is read by others

    def _part(self, node: ast.expr) -> ast.expr:
        if isinstance(node, (ast.Constant, ast.Name)):
            return node
        pair = ast.Tuple([self._regions.mark(node), node], ast.Load())
        return ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)


def _marked(node: ast.stmt, regions: _Regions) -> Iterator[ast.stmt]:
    if not _is_fixed(node):
        yield ast.copy_location(ast.Expr(ast.copy_location(regions.mark(node, _end_of_head(node)), node)), node)
    yield node


def _is_fixed(node: ast.stmt) -> bool:
    """Whether it must stay the first: a docstring, an import from the future."""
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
    )


def _end_of_head(node: ast.stmt) -> tuple[int, int] | None:
    inner = getattr(node, "body", None) or getattr(node, "cases", None)
    if not inner:
        return None
    first = inner[0] if hasattr(inner[0], "lineno") else inner[0].pattern
    return first.lineno, first.col_offset


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            yield inner
            yield from _outside_functions(inner)
