"""What is known of one module: typed sites, webs, mapped classes, imports. Read-only once it is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from translator.model import extension
from translator.model.functions import Functions
from translator.model.interpret import Interpreter
from translator.model.mapping import Mapping
from translator.model.sites import Site, SiteKind
from translator.model.types import UNKNOWN, Belief, Engine, Query, Session, Type
from translator.model.webs import Web, weave
from translator.syntax import names
from translator.syntax.imports import Imports

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, eq=False)
class ModuleModel:
    """The model of one module, as rules see it."""

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
    _words: dict[int, frozenset[str]] = field(default_factory=dict)
    _members: dict[str, list[Site]] = field(default_factory=dict)

    def words(self, node: cst.CSTNode) -> frozenset[str]:
        """Every word in the text of a node, for those who need a name that is not taken."""
        found = self._words.get(id(node))
        if found is None:
            found = self._words[id(node)] = frozenset(_WORD.findall(names.code(node)))
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


def understand(tree: cst.Module, mapping: Mapping | None = None) -> ModuleModel:
    """Interpret a module. `mapping` brings mapped classes of other modules; those of this one are added to it."""
    imports = Imports(tree)
    mapping = Mapping() if mapping is None else mapping
    if any(mapping.everything()) and not imports.stars:
        mapping.seen_from(imports.aliases)
    mapping.collect(tree.body)
    functions = Functions()
    fragment = not imports.statements
    for _ in range(Functions.MAX_ROUNDS):
        functions.changed = False
        walk = Interpreter(imports, mapping, functions, fragment=fragment)
        walk.module(tree)
        functions.settle()
        if not functions.changed:
            break
    sites = tuple(_in_order(walk.sites))
    return ModuleModel(
        tree=tree,
        imports=imports,
        mapping=mapping,
        sites=sites,
        webs=tuple(weave(sites, walk.escapes.values())),
        about_sqlalchemy=walk.about_sqlalchemy,
        fragment=fragment,
        extension=extension.spelled(walk),
        types=walk.types,
        settled=not functions.changed,
        functions=functions.identities,
        hooks=frozenset(_hooks(sites)),
        bound_names=frozenset(walk.bound),
        free_names=frozenset(walk.free),
    )


def _hooks(sites: tuple[Site, ...]) -> Iterator[str]:
    for site in sites:
        if site.kind is SiteKind.CALL and site.name.rpartition(".")[2] in {"listens_for", "listen"}:
            yield from filter(None, (names.literal_string(a.value) for a in cst.ensure_type(site.node, cst.Call).args))


def _in_order(sites: dict[int, list[Site]]) -> Iterator[Site]:
    for found in sites.values():
        yield from found
