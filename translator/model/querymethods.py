"""Methods of an application's own Query classes, which become functions over a statement.

A select() has no methods but its own. So a method `def living(self)` of a class that extends Query takes the statement that
`self` was, and whoever calls it hands that over: `LivingQuery.living(select(User))`. That holds where every call of it is
in sight; a name that Query has, too (`get`), may be called on any query of the class, so all of those change with it.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, crossing
from translator.model.classes import ClassInfo
from translator.model.functions import FunctionInfo
from translator.model.signatures import QUERY_METHODS
from translator.model.sites import SiteKind
from translator.model.types import (
    PENDING,
    UNKNOWN,
    Attribute,
    Belief,
    Entity,
    Expression,
    Function,
    Group,
    Imported,
    Instance,
    Keyed,
    LocalInstance,
    Many,
    Pagination,
    Plain,
    Query,
    Row,
    Session,
    TableValue,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

DEFINITION, CALL, SUPER, CLASS, ATTACHED = "definition", "call", "super", "class", "query_class"
"""Names of the sites: a method, a call of one, `super()` in one, the class, and where a model names it."""
OWN = "cls"
"""How a method calls another one of its class: whatever class it was called on."""
ABOVE = "super()"
"""How it calls the one that it overrides."""
EVERY = frozenset({"__new__", "__init__", "__iter__", "__getitem__", "_execution_context", "_compile_context", "_iter"})
"""Methods that concern every query of a class that overrides them."""
BASES = frozenset({"Query", "BaseQuery"})
_PACKAGES = frozenset({"sqlalchemy", "flask_sqlalchemy"})
_OF_QUERY = QUERY_METHODS.keys() | {
    "get_or_404", "first_or_404", "one_or_404", "paginate", "session", "statement", "from_self", "instances", "merge_result",
    "execution_options", "with_session", "cte", "subquery", "label", "as_scalar", "exists", "add_entity", "add_columns",
}  # fmt: skip
"""Names that mean something on every query, so that who calls them can't be told by the name."""


@dataclass(frozen=True, slots=True)
class Place(Type):
    """A method as a site names it: which one, and the words by which its class is called here."""

    key: int
    name: str
    owner: str
    alone: bool = False
    """For a class: whether nothing but models and calls of its methods names it."""
    needs: tuple[str, str] | None = None
    """The module and the name that have to be imported for those words."""


def own(walk: Expressions, name: str, query: Query) -> FunctionInfo | None:
    """The method of a query's own class that a call means; None where it is Query's, or can't be followed."""
    info = walk.functions.classes.named(query.query_class) if query.query_class is not None else None
    if info is None:
        return None
    kind = walk.functions.classes.member(info.key, name)
    found = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    return found if found is not None and _followed(walk, found) else None


def call(walk: Expressions, node: cst.Call, query: Query, info: FunctionInfo) -> Type:
    """A call of such a method: what it gives, as of a function that is given the query."""
    result = crossing.call(walk, node, info.key)
    if isinstance(result, Query) and info.key in result.origins:
        result = replace(result, query_class=query.query_class)  # what it was called on, extended
    place = _place(walk, node, query, info)
    if place is None:
        walk.escape(query, node, f"its class `{query.query_class}` has no name here; import it first")
        return result
    if not info.callers_in_sight:
        reason = f"`{info.name}()` of its class `{query.query_class}` may be called elsewhere, too"
        walk.escape(query, node, reason, convertible=True)
    walk.site(SiteKind.OWN, node, CALL, query, arguments=(place,), result=result)
    return result


def receiver(walk: Expressions, info: FunctionInfo, name: str) -> Type | None:
    """What `self` is in such a method: the queries that it is called on; None where the function is no such method."""
    owner = walk.functions.classes.info(info.owner) if info.owner is not None else None
    if owner is None or not _followed(walk, info):
        return None
    info.of_query = True
    if info.name not in walk.functions.query_methods:
        walk.functions.query_methods.add(info.name)
        walk.functions.stir("everything")
    kind = walk.functions.argument_of(info, name)
    if not isinstance(kind, Query):
        return kind if kind is PENDING else None
    query = replace(kind, query_class=owner.name, origins=kind.origins | {info.key})
    walk.site(
        SiteKind.OWN, info.node, DEFINITION, query, arguments=(Place(info.key, info.name, owner.path),), result=query
    )
    if not info.callers_in_sight:
        reason = f"`{info.name}()` of its class `{owner.name}` may be called elsewhere, too"
        walk.escape(query, info.node, reason, convertible=True)
    return query


def seed(walk: Expressions, info: ClassInfo, query: Query, *, of_model: bool) -> None:
    """Let the methods of a class know a query of it, whether or not one of them is called on it.

    `of_model`: whether a model names the class, so that all its queries are those of models.
    """
    for one in _family(walk, info):
        for name, kind in {**one.members, **one.fresh}.items():
            method = walk.functions.info(kind.key) if isinstance(kind, Function) else None
            if method is None or not _followed(walk, method) or not method.parameter_nodes:
                continue
            if overrides(name):
                method.accounted = of_model and method.accounted is not False
            ours = replace(query, origins=frozenset({method.key}))
            given = walk.program.respelled_query(ours, walk.unit, method.home)
            walk.functions.called(method, {method.parameter_nodes[0].name.value: given})


def handed(walk: Expressions, spelled: str, called: Type, given: Sequence[Type]) -> None:
    """Note the mapped classes that a function is given which is not in sight: it may ask their `query` for anything.

    SQLAlchemy's kin and Python's own functions don't.
    """
    package = names.root(called.name) if isinstance(called, Imported) else ""
    if package.startswith(("sqlalchemy", "flask_sqlalchemy")) or hasattr(builtins, spelled):
        return
    for kind in given:
        parts = kind.items if isinstance(kind, Group) else [kind.of] if isinstance(kind, (Many, Keyed)) else [kind]
        for part in parts:
            if isinstance(part, Entity) and part.belief is Belief.PROVEN:
                walk.functions.handed_classes[walk.unit.index][last(part.mapped_name)] = spelled


def looked_at(walk: Expressions, node: cst.Attribute, owner: Type) -> None:
    """Note that an attribute is no method of a Query class, though it has the name of one: `user.active`, `page.total`."""
    if node.attr.value not in walk.functions.query_methods:
        return
    match owner:
        case Entity() | Instance(entity=Entity()):
            entity = owner if isinstance(owner, Entity) else owner.entity
            other = entity is not None and entity.mapped_name in walk.mapping
        case LocalInstance(key=key):
            info = walk.functions.classes.info(key)
            other = info is not None and info.name in walk.mapping
        case _:
            other = isinstance(owner, (Pagination, Plain, Row, Attribute, Expression, TableValue, Session))
    if other:
        walk.functions.follow(node, node.attr.value)


def is_own(walk: Expressions, query: Query) -> bool:
    """Whether a query is the `self` of the method that is walked, or that extended: of a subclass, perhaps."""
    return walk.function is not None and walk.function.key in query.origins


def doubt(walk: Expressions, node: cst.Call, query: Query, called: set[str]) -> None:
    """Leave the query of a class that is not in sight where some class in sight would do something else there.

    Not e.g. `self.model.query.get(1)` beside a Query class with a `get()` of its own; that stays with it.
    """
    methods = {key for name in called for key in walk.functions.overridden.get(name, ())}
    unseen = _unseen(walk, query)
    if methods and unseen and query.query_class is None:
        reason = f"`{unseen[0]}` may be a class whose queries have methods of their own in the place of Query's"
        walk.escape(query, node, reason)
        walk.escape(replace(query, origins=frozenset(methods)), node, f"{reason}; what asks it is left")


def doubt_all(walk: Expressions, node: cst.BaseExpression, query: Query) -> None:
    """Leave the query of a class that is not in sight where some Query class in sight adds to whatever is asked."""
    unseen = _unseen(walk, query)
    if unseen and walk.functions.changing and query.query_class is None:
        changing = min(walk.functions.changing)
        walk.escape(
            query, node, f"`{unseen[0]}` may be a class whose queries are of `{changing}`, which changes them all"
        )


def _unseen(walk: Expressions, query: Query) -> list[str]:
    """What `Model.query` was asked of that holds whichever class."""
    seen = (name for name in query.model_queries if walk.mapping.get(name) is not None or _names_one(name))
    return sorted(query.model_queries.difference(seen))


def _names_one(name: str) -> bool:
    """Whether a name is that of a class, not of something that holds whichever."""
    return names.is_class_name(name.rpartition(".")[2])


def differs(walk: Expressions, info: ClassInfo) -> bool:
    """Whether a Query class does something else than Query where a method of that is called, or may."""
    foreign = any(not is_query(one, spelled) for one in _family(walk, info) for spelled in one.foreign_bases)
    names_there = {name for one in _family(walk, info) for name in {**one.members, **one.fresh}}
    return foreign or any(overrides(name) or name in EVERY for name in names_there)


def overrides(name: str) -> bool:
    """Whether a method has the name of one of Query's."""
    return name in _OF_QUERY


def define(walk: Expressions, node: cst.ClassDef) -> None:
    """Note a class that extends Query and has methods which can be followed, and the classes that a model names so."""
    for line in node.body.body:
        named = _attached(walk, line)
        if named is not None and isinstance(line, cst.SimpleStatementLine):
            _note(walk, line, ATTACHED, named)
    info = walk.functions.classes.info(id(node))
    if info is None or not is_query_class(walk, info):
        return
    info.of_queries = True
    for one in _family(walk, info)[1:]:
        if not one.mixed_in:
            one.mixed_in = True
            walk.functions.stir("class", one.key)
            walk.functions.stir("module", one.home.index if one.home is not None else 0)
    for member, kind in info.fresh.items():
        known = walk.functions.overridden.setdefault(member, set()) if overrides(member) else {0}
        key = kind.key if isinstance(kind, Function) else 0
        if key not in known and overrides(member):
            known.add(key)
            walk.functions.stir("everything")
    if EVERY & info.fresh.keys() and info.name not in walk.functions.changing:
        walk.functions.changing.add(info.name)
        walk.functions.stir("everything")
    if info.path:
        _note(walk, node, CLASS, info)


def _attached(walk: Expressions, line: cst.CSTNode) -> ClassInfo | None:
    """The class in `query_class = PostQuery`."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    small = line.body[0]
    if (
        not isinstance(small, cst.Assign)
        or len(small.targets) != 1
        or names.dotted(small.targets[0].target) != ATTACHED
    ):
        return None
    info = walk.functions.classes.named(names.dotted(small.value) or "")
    return info if info is not None and is_query_class(walk, info) else None


def _note(walk: Expressions, node: cst.ClassDef | cst.SimpleStatementLine, name: str, info: ClassInfo) -> None:
    """Record a site that belongs to all methods of a class, of its bases and of what extends it."""
    related = [*_family(walk, info), *walk.functions.classes.extending(info.key)]
    kinds = [kind for one in related for kind in {**one.members, **one.fresh}.values() if isinstance(kind, Function)]
    methods = [found for kind in kinds if (found := walk.functions.info(kind.key)) is not None]
    followed = frozenset(found.key for found in methods if _followed(walk, found))
    if not followed:
        return
    whole = all(found.key in followed or found.static for found in methods)
    if name == ATTACHED:
        info.attached.add(id(node))
    place = Place(info.key, info.name, info.path if whole else "")
    query = Query(Belief.PROVEN, None, followed, None)
    walk.site(SiteKind.OWN, node, name, query, arguments=(place,), result=query)


def is_query_class(walk: Expressions, info: ClassInfo) -> bool:
    """Whether a class extends Query of SQLAlchemy or of Flask-SQLAlchemy."""
    return any(is_query(one, spelled) for one in _family(walk, info) for spelled in one.foreign_bases)


def _family(walk: Expressions, info: ClassInfo) -> list[ClassInfo]:
    return walk.functions.classes.family(info.key)


def is_query(info: ClassInfo, spelled: str) -> bool:
    """Whether a base of a class, as spelled there, is Query: of a package, or of the object of Flask-SQLAlchemy."""
    first, dot, rest = spelled.partition(".")
    full = info.home.imports.aliases.get(first) if info.home is not None else None
    if full is not None and names.root(full) not in _PACKAGES and not (dot and first in conventions.EXTENSION_OBJECTS):
        return False
    return last(f"{full or first}{dot}{rest}") in BASES


def _followed(walk: Expressions, info: FunctionInfo) -> bool:
    """Whether a function is a method of a Query class and can be a function over a statement."""
    owner = walk.functions.classes.info(info.owner) if info.owner is not None else None
    if owner is None or not owner.path or info.node.decorators or info.node.asynchronous:
        return False
    if info.name.startswith("__") or not info.parameter_nodes:
        return False
    return is_query_class(walk, owner) or _is_mixin(walk, owner)


def _is_mixin(walk: Expressions, info: ClassInfo) -> bool:
    """Whether a class is there for Query classes only: `class SearchMixin` in `class PostQuery(SearchMixin, Query)`."""
    if not info.mixed_in:
        return False
    ends = [one for one in walk.functions.classes.extending(info.key) if not one.subclasses]
    return not set(info.foreign_bases) - {"object"} and all(is_query_class(walk, one) for one in ends)


def _place(walk: Expressions, node: cst.Call, query: Query, info: FunctionInfo) -> Place | None:
    """How the class of a query is called where one of its methods is: by its name, or as the class of the method around."""
    if is_own(walk, query):
        return Place(info.key, info.name, ABOVE if _is_super(node.func) else OWN)
    owner = walk.functions.classes.named(query.query_class or "")
    if owner is None or owner.home is None:
        return None
    spelled = walk.program.spelling(owner.path, owner.home, walk.unit)
    if spelled is not None:
        return Place(info.key, info.name, spelled) if _at_top(walk, names.root(spelled)) else None
    root = names.root(owner.path)
    taken = root in walk.bound or root in walk.unit.bindings
    if taken or not owner.home.name or walk.program.reaches(owner.home, walk.unit):
        return None
    return Place(info.key, info.name, owner.path, needs=(owner.home.name, root))


def _at_top(walk: Expressions, name: str) -> bool:
    """Whether a name means here what the module has at its top."""
    top = walk.unit.bindings.get(name)
    return top is not None and walk.binding_of(name) == top.bound_by


def above(walk: Expressions, node: cst.Call) -> Type:
    """`super()` in such a method: the query, as the classes see it that its class extends."""
    around = walk.function
    params = around.parameter_nodes if around is not None else []
    binding = walk.scope.look_up(params[0].name.value) if params else None
    if around is None or around.owner is None or binding is None or not isinstance(binding.type, Query):
        return PENDING if binding is not None and binding.type is PENDING else UNKNOWN
    query, bases = binding.type, walk.functions.classes.family(around.owner)[1:]
    owner = walk.functions.classes.info(around.owner)
    clear = owner is not None and is_query_class(walk, owner) and len(bases) < 2 and not _inside_another(walk, around)
    if around.key not in query.origins or not clear:
        walk.escape(query, node, "which class `super()` means here can't be told")
        return UNKNOWN
    query = replace(query, query_class=bases[0].name if bases else None)
    if node.args:
        walk.functions.followed[walk.unit.index][id(node.args[0].value)] = names.code(node.args[0].value)
    walk.site(SiteKind.OWN, node, SUPER, query, arguments=(Place(around.key, around.name, OWN),), result=query)
    return query


def _is_super(func: cst.BaseExpression) -> bool:
    """Whether a method is called on `super()` itself."""
    made = func.value if isinstance(func, cst.Attribute) else None
    return isinstance(made, cst.Call) and names.dotted(made.func) == "super"


def _inside_another(walk: Expressions, around: FunctionInfo) -> bool:
    return any(
        node is not around.node and isinstance(node, (cst.FunctionDef, cst.Lambda))
        for node in walk.path[len(around.ancestors) :]
    )


def last(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]
