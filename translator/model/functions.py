"""Functions of the text: one context-insensitive summary each, found in a few capped rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, decorators, orlists
from translator.model.classes import Classes, telling, told
from translator.model.lattice import held, join, join_given, rows_in, wider
from translator.model.limits import Stages
from translator.model.program import Program, Unit
from translator.model.scopes import Scope
from translator.model.types import PENDING, UNKNOWN, Function, LocalClass, LocalInstance, SessionRef, Told, Type

if TYPE_CHECKING:
    from translator.model.interpret import Interpreter


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
    home: Unit
    """The module that it stands in."""
    carries: str = ""
    """The parameter whose query it runs without a name for its session; it is to be given that, too."""
    session_name: str = ""
    """What the session is to be called there."""
    uncarried: bool = False
    """Whether it can't be given a session: a call of it has none."""
    sorts: str = ""
    """The parameter whose query gives other kinds of rows to some callers than to others; it is to be told which."""
    told: Told | None = None
    """The parameters that are to tell it."""
    unsorted: bool = False
    """Whether it can't be told: a call of it does not show."""
    nested: bool = False
    """Whether it stands in another function."""
    of_driver: bool = False
    """Whether it listens to a pool, which hands it the driver's connection."""
    local_names: frozenset[str] = frozenset()
    """What its body binds, which no caller can name."""
    closed: bool | None = None
    """Whether every mention of its name in the program is a call that is followed; None where nobody has looked."""
    of_query: bool = False
    """Whether it is a method of a Query class, whose `self` is a query."""
    elsewhere: bool = False
    """Whether files that are not translated, e.g. templates, are the only ones to call it beside what is followed."""
    accounted: bool | None = None
    """For a method of a Query class that is called as one of Query's: whether all queries of that class are in sight."""
    parameters: dict[str, Type] = field(default_factory=dict)
    """What the last round found it to be called with."""
    given: dict[int, dict[str, Type]] = field(default_factory=dict)
    """What each module calls it with, as its last walk found."""
    returns: Type | None = None
    fresh_returns: Type | None = None
    yields: Type | None = None
    fresh_yields: Type | None = None
    walked: bool = False
    """Whether this round has walked the body already."""
    makes_column: bool = False
    """Whether it makes a Column that is not for a Table."""
    hands_back: frozenset[str] = frozenset()
    """The parameters that it returns as they are."""
    makes_executor: bool = False
    """Whether it returns an engine, a connection or a session that is none of those."""
    own: frozenset[str] = frozenset()
    """Those of its decorators that are functions or classes of the program."""
    starred: bool = False
    """Whether a call gives it `*args` or `**kwargs`, in which there may be anything."""
    leaks: bool = False
    """Whether the function itself is handed to something that may call it: a decorator, a registry, a callback."""

    @property
    def decorators(self) -> frozenset[str]:
        """The names of its decorators."""
        return decorators.named(self.node, self.own)

    @property
    def static(self) -> bool:
        """Whether the first parameter is no instance of its class."""
        return bool(self.decorators & decorators.STATIC)

    @property
    def is_property(self) -> bool:
        """Whether it is called by being looked at."""
        return bool(self.decorators & decorators.PROPERTIES)

    @property
    def is_manager(self) -> bool:
        """Whether it makes a context manager of what it yields."""
        return bool(self.decorators & decorators.MANAGERS) and "?" not in self.decorators

    @property
    def plain(self) -> bool:
        """Whether calling it gives what its body returns: nothing unknown wraps it."""
        return self.decorators <= decorators.TRANSPARENT

    @property
    def shifts(self) -> bool:
        """Whether a decorator may put arguments, e.g. a session, before those that a call gives by position."""
        return not self.decorators <= decorators.KEEPING

    @property
    def callers_in_sight(self) -> bool:
        """Whether every call of it stands in this text."""
        return self._ours and self.plain and not self.leaks

    @property
    def _ours(self) -> bool:
        """Whether nothing that is not in sight calls it: as a look at the whole program found, else by its name."""
        return self.private if self.closed is None else self.closed

    @property
    def yields_in_sight(self) -> bool:
        """Whether what it yields comes out in this text: as an iterator, or by a context manager."""
        return self.callers_in_sight or (self._ours and self.is_manager and not self.leaks)

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


ALL = ("everything",)
"""What concerns every module."""
Token = tuple[object, ...]
"""Something that is known of the program and may change: a function's summary, a class's members, a module's names."""


class Functions:
    """All functions that were met, with their summaries, and the classes. Knows which module has to be walked again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.here = program.units[0]
        self._infos: dict[int, FunctionInfo] = {}
        self._by_name: dict[str, list[FunctionInfo]] = {}
        self._standing: dict[int, list[FunctionInfo]] = {}
        """The functions of each module."""
        self._pending: list[FunctionInfo] = []
        self.classes = Classes(program)
        self.makers: dict[int, cst.Call] = {}
        """The calls that make a `partial()` of Column."""
        self.put_elsewhere: set[int] = set()
        """Those of them, and the functions, that are used for something else than attributes of classes."""
        self.model_owners: set[tuple[int, str]] = set()
        """Modules and the names that they ask for a `Model`, as Flask-SQLAlchemy's object is."""
        self.giving: set[tuple[int, int]] = set()
        """Which of them which functions call to return what they make."""
        self.stages = Stages()
        self.kept_sessions: dict[tuple[int, str], SessionRef] = {}
        """Where a session that is a local name is kept too: `self.session` for the parameter `session`."""
        self.kept_paths: dict[tuple[int, str], Type] = {}
        """Engines and connections by the paths that they are kept under: of a module, `g.conn`, or of a class's objects."""
        self.taken_from: dict[tuple[int, str], SessionRef] = {}
        """Where a local name was taken from that may turn out to be a session: `db = self.db`."""
        self.odd_queries: dict[str, str] = {}
        """Classes whose `query` is called as Query can't be, with the reason."""
        self.query_methods: set[str] = set()
        """Names of methods of Query classes in sight."""
        self.overridden: dict[str, set[int]] = {}
        """Names of Query's methods that Query classes in sight override, with the functions."""
        self.changing: set[str] = set()
        """Query classes in sight that change whatever their queries find."""
        self.handed_classes: dict[int, dict[str, str]] = {}
        """For each module, mapped classes that go where nobody sees what is asked of them, with who takes them."""
        self.followed: dict[int, dict[int, str]] = {}
        """For each module, the nodes at which a function in sight is called by its name and followed."""
        self.asked: dict[int, set[int]] = {}
        """For each module, the places that ask a session for its query(), with what to select."""
        self._stirred: set[Token] = set()
        self._stale: frozenset[Token] = frozenset()
        """What has changed since those were walked who read it."""
        self._reads: dict[int, set[Token]] = {}
        self._touched: dict[int, set[int]] = {}
        self.hoping = True
        """Whether what is not known yet may turn out to be anything: else it is taken for what nothing is known of."""
        self._hoped: set[int] = set()
        self.changed = False
        """Whether anything has to be walked again."""

    @property
    def extensions(self) -> set[str]:
        """Names that this module uses as Flask-SQLAlchemy's object."""
        return self.here.extensions

    @property
    def query_properties(self) -> dict[str, Type]:
        """`query_property()` of classes that are no class statements here: `Base = declarative_base()`."""
        return self.here.query_properties

    def begin(self, unit: Unit) -> None:
        """Walk a module from here on: what an earlier walk of it found is forgotten."""
        self.here = unit
        self._reads[unit.index] = self.classes.reads = {("module", unit.index)}
        self.followed[unit.index], self.handed_classes[unit.index], self.asked[unit.index] = {}, {}, set()
        self._hoped.discard(unit.index)
        for key in self._touched.get(unit.index, ()):
            self._infos[key].given.pop(unit.index, None)
        self._touched[unit.index] = set()
        for info in self._standing.get(unit.index, ()):
            info.walked, info.fresh_returns, info.fresh_yields = False, None, None
        self.classes.begin(unit)

    def pending(self, key: int) -> Type:
        """What a function gives whose body has not been looked at."""
        self.read("pending", key)
        return PENDING if self.hoping else UNKNOWN

    def argument_of(self, info: FunctionInfo, name: str) -> Type:
        """What the calls give a parameter; where none in sight gives a value, on the first look, they may come yet.

        A function that hands its parameter on to itself says nothing of it.
        """
        given = info.parameters.get(name)
        if given is not None and (self.hoping or given is not PENDING):
            return given
        first = info.returns is None and info.yields is None and self.hoping
        return PENDING if first else UNKNOWN

    def hope(self) -> None:
        """Note that the module that is walked holds a value that is not known yet."""
        self._hoped.add(self.here.index)

    def give_up_hope(self) -> bool:
        """Take what is not known yet for unknown from here on; tells whether a module has to be walked for that."""
        self.hoping = False
        self._stale |= {("module", index) for index in self._hoped}
        return bool(self._hoped)

    def stir(self, *token: object) -> None:
        """Note that something changed, so that those who read it have to be walked again."""
        self._stirred.add(token)

    def read(self, *token: object) -> None:
        """Note that the module that is walked depends on something."""
        self._reads[self.here.index].add(token)

    def is_stale(self, unit: Unit) -> bool:
        """Whether a module has to be walked (again)."""
        reads = self._reads.get(unit.index)
        return reads is None or ALL in self._stale or not reads.isdisjoint(self._stale)

    def settle(self, *, widening: bool = False) -> None:
        """End a round: what it found becomes what is known; `widening` says that queries are joined with those before."""
        for info in self._infos.values():
            parameters: dict[str, Type] = {}
            for given in info.given.values():
                for name, kind in given.items():
                    parameters[name] = join_given(parameters[name], kind) if name in parameters else kind
            if widening:
                parameters = {name: wider(info.parameters.get(name), kind) or kind for name, kind in parameters.items()}
                info.fresh_returns = wider(info.returns, info.fresh_returns)
            if _telling(parameters) != _telling(info.parameters):
                self.stir("module", info.home.index)
            if _telling({}, info.fresh_returns, info.fresh_yields) != _telling({}, info.returns, info.yields):
                self.stir("function", info.key)
                self.stir("module", info.home.index)
                self.stir("name", info.name)
            elif info.returns is None and info.fresh_returns is not None:
                self.stir("pending", info.key)
            info.parameters, info.returns, info.yields = parameters, info.fresh_returns, info.fresh_yields
            info.walked = False
        for key in self.classes.settle():
            self.stir("class", key)
        self._stale = frozenset(self._stirred)
        self._stirred = set()
        self.changed = any(map(self.is_stale, self.program.units))

    # functions

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
            inner = nested and owner is None
            private = inner or (name.startswith("_") and not name.startswith("__"))
            info = FunctionInfo(id(node), name, node, scope, owner, ancestors, private, self.here, nested=inner)
            self._infos[id(node)] = info
            self._by_name.setdefault(name, []).append(info)
            self._standing.setdefault(self.here.index, []).append(info)
        info.scope = scope
        self._pending.append(info)
        return Function(id(node), node.name.value)

    @property
    def identities(self) -> frozenset[int]:
        """The keys of all functions: the identities of their definitions."""
        return frozenset(self._infos)

    def everything(self) -> list[FunctionInfo]:
        """Every function that was met."""
        return list(self._infos.values())

    def info(self, key: int) -> FunctionInfo | None:
        """What is known of a function."""
        self.read("function", key)
        return self._infos.get(key)

    def methods_giving_queries(self, name: str) -> list[FunctionInfo]:
        """Methods of that name that give a query: what a call of the name on something unknown may run."""
        self.read("name", name)
        return [
            info for info in self._by_name.get(name, ()) if info.owner and (info.of_query or any(held(info.summary)))
        ]

    def method_giving_rows(self, name: str) -> FunctionInfo | None:
        """The only method of that name, if it gives rows of a Connection and no other object is likely to have one."""
        self.read("name", name)
        found = [info for info in self._by_name.get(name, ()) if info.owner]
        told = len(found) == 1 and name not in conventions.METHODS_OF_MANY and rows_in(found[0].summary) is not None
        return found[0] if told else None

    def is_only(self, info: FunctionInfo) -> bool:
        """Whether nothing else in the program has the name of a function, and it is no common word."""
        return self.program.whole and len(self._by_name[info.name]) == 1 and "_" in info.name.strip("_")

    def run_pending(self, interpreter: Interpreter) -> None:
        """Walk the bodies of the functions that were defined, and of those that are defined while doing so."""
        while self._pending:
            info = self._pending.pop(0)
            interpreter.enter(info)
            info.walked = True

    def known(self, key: int) -> FunctionInfo | None:
        """A function, for those who only look at what has been found."""
        return self._infos.get(key)

    def changed_signature(self, info: FunctionInfo) -> None:
        """Note that a function is to be called in another way, so that all its callers have to be walked again."""
        self.stir("function", info.key)
        self.stir("module", info.home.index)
        self._stale, self._stirred = frozenset((*self._stale, *self._stirred)), set()

    def receiver(self, info: FunctionInfo) -> Type:
        """What the first parameter of a method is: an object of its class, or the class."""
        if info.owner is None or "staticmethod" in info.decorators:
            return UNKNOWN
        return LocalClass(info.owner, "") if info.decorators & decorators.OF_CLASS else LocalInstance(info.owner, "")

    def follow(self, node: cst.CSTNode, name: str) -> None:
        """Note a place that calls a function or a class of that name and is followed."""
        last = node.attr if isinstance(node, cst.Attribute) else node
        if isinstance(last, cst.Name) and last.value == name:
            self.followed[self.here.index][id(node)] = name

    def called(self, info: FunctionInfo, arguments: dict[str, Type]) -> None:
        """Note a call with these arguments."""
        given = info.given.setdefault(self.here.index, {})
        self._touched[self.here.index].add(info.key)
        for name, kind in arguments.items():
            known = given.get(name)
            given[name] = kind if known is None else join_given(known, kind)

    def returned(self, info: FunctionInfo, kind: Type) -> None:
        """Note what a function returns on one path."""
        info.fresh_returns = kind if info.fresh_returns is None else orlists.joined(info.fresh_returns, kind)

    def gave(self, info: FunctionInfo, kind: Type) -> None:
        """Note what a function yields at one place."""
        info.fresh_yields = kind if info.fresh_yields is None else join(info.fresh_yields, kind)

    def leak(self, key: int) -> None:
        """Note that a function is handed on, so that others may call it."""
        info = self._infos.get(key)
        if info is not None and not info.leaks:
            info.leaks = True
            self.stir("function", key)
            self.stir("module", info.home.index)

    def close(self, verdicts: dict[int, bool]) -> bool:
        """Note which functions are only called where it is followed; tells whether that is news."""
        news = bool(self._stirred)
        for key, closed in verdicts.items():
            info = self._infos[key]
            if info.closed != closed:
                news = news or info.private != closed or info.closed is not None
                info.closed = closed
                self.stir("function", key)
                self.stir("module", info.home.index)
        self._stale = frozenset(self._stirred)
        self._stirred = set()
        return news


def _telling(parameters: dict[str, Type], *results: Type | None) -> tuple[object, ...]:
    """What of a summary could change what others are found to be."""
    return {n: told(k) for n, k in parameters.items() if telling(k)}, *map(told, results)
