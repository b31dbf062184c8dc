"""Marks put into a paste before it runs: what its bare expressions come to, and which of its statements are reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator

VALUE = "__requery_value__"
REACHED = "__requery_reached__"
ENDED = "__requery_ended__"
Lines = tuple[int, int]


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


def instrument(tree: ast.Module) -> tuple[ast.Module, list[Lines]]:
    """The tree with its marks, and the first and last line of each statement by the number that its mark hands over.

    Of a statement that holds others only the head counts: `if found:`, not what follows.
    """
    tree = _Lifted().visit(tree)
    for node in _outside_functions(tree):
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            call = ast.Call(ast.Name(VALUE, ast.Load()), [ast.Constant(node.lineno), node.value], [])
            node.value = ast.copy_location(call, node.value)
    lines: list[Lines] = []
    for owner in list(ast.walk(tree)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(owner, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                setattr(owner, name, [marked for node in block for marked in _marked(node, lines)])
    return ast.fix_missing_locations(tree), lines


def _marked(node: ast.stmt, lines: list[Lines]) -> Iterator[ast.stmt]:
    if not _is_fixed(node):
        call = ast.Call(ast.Name(REACHED, ast.Load()), [ast.Constant(len(lines))], [])
        yield ast.copy_location(ast.Expr(ast.copy_location(call, node)), node)
        lines.append(_head(node))
    yield node


def _is_fixed(node: ast.stmt) -> bool:
    """Whether it must stay the first: a docstring, an import from the future."""
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
    )


def _head(node: ast.stmt) -> Lines:
    first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
    inner = getattr(node, "body", None) or getattr(node, "cases", None)
    if not inner:
        return first, node.end_lineno or first
    start = getattr(inner[0], "lineno", None) or inner[0].pattern.lineno
    return first, max(start - 1, node.lineno)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            yield inner
            yield from _outside_functions(inner)
