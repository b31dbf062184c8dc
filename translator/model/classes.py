"""Classes of the text: what their members hold, looked up through the bases in sight."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from translator.model.lattice import join
from translator.model.types import (
    NONE,
    PLAIN,
    UNKNOWN,
    Entity,
    Function,
    Instance,
    LocalClass,
    LocalInstance,
    Super,
    Type,
)


@dataclass(slots=True, eq=False)
class ClassInfo:
    """One class: where it stands, the classes it extends as far as they are in sight, and its members."""

    key: int
    name: str
    node: cst.ClassDef
    bases: tuple[int, ...] = ()
    foreign_bases: tuple[str, ...] = ()
    """Bases that are not in sight, as spelled."""
    members: dict[str, Type] = field(default_factory=dict)
    """What the last round found."""
    fresh: dict[str, Type] = field(default_factory=dict)
    """What this round has found so far."""
    subclasses: set[int] = field(default_factory=set)


class Classes:
    """All classes that were met, mapped or not."""

    def __init__(self) -> None:
        self._infos: dict[int, ClassInfo] = {}
        self._named: dict[str, int] = {}

    def define(self, node: cst.ClassDef, bases: list[tuple[str, Type]]) -> None:
        """Note a class and what it extends."""
        info = self._infos.setdefault(id(node), ClassInfo(id(node), node.name.value, node))
        found = [(spelled, self.key(kind)) for spelled, kind in bases]
        info.bases = tuple(key for _, key in found if key is not None and key != info.key)
        info.foreign_bases = tuple(spelled for spelled, key in found if key is None)
        for base in info.bases:
            self._infos[base].subclasses.add(info.key)
        self._named[info.name] = info.key

    def key(self, kind: Type) -> int | None:
        """The class that a class or one of its objects is of, if it is in sight."""
        match kind:
            case LocalClass(key=key) | LocalInstance(key=key) | Super(key=key):
                return key if key in self._infos else None
            case Entity() | Instance(entity=Entity()):
                entity = kind if isinstance(kind, Entity) else kind.entity
                return self._named.get(entity.mapped_name) if entity is not None else None
        return None

    def info(self, key: int) -> ClassInfo | None:
        """What is known of a class."""
        return self._infos.get(key)

    def named(self, name: str) -> ClassInfo | None:
        """The class of that name, if it is in sight."""
        key = self._named.get(name)
        return self._infos.get(key) if key is not None else None

    def family(self, key: int) -> list[ClassInfo]:
        """The class and its bases in sight, nearest first."""
        found: list[ClassInfo] = []
        queue = [key]
        while queue:
            info = self._infos.get(queue.pop(0))
            if info is not None and info not in found:
                found.append(info)
                queue.extend(info.bases)
        return found

    def root(self, key: int) -> int:
        """One identity for all classes of a family: what `self.x` is in one of them, it is in the others."""
        family = self.family(key)
        return family[-1].key if family else key

    def member(self, key: int, name: str, *, above: bool = False) -> Type:
        """What an attribute holds, in the class or the nearest of its bases; `above`: as `super()` sees it."""
        for info in self.family(key)[1 if above else 0 :]:
            found = info.fresh.get(name)
            if found is None:
                found = info.members.get(name)
            if found is not None:
                return found
        return UNKNOWN

    def anywhere(self, name: str) -> Type:
        """What an attribute of that name holds in the only class in sight that has one."""
        found = [info for info in self._infos.values() if name in info.fresh or name in info.members]
        return (found[0].fresh.get(name) or found[0].members[name]) if len(found) == 1 else UNKNOWN

    def overriding(self, key: int, name: str) -> list[Type]:
        """What the same attribute holds in the classes in sight that extend this one."""
        found: list[Type] = []
        seen: set[int] = set()
        queue = list(self._infos[key].subclasses) if key in self._infos else []
        while queue:
            info = self._infos[queue.pop(0)]
            if info.key in seen:
                continue
            seen.add(info.key)
            queue.extend(info.subclasses)
            own = info.fresh.get(name) or info.members.get(name)
            if own is not None:
                found.append(own)
        return found

    def store(self, key: int, name: str, kind: Type) -> None:
        """Note what an attribute of a class or of its objects holds."""
        info = self._infos.get(key)
        if info is not None:
            known = info.fresh.get(name)
            info.fresh[name] = kind if known is None else join(known, kind)

    def settle(self) -> bool:
        """End a round; tells whether it found anything new."""
        changed = False
        for info in self._infos.values():
            changed = changed or _telling(info.fresh) != _telling(info.members)
            info.members, info.fresh = info.fresh, {}
        return changed


def telling(kind: Type | None) -> bool:
    """Whether a type, newly found, could change what others are found to be: else no further round is needed."""
    return kind is not None and kind not in {UNKNOWN, PLAIN, NONE} and not isinstance(kind, (Function, LocalClass))


def _telling(members: dict[str, Type]) -> dict[str, Type]:
    return {name: kind for name, kind in members.items() if telling(kind)}
