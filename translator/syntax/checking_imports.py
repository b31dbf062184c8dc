"""Imports for type checkers alone, in a block under `if TYPE_CHECKING:` after the other imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from translator.edits import Import
from translator.syntax import names
from translator.syntax.imports import module_of

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def added(body: Sequence[Statement], wanted: Iterable[Import]) -> list[Statement]:
    """The statements of a module with the imports in such a block, the one that is there or a new one."""
    lines = {item.module: sorted({i.name for i in wanted if i.module == item.module}) for item in wanted}
    for index, line in enumerate(body):
        if isinstance(line, cst.If) and isinstance(line.body, cst.IndentedBlock) and _is_block(line):
            return [*body[:index], line.with_changes(body=_filled(line.body, lines)), *body[index + 1 :]]
    fresh = [_statement(module, found) for module, found in sorted(lines.items())]
    block = cst.If(cst.Name("TYPE_CHECKING"), cst.IndentedBlock(fresh), leading_lines=[cst.EmptyLine(indent=False)])
    at = _after_imports(body)
    return [*body[:at], block, *body[at:]]


def has_block(body: Sequence[Statement]) -> bool:
    """Whether a module has such a block already, which names its flag in a way of its own: `typing.TYPE_CHECKING`."""
    return any(isinstance(line, cst.If) and _is_block(line) for line in body)


def _is_block(line: cst.If) -> bool:
    flag = (names.dotted(line.test) or "").rpartition(".")[2]
    return flag == "TYPE_CHECKING" and isinstance(line.body, cst.IndentedBlock)


def _filled(block: cst.IndentedBlock, lines: dict[str, list[str]]) -> cst.IndentedBlock:
    """The block with the names that it lacks."""
    have = {
        (module_of(small), names.code(alias.name))
        for line in block.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar)
        for alias in small.names
    }
    missing = {module: [name for name in found if (module, name) not in have] for module, found in lines.items()}
    fresh = [_statement(module, found) for module, found in sorted(missing.items()) if found]
    return block.with_changes(body=[*block.body, *fresh])


def _statement(module: str, found: Sequence[str]) -> cst.SimpleStatementLine:
    bare = module.lstrip(".")
    statement = cst.ImportFrom(
        module=names.path(bare) if bare else None,
        names=[cst.ImportAlias(cst.Name(name)) for name in found],
        relative=[cst.Dot()] * (len(module) - len(bare)),
    )
    return cst.SimpleStatementLine([statement])


def _after_imports(body: Sequence[Statement]) -> int:
    """The place after the last import of the run at the top of a module."""
    at = 0
    for index, line in enumerate(body):
        if not isinstance(line, cst.SimpleStatementLine):
            break
        if any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in line.body):
            at = index + 1
    return at
