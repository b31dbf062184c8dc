"""Imports that their author expects to fail: `try: from … import x` with an `except ImportError`. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

import libcst as cst

from translator.model import departed
from translator.model.sites import Site
from translator.syntax import names
from translator.syntax.imports import Imports

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Fallback(StrEnum):
    """What there is in the place of a name that can't be imported."""

    SAME = "same"
    """The same name, of something that 2.x has."""
    OTHER = "other"
    """Something of the author's own: None, a flag that is not set, nothing."""


def of(site: Site, full: str) -> Fallback | None:
    """What 2.x goes on with where it has not what an import asks for; None where it raises."""
    bound = next((bound for bound, name in _bindings(site.node) if name == full), full.rpartition(".")[2])
    inner: cst.CSTNode = site.node
    for around in reversed(site.around):
        if isinstance(around, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            return None
        if isinstance(around, cst.Try):
            found = _of(around, inner, bound)
            if found is not None:
                return found
        if isinstance(around, (cst.BaseCompoundStatement, cst.SimpleStatementLine)):
            inner = around
    return None


def _of(statement: cst.Try, inner: cst.CSTNode, bound: str) -> Fallback | None:
    handlers = [handler for handler in statement.handlers if _catches(handler)]
    if any(
        line is inner for handler in handlers for line in handler.body.body
    ):  # tried where another import failed, which 2.x may have
        return Fallback.SAME if _binds(statement.body.body, bound) else None
    if not handlers or not any(line is inner for line in statement.body.body):
        return None
    body = handlers[0].body.body
    if _raises(body):
        return None
    return Fallback.SAME if _binds(body, bound) else Fallback.OTHER


def _catches(handler: cst.ExceptHandler) -> bool:
    """Whether a handler is of imports that fail."""
    kinds = [handler.type] if not isinstance(handler.type, cst.Tuple) else [e.value for e in handler.type.elements]
    return any(kind is None or names.dotted(kind) in _CAUGHT for kind in kinds)


def _binds(body: Sequence[cst.CSTNode], bound: str) -> bool:
    """Whether statements import a name from where 2.x has it, or define it."""
    for small in _smalls(body):
        if any(name == bound and not _is_gone(full) for name, full in _bindings(small)):
            return True
        if isinstance(small, (cst.FunctionDef, cst.ClassDef)) and small.name.value == bound:
            return True
    return False


def _is_gone(full: str) -> bool:
    return names.root(full) in departed.PACKAGES and full not in departed.MOVED and departed.is_departed(full)


def _raises(body: Sequence[cst.CSTNode]) -> bool:
    return any(isinstance(small, cst.Raise) for small in _smalls(body))


def _smalls(body: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    for line in body:
        yield from line.body if isinstance(line, cst.SimpleStatementLine) else (line,)


def _bindings(node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    if isinstance(node, (cst.Import, cst.ImportFrom)):
        yield from Imports.bindings(node)
