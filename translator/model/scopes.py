"""Names and what they hold while the text is walked: flow-sensitive inside a scope, joined for those who look in."""

from __future__ import annotations

from dataclasses import dataclass, field

from translator.model.lattice import join
from translator.model.types import UNKNOWN, Imported, Plain, Type


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name holds at one point, and the identity of the node that bound it."""

    type: Type
    bound_by: int


Names = dict[str, Binding]


@dataclass(slots=True)
class Scope:
    """One module, class, function or comprehension."""

    kind: str
    parent: Scope | None = None
    names: Names = field(default_factory=dict)
    """What holds at the point that the walk has reached."""
    ever: Names = field(default_factory=dict)
    """What each name may hold at any time, for functions that are defined inside and run later."""
    log: list[tuple[str, Binding]] = field(default_factory=list)
    """What was bound, in order: a block that raises may have come as far as any of it."""
    read_late: Names = field(default_factory=dict)
    """What lambdas and generators, which run later, have read."""
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    late: bool = False
    """Whether it reads the names around it at another time: a lambda, a generator."""
    yields: bool = False
    same: dict[int, str] = field(default_factory=dict)
    """What the object goes by that a call made, or gave again."""
    left: dict[int, tuple[str, Type | None]] = field(default_factory=dict)
    """What a call that has just been walked made of an object."""
    ends: Type | None = None
    """What is known of the object of a method where it has returned."""

    def bind(self, name: str, kind: Type, bound_by: int) -> None:
        """Let a name hold a value from here on."""
        self.names[name] = Binding(kind, bound_by)
        self.log.append((name, self.names[name]))
        self.names.pop(f"{name}:", None)  # what was known of another object
        known = self.ever.get(name)
        if known is None:
            self.ever[name] = self.names[name]
        elif known.type != kind or known.bound_by != bound_by:
            self.ever[name] = Binding(join(known.type, kind), bound_by if known.bound_by == bound_by else -1)

    @property
    def mark(self) -> int:
        """The point that the walk has reached, as `log` counts."""
        return len(self.log)

    def look_up(self, name: str) -> Binding | None:
        """The binding that a name has here, through the enclosing scopes; None where nothing in sight binds it."""
        scope: Scope | None = self
        outer = late = False
        while scope is not None:
            found = None
            if not (outer and scope.kind == "class"):
                found = (scope.ever if outer else scope.names).get(name)
            if found is not None:
                if late and not outer:
                    scope.read_late.setdefault(name, found)
                return found
            outer = outer or scope.kind == "function"
            late = late or scope.late
            scope = scope.parent
        return None


def meet(left: Names, right: Names) -> Names:
    """What holds where two paths come together; a name bound on one of them only keeps that binding."""
    if left is right:
        return left
    merged: Names = {}
    for name in (*left, *(n for n in right if n not in left)):
        a, b = left.get(name), right.get(name)
        if a is None or b is None or a == b:
            merged[name] = a or b or Binding(UNKNOWN, 0)
        else:
            merged[name] = Binding(join(a.type, b.type), a.bound_by if a.bound_by == b.bound_by else -1)
    return merged


def shown(bindings: Names) -> dict[str, Type]:
    """What other modules may learn of the names at the top of one."""
    return {
        n: b.type for n, b in bindings.items() if not isinstance(b.type, (Imported, Plain)) and b.type is not UNKNOWN
    }
