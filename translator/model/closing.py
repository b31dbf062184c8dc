"""Which functions of a program are only called where the call is followed, so that they may change with their callers.

A public function of one file may be called from anywhere. Where the whole project is in sight, every mention of its name
is: a call that is followed, an import, its definition; or something else, and then it stays open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

import libcst as cst

from translator.model.aside import may_be_set_aside, mentions
from translator.model.functions import FunctionInfo, Functions
from translator.model.lattice import held
from translator.model.limits import Uncut
from translator.model.program import Program
from translator.model.reaching import Reached
from translator.model.sites import Escape
from translator.model.types import Connection
from translator.syntax import names

_ENTRY = frozenset({"__call__", "__iter__", "__getitem__", "__enter__", "__exit__", "main"})


class Mentioned(Reached, Protocol):
    """What knows the mentions of names in all that may use a program."""

    def count(self, wanted: frozenset[str]) -> Counter[str]:
        """How often each name is mentioned; each text that is no name only in files that are no part of the program."""

    def places(self, wanted: frozenset[str]) -> dict[str, str]:
        """Where the first file that is no part of the program mentions each name."""

    def rendered(self, template: str, variable: str) -> str | None:
        """The first place that does more with a variable of a template than to walk it once; "": none; None: who knows."""


def closed(program: Program, functions: Functions, mentioned: Mentioned) -> dict[int, bool]:
    """For each function that queries or connections pass through, whether only the calls that are followed can call it."""
    carriers = [info for info in functions.everything() if not info.nested and _carries(info)]
    staged = [info for info in functions.everything() if any(isinstance(k, Uncut) for k in info.parameters.values())]
    by_name: dict[str, list[FunctionInfo]] = {}
    for info in functions.everything():
        by_name.setdefault(info.name, []).append(info)
    made = {info.key: _classes(info, functions) for info in carriers if info.name == "__init__"}
    asking = functions.classes.of_queries()
    wanted = frozenset(info.name for info in (*carriers, *staged)).union({one.name for one in asking}, *made.values())
    called = frozenset(name for unit in program.units for name in functions.followed[unit.index].values())
    known = _accounted(program, functions, wanted)
    for name in wanted:
        known[name] += len(by_name.get(name, ())) + functions.classes.standing(name)
    counted = mentioned.count(wanted | {f"{name}(" for name in wanted})
    for one in asking:
        one.accounted = counted[one.name] <= known[one.name] + len(one.attached)
    set_aside = {info.name: mentions(info.name, program, functions) for info in carriers if info.name == "query"}
    for info in carriers:
        info.elsewhere = counted[info.name] <= known[info.name] + counted[f"{info.name}("]

    def is_closed(info: FunctionInfo) -> bool:
        if info.key in made:
            return bool(made[info.key]) and all(counted[name] <= known[name] for name in made[info.key])
        aside = set_aside.get(info.name, 0) if may_be_set_aside(info, by_name[info.name], functions) else 0
        followed = counted[info.name] <= known[info.name] + aside or _accounted_for(info, functions, counted)
        if info.name not in called and not info.private and not info.of_query and _gives(info):
            return False  # somebody in another package may well: nobody writes a function for nobody
        return not info.name.startswith("__") and info.name not in _ENTRY and followed

    for info in staged:
        if functions.stages.closed.get(info.key) is not (verdict := info.key not in made and is_closed(info)):
            functions.stages.closed[info.key] = verdict
            functions.stir("module", info.home.index)
    return {info.key: is_closed(info) for info in carriers}


def placed(escapes: Sequence[Escape], functions: Functions, mentioned: Mentioned) -> Iterator[Escape]:
    """The escapes, where others may call a function with the place that mentions it, e.g. a line of a template."""
    returned = {escape: info for escape in escapes if (info := functions.known(escape.returned_by)) is not None}
    found = mentioned.places(frozenset(info.name for info in returned.values()))
    for escape in escapes:
        where = found.get(returned[escape].name) if escape in returned else None
        advice = ": let a method execute it for the template" if where is not None and where.startswith("line") else ""
        yield replace(escape, reason=f"{escape.reason}, see {where}{advice}") if where is not None else escape


def _classes(info: FunctionInfo, functions: Functions) -> frozenset[str]:
    """The names of the classes that an `__init__` makes objects of; none where others may make some, too."""
    assert info.owner is not None
    classes = functions.classes
    family = [*classes.family(info.owner)[:1], *classes.extending(info.owner)]
    if any(set(one.foreign_bases) - {"object"} or one.node.decorators for one in family):
        return frozenset()
    return frozenset(one.name for one in family)


def _accounted_for(info: FunctionInfo, functions: Functions, counted: Counter[str]) -> bool:
    """Whether all is known of who calls a method that is called as one of Query's: by its class, not by its name."""
    if info.accounted is not True or info.owner is None or counted[f"{info.name}("]:
        return False
    owner = functions.classes.info(info.owner)
    classes = [*functions.classes.extending(info.owner), *([owner] if owner is not None else [])]
    return all(one.accounted for one in classes)


def _gives(info: FunctionInfo) -> bool:
    return any(held(info.returns)) or any(held(info.yields))


def _carries(info: FunctionInfo) -> bool:
    if _gives(info):
        return True
    return any(any(held(kind)) or isinstance(kind, Connection) for kind in info.parameters.values())


def _accounted(program: Program, functions: Functions, wanted: frozenset[str]) -> Counter[str]:
    """How often each name is mentioned by a followed call, by an import of it, or as a column."""
    known: Counter[str] = Counter()
    for unit in program.units:
        known.update(functions.followed[unit.index].values())
        mapped = (one for one in unit.mapping if unit.mapping.defines(one.name))
        known.update(name for one in mapped for name in (*one.columns, *one.relationships) if name in wanted)
        for statement in unit.imports.statements:
            if isinstance(statement, cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar):
                plain = (names.code(alias.name) for alias in statement.names if alias.asname is None)
                known.update(name for name in plain if name in wanted)
    return known
