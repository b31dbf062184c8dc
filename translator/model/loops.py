"""Loops: how often a body is walked until what its names hold is known. Knows nothing of what stands in it."""

from __future__ import annotations

from collections.abc import Callable

from translator.model.scopes import Names, Scope

Meet = Callable[[Names, Names], Names]


class Loops:
    """The loops around the point that a walk has reached."""

    def __init__(self) -> None:
        self._exits: list[list[Names]] = []
        self._first_walk = False
        """Whether a loop around is walked for the first time."""
        self._settled = True
        """Whether the loops inside the present one changed nothing."""

    def leaves(self, names: Names) -> None:
        """Note what names hold at a `break` or `continue`."""
        if self._exits:
            self._exits[-1].append(dict(names))

    def walk(self, scope: Scope, body: Callable[[], None], meet: Meet) -> None:
        """Walk a loop's body, and once more where the first walk changed what a name holds.

        A loop inside leaves its second walk to that of the loop around it, or the work would double with every level.
        """
        inside, self._first_walk = self._first_walk, True
        settled = self._once(scope, body, meet)
        self._first_walk = inside
        if inside:
            self._settled = self._settled and settled
        elif not settled:
            self._once(scope, body, meet)

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
