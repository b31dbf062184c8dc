"""Mentions of a name that are no use of a method called so: of what sessions have, and of local variables.

`query` is what methods that give queries are called, what every session is asked for, and what variables are called.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.model.functions import FunctionInfo, Functions
from translator.model.program import Program


def mentions(name: str, program: Program, functions: Functions) -> int:
    """How often a program mentions a name where no method is meant that takes nothing but its object."""
    asked = sum(len(functions.asked.get(unit.index, ())) for unit in program.units) if name == "query" else 0
    local = _Local(name)
    for unit in program.units:
        unit.tree.visit(local)
    return asked + local.found


def may_be_set_aside(info: FunctionInfo, namesakes: Sequence[FunctionInfo], functions: Functions) -> bool:
    """Whether a method can be told from its namesakes by how those are used: a session's gets what to select.

    Not where a package may call it, since a class of that is extended, or where something else than methods has its name.
    """
    if info.name != "query":
        return False
    params = info.node.params
    more = isinstance(params.star_arg, cst.Param) or params.star_kwarg is not None or params.kwonly_params
    if more or len(info.parameter_nodes) != 1:
        return False
    for one in namesakes:
        if one.owner is None or any(set(c.foreign_bases) - {"object"} for c in functions.classes.family(one.owner)):
            return False
    return True


class _Local(cst.CSTVisitor):
    """Counts names in functions that stand for themselves: as the words of the text are counted, or less."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.found = 0
        self._name = name
        self._scopes: list[bool] = []
        """Whether each scope around is a function's."""

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self._scopes.append(True)
        for param in node.params.children:
            param.visit(self)
        node.body.visit(self)
        self._scopes.pop()
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._scopes.append(False)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        self._scopes.pop()

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Param(self, node: cst.Param) -> bool:
        plain = node.default is None or node.annotation is not None
        if plain:
            node.name.visit(self)
        if node.default is not None:
            node.default.visit(self)
        return False

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_Global(self, node: cst.Global) -> bool:
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.found += node.value == self._name and self._scopes[-1:] == [True]
