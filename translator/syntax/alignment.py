"""Continuation lines that stood below an open bracket's first argument stand there again where a rewrite moved it.

Works on texts, line by line: a rewrite changes how far from the margin a bracket opens, which the lines below it don't know.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from translator.findings import Span

_TOKEN = re.compile(
    r'''(?:[rRbBuUfF]{0,2}(?:"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))'''
    r"|\#[^\n]*|[()\[\]{}]|\n",
    re.DOTALL,
)
_WORD = re.compile(r"\W*\w*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that begins inside a bracket: its number from 0, and where that opens, by line and column."""

    number: int
    bracket: tuple[int, int]


def restored(before: str, after: str) -> tuple[str, dict[int, int]]:
    """The text after a rewrite with its lines aligned as they were; and by how many columns each line moved, from 1."""
    old, new = before.split("\n"), after.split("\n")
    below = [(old[line.number], line.bracket[1] == _indent(old[line.number])) for line in _continued(before, old)]
    aligned = {(_indent(text), _first_word(text)) for text, at in below if at}
    said = {text.strip() for text, at in below if at} - {text.strip() for text, at in below if not at}
    moved: dict[int, int] = {}
    for line in _continued(after, new) if aligned else ():
        indent = _indent(new[line.number])
        opened, column = line.bracket
        by = column + moved.get(opened + 1, 0) - indent
        was = (indent, _first_word(new[line.number])) in aligned or new[line.number].strip() in said
        if by and was:
            moved[line.number + 1] = by
    if not moved:
        return after, {}
    for number, by in moved.items():
        text = new[number - 1]
        new[number - 1] = " " * by + text if by > 0 else text[-by:]
    made = "\n".join(new)
    return (made, moved) if _same(after, made) else (after, {})


def shifted(span: Span, moved: dict[int, int]) -> Span:
    """Where a node stands once lines have moved."""
    start, end = moved.get(span.start_line, 0), moved.get(span.end_line, 0)
    return Span(span.start_line, span.start_column + start, span.end_line, span.end_column + end)


def _continued(text: str, lines: list[str]) -> Iterator[_Line]:
    """The lines that begin inside a bracket behind which something stands on its line, and not inside a string."""
    brackets: list[tuple[int, int]] = []
    number = start = 0
    for token in _TOKEN.finditer(text):
        found = token[0]
        if found in "([{":
            brackets.append((number, token.start() - start + 1))
        elif found in ")]}":
            if brackets:
                brackets.pop()
        elif found == "\n":
            number, start = number + 1, token.end()
            if brackets and lines[number].strip():
                opened, column = brackets[-1]
                behind = lines[opened][column:].lstrip()
                if behind and not behind.startswith("#"):
                    yield _Line(number, brackets[-1])
        elif "\n" in found:
            number += found.count("\n")
            start = token.start() + found.rindex("\n") + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _first_word(line: str) -> str:
    found = _WORD.match(line)
    return found[0].strip() if found is not None else ""


def _same(left: str, right: str) -> bool:
    """Whether two texts say the same; not where Python can't read them."""
    try:
        return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
