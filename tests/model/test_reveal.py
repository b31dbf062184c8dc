"""Inference, tested by what it reveals: `# reveal: …` on a line states the type of the value assigned there."""

from __future__ import annotations

import re
from pathlib import Path

import libcst as cst
import pytest

from translator.model import ordering, queries
from translator.model.module import understand
from translator.model.types import Entity, Instance, Many, Query, Row, Type

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))
_REVEAL = re.compile(r"# reveal: (.*)$")


def described(kind: Type) -> str:
    """A type in the words of the samples."""
    if isinstance(kind, Query):
        elements = "?" if kind.shape is None else ", ".join(f"{e.kind} {e.name}" for e in kind.shape)
        marks = [
            word
            for word, holds in (
                ("repeats", queries.repeats(kind)),
                ("one row", queries.one_row(kind)),
                ("hidden order", ordering.hidden(kind)),
            )
            if holds
        ]
        session = kind.session.text if kind.session is not None else "?"
        return f"Query[{elements}] on {session}" + "".join(f", {mark}" for mark in marks)
    if isinstance(kind, Many):
        return f"Many[{described(kind.of)}]"
    if isinstance(kind, Instance):
        return f"Instance[{kind.entity.name if kind.entity else '?'}]"
    if isinstance(kind, Row):
        return "Row[" + ("?" if kind.shape is None else ", ".join(e.name for e in kind.shape)) + "]"
    if isinstance(kind, Entity):
        return f"Entity[{kind.mapped_name}]"
    belief = getattr(kind, "belief", None)
    return type(kind).__name__ + (f" {belief.name.lower()}" if belief is not None else "")


class _Assigned(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, cst.BaseExpression]] = []

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        comment = node.trailing_whitespace.comment
        match = _REVEAL.match(comment.value) if comment is not None else None
        small = node.body[0]
        value = getattr(small, "value", None)
        if match is not None and isinstance(value, cst.BaseExpression):
            self.found.append((match[1], value))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_reveal(sample: Path) -> None:
    """Each value is what its comment says."""
    tree = cst.parse_module(sample.read_text(encoding="utf-8"))
    model = understand(tree)
    visitor = _Assigned()
    tree.visit(visitor)
    assert visitor.found, "a sample without a reveal tests nothing"
    told = [(cst.Module([]).code_for_node(node), described(model.type_of(node))) for _, node in visitor.found]
    expected = [(text, said) for (said, _), (text, _) in zip(visitor.found, told, strict=True)]
    assert told == expected
