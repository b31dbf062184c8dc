"""What is done with an attribute of a name everywhere in a program, and what of that a write-only collection can't do.

A use is harmless where it is known whose attribute it is, and what happens to it. Anything else keeps the relationship.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from translator.model.attributes import NOT_APPLICATION
from translator.model.dynamic import CHANGED
from translator.model.module import ModuleModel
from translator.model.sites import Site, SiteKind
from translator.model.types import (
    Entity,
    Group,
    Guess,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    Pending,
    SomeEntity,
    Super,
    Type,
    Unknown,
)
from translator.rules.mapped import bodies, needing
from translator.rules.write_only import naming
from translator.rules.write_only.candidates import Candidate, is_of
from translator.syntax import names

WRITES = {"append": "add", "extend": "add_all", "add": "add", "add_all": "add_all", "remove": "remove"}
"""What changes a collection, and what a write-only one calls it."""
_ANYTHING = (Unknown, Guess, Pending, SomeEntity, Group)
_KEEPS_IT = frozenset({"flask.g", "flask.session"})
_CRITERIA = frozenset({"any", "contains", "has", "of_type"})
"""Methods of the attribute of a class that are SQL, however its collections load."""
_TAKING = frozenset({"join", "outerjoin", "with_parent", "isouter", "aliased"})
_LOOKING_UP = frozenset({"get", "pop", "setdefault"})
_NAMING = frozenset(
    {"relationship", "relation", "backref", "Table", "ForeignKey", "Column", "Blueprint", "Namespace", "url_for", "route",
     "render_template", "redirect", "getLogger", "print", "_", "gettext", "drop_table", "create_table", "rename_table",
     "hasattr", *_LOOKING_UP}
)  # fmt: skip
"""Functions that are given a string which names something else: a table, a page, the other side of a relationship."""
_MAKING = frozenset(
    {
        "re",
        "os",
        "sys",
        "datetime",
        "time",
        "subprocess",
        "socket",
        "urllib",
        "hashlib",
        "pathlib",
        "argparse",
        "logging",
    }
)
"""Modules whose functions give nothing of what they are given."""
_BY_NAME = frozenset({"getattr", "setattr", "delattr"})
_GETTER = "attrgetter"
"""Of the module operator: nothing tells of which objects it gets its attributes."""


@dataclass(frozen=True, slots=True, eq=False)
class Obstacle:
    """A place that keeps a relationship as it is, and why; the text ends a sentence."""

    candidate: Candidate
    node: cst.CSTNode
    home: ModuleModel
    why: str


Met = Sequence[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]]
"""Nodes, each with what stands around it, outermost first."""


class Around(cst.CSTVisitor):
    """Walks a module for the nodes that are wanted."""

    def __init__(self, wanted: Callable[[cst.CSTNode], bool]) -> None:
        super().__init__()
        self.wanted = wanted
        self.path: list[cst.CSTNode] = []
        self.met: list[tuple[cst.CSTNode, tuple[cst.CSTNode, ...]]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note a node that is wanted."""
        if self.wanted(node):
            self.met.append((node, tuple(self.path)))
        self.path.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Step back out."""
        self.path.pop()


def obstacles(
    model: ModuleModel,
    met: Met,
    wanted: Mapping[str, Sequence[Candidate]],
    modules: frozenset[str],
    spoken: frozenset[str] | None,
) -> Iterator[Obstacle]:
    """The places of a module that keep relationships of these names.

    `modules` are the names of the program's modules, `spoken` those names that some string of it is which may be handed to
    `getattr()`; None where that may be given names that stand nowhere.
    """
    sites = {id(site.node): site for site in model.sites if _is_ours(site)}
    for node, around in met:
        if isinstance(node, cst.Attribute) and node.attr.value in wanted:
            yield from _attribute(node, around, wanted[node.attr.value], model, sites, modules)
        elif isinstance(node, cst.SimpleString) and (said := names.literal_string(node)) in wanted:
            if not _names_else(node, around, model):
                for one in wanted[said or ""]:
                    yield Obstacle(one, node, model, f"{_shown(_outer(node, around))} names it by a string")
        elif isinstance(node, cst.Call):
            yield from _by_name(node, around, model, wanted, modules, spoken)
        elif isinstance(node, cst.ClassDef):
            yield from _bound(node, model, wanted)
        elif isinstance(node, cst.Name) and node.value in wanted:
            yield from _in_body(node, around, wanted[node.value], model)


def used(model: ModuleModel) -> Iterator[tuple[str, str]]:
    """The relationships of which a module has a use that is known to be one: their class and name."""
    for site in filter(_is_ours, model.sites):
        entity = site.receiver.entity if isinstance(site.receiver, Instance) else None
        name = cst.ensure_type(site.node, cst.Attribute).attr.value
        owner = model.mapping.declares(entity.mapped_name, name) if entity is not None else None
        if owner is not None:
            yield owner, name


def may_matter(node: cst.CSTNode, model: ModuleModel, wanted: Collection[str]) -> bool:
    """Whether a node may be a use of one of the names."""
    match node:
        case cst.Attribute(attr=cst.Name(value=name)) | cst.Name(value=name):
            return name in wanted
        case cst.SimpleString():
            return node.raw_value in wanted
        case cst.Call(func=cst.Name(value=name)):
            return name in _BY_NAME or name == _GETTER
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=name))):
            return name == _GETTER
    return isinstance(node, cst.ClassDef)


def _is_ours(site: Site) -> bool:
    created = site.kind is SiteKind.CREATION and site.name == "dynamic"
    return created or (site.kind is SiteKind.MEMBER and site.name.startswith(CHANGED))


def _attribute(
    node: cst.Attribute,
    around: Sequence[cst.CSTNode],
    candidates: Sequence[Candidate],
    model: ModuleModel,
    sites: Mapping[int, Site],
    modules: frozenset[str],
) -> Iterator[Obstacle]:
    if any(isinstance(outer, (cst.Import, cst.ImportFrom)) for outer in around):
        return  # `from shop.books import covers`: the name of a module
    site = sites.get(id(node))
    entity = site.receiver.entity if site is not None and isinstance(site.receiver, Instance) else None
    if site is not None and entity is not None:
        owner = model.mapping.declares(entity.mapped_name, node.attr.value)
        candidates = [one for one in candidates if one.key[0] == owner]
        if site.kind is SiteKind.CREATION or site.name.removeprefix(CHANGED) in WRITES:
            return
    if _is_foreign(node.value, model):
        return
    for one in candidates:
        kind = model.type_of(node.value)
        if may_be(kind, one, model, modules) and not (isinstance(kind, Entity) and _is_sql(node, around)):
            yield Obstacle(one, node, model, _why(node, around, kind))


def _is_foreign(node: cst.BaseExpression, model: ModuleModel) -> bool:
    """Whether it is what a function of the standard library gives that gives none of what it was given: `re.match(…)`."""
    kind = model.type_of(node.func) if isinstance(node, cst.Call) else None
    return isinstance(kind, Imported) and names.root(kind.name) in _MAKING


def may_be(kind: Type, candidate: Candidate, model: ModuleModel, modules: frozenset[str]) -> bool:
    """Whether a value may be an object of the class that a relationship stands in, or the class itself."""
    match kind:
        case Entity():
            return is_of(model.mapping, kind.mapped_name, candidate)
        case Instance(entity=entity):
            return entity is None or is_of(model.mapping, entity.mapped_name, candidate)
        case LocalInstance(name=name) | LocalClass(name=name):
            family = candidate.home.mapping.family(candidate.key[0])
            above = {base.rpartition(".")[2] for mapped in family for base in (mapped.name, *mapped.bases)}
            return name in above
        case Super():
            return True
        case Imported(name=full):
            known = needing.absolute(full, model)
            outside = names.root(known) in NOT_APPLICATION and known not in _KEEPS_IT
            return not outside and not any(name == known or name.endswith(f".{known}") for name in modules)
    return isinstance(kind, _ANYTHING)


def _is_sql(node: cst.Attribute, around: Sequence[cst.CSTNode]) -> bool:
    """Whether the attribute of a class is used as SQL: `User.posts.any()`, `join(User.posts)`."""
    outer = around[-1]
    if isinstance(outer, cst.Attribute):
        return outer.attr.value in _CRITERIA
    call = around[-2] if isinstance(outer, cst.Arg) else None
    return isinstance(call, cst.Call) and _called(call) in _TAKING


def _why(node: cst.Attribute, around: Sequence[cst.CSTNode], kind: Type) -> str:
    outer = around[-1]
    if isinstance(outer, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.Del)):
        return f"{_shown(_outer(node, around))} replaces it, which a write-only collection can't"
    if isinstance(kind, (Instance, Entity)) and (not isinstance(kind, Instance) or kind.entity is not None):
        return f"{_shown(_outer(node, around))} is a use that has no form in sight"
    return f"{_shown(_outer(node, around))} may mean it: what `{names.code(node.value)}` is is not in sight"


def _outer(node: cst.CSTNode, around: Sequence[cst.CSTNode]) -> cst.CSTNode:
    """The expression around a use that shows what it is: a call, an assignment."""
    shown = node
    for outer in reversed(around):
        if isinstance(outer, (cst.Attribute, cst.Call, cst.Arg, cst.AssignTarget, cst.Assign, cst.AugAssign, cst.Del)):
            shown = shown if isinstance(outer, (cst.Arg, cst.AssignTarget)) else outer
            if isinstance(outer, cst.Call):
                break
        else:
            break
    return shown


def _shown(node: cst.CSTNode) -> str:
    text = " ".join(names.code(node).split())
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}...`"


def _called(call: cst.Call) -> str:
    func = call.func
    return func.attr.value if isinstance(func, cst.Attribute) else names.dotted(func) or ""


def _names_else(node: cst.SimpleString, around: Sequence[cst.CSTNode], model: ModuleModel) -> bool:
    """Whether a string is no name of an attribute: a key, a table's name, prose."""
    outer = around[-1] if around else None
    match outer:
        case cst.DictElement(key=key):
            return key is node
        case cst.Index() | cst.Expr() | cst.Comparison() | cst.ComparisonTarget():
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value="__tablename__" | "__bind_key__"))]):
            return True
        case cst.Arg():
            call = around[-2]
            return isinstance(call, cst.Call) and (_called(call) in _NAMING or _migrates(call, model))
    return False


def _migrates(call: cst.Call, model: ModuleModel) -> bool:
    """Whether a call is one of Alembic's, which speaks of tables."""
    func = call.func
    kind = model.type_of(func.value) if isinstance(func, cst.Attribute) else None
    return isinstance(kind, Imported) and names.root(kind.name) == "alembic"


def spoken(met: Met, wanted: Collection[str]) -> Iterator[str]:
    """The names that strings of a module are which are keys or are compared, so that they may be handed on."""
    for node, around in met:
        if isinstance(node, cst.SimpleString) and node.raw_value in wanted:
            key = isinstance(around[-1], (cst.DictElement, cst.Index, cst.Comparison, cst.ComparisonTarget))
            call = around[-2] if isinstance(around[-1], cst.Arg) else None
            if key or (isinstance(call, cst.Call) and _called(call) in _LOOKING_UP):
                yield node.raw_value


def _by_name(
    node: cst.Call,
    around: Sequence[cst.CSTNode],
    model: ModuleModel,
    wanted: Mapping[str, Sequence[Candidate]],
    modules: frozenset[str],
    spoken: frozenset[str] | None,
) -> Iterator[Obstacle]:
    """`getattr(user, name)` with a name that is not in sight.

    Of an object that is not known the attribute may be any that the program speaks of.
    """
    if (names.dotted(node.func) or "").rpartition(".")[2] == _GETTER:
        if any(names.literal_string(arg.value) is None for arg in node.args):
            for one in {id(c): c for found in wanted.values() for c in found}.values():
                yield Obstacle(one, node, model, f"{_shown(node)} may mean any attribute")
        return
    if names.dotted(node.func) not in _BY_NAME or len(node.args) < 2:
        return
    if names.literal_string(node.args[1].value) is not None:
        return  # it is looked at as a string
    if naming.is_no_collection(node, around):
        return
    kind = model.type_of(node.args[0].value)
    for one in {id(c): c for found in wanted.values() for c in found}.values():
        said = spoken is None or one.key[1] in spoken or not isinstance(kind, _ANYTHING)
        named = said and naming.may_name(node.args[1].value, one.key[1], around)
        if named and may_be(kind, one, model, modules):
            yield Obstacle(one, node, model, f"{_shown(node)} may mean any attribute")


def _bound(node: cst.ClassDef, model: ModuleModel, wanted: Mapping[str, Sequence[Candidate]]) -> Iterator[Obstacle]:
    """A form or a schema takes its values from the attributes of the names that its class binds."""
    if node.name.value in model.mapping:
        return
    for name in sorted(bodies.body_of(node, model).bound & wanted.keys()):
        for one in wanted[name]:
            why = f"the class {node.name.value} has an attribute of that name and may be filled from it"
            yield Obstacle(one, node, model, why)


def _in_body(
    node: cst.Name, around: Sequence[cst.CSTNode], candidates: Sequence[Candidate], model: ModuleModel
) -> Iterator[Obstacle]:
    """The bare name in the body of the class itself."""
    scope = next((n for n in reversed(around) if isinstance(n, (cst.ClassDef, cst.FunctionDef, cst.Lambda))), None)
    outer = around[-1] if around else None
    if not isinstance(scope, cst.ClassDef) or isinstance(outer, (cst.AssignTarget, cst.AnnAssign, cst.Attribute)):
        return
    if isinstance(outer, cst.Arg) and outer.keyword is node:
        return
    if node.value not in bodies.body_of(scope, model).bound:
        return  # not e.g. a table of the name of a backref
    for one in candidates:
        if scope.name.value == one.key[0]:
            yield Obstacle(one, node, model, f"the body of {scope.name.value} uses it")
