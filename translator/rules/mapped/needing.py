"""Which modules of a program are there whenever another one is used: what it imports, and what its relationships name.

A class that names another one in a relationship can't be used before the other's module is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.model.module import ModuleModel
from translator.rules.mapped import bodies, relating
from translator.syntax import names

_RELATIONSHIPS = frozenset({"relationship", "relation", "dynamic_loader"})
_KNOWN = "modules that are there, too"


def is_there(goal: ModuleModel, user: ModuleModel, program: Sequence[ModuleModel]) -> bool:
    """Whether `goal` is imported whenever the mapped classes of `user` are used."""
    by_name = {model.name: model for model in program if model.name}
    found, left = {user.name}, [user]
    while left and goal.name not in found:
        for name in _needed(left.pop(), by_name):
            if name not in found:
                found.add(name)
                left.append(by_name[name])
    return goal.name in found


def _needed(model: ModuleModel, by_name: dict[str, ModuleModel]) -> frozenset[str]:
    """The modules that one needs at once."""
    known = model.memo.get(_KNOWN)
    if not isinstance(known, frozenset):
        wanted = [full for full in (*_imported(model), *_related(model)) if full]
        parents = [model.name.rpartition(".")[0]]
        known = frozenset(path for full in (*wanted, *parents) for path in _with_parents(full) if path in by_name)
        model.memo[_KNOWN] = known
    return known


def _with_parents(full: str) -> Iterator[str]:
    parts = full.split(".")
    yield from (".".join(parts[:length]) for length in range(len(parts), 0, -1))


def _imported(model: ModuleModel) -> Iterator[str]:
    """What the top of a module imports, by full names."""
    for full in (*model.imports.aliases.values(), *model.imports.stars):
        yield absolute(full, model)
    for line in model.tree.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Import):
                yield from (names.dotted(alias.name) or "" for alias in small.names)


def absolute(full: str, model: ModuleModel) -> str:
    """A dotted name without the dots that a relative import begins with."""
    level = len(full) - len(full.lstrip("."))
    if not level:
        return full
    parts = model.name.split(".")
    base = parts[: len(parts) - level + (1 if model.package else 0)]
    return ".".join(filter(None, (*base, full[level:])))


def _related(model: ModuleModel) -> Iterator[str]:
    """The modules of the classes that relationships in its classes name."""
    for node in bodies.every_class(model):
        for _, value in bodies.assignments(node):
            if isinstance(value, cst.Call) and (names.dotted(value.func) or "").rpartition(".")[2] in _RELATIONSHIPS:
                place = model.mapping.place_of(relating.target_name(value) or "")
                yield place.dotted if place is not None else ""
