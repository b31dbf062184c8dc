"""Takes the code out of a document as a reader would copy it: literal blocks, fences, docstrings, functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from textwrap import dedent

SPEAKS = re.compile(
    r"\bquery\(|\.query\b|\.execute\(|\bselect\(\[|\.filter(_by)?\(|\brelationship\(|declarative_base|\bmapper\("
)
DIRECTIVE = re.compile(r"^( *)\.\. (?:code-block|sourcecode|code)::.*$|^( *)(?!\.\. ).*::\s*$")
NOT_SHOWN = re.compile(r"\{(?:sql|stop|opensql)\}")
LONGEST = 80


def snippets(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Each piece of code that speaks of SQLAlchemy, with the line it begins in."""
    if path.endswith(".rst"):
        found = _blocks(text.splitlines())
    elif path.endswith(".md"):
        found = _fences(text.splitlines())
    elif path.startswith("lib/"):
        found = _docstrings(text)
    else:
        found = _definitions(text)
    for line, code in found:
        code = NOT_SHOWN.sub("", dedent(code)).strip("\n") + "\n"
        if SPEAKS.search(code) and code.count("\n") <= LONGEST:
            yield line, code


def _blocks(lines: list[str], start: int = 1) -> Iterator[tuple[int, str]]:
    """What stands indented below a line that ends in two colons."""
    number = 0
    while number < len(lines):
        match = DIRECTIVE.match(lines[number])
        number += 1
        if match is None:
            continue
        outer = len(lines[number - 1]) - len(lines[number - 1].lstrip())
        first = number
        while number < len(lines) and (not lines[number].strip() or _indent(lines[number]) > outer):
            number += 1
        block = lines[first:number]
        while block and (not block[0].strip() or re.match(r"\s*:[\w-]+:", block[0])):
            block = block[1:]
            first += 1
        if any(line.strip() for line in block):
            yield start + first, "\n".join(block)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fences(lines: list[str]) -> Iterator[tuple[int, str]]:
    opened: int | None = None
    for number, line in enumerate(lines):
        if not line.lstrip().startswith("```"):
            continue
        if opened is None:
            opened = number
        else:
            yield opened + 2, "\n".join(lines[opened + 1 : number])
            opened = None


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                yield from _blocks(first.value.value.splitlines(), first.lineno)


def _definitions(text: str) -> Iterator[tuple[int, str]]:
    """A whole file where it is short; else each function and class of it."""
    lines = text.splitlines()
    if len(lines) <= LONGEST:
        yield 1, text
        return
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            yield node.lineno, "\n".join(lines[node.lineno - 1 : node.end_lineno])
