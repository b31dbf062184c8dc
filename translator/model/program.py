"""Several modules read as one program: what a name of one is in another, and how it is spelled there.

A module that stands alone is a program of one. Nothing here walks code: modules hand in what they bind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from translator.model import binds, conventions, pointing
from translator.model.lattice import each
from translator.model.makers import ColumnMaker
from translator.model.types import (
    PENDING,
    UNKNOWN,
    Connection,
    Element,
    Engine,
    Entity,
    Extension,
    Fact,
    Function,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    MetaDataValue,
    NoneValue,
    Pagination,
    Plain,
    Query,
    QueryMaker,
    QueryProperty,
    Result,
    Row,
    Select,
    Session,
    SessionFactory,
    SessionRef,
    TableValue,
    Text,
    Type,
)
from translator.model.units import Unit as Unit
from translator.syntax import names

_PATH = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*(?:\.\w+)*")
_DEPTH = 12
"""How many modules may hand a name on."""


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """Where a name is bound at last: a name at the top of a module, and the path that follows it."""

    unit: Unit
    name: str
    rest: str = ""


class Program:
    """The modules, by name."""

    def __init__(
        self,
        units: Iterable[Unit],
        *,
        whole: bool = False,
        rendered: Callable[[str, str], str | None] = lambda template, variable: None,
    ) -> None:
        self.units = tuple(units)
        self.whole = whole
        """Whether every module of the project is among them."""
        self.rendered = rendered
        """What the template of a name does with a variable, as in `closing.Mentioned`."""
        self.named: dict[str, Unit | None] = {}
        for unit in self.units:
            for name in unit.names:
                self.named[name] = None if name in self.named else unit
        self._reached: dict[int, frozenset[int]] = {}
        self._homes: dict[tuple[int, str], Home | Unit | None] = {}
        self._spelled: dict[tuple[str, int, int], str | None] = {}

    @property
    def alone(self) -> bool:
        """Whether it is a single module, of whose surroundings nothing is known."""
        return len(self.units) == 1

    def forget(self) -> None:
        """Forget where names lead to: modules bind other names than they did."""
        self._homes.clear()
        self._spelled.clear()
        self._reached.clear()

    # what a name leads to

    def home(self, unit: Unit, full: str) -> Home | Unit | None:
        """Where a dotted name of an import is bound, or the module that it is; None where that is not in sight."""
        key = (unit.index, full)
        if key not in self._homes:
            self._homes[key] = self._find(absolute(unit, full), _DEPTH)
        return self._homes[key]

    def place(self, unit: Unit, full: str) -> tuple[int, str] | None:
        """The module at whose top an imported name is bound, and how; None where that is not in sight."""
        found = self.home(unit, full)
        return (found.unit.index, found.name) if isinstance(found, Home) and not found.rest else None

    def is_module(self, here: Unit, full: str) -> bool:
        """Whether an imported name is a module in sight, and no object that its package binds by that name."""
        around, _, name = absolute(here, full).rpartition(".")
        package = self.named.get(around)
        found = self._inside(package, name, "", _DEPTH) if package is not None and package.package else None
        if package is None or (isinstance(found, Home) and found.unit is package and name not in package.bindings):
            found = self.home(here, full)
        return isinstance(found, Unit)

    def _find(self, full: str, depth: int) -> Home | Unit | None:
        parts = full.split(".")
        for length in range(len(parts), 0, -1):
            unit = self.named.get(".".join(parts[:length]))
            if unit is None:
                continue
            if length == len(parts):
                return self._instead(full, depth) or unit
            return self._inside(unit, parts[length], ".".join(parts[length + 1 :]), depth - 1)
        return None

    def _instead(self, full: str, depth: int) -> Home | Unit | None:
        """What a package binds by the name of one of its modules, which hides that: `from .db import db`."""
        around, _, name = full.rpartition(".")
        package = self.named.get(around)
        if package is None or not package.package:
            return None
        further = package.imports.aliases.get(name)
        if further is None or absolute(package, further) == full:
            return None
        return self._find(absolute(package, further), depth - 1) if depth > 0 else None

    def _inside(self, unit: Unit, name: str, rest: str, depth: int) -> Home | Unit | None:
        if depth <= 0:
            return None
        further = unit.imports.aliases.get(name)
        if further is not None:
            return self._find(".".join(filter(None, (absolute(unit, further), rest))), depth)
        if name not in unit.bindings:
            for star in unit.imports.stars:
                source = self.named.get(absolute(unit, star))  # no name of a package: that would ask its stars in turn
                if source is not None and (name in source.bindings or name in source.imports.aliases):
                    return self._inside(source, name, rest, depth - 1)
        return Home(unit, name, rest)

    def imported(self, here: Unit, full: str) -> tuple[Home, Type] | None:
        """What an imported name holds, in this module's words; None where the program does not bind it."""
        found = self.home(here, full)
        if not isinstance(found, Home) or found.rest or found.unit is here:
            return None
        binding = found.unit.bindings.get(found.name)
        return None if binding is None else (found, self.respelled(binding.type, found.unit, here))

    def query_property(self, there: Unit, spelled: str, here: Unit) -> Type:
        """The `query_property()` of a base class that a module spells so."""
        root, dot, rest = spelled.partition(".")
        own = there.query_properties.get(spelled)
        if own is not None:
            return self.respelled(own, there, here)
        full = there.imports.aliases.get(root)
        found = self.home(there, f"{full}{dot}{rest}") if full is not None else None
        if isinstance(found, Home) and not found.rest:
            kind = found.unit.query_properties.get(found.name, UNKNOWN)
            return self.respelled(kind, found.unit, here)
        return UNKNOWN

    # how a name is spelled elsewhere

    def spelling(self, text: str, there: Unit, here: Unit) -> str | None:
        """How `here` spells a path that `there` has at its top; None where it can't."""
        if there is here:
            return text
        parts = text.split(".")
        for length in range(len(parts), 0, -1):  # `models.User` may be imported here as `User`
            key = (".".join(parts[:length]), there.index, here.index)
            if key not in self._spelled:
                self._spelled[key] = self._spelling(key[0], there, here)
            spelled = self._spelled[key]
            if spelled is not None:
                return ".".join((spelled, *parts[length:]))
        return None

    def _spelling(self, path: str, there: Unit, here: Unit) -> str | None:
        """How `here` spells what a path is, by a name of its own for just that or for its module."""
        root, _, rest = path.partition(".")
        first = there.imports.aliases.get(root)
        full = None if first is None else ".".join(filter(None, (absolute(there, first), rest)))
        goal: Home | Unit | None
        if full is not None:
            goal = self._find(full, _DEPTH)
        elif root in there.bindings:
            goal, full = Home(there, root, rest), f"{there.name}.{path}"
        else:
            return None
        return self._spelled_as(goal, full, here)

    def _spelled_as(self, goal: Home | Unit | None, full: str, here: Unit) -> str | None:
        """How `here` spells what is bound there, or is called so by its full name."""
        if isinstance(goal, Home) and goal.unit is here:
            return ".".join(filter(None, (goal.name, goal.rest)))
        for bound, target in here.imports.aliases.items():
            if self._same(self.home(here, target), goal) or absolute(here, target) == full:
                return bound
        if isinstance(goal, Home):
            for bound, target in here.imports.aliases.items():
                there = self.home(here, target)
                if there is goal.unit or (isinstance(there, Unit) and self._hands_on(there, goal)):
                    return ".".join(filter(None, (bound, goal.name, goal.rest)))
        return None

    def _hands_on(self, there: Unit, goal: Home) -> bool:
        """Whether a module imports what stands in another one under its own name: `models.db`."""
        handed = there.imports.aliases.get(goal.name)
        return handed is not None and self._same(self.home(there, handed), Home(goal.unit, goal.name))

    @staticmethod
    def _same(left: Home | Unit | None, right: Home | Unit | None) -> bool:
        if isinstance(left, Home) and isinstance(right, Home):
            return left.unit is right.unit and left.name == right.name and left.rest == right.rest
        return left is right and left is not None

    def session(self, ref: SessionRef, there: Unit, here: Unit) -> SessionRef:
        """A session that is bound at the top of one module, in the words of another; unstable where it has none."""
        if there is here:
            return ref
        if not ref.text:
            return ref
        lost = SessionRef(ref.text, stable=False, binding=-1)
        root, dot, rest = ref.text.partition(".")
        bare = root.removesuffix("()")
        after = f"{root[len(bare) :]}{dot}{rest}"
        goal: Home | Unit | None
        if ref.needs is not None:
            full = ".".join(ref.needs)
            goal = self._find(full, _DEPTH)
            spelled = self._spelled_as(goal, full, here)
        else:
            binding = there.bindings.get(bare)
            if not ref.stable or binding is None or binding.bound_by != ref.binding or ref.connection is not None:
                return self.session(ref.outer, there, here) if ref.outer is not None else lost
            first = there.imports.aliases.get(bare)
            goal = self.home(there, first) if first is not None else Home(there, bare)
            if isinstance(goal, Unit) and (inner := goal.bindings.get(names.root(rest))):  # `models.db.session`
                return self.session(SessionRef(rest, stable=True, binding=inner.bound_by), goal, here)
            spelled = self.spelling(bare, there, here)
        if spelled is not None:
            found = here.bindings.get(names.root(spelled))
            return SessionRef(f"{spelled}{after}", True, found.bound_by if found is not None else 0)
        if not isinstance(goal, Home) or goal.rest or goal.name in here.bindings or self.reaches(goal.unit, here):
            return lost
        return (
            SessionRef(f"{goal.name}{after}", stable=True, needs=(goal.unit.name, goal.name))
            if goal.unit.name
            else lost
        )

    def reaches(self, start: Unit, goal: Unit) -> bool:
        """Whether importing a module imports another one, so that an import the other way round would be a circle."""
        found = self._reached.get(start.index)
        if found is None:
            seen: set[int] = set()
            queue = [start]
            while queue:
                unit = queue.pop()
                if unit.index in seen:
                    continue
                seen.add(unit.index)
                queue.extend(self.imported_by(unit))
            found = self._reached[start.index] = frozenset(seen)
        return goal.index in found

    def in_order(self) -> list[Unit]:
        """The modules, those that others import before these, so that few have to be walked twice."""
        done: dict[int, Unit] = {}

        def visit(unit: Unit) -> None:
            stack = [(unit, iter(self.imported_by(unit)))]
            entered = {unit.index}
            while stack:
                current, rest = stack[-1]
                following = next((u for u in rest if u.index not in done and u.index not in entered), None)
                if following is None:
                    stack.pop()
                    done[current.index] = current
                else:
                    entered.add(following.index)
                    stack.append((following, iter(self.imported_by(following))))

        for unit in self.units:
            if unit.index not in done:
                visit(unit)
        return list(done.values())

    def imported_by(self, unit: Unit) -> list[Unit]:
        """The modules in sight that a module imports at its top."""
        found = []
        for full in (*unit.imports.aliases.values(), *unit.imports.stars):
            parts = absolute(unit, full).split(".")
            for length in range(len(parts), 0, -1):
                other = self.named.get(".".join(parts[:length]))
                if other is not None:
                    found.append(other)
                    break
        return found

    # values that cross

    def respelled(self, kind: Type, there: Unit, here: Unit, through: Callable[[Query], Query] | None = None) -> Type:
        """What a value of one module is to another: its sessions and classes in that one's words.

        `through` says what becomes of each query in it, where that is more than to be written in other words.
        """
        if there is here and through is None:
            return kind

        def written(part: Type) -> Type:
            if isinstance(part, Query):
                return through(part) if through is not None else self.respelled_query(part, there, here)
            return part if there is here or part is PENDING else self._other(part, there, here)

        return each(kind, written)

    def _other(self, kind: Type, there: Unit, here: Unit) -> Type:
        """What a value is to another module that holds no query; UNKNOWN where it has no words for it."""
        match kind:
            case Result(of=inner) | Pagination(of=inner):
                return replace(kind, of=self.respelled(inner, there, here))
            case Row(shape=shape) if shape is not None:
                return replace(kind, shape=tuple(self._element(e, there, here) for e in shape))
            case Instance(entity=Entity() as entity):
                spelled = self.spelling(entity.mapped_name, there, here)
                named = Entity(spelled, entity.belief) if spelled is not None else None
                return replace(kind, entity=named, session=None)
            case QueryProperty() | QueryMaker():
                ref = self.session(kind.session, there, here)
                return replace(kind, session=ref if ref.stable else SessionRef("", stable=False))
            case Session(origin=SessionRef() as origin):
                ref = self.session(origin, there, here)
                return replace(kind, origin=ref if ref.stable else None)
            case (
                Row() | Instance() | Session() | SessionFactory() | Engine() | Connection() | Plain() | NoneValue()
                | Function() | LocalClass() | LocalInstance() | Extension() | ColumnMaker()
            ):  # fmt: skip
                return kind
            case Select() | Text() | MetaDataValue() | TableValue():
                return binds.elsewhere(
                    kind, lambda ref: self.session(ref, there, here), lambda name: self.spelling(name, there, here)
                )
            case Imported(name=full) if names.root(full) in conventions.EXTENSION_MODULES:
                return kind  # `Column = sqlalchemy.Column`, for the rest of the program
        return UNKNOWN

    def _element(self, element: Element, there: Unit, here: Unit) -> Element:
        spelled = self._speller(there, here)
        return replace(
            element, name=spelled(element.name), entity=spelled(element.entity) if element.entity else element.entity
        )

    def respelled_query(self, query: Query, there: Unit, here: Unit, local: frozenset[str] = frozenset()) -> Query:
        """A query of one module in the words of another; `local` names are left for who knows what they are."""
        if there is here:
            return query
        spelled = self._speller(there, here)
        session = self.session(query.session, there, here) if query.session is not None else None
        words = {
            *query.froms,
            query.joinpoint or "",
            query.root or "",
            *pointing.words(query),
            *(e.entity or "" for e in query.shape or ()),
        } - {""}
        changed = replace(
            query,
            session=session,
            shape=None if query.shape is None else tuple(self._element(e, there, here) for e in query.shape),
            froms=frozenset(map(spelled, query.froms)),
            joinpoint=spelled(query.joinpoint) if query.joinpoint else query.joinpoint,
            root=spelled(query.root) if query.root else query.root,
            meant=pointing.renamed(query, spelled),
            order=tuple(map(spelled, query.order)),
            model_queries=frozenset(map(spelled, query.model_queries)),
            variants=frozenset(self.respelled_query(way, there, here, local) for way in query.variants),
        )
        if any(names.root(word) not in local and self.spelling(word, there, here) is None for word in words):
            changed = replace(changed, may=changed.may | {Fact.ELSEWHERE})
        return changed

    def _speller(self, there: Unit, here: Unit) -> Callable[[str], str]:
        """Writes every path in a text that begins with a name at the top of a module in the words of another."""

        def spell(found: re.Match[str]) -> str:
            path = found[0]
            spelled = self.spelling(path, there, here)
            if spelled is not None:
                return spelled
            root, dot, rest = path.partition(".")
            full = there.imports.aliases.get(root)
            own = f"{there.name}.{path}" if root in there.bindings else path
            return own if full is None else f"{absolute(there, full)}{dot}{rest}"

        return lambda text: _PATH.sub(spell, text)


def absolute(unit: Unit, full: str) -> str:
    """A dotted name without the dots that a relative import begins with."""
    level = len(full) - len(full.lstrip("."))
    if level == 0:
        return full
    parts = unit.name.split(".")
    base = parts[: len(parts) - level + 1] if unit.package else parts[: len(parts) - level]
    return ".".join(filter(None, (*base, full[level:])))
