"""Where imports stand in a module: their lines, and the groups that blank lines make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.syntax import names
from translator.syntax.imports import module_of

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def groups(body: Sequence[Statement], lines: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """Imports in the groups that blank lines make of them: the standard library, other packages, the application."""
    groups: list[list[tuple[int, str]]] = []
    for index, target in lines:
        line = body[index]
        blank = isinstance(line, cst.SimpleStatementLine) and any(e.comment is None for e in line.leading_lines)
        if blank or not groups:
            groups.append([])
        groups[-1].append((index, target))
    return groups


def lines(body: Sequence[Statement]) -> Iterator[tuple[int, str]]:
    """The imports at the top of a module, each with the module it names; guards before them are passed over."""
    seen = False
    for index, line in enumerate(body):
        if not isinstance(line, cst.SimpleStatementLine):
            if seen or not _is_guard(line):
                return
            continue
        for small in line.body:
            if isinstance(small, cst.ImportFrom):
                seen = True
                yield index, module_of(small)
            elif isinstance(small, cst.Import):
                seen = True
                yield index, names.dotted(small.names[0].name) or ""


def _is_guard(line: Statement) -> bool:
    return isinstance(line, (cst.If, cst.Try))


def level(module: str) -> int:
    """How many dots a relative import begins with."""
    return len(module) - len(module.lstrip("."))
