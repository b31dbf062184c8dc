"""Prints nodes, and finds the positions of chosen ones while the module is printed once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import libcst as cst
from libcst._nodes.internal import CodegenState

from translator.findings import Span

_NOTHING = nullcontext()


class _Printer(CodegenState):
    """Prints, and does not set up a generator for each node's position as libcst's own does: half of what printing costs."""

    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> AbstractContextManager[None]:
        return _NOTHING


class _Recorder(_Printer):
    """Prints like any other and notes where the wanted nodes begin and end."""

    def __init__(self, tree: cst.Module, wanted: Collection[int]) -> None:
        super().__init__(default_indent=tree.default_indent, default_newline=tree.default_newline)
        self.wanted = wanted
        self.spans: dict[int, Span] = {}
        self.line = 1
        self.column = 0

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        super().add_token(value)
        newlines = value.count("\n")
        if newlines or "\r" in value:
            lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.line += len(lines) - 1
            self.column = len(lines[-1]) if len(lines) > 1 else self.column + len(value)
        else:
            self.column += len(value)

    def record_syntactic_position(  # type: ignore[override]
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> AbstractContextManager[None]:
        return self._noted(id(node)) if id(node) in self.wanted else _NOTHING

    @contextmanager
    def _noted(self, key: int) -> Iterator[None]:
        line, column = self.line, self.column
        yield
        self.spans[key] = Span(line, column, self.line, self.column)


def text(node: cst.CSTNode) -> str:
    """The text of a node by itself."""
    state = _Printer(default_indent=" " * 4, default_newline="\n")
    node._codegen(state)
    return "".join(state.tokens)


def printed(tree: cst.Module, nodes: Collection[cst.CSTNode]) -> tuple[str, dict[int, Span]]:
    """The text of a tree and the span of each of the nodes in it, by identity. Columns count code points from 0."""
    state = _Recorder(tree, {id(node) for node in nodes})
    tree._codegen(state)
    return "".join(state.tokens), state.spans


def spans_of(tree: cst.Module, nodes: Collection[cst.CSTNode]) -> dict[int, Span]:
    """The span of each node that stands in the tree."""
    return printed(tree, nodes)[1] if nodes else {}
