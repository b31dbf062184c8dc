"""Imports of files that give each imported name a line: `from sqlalchemy import Column`, `from sqlalchemy import select`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.edits import Import
from translator.syntax import import_inserting, names
from translator.syntax.import_inserting import Statement
from translator.syntax.imports import module_of


def is_kept(body: Sequence[Statement]) -> bool:
    """Whether each `from` import at the top has one name, though some module is imported from several times."""
    found = list(_imports(body))
    modules = [module for _, module, _ in found]
    return len(set(modules)) < len(modules) and all(len(aliases) == 1 for _, _, aliases in found)


def insert(body: list[Statement], item: Import, own: str) -> list[Statement]:
    """Put one name on a line of its own, in order beside those of the same module; `own` is the application's package."""
    beside = [(index, aliases[0]) for index, module, aliases in _imports(body) if module == item.module]
    if any(names.code(known) == names.code(import_inserting.alias(item)) for _, known in beside):
        return body
    if not beside or import_inserting.used_before(body[: beside[-1][0]], [item]):
        return import_inserting.insert(body, item.module, [item], own)
    spelled = [names.code(known.name) for _, known in beside]
    folded = spelled == sorted(spelled, key=str.lower)
    wanted = item.name.lower() if folded else item.name
    made = import_inserting.statement(item.module, [item])
    for (index, _), name in zip(beside, spelled, strict=True):
        if (name.lower() if folded else name) > wanted:
            return import_inserting.insert_before(body, index, made, blank=False)
    after = beside[-1][0] + 1
    return [*body[:after], made, *body[after:]]


def _imports(body: Sequence[Statement]) -> Iterator[tuple[int, str, Sequence[cst.ImportAlias]]]:
    """The `from` imports at the top that list names: their places, their modules, and the names."""
    for index, line in enumerate(body):
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar):
                yield index, module_of(small), small.names
