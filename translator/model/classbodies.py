"""What stands in the bodies of classes, before anything is known of them. Knows nothing of mappings."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from translator.model import conventions, declared
from translator.syntax import names
from translator.syntax.imports import Imports

RELATIONSHIP_CALLS = frozenset({"relationship", "relation", "dynamic_loader"})


def classes(body: Iterable[cst.CSTNode]) -> Iterable[cst.ClassDef]:
    for node in body:
        if isinstance(node, cst.ClassDef):
            yield node
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.If, cst.Try, cst.With)):
            yield from classes(node.body.body)


def foreign(body: Iterable[cst.CSTNode]) -> Iterable[str]:
    """Names that a module imports from packages whose classes are never mapped: the `BaseModel` of pydantic."""
    for line in body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, (cst.Import, cst.ImportFrom)):
                bound = Imports.bindings(small)
                yield from (name for name, full in bound if names.root(full) in conventions.UNMAPPED_PACKAGES)


def relationship_calls(body: Iterable[cst.CSTNode]) -> frozenset[str]:
    """The names of `relationship()` in a module, those that its imports give it included."""
    bound = {
        name
        for line in body
        for small in (line.body if isinstance(line, cst.SimpleStatementLine) else ())
        if isinstance(small, cst.ImportFrom)
        for name, full in Imports.bindings(small)
        if full.startswith("sqlalchemy.") and full.rpartition(".")[2] in RELATIONSHIP_CALLS
    }
    return RELATIONSHIP_CALLS | bound


def aliases(node: cst.ClassDef) -> bool:
    """Whether two names of an Enum's body have the same literal value."""
    values = [
        names.code(value) for _, _, value in attributes(node) if value is not None and names.literal(value) is not ...
    ]
    return len(values) != len(set(values))


def methods(node: cst.ClassDef) -> frozenset[str]:
    return frozenset(inner.name.value for inner in node.body.body if isinstance(inner, cst.FunctionDef))


def decorators(node: cst.ClassDef) -> Iterable[cst.BaseExpression]:
    for line in node.body.body:
        if isinstance(line, cst.FunctionDef):
            yield from (decorator.decorator for decorator in line.decorators)


def attributes(node: cst.ClassDef) -> Iterable[tuple[str, cst.BaseExpression | None, cst.BaseExpression | None]]:
    for line in node.body.body:
        if isinstance(line, cst.FunctionDef) and (value := declared.by_method(line)) is not None:
            yield line.name.value, None, value
        if not isinstance(line, cst.SimpleStatementLine):
            continue
        for small in line.body:
            if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
                yield small.targets[0].target.value, None, small.value
            elif isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield small.target.value, small.annotation.annotation, small.value
