"""Classes of the text: what their members hold, looked up through the bases in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import lineage
from translator.model.lattice import join
from translator.model.types import (
    NONE,
    PLAIN,
    UNKNOWN,
    Connection,
    Entity,
    Function,
    Group,
    Instance,
    Keyed,
    LocalClass,
    LocalInstance,
    Many,
    Super,
    Type,
)
from translator.syntax import names

_EMPTY = frozenset({NONE, UNKNOWN, Keyed(NONE), Many(NONE)})

if TYPE_CHECKING:
    from translator.model.holding import Uses
    from translator.model.program import Program, Unit


@dataclass(slots=True, eq=False)
class ClassInfo:
    """One class: where it stands, the classes it extends as far as they are in sight, and its members."""

    key: int
    name: str
    node: cst.ClassDef
    path: str = ""
    """Its name at the top of its module, with those of the classes around it; "" where it stands in a function."""
    bases: tuple[int, ...] = ()
    foreign_bases: tuple[str, ...] = ()
    """Bases that are not in sight, as spelled."""
    spelled_bases: tuple[str, ...] = ()
    """All bases, as spelled: one that is a class by its name may be what `declarative_base()` gave."""
    home: Unit | None = None
    """The module that it stands in."""
    members: dict[str, Type] = field(default_factory=dict)
    """What the last round found."""
    stored: dict[int, dict[str, Type]] = field(default_factory=dict)
    """What each module stores there, as its last walk found."""
    fresh: dict[str, Type] = field(default_factory=dict)
    """What the module that is walked has stored so far."""
    attached: set[int] = field(default_factory=set)
    """The statements `query_class = …` in models that name it, where it extends Query."""
    of_queries: bool = False
    """Whether it extends Query."""
    mixed_in: bool = False
    """Whether a class that extends Query extends it."""
    accounted: bool = False
    """Whether nothing else names it, as a look at the whole program found."""
    subclasses: set[int] = field(default_factory=set)
    uses: Uses | None = None
    """What its methods do with their objects; None where nobody has looked."""
    assigned: frozenset[str] | None = None
    """The names of the attributes that its body gives values; None where nobody has looked."""


class Classes:
    """All classes that were met, mapped or not."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._infos: dict[int, ClassInfo] = {}
        self._named: dict[tuple[int | None, str], int | None] = {}
        self._here: Unit | None = None
        self._writes: dict[int, dict[str, dict[int, int]]] = {}
        """Where an attribute of a family is given something: each place, and the function that it stands in."""
        self._storing: dict[int, set[int]] = {}
        self._unsettled: list[ClassInfo] = []
        self.kept_names: set[str] = set()
        """Names of attributes that a query is stored in."""
        self.mentions: dict[int, dict[str, dict[int, tuple[cst.Attribute, bool]]]] = {}
        """For each module, where it asks something for an attribute, by the names of these, and whether that is called."""
        self.cut_in_class: set[str] = set()
        """Names of attributes of classes, not of their objects, that a query with a LIMIT is stored in."""
        self.strict = False
        """Whether an attribute may hold what any method stores there: else what the walk met first, until all is known."""
        self._orders: dict[int, list[int]] = {}
        """The lines of classes that were asked for."""
        self._families = lineage.Families()
        self._asked: set[int] = set()
        self._joined: set[int] = set()
        """Heads of families that were asked for, and became one with another in this round."""
        self.reads: set[tuple[object, ...]] = set()
        """What the module that is walked depends on."""

    def begin(self, unit: Unit) -> None:
        """Walk a module from here on: what an earlier walk of it stored is forgotten."""
        self._here = unit
        self.mentions[unit.index] = {}
        for key in self._storing.pop(unit.index, ()):
            self._infos[key].stored.pop(unit.index, None)
        self._storing[unit.index] = set()
        for info in self._unsettled:
            info.fresh = {}
        self._unsettled = []

    def define(self, node: cst.ClassDef, bases: list[tuple[str, Type]], around: Sequence[cst.CSTNode]) -> None:
        """Note a class and what it extends; `around` are the statements around it."""
        info = self._infos.setdefault(id(node), ClassInfo(id(node), node.name.value, node, home=self._here))
        inner = any(isinstance(outer, cst.FunctionDef) for outer in around)
        owners = [outer.name.value for outer in around if isinstance(outer, cst.ClassDef)]
        info.path = "" if inner else ".".join((*owners, info.name))
        found = [(spelled, self.key(kind)) for spelled, kind in bases]
        above = tuple(key for _, key in found if key is not None and key != info.key)
        if above != info.bases:
            info.bases, self._orders = above, {}
        info.foreign_bases = tuple(spelled for spelled, key in found if key is None)
        info.spelled_bases = tuple(spelled for spelled, _ in found)
        for base in info.bases:
            self._infos[base].subclasses.add(info.key)
        self._unite(info)
        self._named[self._index, info.name] = info.key
        elsewhere = self._named.setdefault((None, info.name), info.key)
        if elsewhere != info.key and elsewhere is not None and self._infos[elsewhere].home is not info.home:
            self._named[None, info.name] = None  # two modules have a class of that name

    def _unite(self, info: ClassInfo) -> None:
        """Take the class for one of the family of its bases."""
        for old, new in self._families.unite(info.key, info.bases).items():
            self._joined |= {old} & self._asked
            for name, places in self._writes.pop(old, {}).items():
                self._writes.setdefault(new, {}).setdefault(name, {}).update(places)

    @property
    def _index(self) -> int | None:
        return self._here.index if self._here is not None else None

    def key(self, kind: Type) -> int | None:
        """The class that a class or one of its objects is of, if it is in sight."""
        match kind:
            case LocalClass(key=key) | LocalInstance(key=key) | Super(key=key):
                return key if key in self._infos else None
            case Entity() | Instance(entity=Entity()):
                entity = kind if isinstance(kind, Entity) else kind.entity
                return self._key_named(entity.mapped_name) if entity is not None else None
        return None

    def _key_named(self, name: str) -> int | None:
        """The class of that name in the module that is walked, the only one of that name, or else the one it imports."""
        own = self._named.get((self._index, name))
        if own is not None:
            return own
        last = (None, name.rpartition(".")[2])
        alone = self._named.get(last)
        return self._imported(name) if alone is None and last in self._named else alone

    def _imported(self, name: str) -> int | None:
        """Which class an import means by a name that several modules give to classes: a test is called like its model."""
        root, dot, rest = name.partition(".")
        full = self._here.imports.aliases.get(root) if self._here is not None else None
        if full is None or self._here is None:
            return None
        home = self._program.place(self._here, f"{full}{dot}{rest}")
        return self._named.get(home) if home is not None else None

    def info(self, key: int) -> ClassInfo | None:
        """What is known of a class."""
        return self._infos.get(key)

    def named(self, name: str) -> ClassInfo | None:
        """The class of that name, if it is in sight."""
        key = self._key_named(name)
        return self._infos.get(key) if key is not None else None

    def family(self, key: int) -> list[ClassInfo]:
        """The class and its bases in sight, in the order that Python asks them."""
        if key not in self._infos:
            return []
        if key not in self._orders:
            self._orders[key] = lineage.order(key, lambda each: self._infos[each].bases)
        self.reads |= {("class", one) for one in self._orders[key]}
        return [self._infos[one] for one in self._orders[key]]

    def root(self, key: int) -> int:
        """One identity for all classes of a family: what `self.x` is in one of them, it is in the others."""
        head = self._families.head(key)
        self._asked.add(head)
        self.reads.add(("class", head))
        return head

    def member(self, key: int, name: str, *, above: bool = False) -> Type:
        """What an attribute holds, in the class or the nearest of its bases; `above`: as `super()` sees it."""
        return self.member_of(key, name, above=above)[0]

    def member_of(self, key: int, name: str, *, above: bool = False) -> tuple[Type, Unit | None]:
        """The same, with the module of the class that has it."""
        for info in self.family(key)[1 if above else 0 :]:
            found = info.fresh.get(name)
            if found is None or found in _EMPTY:  # `self._cache = {}` says nothing of what is put there later
                found = info.members.get(name, found)
            elif isinstance(found, Connection) and name in info.members:
                found = join(found, info.members[name])  # its phase is what methods that come later leave it in, too
            if found is not None:
                return found, info.home
        return UNKNOWN, None

    def related(self, key: int) -> list[ClassInfo]:
        """The classes whose methods may run on the same object: it and its bases, what extends it, and the bases of that."""
        found = self.family(key)
        for info in self.extending(key):
            found += self.family(info.key)
        return list({info.key: info for info in found}.values())

    def settled(self, key: int, name: str) -> Type:
        """What the last round found the attribute to hold, whichever class sets it whose methods run on the same object."""
        found = [info.members[name] for info in self.related(key) if name in info.members]
        return reduce(join, found) if found else UNKNOWN

    def everything(self) -> list[ClassInfo]:
        """Every class that was met."""
        return list(self._infos.values())

    def mention(self, name: str, node: cst.Attribute, *, called: bool = False) -> None:
        """Note that the module that is walked asks something for an attribute of that name; to call it, perhaps."""
        index = self._here.index if self._here is not None else 0
        self.mentions.setdefault(index, {}).setdefault(name, {}).setdefault(id(node), (node, called))

    def stores(self, key: int, name: str) -> list[tuple[Type, Unit | None]]:
        """All that is stored in the attribute of one object, by now or in the last round, with the modules it is from."""
        return [
            (kind, info.home)
            for info in self.related(key)
            for kind in (info.fresh.get(name), info.members.get(name))
            if kind is not None
        ]

    def anywhere(self, name: str) -> Type:
        """What an attribute of that name holds in the only class in sight that has one."""
        found = [
            info
            for info in self._infos.values()
            if info.home is self._here and (name in info.fresh or name in info.members)
        ]
        return (found[0].fresh.get(name) or found[0].members[name]) if len(found) == 1 else UNKNOWN

    def overriding(self, key: int, name: str, asked: Type | None = None) -> list[Type]:
        """What the same attribute holds in the classes in sight that extend this one, or that stand before it in what does.

        Or that extend the class of what is asked for it, where that has none and each of those its own.
        """
        if isinstance(asked, (LocalInstance, LocalClass)) and asked.key in self._infos:
            key = key if any(one.key == key for one in self.family(asked.key)) else asked.key
        above = {one.key for one in self.family(key)}
        lines = (
            (one for one in self.family(info.key) if name in one.fresh or name in one.members)
            for info in self.extending(key)
        )
        owners = {one.key: one for line in lines if (one := next(line, None)) is not None and one.key not in above}
        return [one.fresh.get(name) or one.members[name] for one in owners.values()]

    def of_queries(self) -> list[ClassInfo]:
        """The classes that extend Query."""
        return [info for info in self._infos.values() if info.of_queries]

    def extending(self, key: int) -> list[ClassInfo]:
        """The classes in sight that extend this one, directly or not."""
        found: dict[int, ClassInfo] = {}
        queue = list(self._infos[key].subclasses) if key in self._infos else []
        while queue:
            info = self._infos[queue.pop(0)]
            if info.key not in found:
                self.reads.add(("class", info.key))
                found[info.key] = info
                queue.extend(info.subclasses)
        return list(found.values())

    def standing(self, name: str) -> int:
        """How often a class of that name is defined, or named as a base of another."""
        infos = self._infos.values()
        bases = (names.dotted(arg.value) or "" for info in infos for arg in info.node.bases)
        return sum(i.name == name for i in infos) + sum(base.rpartition(".")[2] == name for base in bases)

    def store(self, key: int, name: str, kind: Type) -> None:
        """Note what an attribute of a class or of its objects holds."""
        info = self._infos.get(key)
        if info is not None:
            known = info.fresh.get(name)
            info.fresh[name] = kind if known is None else join(known, kind)
            if self._here is not None and len(info.fresh) == 1:
                info.stored[self._here.index] = info.fresh
                self._storing[self._here.index].add(key)
                self._unsettled.append(info)

    def written(self, key: int, name: str, place: int, function: int) -> bool:
        """Note a place that gives an attribute a value; tells whether it is a new one."""
        places = self._writes.setdefault(self.root(key), {}).setdefault(name, {})
        known = place in places
        places[place] = function
        return not known

    def written_once(self, key: int, name: str) -> bool:
        """Whether one place gives the attribute its value, for all that is in sight."""
        return len(self._places(key, name)) <= 1

    def keeps(self, key: int, name: str) -> bool:
        """Whether an attribute holds the same all the time: no second function gives it another value."""
        return len(set(self._places(key, name).values())) <= 1

    def _places(self, key: int, name: str) -> dict[int, int]:
        return self._writes.get(self.root(key), {}).get(name, {})

    def settle(self) -> list[int]:
        """End a round; tells of which classes it found anything new."""
        changed = [*self._joined]
        self._joined = set()
        for info in self._infos.values():
            members: dict[str, Type] = {}
            for stored in info.stored.values():
                for name, kind in stored.items():
                    members[name] = join(members[name], kind) if name in members else kind
            if _telling(members) != _telling(info.members):
                changed.append(info.key)
            info.members, info.fresh = members, {}
        return changed


def telling(kind: Type | None) -> bool:
    """Whether a type, newly found, could change what others are found to be: else no further round is needed."""
    return kind is not None and kind not in {UNKNOWN, PLAIN, NONE} and not isinstance(kind, (Function, LocalClass))


def told(kind: Type | None) -> tuple[Type | None, bool]:
    """What of a type could change others: also that an object may be in no session, which tells apart what is equal."""
    return (kind, _is_made(kind)) if telling(kind) else (None, False)


def _is_made(kind: Type | None) -> bool:
    match kind:
        case Instance(made=made) | LocalInstance(made=made):
            return made
        case Many(of=of) | Keyed(of=of):
            return _is_made(of)
        case Group(items=items):
            return any(map(_is_made, items))
    return False


def _telling(members: dict[str, Type]) -> dict[str, Type]:
    return {name: kind for name, kind in members.items() if telling(kind)}
