"""What a rule asks for: edits of nodes, bound together into changes that are made whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from translator.findings import Need, Safety

Replacement = cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """Replaces one node. `build` receives the node with its children already rewritten, so nested edits compose."""

    target: cst.CSTNode
    ancestors: tuple[int, ...]
    """Identities of the expressions and statements around the target."""
    build: Callable[[cst.CSTNode], Replacement]


@dataclass(frozen=True, slots=True, eq=False)
class Wrap:
    """Puts neighbouring statements of one block into `with ENGINE.connect() as NAME:`, or `begin()` where they write."""

    first: cst.CSTNode
    last: cst.CSTNode
    ancestors: tuple[int, ...]
    engine: str
    name: str
    writes: bool


@dataclass(frozen=True, slots=True, eq=False)
class Insertion:
    """A statement that is put after another one, or before it. The same one asked for twice is put there once."""

    target: cst.CSTNode
    ancestors: tuple[int, ...]
    statement: str | Callable[[], str]
    """Its text, or what gives it once everything inside the target has been rewritten."""
    before: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """A name the output needs: `from module import name`, bound to `asname` where the plain name is taken.

    Without a name it is the module itself: `import module`.
    """

    module: str
    name: str
    asname: str | None = None
    typing_only: bool = False
    """Whether type checkers alone need it: it stands under `if TYPE_CHECKING:`, where it can't close a circle."""

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.asname or self.name or self.module.partition(".")[0]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """An atomic set of edits, with the rule that asked for it and why, in one sentence."""

    rule: str
    site: cst.CSTNode
    edits: tuple[Edit, ...]
    reason: str
    imports: frozenset[Import] = frozenset()
    moves: tuple[tuple[Import, Import], ...] = ()
    """Imports to take from elsewhere: the old one and the new one."""
    safety: Safety = Safety.SAFE
    need: Need = Need.STYLE
    wraps: tuple[Wrap, ...] = ()
    insertions: tuple[Insertion, ...] = ()
