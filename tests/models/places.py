"""Columns and relationships of mapped classes in a text, by names alone, and what became of each in a translation.

Another eye than the engine's: CPython's own syntax tree.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from translator import Translation

_COLUMN, _RELATIONSHIP = "column", "relationship"
_KINDS = {"Column": _COLUMN, "mapped_column": _COLUMN, "relationship": _RELATIONSHIP, "relation": _RELATIONSHIP}
_AROUND = {"deferred", "column_property"}
_TYPES = ("Mapped[", "DynamicMapped[", "WriteOnlyMapped[")


@dataclass(frozen=True, slots=True)
class Place:
    """One attribute of a class that is given a column or a relationship."""

    name: str
    """The class and the attribute."""
    kind: str
    line: int
    end: int
    modern: bool
    """Whether it is made by `mapped_column()`, where it is a column."""
    typed: bool
    text: str


@dataclass(slots=True)
class Account:
    """What became of the columns and relationships of a text; counted by kind."""

    found: Counter[str] = field(default_factory=Counter)
    typed: Counter[str] = field(default_factory=Counter)
    untyped: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    missed: list[Place] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Account) -> None:
        """Count another text's too."""
        for name in ("found", "typed", "untyped", "flagged", "causes"):
            getattr(self, name).update(getattr(other, name))
        self.missed += other.missed


def places(code: str) -> Iterator[Place]:
    """The columns and relationships of the classes of a text."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                yield from _of(node.name, statement)


def _of(owner: str, statement: ast.stmt) -> Iterator[Place]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value, annotation = statement.targets[0], statement.value, ""
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value, annotation = statement.target, statement.value, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.FunctionDef) and any(
        "declared_attr" in ast.unparse(d) for d in statement.decorator_list
    ):
        for node in ast.walk(statement):
            if isinstance(node, ast.Return) and (made := _made(node.value)):
                returns = ast.unparse(statement.returns) if statement.returns is not None else ""
                yield _place(f"{owner}.{statement.name}", statement, made, returns)
                return
        return
    else:
        return
    made = _made(value)
    if made and isinstance(target, ast.Name):
        yield _place(f"{owner}.{target.id}", statement, made, annotation)


def _place(name: str, node: ast.stmt, made: str, annotation: str) -> Place:
    typed = annotation.strip("'\"").rpartition("orm.")[2].startswith(_TYPES) or ".Mapped[" in annotation
    text = " ".join(ast.unparse(node).split())[:120]
    return Place(name, _KINDS[made], node.lineno, node.end_lineno or node.lineno, made == "mapped_column", typed, text)


def _made(value: ast.expr | None) -> str:
    """`Column`, `relationship` or their kin, where a value is a call of one."""
    if not isinstance(value, ast.Call):
        return ""
    func = value.func
    last = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if last in _AROUND and value.args:
        return _made(value.args[0])
    return last if last in _KINDS else ""


def _is_own(code: str) -> bool:
    """Whether `Column` is neither SQLAlchemy's nor handed on by its name: `Column = partial(db.Column, …)` elsewhere."""
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "Column" for alias in node.names)
    ]
    defined = any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.targets[0]) == "Column"
        for node in ast.walk(ast.parse(code))
    )
    return defined or any(not module.startswith(("sqlalchemy", "flask_sqlalchemy")) for module in imported)


def account(translation: Translation) -> Account:
    """Hold the places of a text against those of its translation."""
    result = Account()
    after: dict[tuple[str, str], list[Place]] = {}
    for place in places(translation.output):
        after.setdefault((place.name, place.kind), []).append(place)
    own = ("Column(",) if _is_own(translation.source) else ()
    for place in places(translation.source):
        result.found[place.kind] += 1
        now = after.get((place.name, place.kind), [])
        became = now.pop(0) if now else place
        told = [d for d in translation.diagnostics if d.span.start_line <= place.end and place.line <= d.span.end_line]
        if became.typed:
            result.typed[place.kind] += 1
            continue
        if told:
            result.flagged[place.kind] += 1
            result.causes[f"{told[0].slug}: {told[0].cause or told[0].message}"[:140]] += 1
        elif not became.modern and place.text.partition("= ")[2].startswith(own):
            result.causes["Column() is a function of the application's own, which may do anything"] += 1
            result.flagged[place.kind] += 1
        elif not became.modern:
            result.missed.append(place)
        if became.modern:
            result.untyped[place.kind] += 1
    return result
