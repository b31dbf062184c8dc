"""Functions and classes of the text: one context-insensitive summary each, found in a few capped rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.scopes import Scope
from translator.model.types import UNKNOWN, Function, LocalInstance, Type, join
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.interpret import Interpreter

_STATIC = frozenset({"staticmethod", "classmethod"})
_TRANSPARENT = frozenset(
    {"property", "cached_property", "classmethod", "staticmethod", "hybrid_property", "contextmanager"}
)


@dataclass(slots=True, eq=False)
class FunctionInfo:
    """One function: where it stands and what is known of it so far."""

    key: int
    name: str
    node: cst.FunctionDef
    scope: Scope
    owner: int | None
    ancestors: tuple[cst.CSTNode, ...]
    callers_in_sight: bool
    parameters: dict[str, Type] = field(default_factory=dict)
    returns: Type | None = None

    @property
    def decorators(self) -> frozenset[str]:
        """The names of its decorators."""
        found = set()
        for decorator in self.node.decorators:
            target = decorator.decorator
            target = target.func if isinstance(target, cst.Call) else target
            found.add((names.dotted(target) or "?").rpartition(".")[2])
        return frozenset(found)

    @property
    def static(self) -> bool:
        """Whether the first parameter is no instance of its class."""
        return bool(self.decorators & _STATIC)

    @property
    def plain(self) -> bool:
        """Whether calling it gives what its body returns: nothing unknown wraps it, and it doesn't yield."""
        return self.decorators <= _TRANSPARENT and self.node.asynchronous is None


class Functions:
    """All functions and classes that were met, with their summaries."""

    MAX_ROUNDS = 4

    def __init__(self) -> None:
        self._infos: dict[int, FunctionInfo] = {}
        self._pending: list[FunctionInfo] = []
        self._attributes: dict[tuple[int, str], Type] = {}
        self._classes: dict[int, cst.ClassDef] = {}
        self.changed = False

    def define(
        self,
        node: cst.FunctionDef,
        scope: Scope,
        owner: int | None,
        *,
        ancestors: tuple[cst.CSTNode, ...],
        nested: bool,
    ) -> Function:
        """Note a definition; its body is walked when everything around it has been."""
        info = self._infos.get(id(node))
        if info is None:
            info = FunctionInfo(
                id(node), node.name.value, node, scope, owner, ancestors, callers_in_sight=nested and owner is None
            )
            self._infos[id(node)] = info
        info.scope = scope
        self._pending.append(info)
        return Function(id(node), node.name.value)

    def define_class(self, node: cst.ClassDef) -> None:
        """Note a class."""
        self._classes[id(node)] = node

    def info(self, key: int) -> FunctionInfo | None:
        """What is known of a function."""
        return self._infos.get(key)

    def run_pending(self, interpreter: Interpreter) -> None:
        """Walk the bodies of the functions that were defined, and of those that are defined while doing so."""
        while self._pending:
            info = self._pending.pop(0)
            interpreter.enter(info)

    def receiver(self, info: FunctionInfo) -> Type:
        """What `self` is in a method."""
        return LocalInstance(info.owner, "") if info.owner is not None else UNKNOWN

    def called(self, info: FunctionInfo, arguments: dict[str, Type]) -> Type:
        """Note a call with these arguments; gives what the function returns as far as is known."""
        for name, kind in arguments.items():
            known = info.parameters.get(name)
            merged = kind if known is None else join(known, kind)
            if merged != known:
                info.parameters[name] = merged
                self.changed = self.changed or merged != UNKNOWN
        return info.returns if info.returns is not None and info.plain else UNKNOWN

    def returned(self, info: FunctionInfo, kind: Type) -> None:
        """Note what a function returns on one path."""
        merged = kind if info.returns is None else join(info.returns, kind)
        if merged != info.returns:
            info.returns = merged
            self.changed = self.changed or merged != UNKNOWN

    def store(self, owner: int, attribute: str, kind: Type) -> None:
        """Note what an attribute of a class's instances holds."""
        known = self._attributes.get((owner, attribute))
        merged = kind if known is None else join(known, kind)
        if merged != known:
            self._attributes[owner, attribute] = merged
            self.changed = self.changed or merged != UNKNOWN

    def attribute(self, owner: int, attribute: str) -> Type:
        """What an attribute of an instance holds, as far as the class in sight tells."""
        return self._attributes.get((owner, attribute), UNKNOWN)
