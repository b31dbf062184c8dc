"""Loops: how often a body is walked until what its names hold is known. Knows nothing of what stands in it."""

from __future__ import annotations

from collections.abc import Callable

from translator.model.scopes import Names, Scope

_MOST = 8
"""How often a body is walked again: each time a value may come one name further, as in `a, b, c = b, c, a`."""
Meet = Callable[[Names, Names], Names]


class Loops:
    """The loops around the point that a walk has reached."""

    def __init__(self) -> None:
        self._exits: list[list[Names]] = []
        self._inside = False
        """Whether a loop around is walked."""
        self._settled = True
        """Whether the loops inside the present one changed nothing."""

    def leaves(self, names: Names) -> None:
        """Note what names hold at a `break` or `continue`."""
        if self._exits:
            self._exits[-1].append(dict(names))

    def walk(self, scope: Scope, body: Callable[[], None], meet: Meet) -> None:
        """Walk a loop's body, and again as long as that changes what a name holds.

        A loop inside leaves its next walks to those of the loop around it, or the work would double with every level.
        """
        inside, self._inside = self._inside, True
        settled = self._once(scope, body, meet)
        for _ in range(0 if inside else _MOST):
            if settled:
                break
            settled = self._once(scope, body, meet)
        self._inside = inside
        self._settled = self._settled and settled

    def _once(self, scope: Scope, body: Callable[[], None], meet: Meet) -> bool:
        """Walk a body; whether nothing in it changed what a name held before."""
        outer, self._settled = self._settled, True
        before = dict(scope.names)
        self._exits.append([])
        body()
        after = meet(before, scope.names)
        for names in self._exits.pop():
            after = meet(after, names)
        scope.names = after
        settled, self._settled = self._settled, outer
        kept = before.keys() <= after.keys()  # a call may have made it unknown what an attribute holds
        return settled and kept and all(before[n] == b for n, b in after.items() if n in before)
