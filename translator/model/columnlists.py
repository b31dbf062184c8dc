"""Lists of columns that `query(*columns)` is given: whether all that a list holds is added where that is seen.

Only a class in it would matter, since rows that hold an object are given once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model.signatures import CONSUMERS

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_READING = CONSUMERS | {"len", "str", "repr", "print", "isinstance", "select", "bool"}
"""Functions that leave a list that they are given as it is."""
_CHANGING = frozenset({"append", "extend", "insert", "appendleft", "add", "__setitem__"})


def is_followed(walk: Expressions, node: cst.BaseExpression) -> bool:
    """Whether nothing but the function that makes a list, or the module's own lines, puts something into it.

    Not e.g. `columns` of `more = columns`, `extend(columns)`, or of a function inside that appends to it.
    """
    if not isinstance(node, cst.Name):
        return True
    scope = walk.scope
    while scope.kind != "function" and node.value not in scope.names and scope.parent is not None:
        scope = scope.parent
    local = walk.function is not None and scope.kind != "module" and node.value in scope.names
    within = walk.function.node if local and walk.function is not None else walk.unit.tree
    seen = _Seen(node.value, -1 if local else 0)
    within.visit(seen)
    return not seen.lost


class _Seen(cst.CSTVisitor):
    """Looks for uses of a name after which others may have the list, and for functions inside that change it."""

    def __init__(self, name: str, depth: int) -> None:
        super().__init__()
        self.lost = False
        self._name = name
        self._depth = depth

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._depth += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        self._depth -= 1

    def visit_Assign(self, node: cst.Assign) -> None:
        self.lost = self.lost or self._is(node.value)
        for target in node.targets:
            self.lost = self.lost or (self._depth > 0 and self._is_part(target.target))

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self.lost = self.lost or (self._depth > 0 and (self._is(node.target) or self._is_part(node.target)))

    def visit_Call(self, node: cst.Call) -> None:
        func = node.func
        changes = isinstance(func, cst.Attribute) and func.attr.value in _CHANGING and self._is(func.value)
        called = func.attr if isinstance(func, cst.Attribute) else func
        reads = isinstance(called, cst.Name) and called.value in _READING
        given = any(self._is(arg.value) and not arg.star for arg in node.args)
        self.lost = self.lost or (changes and self._depth > 0) or (given and not reads)

    def _is(self, node: cst.BaseExpression) -> bool:
        return isinstance(node, cst.Name) and node.value == self._name

    def _is_part(self, node: cst.BaseExpression) -> bool:
        return isinstance(node, cst.Subscript) and self._is(node.value)
