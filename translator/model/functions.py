"""Functions of the text: one context-insensitive summary each, found in a few capped rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.classes import Classes, telling
from translator.model.lattice import held, join
from translator.model.scopes import Scope
from translator.model.types import UNKNOWN, Function, LocalClass, LocalInstance, SessionRef, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.interpret import Interpreter

_STATIC = frozenset({"staticmethod", "classmethod"})
_PROPERTIES = frozenset({"property", "cached_property"})
_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})
_FACADE = frozenset({"reader", "writer", "wrap_db_retry", "retry_on_deadlock"})
"""Decorators of oslo.db, which hand a session in and give what the function gives."""
_TRANSPARENT = _STATIC | _PROPERTIES | _FACADE | {"abstractmethod", "override", "hybrid_property"}


@dataclass(slots=True, eq=False)
class FunctionInfo:
    """One function: where it stands and what is known of it so far."""

    key: int
    name: str
    node: cst.FunctionDef
    scope: Scope
    owner: int | None
    ancestors: tuple[cst.CSTNode, ...]
    """The statements around it, outermost first."""
    private: bool
    """Whether only this text can call it: it is nested, or its name begins with an underscore."""
    parameters: dict[str, Type] = field(default_factory=dict)
    """What the last round found it to be called with."""
    fresh_parameters: dict[str, Type] = field(default_factory=dict)
    returns: Type | None = None
    fresh_returns: Type | None = None
    yields: Type | None = None
    fresh_yields: Type | None = None
    walked: bool = False
    """Whether this round has walked the body already."""
    leaks: bool = False
    """Whether the function itself is handed to something that may call it: a decorator, a registry, a callback."""

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
    def is_property(self) -> bool:
        """Whether it is called by being looked at."""
        return bool(self.decorators & _PROPERTIES)

    @property
    def is_manager(self) -> bool:
        """Whether it makes a context manager of what it yields."""
        return bool(self.decorators & _MANAGERS)

    @property
    def plain(self) -> bool:
        """Whether calling it gives what its body returns: nothing unknown wraps it."""
        return self.decorators <= _TRANSPARENT

    @property
    def callers_in_sight(self) -> bool:
        """Whether every call of it stands in this text."""
        return self.private and self.plain and not self.leaks

    @property
    def yields_in_sight(self) -> bool:
        """Whether what it yields comes out in this text: as an iterator, or by a context manager."""
        return self.callers_in_sight or (self.private and self.is_manager and not self.leaks)

    @property
    def parameter_nodes(self) -> list[cst.Param]:
        """Its parameters by position, without those that are only named."""
        return [*self.node.params.posonly_params, *self.node.params.params]

    @property
    def summary(self) -> Type | None:
        """What it returns, as far as is known."""
        return self.fresh_returns if self.walked else self.returns

    @property
    def yielded(self) -> Type | None:
        """What it yields, as far as is known."""
        return self.fresh_yields if self.walked else self.yields


class Functions:
    """All functions that were met, with their summaries, and the classes."""

    MAX_ROUNDS = 5

    def __init__(self) -> None:
        self._infos: dict[int, FunctionInfo] = {}
        self._pending: list[FunctionInfo] = []
        self.classes = Classes()
        self.extensions: set[str] = set()
        """Names that are used as Flask-SQLAlchemy's object."""
        self.kept_sessions: dict[tuple[int, str], SessionRef] = {}
        """Where a session that is a local name is kept too: `self.session` for the parameter `session`."""
        self.odd_queries: dict[str, str] = {}
        """Classes whose `query` is called as Query can't be, with the reason."""
        self.query_properties: dict[str, Type] = {}
        """`query_property()` of classes that are no class statements here: `Base = declarative_base()`."""
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
            name = node.name.value
            private = (nested and owner is None) or (name.startswith("_") and not name.startswith("__"))
            info = FunctionInfo(id(node), name, node, scope, owner, ancestors, private)
            self._infos[id(node)] = info
        info.scope = scope
        self._pending.append(info)
        return Function(id(node), node.name.value)

    @property
    def identities(self) -> frozenset[int]:
        """The keys of all functions: the identities of their definitions."""
        return frozenset(self._infos)

    def info(self, key: int) -> FunctionInfo | None:
        """What is known of a function."""
        return self._infos.get(key)

    def methods_giving_queries(self, name: str) -> list[FunctionInfo]:
        """Methods of that name that give a query: what a call of the name on something unknown may run."""
        return [info for info in self._infos.values() if info.name == name and info.owner and any(held(info.summary))]

    def run_pending(self, interpreter: Interpreter) -> None:
        """Walk the bodies of the functions that were defined, and of those that are defined while doing so."""
        while self._pending:
            info = self._pending.pop(0)
            interpreter.enter(info)
            info.walked = True

    def receiver(self, info: FunctionInfo) -> Type:
        """What the first parameter of a method is: an object of its class, or the class."""
        if info.owner is None or "staticmethod" in info.decorators:
            return UNKNOWN
        return LocalClass(info.owner, "") if "classmethod" in info.decorators else LocalInstance(info.owner, "")

    def called(self, info: FunctionInfo, arguments: dict[str, Type]) -> None:
        """Note a call with these arguments."""
        for name, kind in arguments.items():
            known = info.fresh_parameters.get(name)
            info.fresh_parameters[name] = kind if known is None else join(known, kind)

    def returned(self, info: FunctionInfo, kind: Type) -> None:
        """Note what a function returns on one path."""
        info.fresh_returns = kind if info.fresh_returns is None else join(info.fresh_returns, kind)

    def gave(self, info: FunctionInfo, kind: Type) -> None:
        """Note what a function yields at one place."""
        info.fresh_yields = kind if info.fresh_yields is None else join(info.fresh_yields, kind)

    def leak(self, key: int) -> None:
        """Note that a function is handed on, so that others may call it."""
        info = self._infos.get(key)
        if info is not None and not info.leaks:
            info.leaks = True
            self.changed = True

    def settle(self) -> None:
        """End a round: what it found becomes what is known."""
        for info in self._infos.values():
            news = (info.fresh_parameters, info.fresh_returns, info.fresh_yields)
            if _telling(*news) != _telling(info.parameters, info.returns, info.yields):
                self.changed = True
            info.parameters, info.returns, info.yields = news
            info.fresh_parameters, info.fresh_returns, info.fresh_yields = {}, None, None
            info.walked = False
        if self.classes.settle():
            self.changed = True


def _telling(parameters: dict[str, Type], *results: Type | None) -> tuple[object, ...]:
    """What of a summary could change what others are found to be."""
    return {n: k for n, k in parameters.items() if telling(k)}, *(k if telling(k) else None for k in results)
