"""What a rule is: a subscription to typed sites, and one function that rewrites or declines.

A file dropped beside this one is a rule when it has `ON`. Its docstring, `BEFORE`, `AFTER` and `GUIDE` are its page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.edits import Edit, Import, Insertion, Replacement, Wrap
from translator.findings import Need, Safety, Severity
from translator.model.module import ModuleModel
from translator.model.sites import Site, SiteKind
from translator.model.types import Instance
from translator.model.webs import Web
from translator.options import Options
from translator.syntax import names, scoping

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/migration_20.html"
"""Address of SQLAlchemy's migration guide; rules add the section."""


@dataclass(frozen=True, slots=True)
class On:
    """A subscription: which kind of site, and which names there. A call's name matches by its last part."""

    kind: SiteKind
    names: frozenset[str]
    attribute: bool = False
    """Whether the rule also takes the attribute without a call."""


def on_query(*methods: str, attribute: bool = False) -> On:
    """Subscribe to methods of Query."""
    return On(SiteKind.METHOD, frozenset(methods), attribute)


def on_call(*functions: str) -> On:
    """Subscribe to calls of SQLAlchemy's functions, by the last part of their names."""
    return On(SiteKind.CALL, frozenset(functions))


def on_member(*members: str) -> On:
    """Subscribe to methods and attributes of typed objects: `Connection.execute`, `Table.select`, `Row.keys`."""
    return On(SiteKind.MEMBER, frozenset(members))


ON_CLASS = On(SiteKind.CLASS, frozenset({"class"}))
"""Subscribe to the definitions of classes, mapped or not."""


@dataclass(frozen=True, slots=True, eq=False)
class Rewrite:
    """A rule's answer: these edits, for this reason."""

    edits: tuple[Edit, ...]
    reason: str
    need: Need = Need.STYLE
    safety: Safety = Safety.SAFE
    moves: tuple[tuple[Import, Import], ...] = ()
    wraps: tuple[Wrap, ...] = ()
    insertions: tuple[Insertion, ...] = ()
    remarks: tuple[Decline, ...] = ()
    """What stays to be done, or to be known, though the rewrite is made."""
    abroad: tuple[Abroad, ...] = ()
    """What has to be put into other modules of the program."""
    gone: str = ""
    """What 2.x refuses on a legacy Query, too, where this is a part of one that has to stay; "" where it takes all."""
    alone: bool = False
    """Whether such a Query can be given the edits by themselves."""
    staying: tuple[Edit, ...] = ()
    """What such a Query is given in their place."""


@dataclass(frozen=True, slots=True, eq=False)
class Abroad:
    """A statement for another module: what collected its imports there, and the node that it belongs to."""

    there: Context
    site: cst.CSTNode
    insertion: Insertion


@dataclass(frozen=True, slots=True)
class Decline:
    """A rule's answer where it can't rewrite with certainty: why not, and what a person can do."""

    cause: str
    severity: Severity = Severity.LEGACY
    related: tuple[tuple[cst.CSTNode, str], ...] = ()
    """Places in the same module that are the reason, and what is there."""
    staying: tuple[Edit, ...] = ()
    """What the Query that stays is given, so that 2.x takes it."""


Collection = tuple[str, str]
"""A relationship: the class that it stands in, and its name."""


@dataclass(frozen=True, slots=True, eq=False)
class WriteOnly:
    """Which relationships with `lazy="dynamic"` become write-only, and why others don't that could."""

    chosen: frozenset[Collection] = frozenset()
    kept: Mapping[Collection, Decline] = field(default_factory=dict)

    def of(self, site: Site, model: ModuleModel) -> Collection | None:
        """The chosen relationship that a site is a use of, if it is."""
        entity = site.receiver.entity if isinstance(site.receiver, Instance) else None
        if entity is None or not isinstance(site.node, cst.Attribute) or not self.chosen:
            return None
        name = site.node.attr.value
        key = (model.mapping.declares(entity.mapped_name, name) or "", name)
        return key if key in self.chosen else None


Outcome = Rewrite | Decline | None
"""None: nothing here that concerns the rule."""


@dataclass(slots=True)
class Context:
    """What a rule may ask while it looks at one site; collects the imports that its answer needs."""

    model: ModuleModel
    options: Options
    web: Web | None = None
    imports: set[Import] = field(default_factory=set)
    around: tuple[cst.CSTNode, ...] = ()
    """What stands around the site, outermost first."""
    program: Sequence[ModuleModel] = ()
    """All modules that are read together with this one."""
    write_only: WriteOnly = field(default_factory=WriteOnly)

    def name(self, module: str, name: str, *, beside: bool = False) -> cst.BaseExpression:
        """A name of a package as this text spells it; asks for the import where there is none yet.

        `beside`: whether it takes the place of a name that is imported, not asked of Flask-SQLAlchemy's object.
        """
        spelled = self._spelling(module, name)
        extension = self.model.extension if not beside else None
        free = self.model.free_names
        if self.model.fragment and free & _BARE and extension not in free | self.model.bound_names:
            extension = (
                None  # `class User(Base)` with `Column` and `User.query`: this text has its names from elsewhere
            )
        if extension is not None and (spelled is None or "." in spelled) and module in {"sqlalchemy", "sqlalchemy.orm"}:
            spelled = f"{extension}.{name}"  # Flask-SQLAlchemy's object has every name of SQLAlchemy
        if spelled is None and self.model.fragment and name in self.model.free_names:
            spelled = name  # a fragment that uses `func` freely has it from somewhere
        if spelled is None:
            request = self._request(module, name)
            self.imports.add(request)
            spelled = request.asname or name
        return names.path(spelled)

    def has(self, needed: tuple[str, str]) -> None:
        """Ask for the import of a module's name; relative to this module where it imports its own kind so."""
        module, name = needed
        self.imports.add(Import(self._relative(module), name))

    def _relative(self, module: str) -> str:
        own = self.model.name.split(".")
        base, path = own if self.model.package else own[:-1], module.split(".")
        if not base or path[0] != base[0] or "" not in self.model.imports.packages:
            return module
        apart = (n for n, (left, right) in enumerate(zip(base, path, strict=False)) if left != right)
        shared = next(apart, min(len(base), len(path)))
        return "." * (len(base) - shared + 1) + ".".join(path[shared:])

    def fresh(self, site: Site, *wishes: str, everywhere: bool = False) -> str:
        """The first of some names that nothing around a site uses, or nothing in the module."""
        functions = [node for node in site.around if isinstance(node, cst.FunctionDef) and not everywhere]
        words = self.model.words(functions[-1] if functions else self.model.tree)
        return next((wish for wish in wishes if wish not in words), f"{wishes[-1]}_")

    def _spelling(self, module: str, name: str) -> str | None:
        """How the imports spell a name, unless something around the site hides it: a parameter that is called `text`."""
        spelled = self.model.imports.spelling(module, name)
        for other in _SAME.get(module, ()) if spelled is None else ():
            found = self.model.imports.spelling(other, name)
            if found is not None and "." not in found and f"{other}.{name}" in self.model.imports.fulls(found):
                module, spelled = other, found
        if spelled is None:
            local = self.model.scopes.meaning(name, self.around) == {f"{module}.{name}"}
            return name if local and self.model.scopes.imported_before(name, self.around) else None
        if self.model.scopes.bound_later(names.root(spelled), self.around):
            return None
        full = self.model.imports.aliases.get(names.root(spelled), f"{module}.{name}")
        return None if self.is_hidden(names.root(spelled), full) else spelled

    def is_hidden(self, name: str, full: str) -> bool:
        """Whether a name means something else here than the import `full`."""
        if name not in self.model.bound_names and self.model.imports.fulls(name) <= {full}:
            return False
        meaning = self.model.scopes.meaning(name, self.around)
        return bool(meaning) and (full not in meaning or scoping.OTHER in meaning)

    def is_taken(self, module: str, name: str) -> bool:
        """Whether the text binds a name anywhere to something else than a package's name."""
        return name in self.model.bound_names or bool(self.model.imports.fulls(name) - {f"{module}.{name}"})

    def _request(self, module: str, name: str) -> Import:
        full = f"{module}.{name}"
        starred = bool(self.model.imports.stars) and name in self.model.free_names
        taken = starred or self.is_hidden(name, full) or bool(self.model.imports.fulls(name) - {full})
        return Import(module, name, f"sa_{name}" if taken else None)

    @property
    def indent(self) -> int:
        """Columns of one level of indentation in this text."""
        return len(self.model.tree.default_indent.expandtabs(4))


_SAME = {"sqlalchemy": ("sqlalchemy.sql", "sqlalchemy.sql.expression", "sqlalchemy.future")}
"""Modules that have the very same functions under the same names."""

_BARE = frozenset({"Column", "relationship"})
"""What shows, where it is used freely, that a fragment's own file imports the names of SQLAlchemy."""

BuildCall = Callable[[cst.Call], Replacement]
Apply = Callable[[Site, Context], Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file declares it."""

    slug: str
    on: On
    apply: Apply
    doc: str
    before: str
    after: str
    guide: str
    options: Options = field(default_factory=Options)
    """What has to be chosen for the example."""

    @property
    def title(self) -> str:
        """The first line of its documentation."""
        return self.doc.strip().partition("\n")[0]


def edit(site: Site, build: BuildCall) -> Edit:
    """An edit of the call at a site."""

    def on_call_node(node: cst.CSTNode) -> Replacement:
        return build(cst.ensure_type(node, cst.Call))

    return Edit(site.node, site.ancestors, on_call_node)


def only_arguments(call: cst.Call, *allowed: str) -> bool:
    """Whether a call has no starred arguments and no keywords but these."""
    return not names.starred(call) and all(arg.keyword is None or arg.keyword.value in allowed for arg in call.args)
