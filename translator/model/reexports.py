"""Imported names that other modules import from where they were imported: they stay, used there or not."""

from __future__ import annotations

from translator.model.program import Program, absolute


def found(program: Program) -> dict[int, frozenset[str]]:
    """For each module the names that others take from it, or may: each that the `__init__` of a package imports."""
    owners = {name: unit for unit in program.units for name in unit.names}
    taken: dict[int, set[str]] = {u.index: set(u.imports.aliases) if u.package else set() for u in program.units}
    for unit in program.units:
        for full in unit.imports.aliases.values():
            module, _, name = absolute(unit, full).rpartition(".")
            if module in owners:
                taken[owners[module].index].add(name)
        for star in unit.imports.stars:
            owner = owners.get(absolute(unit, star))
            if owner is not None:
                taken[owner.index].update(owner.imports.aliases)
    return {index: frozenset(names) for index, names in taken.items()}
