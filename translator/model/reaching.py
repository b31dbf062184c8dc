"""Which attributes that hold queries are only used where that is followed, so that they may change with their uses.

`self.query` may be asked of an object anywhere. Where the whole project is in sight, every mention of the name is: one of
an object of its class, one of something that certainly is none; or something else, and then the queries stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import libcst as cst

from translator.model import conventions
from translator.model.attributes import NOT_APPLICATION
from translator.model.classes import ClassInfo
from translator.model.expressions import Expressions
from translator.model.functions import Functions
from translator.model.holding import is_harmless
from translator.model.lattice import held
from translator.model.program import Unit
from translator.model.sites import Escape
from translator.model.types import (
    UNKNOWN,
    Entity,
    Guess,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    NoneValue,
    Pending,
    SomeEntity,
    Super,
    Unknown,
)
from translator.syntax import names

_FIELDS = frozenset({"dataclass", "attrs", "attributes", "s", "define", "frozen", "mutable"})
"""Decorators that make methods of what a class annotates."""
_ANY = re.compile(
    r"""\b(?:[gs]et|del)attr\(\s*(?:self|cls)\s*,\s*(?:[rubfRUBF]*["'](\w*))?|\bvars\(\s*self|\b__(?:dict|[gs]etattr)"""
)
"""Where a class looks at attributes of its objects by names that it puts together."""


class Reached(Protocol):
    """What knows who asks for attributes in all that may use a program."""

    def reached(self, name: str, followed: int, classes: frozenset[str]) -> str | None:
        """Where an object of the classes may be asked for an attribute beside the places that are followed.

        "" where that can't be told, None where nobody asks.
        """


@dataclass(frozen=True, slots=True)
class _Slot:
    """An attribute that holds queries: its name, the classes that store some, and all whose methods share their objects."""

    name: str
    holders: tuple[ClassInfo, ...]
    around: frozenset[int]
    names: frozenset[str]

    @property
    def private(self) -> bool:
        return self.name.startswith("_")


def settled(
    escapes: Sequence[Escape], functions: Functions, walks: Mapping[int, Expressions], reached: Reached
) -> list[Escape]:
    """The escapes, without those by attributes of which every use is followed, and with the uses that are not."""
    found = list(escapes)
    for name in sorted(functions.classes.kept_names):
        slot = _slot(functions, name)
        if slot is not None:
            found = [escape for escape in found if escape.stored != name]
            found += _against(slot, functions, walks, reached)
    return found


def _slot(functions: Functions, name: str) -> _Slot | None:
    classes = functions.classes
    holders = tuple(info for info in classes.everything() if any(held(info.members.get(name))))
    around = {one.key: one.name for info in holders for one in classes.related(info.key)}
    return _Slot(name, holders, frozenset(around), frozenset(around.values())) if holders else None


def _against(slot: _Slot, functions: Functions, walks: Mapping[int, Expressions], reached: Reached) -> Iterator[Escape]:
    """What speaks against changing the queries of an attribute: who else may ask for it."""
    shown = f"it is stored in `self.{slot.name}`"
    for info in slot.holders:
        if (why := _own_doing(slot, functions, info)) is not None:
            yield _escape(slot, (info,), info.node, info.home, f"{shown}, {why}")
    followed, read = 0, False
    for walk in walks.values():
        for node, called in functions.classes.mentions.get(walk.unit.index, {}).get(slot.name, {}).values():
            followed += not called
            read = read or any(held(walk.types.get(id(node))))
            if not called and not _is_told(walk, functions, slot, node):
                what, of = names.code(node), names.code(node.value)
                reason = f"{shown}, and `{what}` may be that: nothing shows what `{of}` is"
                yield _escape(slot, slot.holders, node, walk.unit, reason)
    if not read and not slot.private:
        reason = f"{shown}, and nothing in sight asks for that: another package may"
        yield _escape(slot, slot.holders, slot.holders[0].node, slot.holders[0].home, reason)
    where = reached.reached(slot.name, followed, slot.names)
    if where is not None:
        info = slot.holders[0]
        reason = (
            f"{shown}, and others may ask for that, see {where}"
            if where
            else f"{shown}, and not every use of that is followed"
        )
        yield _escape(slot, slot.holders, info.node, info.home, reason)


def _escape(slot: _Slot, holders: Sequence[ClassInfo], node: cst.CSTNode, home: Unit | None, reason: str) -> Escape:
    queries = [query for info in holders for query in held(info.members.get(slot.name))]
    origins = frozenset(origin for query in queries for origin in query.origins)
    return Escape(origins, node, reason, convertible=True, home=home.index if home is not None else 0)


def _own_doing(slot: _Slot, functions: Functions, holder: ClassInfo) -> str | None:
    """Why the classes themselves, or what they extend, may do more with an attribute than is followed."""
    for info in functions.classes.related(holder.key):
        for found in _ANY.finditer(names.code(info.node)):
            if not found[1] or slot.name.startswith(found[1]):
                return f"and `{info.name}` looks at attributes by names that it puts together"
        if slot.private:
            continue
        if any(_last(names.code(mark.decorator)) in _FIELDS for mark in info.node.decorators):
            return f"and a decorator of `{info.name}` makes methods of its attributes"
        for base in info.foreign_bases:
            if not is_harmless(info, base):
                return f"which `{base}`, that `{info.name}` extends and that is not in sight, may use"
    return None


def _last(spelled: str) -> str:
    return spelled.partition("(")[0].rpartition(".")[2]


def _is_told(walk: Expressions, functions: Functions, slot: _Slot, node: cst.Attribute) -> bool:
    """Whether it is known that something that is asked for the attribute has these queries, or that it has not."""
    owner = walk.types.get(id(node.value), UNKNOWN)
    match owner:
        case LocalInstance() | LocalClass() | Super():
            return functions.classes.info(owner.key) is not None
        case Unknown() | Pending() | Guess() | NoneValue():
            spelled = (names.dotted(node.value) or "").rpartition(".")[2]
            a_class = (
                names.is_class_name(spelled) and spelled not in slot.names
            )  # `Base`, as `declarative_base()` gave it
            return a_class or (slot.private and any(held(walk.types.get(id(node)))))
        case Imported(name=full):
            known = names.root(full) in NOT_APPLICATION or names.root(full) in conventions.EXTENSION_MODULES
            return known or isinstance(walk.program.home(walk.unit, full), Unit)
        case Entity():
            return owner.mapped_name.rpartition(".")[2] not in slot.names
        case Instance(entity=entity) if entity is not None and entity.mapped_name in slot.names:
            return any(held(walk.types.get(id(node))))
        case Instance() | SomeEntity():
            return not any(name in walk.mapping for name in slot.names)
    return True
