"""What is known of one module: typed sites, webs, mapped classes, imports. Read-only once it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.model import (
    carried,
    closing,
    conventions,
    departed,
    extension,
    makers,
    mixed,
    queryexits,
    reaching,
    reexports,
    rows,
    stored,
)
from translator.model.functions import Functions
from translator.model.interpret import Interpreter
from translator.model.mapping import Mapping
from translator.model.program import Program, Unit
from translator.model.sites import Site, SiteKind
from translator.model.types import UNKNOWN, Belief, Engine, Query, Session, Type
from translator.model.webs import Web, weave
from translator.syntax import names
from translator.syntax.imports import Imports
from translator.syntax.scoping import Scopes

_TEXT = "text"
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, eq=False)
class ModuleModel:
    """The model of one module, as rules see it."""

    name: str
    """The dotted name that it is imported by; "" for a text that stands alone."""
    package: bool
    """Whether it is the `__init__` of a package."""
    tree: cst.Module
    imports: Imports
    mapping: Mapping
    sites: tuple[Site, ...]
    webs: tuple[Web, ...]
    about_sqlalchemy: bool
    """Whether the text shows that it is about SQLAlchemy, so that a convention is enough to make a change safe."""
    fragment: bool
    """Whether the text has no imports at all."""
    extension: str | None
    """What the text calls Flask-SQLAlchemy's object, where it has it at the top."""
    types: dict[int, Type]
    settled: bool
    """Whether the summaries of functions stopped changing: what crosses functions is not known for certain otherwise."""
    functions: frozenset[int]
    """Identities of the function definitions."""
    hooks: frozenset[str]
    """Names of the events that the text listens to."""
    bound_names: frozenset[str]
    """Every name that the text binds by other means than an import."""
    free_names: frozenset[str]
    """Every name that the text uses without binding it."""
    scopes: Scopes
    makers: dict[int, cst.Call]
    """The calls that make a `partial()` of Column which makes nothing but attributes of classes, by their identities."""
    handed_on: frozenset[str]
    """Imported names that other modules import from this one."""
    _words: dict[int, frozenset[str]] = field(default_factory=dict)
    _members: dict[str, list[Site]] = field(default_factory=dict)
    memo: dict[object, object] = field(default_factory=dict)
    """What rules read off class bodies, so that they read it once."""

    def words(self, node: cst.CSTNode) -> frozenset[str]:
        """Every word in the text of a node, for those who need a name that is not taken."""
        found = self._words.get(id(node))
        if found is None:
            text = self.text if node is self.tree else names.code(node)
            found = self._words[id(node)] = frozenset(_WORD.findall(text))
        return found

    @property
    def text(self) -> str:
        """The whole text, printed once."""
        found = self.memo.get(_TEXT)
        if not isinstance(found, str):
            found = self.memo[_TEXT] = self.tree.code
        return found

    def members(self, *wanted: str) -> tuple[Site, ...]:
        """The sites of some members, e.g. `Connection.commit`."""
        found = self._members
        if not found:
            for site in self.sites:
                if site.kind is SiteKind.MEMBER:
                    found.setdefault(site.name, []).append(site)
            found.setdefault("", [])
        return tuple(site for name in wanted for site in found.get(name, ()))

    def type_of(self, node: cst.BaseExpression) -> Type:
        """What an expression is to SQLAlchemy."""
        return self.types.get(id(node), UNKNOWN)

    def is_certain(self, web: Web) -> bool:
        """Whether a web is known as it is: in one function, or in several whose summaries have settled."""
        innermost = {
            next((key for key in reversed(site.ancestors) if key in self.functions), 0)
            for site in (*web.creations, *web.sites)
        }
        return self.settled or len(innermost) < 2

    def proven(self, kind: Type) -> bool:
        """Whether a type is known by more than a convention, or conventions hold in this text."""
        if isinstance(kind, (Session, Query, Engine)) or hasattr(kind, "belief"):
            return self.about_sqlalchemy or kind.belief is Belief.PROVEN
        return self.about_sqlalchemy


@dataclass(frozen=True, slots=True, eq=False)
class ProgramModel:
    """What is known of modules that are read together: each by itself, and the webs, which may span several."""

    modules: tuple[ModuleModel, ...]
    webs: tuple[Web, ...]


MAX_ROUNDS_ALONE = 5
"""Rounds for a module that stands alone."""
MAX_ROUNDS = 12
"""Rounds for modules that are read together, of which each walks only those that something changed for."""
PATIENT = 7
"""Rounds after which queries that still change are joined with what they were before."""
MAX_CARRIES = 4
"""How deep functions may stand in each other that are given the session of a query."""
LAST_ROUNDS = 3
"""Rounds at least once what is not known yet is taken for unknown: or it would be taken for nothing at all."""
MAX_CLOSINGS = 3
"""How often functions are looked at anew for calls that are not followed."""


def understand(tree: cst.Module, mapping: Mapping | None = None) -> ModuleModel:
    """Interpret a module. `mapping` brings mapped classes of other modules; those of this one are added to it."""
    program = Program([unit_of(0, (), False, tree, mapping)])
    return _understood(program, MAX_ROUNDS_ALONE, None).modules[0]


def unit_of(index: int, module: Sequence[str], package: bool, tree: cst.Module, mapping: Mapping | None = None) -> Unit:
    """A module as part of a program; `module` are the names it can be imported by."""
    imports = Imports(tree)
    mapping = Mapping() if mapping is None else mapping
    mapping.tell_apart({*imports.aliases.values(), *imports.stars})
    if any(mapping.everything()) and not imports.stars:
        mapping.seen_from(imports.aliases)
    mapping.collect(tree.body)
    says = not imports.statements or bool(imports.packages & conventions.EXTENSION_MODULES)
    text = "" if says else tree.code
    speaks = not says and conventions.speaks(text, imports.packages)
    declares = not says and "gino" not in imports.packages and conventions.declares(text)
    return Unit(
        index, tuple(module), package, tree, imports, mapping, speaks, declares, departed.renamed(imports.every())
    )


def understand_together(units: Sequence[Unit], mentioned: closing.Mentioned, *, whole: bool = False) -> ProgramModel:
    """Interpret modules as one program.

    `mentioned` counts how often names are mentioned in all that may use the program, its modules included: a function
    whose mentions are all known has no callers elsewhere. `whole`: whether every module of it is among them.
    """
    return _understood(Program(units, whole=whole, rendered=mentioned.rendered), MAX_ROUNDS, mentioned)


def _understood(program: Program, rounds: int, mentioned: closing.Mentioned | None) -> ProgramModel:
    functions = Functions(program)
    walks: dict[int, Interpreter] = {}
    order = program.in_order()
    _rounds(order, functions, walks, rounds)
    if stored.be_strict(functions):
        _rounds(order, functions, walks, rounds)
    if mentioned is not None:
        for _ in range(MAX_CLOSINGS):
            if not functions.close(closing.closed(program, functions, mentioned)):
                break
            _rounds(order, functions, walks, rounds)
    for _ in range(MAX_CARRIES):
        found = {index: tuple(_in_order(walk.sites)) for index, walk in walks.items()}
        if not any([carried.find(functions, found), mixed.find(functions, found)]):
            break
        _rounds(order, functions, walks, rounds)
    sites = {
        unit.index: tuple(rows.leaving(_in_order(walks[unit.index].sites), functions, alone=program.alone))
        for unit in program.units
    }
    escapes = [escape for unit in program.units for escape in walks[unit.index].escapes.values()]
    if mentioned is not None:
        escapes = reaching.settled([*closing.placed(escapes, functions, mentioned)], functions, walks, mentioned)
    webs = tuple(queryexits.held_back(weave([s for found in sites.values() for s in found], escapes), functions))
    handed_on = reexports.found(program, {index: walk.asked for index, walk in walks.items()})
    about = any(walk.says_sqlalchemy for walk in walks.values())
    identities = functions.identities
    column_makers = makers.for_attributes(functions)
    modules = tuple(
        ModuleModel(
            name=unit.name,
            package=unit.package,
            tree=unit.tree,
            imports=unit.imports,
            mapping=unit.mapping,
            sites=sites[unit.index],
            webs=webs if program.alone else (),
            about_sqlalchemy=about,
            fragment=walks[unit.index].fragment,
            extension=extension.spelled(walks[unit.index]),
            types=walks[unit.index].types,
            settled=not functions.changed,
            functions=identities,
            hooks=frozenset(_hooks(sites[unit.index])),
            bound_names=frozenset(walks[unit.index].bound),
            free_names=frozenset(walks[unit.index].free),
            scopes=Scopes(unit.tree),
            makers=column_makers,
            handed_on=handed_on[unit.index],
        )
        for unit in program.units
    )
    return ProgramModel(modules, webs)


def _rounds(order: Sequence[Unit], functions: Functions, walks: dict[int, Interpreter], rounds: int) -> None:
    """Walk modules until nothing new is found, each again only where something changed that it depends on."""
    left, done = rounds, 0
    while left:
        left -= 1
        for unit in order:
            if functions.is_stale(unit):
                functions.begin(unit)
                walk = Interpreter(unit.imports, unit.mapping, functions, fragment=not unit.imports.statements)
                walk.module(unit.tree)
                walks[unit.index] = walk
        done += 1
        functions.settle(widening=done > PATIENT)
        if functions.changed and left:
            continue
        if not (functions.hoping and functions.give_up_hope()):
            break
        left = max(left, LAST_ROUNDS)


def _hooks(sites: tuple[Site, ...]) -> Iterator[str]:
    for site in sites:
        if site.kind is SiteKind.CALL and site.name.rpartition(".")[2] in {"listens_for", "listen"}:
            yield from filter(None, (names.literal_string(a.value) for a in cst.ensure_type(site.node, cst.Call).args))


def _in_order(sites: dict[int, list[Site]]) -> Iterator[Site]:
    for found in sites.values():
        yield from found
