"""Imports of classes that annotations name and that stand in other modules: for type checkers alone, so no circle."""

from __future__ import annotations

import libcst as cst

from translator.edits import Import
from translator.model.mapping import MappedClass
from translator.rules.contract import Context
from translator.rules.mapped import bodies
from translator.syntax import names
from translator.syntax.imports import module_of


def import_class(name: str, here: Context) -> None:
    """Ask for the import of a class of another module of the program, where nothing in this one has its name."""
    mapping = here.model.mapping
    target = mapping.place_of(name)
    taken = mapping.defines(name) or name in here.model.imports.aliases or name in bodies.top_names(here.model)
    if taken or target is None or target.dotted == here.model.name or name in here.model.imports.of_module:
        return
    here.imports.add(Import(_spelled(target, here), name, typing_only=True))


def _spelled(target: MappedClass, here: Context) -> str:
    """The module of a class as this one writes its imports: with dots where it does so, and both share a package."""
    relative = any(
        isinstance(statement, cst.ImportFrom) and module_of(statement).startswith(".")
        for statement in here.model.imports.statements
    )
    package = here.model.name if here.model.package else here.model.name.rpartition(".")[0]
    if not relative or not package or names.root(package) != names.root(target.dotted):
        return target.dotted
    above, below = package.split("."), target.dotted.split(".")
    common = 0
    while common < min(len(above), len(below)) and above[common] == below[common]:
        common += 1
    return "." * (len(above) - common + 1) + ".".join(below[common:])
