"""Imported names that other modules take from where they were imported, by an import or `module.name`: they stay."""

from __future__ import annotations

from collections.abc import Mapping, Set

from translator.model import conventions, departed
from translator.model.program import Program, absolute
from translator.model.types import Imported
from translator.model.units import Unit
from translator.syntax import names

_DEPTH = 8
"""How many modules may hand a name on to each other."""


def found(program: Program, asked: Mapping[int, Set[str]]) -> dict[int, frozenset[str]]:
    """For each module the names that others take from it, or may: each that the `__init__` of a package imports.

    `asked` are the attributes that each module asks modules for.
    """
    owners = {name: unit for unit in program.units for name in unit.names}
    taken: dict[int, set[str]] = {u.index: set(u.imports.aliases) if u.package else set() for u in program.units}
    for unit in program.units:
        for bound, full in unit.imports.aliases.items():
            module, _, name = absolute(unit, full).rpartition(".")
            if module in owners:
                taken[owners[module].index].add(name)
                if (given := forwarded(program, unit, full)) is not None:
                    unit.imports.forwarded[bound] = given.name
        for path in asked.get(unit.index, ()):  # `models.Column`
            module, _, name = absolute(unit, path).rpartition(".")
            if module in owners:
                taken[owners[module].index].add(name)
        for star in unit.imports.stars:
            owner = owners.get(absolute(unit, star))
            if owner is not None:
                taken[owner.index].update(owner.imports.aliases)
    return {index: frozenset(names) for index, names in taken.items()}


def forwarded(program: Program, unit: Unit, full: str) -> Imported | None:
    """What modules in sight hand on of SQLAlchemy's: `from .base import relationship`; None where it is not that.

    A name that 2.x has elsewhere, or not at all, is no use of this module's: it is dealt with where it is imported.
    """
    full = absolute(unit, full)
    for _ in range(_DEPTH):
        module, _, name = full.rpartition(".")
        giver = program.named.get(module)
        further = giver.imports.aliases.get(name) if giver is not None else None
        if giver is None or further is None or not _is_only_import(giver, name):
            break
        full = absolute(giver, further)
    ours = (
        names.root(full) in conventions.EXTENSION_MODULES
        and full not in departed.MOVED
        and departed.advice(full) is None
    )
    return Imported(full) if ours else None


def _is_only_import(unit: Unit, name: str) -> bool:
    """Whether a name holds what an import gives it, whatever is done with it: `relationship = relationship`."""
    binding = unit.bindings.get(name)
    return binding is None or isinstance(binding.type, Imported)
