"""What a function does with a MetaData: shared by the rules that take its engine away. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.syntax import names

_GIVEN = frozenset({"bind", "create_all", "drop_all", "reflect", "tables", "sorted_tables", "clear", "remove"})
"""Members of a MetaData whose use is seen."""


def followed(function: cst.FunctionDef, name: str) -> bool:
    """Whether the MetaData is only asked for what is known, and given to tables."""
    return all(_known(parents, name) for parents in uses(function.body, name, ()))


def _known(parents: Sequence[cst.CSTNode], name: str) -> bool:
    parent = parents[-1]
    match parent:
        case cst.Attribute(value=cst.Name(value=owner), attr=attr):
            return owner != name or attr.value in _GIVEN
        case cst.AssignTarget():
            return True
        case cst.Arg(keyword=None):
            call = parents[-2]
            table = isinstance(call, cst.Call) and (names.dotted(call.func) or "").rpartition(".")[2] == "Table"
            return table and isinstance(call, cst.Call) and len(call.args) > 1 and call.args[1] is parent
    return False


def uses(node: cst.CSTNode, name: str, parents: tuple[cst.CSTNode, ...]) -> Iterator[tuple[cst.CSTNode, ...]]:
    if isinstance(node, cst.Name):
        if node.value == name:
            yield parents
        return
    for child in node.children:
        yield from uses(child, name, (*parents, node))
