"""Typing of attributes: of modules, classes, objects, SQL expressions; and of what stands for a session."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import (
    conventions,
    core,
    crossing,
    departed,
    dynamic,
    extension,
    keeping,
    queries,
    querymethods,
    reexports,
    stages,
    stored,
    transactions,
    visible,
)
from translator.model.lattice import held
from translator.model.mapping import within
from translator.model.sites import SiteKind
from translator.model.types import (
    NONE,
    UNKNOWN,
    Attribute,
    Belief,
    Connection,
    Engine,
    Entity,
    Expression,
    Extension,
    Function,
    Guess,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    MetaDataValue,
    Pagination,
    Pending,
    Plain,
    Query,
    QueryMaker,
    QueryProperty,
    RawConnection,
    Result,
    Select,
    Session,
    SessionFactory,
    SessionRef,
    SomeEntity,
    Super,
    TableValue,
    Type,
    Unknown,
    Url,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

NOT_APPLICATION = frozenset(sys.stdlib_module_names) | conventions.FOREIGN_IMPORTS | {"flask", "requests", "starlette"}
"""Packages whose names are no application's."""
_REFLECTION = frozenset(
    {"property", "prop", "parent", "mapper", "class_", "entity", "impl", "key", "type", "comparator"}
)
"""Attributes of a mapped attribute that tell of the mapping: no SQL."""
_ORM = frozenset({"orm", "so", "sqlalchemy", "sa"})
_NOT_SESSION_OWNERS = frozenset({"request", "req", "requests", "flask", "boto3", "client", "http", "driver", "browser"})


def as_session(walk: Expressions, node: cst.Attribute, owner: Type, *, called: bool = False) -> Type:
    """The session that an object is whose class in sight extends Session, asked for what Session has."""
    name = node.attr.value
    walk.functions.classes.mention(name, node, called=called)
    if not isinstance(owner, LocalInstance) or name not in conventions.OF_SESSIONS:
        return owner
    family = walk.functions.classes.family(owner.key)
    if any(name in info.members or name in info.fresh for info in family):
        return owner
    for info in family:
        aliases = info.home.imports.aliases if info.home is not None else {}
        for base in info.foreign_bases:
            full = ".".join((aliases.get(names.root(base), ""), *base.split(".")[1:]))
            if names.root(full) in {"sqlalchemy", "flask_sqlalchemy"} and full.endswith("Session"):
                return Session(Belief.PROVEN, is_async="Async" in full)
    return owner


def attribute_of(walk: Expressions, node: cst.Attribute, owner: Type) -> Type:
    """The type of an attribute of something whose type is known already."""
    name = node.attr.value
    owner = as_session(walk, node, owner)
    querymethods.looked_at(walk, node, owner)
    if (query := dynamic.collection(walk, node, owner)) is not None:
        return query
    if isinstance(owner, (Instance, LocalInstance)) and owner.made:
        _of_new(walk, node, owner)
    if isinstance(owner, (Unknown, Imported, Plain)) and (kept := keeping.under_path(walk, node)) is not UNKNOWN:
        return kept
    match owner:
        case Query():
            return _of_query(walk, node, owner, name)
        case Imported(name=full):
            return _of_module(walk, node, full, name)
        case SomeEntity() if name == "query":
            return extension.query_of_class(walk, node, Entity(names.code(node.value), Belief.ASSUMED))
        case Entity():
            return _of_entity(walk, node, owner, name)
        case Session() | SessionFactory(scoped=True) if name == "query":
            made = Session(owner.belief, query_class=owner.query_class)
            return QueryMaker(made, session_ref(walk, node.value, owner))
        case Engine() | Connection() | Session() | SessionFactory() | Select() | MetaDataValue() | Url():
            return core.attribute(walk, node, owner)
        case RawConnection() | Result() | Pagination():
            return core.attribute(walk, node, owner)
        case Attribute() | Expression() if name in _REFLECTION:
            return UNKNOWN
        case Attribute(entity=Entity(name=module, belief=Belief.ASSUMED)) if _is_model(walk, node, module):
            return Entity(names.code(node), Belief.PROVEN if names.code(node) in walk.mapping else Belief.ASSUMED)
        case Attribute(entity=Entity(belief=Belief.ASSUMED)) if name in {"value", "name"}:
            return UNKNOWN  # `Status.open.value`: an Enum whose class is not in sight
        case Attribute(entity=entity):
            return Expression(frozenset({entity.name}))
        case TableValue(name=table):
            spelled = table or names.dotted(node.value) or "?"
            if name in {"c", "columns"}:
                return TableValue(spelled, collection=True)
            if name == "metadata" and owner.is_table:
                return MetaDataValue(owner.bind)
            if name == "bind" and owner.is_table:
                core.member(walk, node, name, owner)
                return UNKNOWN
            return Expression(frozenset({spelled}))
        case Extension():
            return extension.attribute(walk, node, owner)
        case LocalInstance() | LocalClass() | Super() | Instance():
            kind = stages.seen(walk, node, stored.right_here(walk, node) or member(walk, owner, name))
            if kind is not UNKNOWN:
                return _looked_at(walk, node, owner, kind)
            if isinstance(owner, LocalClass) and name == "query":
                return extension.query_of_class(walk, node, Entity(names.code(node.value), Belief.ASSUMED))
            if name == "query" and (whole := dynamic.entity_of(walk, owner)) is not None:
                return extension.query_of_object(walk, node, whole)
            if name == "query" and isinstance(owner, LocalInstance):
                return extension.query_of_mixin(walk, node, owner.key)
        case Guess():
            return Select(belief=Belief.ASSUMED) if name == "statement" else UNKNOWN
        case Pending():
            return owner
        case Expression(mentions=found):
            return Expression(found)
        case Unknown() if any(held(kept := walk.functions.classes.anywhere(name))):
            return crossing.read(walk, node, kept)
        case _ if owner is not UNKNOWN:
            return UNKNOWN
    return _attribute_by_convention(walk, node, name)


def _is_model(walk: Expressions, node: cst.Attribute, owner: str) -> bool:
    """Whether `model.category.Category` is a class of a module, and `model` no class though it is called as one."""
    path = names.dotted(node)
    module = owner in conventions.MODEL_MODULES and not walk.mapping.get(owner)
    return path is not None and module and names.is_class_name(node.attr.value) and not walk.mapping.is_enum(path)


def _of_query(walk: Expressions, node: cst.Attribute, owner: Query, name: str) -> Type:
    walk.site(SiteKind.METHOD, node, name, owner)
    if name == "session":
        return Session(owner.belief)
    return Select() if name == "statement" else UNKNOWN


def member(walk: Expressions, owner: Type, name: str) -> Type:
    """What an attribute of a class in sight, or of an object of one, holds."""
    classes = walk.functions.classes
    key = classes.key(owner)
    if key is None:
        return UNKNOWN
    kind, home = classes.member_of(key, name, above=isinstance(owner, Super))
    if home is not None:
        kind = stored.respelled(walk, kind, home)
    if isinstance(owner, Super):
        return kind
    if not isinstance(kind, Function) and (kept := stored.together(walk, key, name)) is not None:
        return kept
    if kind is UNKNOWN:
        kind = next((k for k in classes.overriding(key, name) if isinstance(k, Function)), UNKNOWN)
    return kind if kind is not UNKNOWN else stored.not_yet(walk, key, name)


def above(walk: Expressions, node: cst.Call) -> Super | None:
    """What `super()` and `super(Class, self)` give in a method of that class; None for any other class and object."""
    around = walk.function
    if around is None or around.owner is None:
        return None
    if not node.args:
        return Super(around.owner)
    named = [names.dotted(arg.value) for arg in node.args]
    receiver = [param.name.value for param in around.parameter_nodes[:1]]
    own = walk.functions.classes.info(around.owner)
    if own is None or named[0] not in {own.name, own.path, "__class__"} or named[1:] != receiver:
        return None
    for arg in node.args:
        walk.expression(arg.value)
    return Super(around.owner)


def _of_new(walk: Expressions, node: cst.Attribute, owner: Type) -> None:
    """Record that a composite is asked of an object that was just made."""
    whole = dynamic.entity_of(walk, owner)
    if whole is not None and walk.mapping.is_composite(whole.mapped_name, node.attr.value):
        walk.site(SiteKind.MEMBER, node, "composite.read", Instance(whole))


def _looked_at(walk: Expressions, node: cst.Attribute, owner: Type, kind: Type) -> Type:
    info = walk.functions.info(kind.key) if isinstance(kind, Function) else None
    if info is not None and info.is_property and not isinstance(owner, (LocalClass, Entity)):
        return crossing.look(walk, node, info.key)
    if isinstance(kind, QueryProperty):
        return extension.query_of_class(walk, node, Entity(names.code(node.value), Belief.ASSUMED))
    return transactions.known(walk, node, visible.read(walk, node, crossing.read(walk, node, kind)))


def _of_sqlalchemy(walk: Expressions, node: cst.BaseExpression) -> bool:
    kind = walk.types.get(id(node))
    return isinstance(kind, Imported) and names.root(kind.name) in conventions.EXTENSION_MODULES


def _attribute_by_convention(walk: Expressions, node: cst.Attribute, name: str) -> Type:
    base = (names.dotted(node.value) or "").rpartition(".")[2]
    if name in conventions.SESSION_ATTRIBUTES and base not in _NOT_SESSION_OWNERS:
        return Session(Belief.ASSUMED)
    if name == "Session" and base not in _ORM and not _of_sqlalchemy(walk, node.value):
        return SessionFactory(Belief.ASSUMED, scoped=True)  # `meta.Session.query(…)`, `self.Session()`
    if name in conventions.ENGINE_NAMES and walk.about_sqlalchemy:
        return Engine(Belief.ASSUMED)
    if names.is_class_name(name) and names.dotted(node) and not walk.mapping.is_enum(name):
        return Entity(names.dotted(node) or name, Belief.ASSUMED)
    if base in conventions.MODEL_MODULES and conventions.abbreviates(name) and walk.about_sqlalchemy:
        return Entity(names.dotted(node) or name, Belief.ASSUMED)
    if name == "metadata" and walk.about_sqlalchemy and names.is_class_name(base):
        return MetaDataValue()
    if name == "bind" and base in conventions.METADATA_NAMES and walk.about_sqlalchemy:
        core.member(walk, node, name, MetaDataValue())
    if name == "statement" and walk.about_sqlalchemy and base in conventions.QUERY_NAMES:
        return Select(belief=Belief.ASSUMED)
    if name == "c" and walk.about_sqlalchemy and (table := names.dotted(node.value)) is not None:
        return TableValue(table, collection=True)
    return UNKNOWN


def is_mapped(walk: Expressions, full: str) -> bool:
    """Whether an import names a mapped class in sight, whose name alone may be a constant's or a table's elsewhere."""
    module, _, name = full.rpartition(".")
    found = walk.mapping.get(name) if name[:1].isupper() and not walk.mapping.is_enum(name) else None
    return found is not None and within(found.dotted, module)


def _of_module(walk: Expressions, node: cst.Attribute, full: str, name: str) -> Type:
    package = names.root(full)
    if name == "query" and walk.fragment and isinstance(node.value, cst.Name) and node.value.value[:1].isupper():
        # a model that is called as a class of SQLAlchemy's is: `Table.query`, `Sequence.query`
        return extension.query_of_class(walk, node, Entity(node.value.value, Belief.ASSUMED))
    if package in conventions.EXTENSION_MODULES:
        return walk.name_of_package(node, Imported(f"{full}.{name}"))
    if full == "flask.g":  # what the application keeps there
        return _attribute_by_convention(walk, node, name)
    if package in NOT_APPLICATION:
        return Imported(f"{full}.{name}")
    if (found := of_program(walk, name, f"{full}.{name}")) is not UNKNOWN:
        return found
    if walk.program.is_module(walk.unit, f"{full}.{name}"):
        return Imported(f"{full}.{name}")
    kind = _attribute_by_convention(walk, node, name)
    if kind is UNKNOWN and is_mapped(walk, f"{full}.{name}"):  # `models.IVR`
        return Entity(names.dotted(node) or name, Belief.PROVEN)
    return kind if kind is not UNKNOWN else Imported(f"{full}.{name}")


def of_program(walk: Expressions, name: str, full: str, *, called: bool = False) -> Type:
    """What another module of the program binds an imported name to; UNKNOWN where nothing certain is known of it.

    A class is one of the program's only where it is called, extended, or asked for a method (`called`: it is): else it
    may be mapped by a call that nobody follows, and is better taken for an entity.
    """
    if walk.program.alone:
        return UNKNOWN
    walk.functions.read("names")
    found = walk.program.imported(walk.unit, full)
    if found is None:
        return reexports.forwarded(walk.program, walk.unit, full) or UNKNOWN
    walk.functions.read("names", found[0].unit.index)
    kind = found[1]
    if isinstance(kind, LocalClass) and not called and not _as_a_class(walk, kind, name):
        return UNKNOWN
    return kind


def _as_a_class(walk: Expressions, kind: LocalClass, name: str) -> bool:
    """Whether what is done with a class right here is what one does with a class that is not mapped."""
    around = next((n for n in reversed(walk.path[:-1] if _is_name(walk.path[-1:], name) else walk.path)), None)
    match around:
        case cst.ClassDef():
            return True
        case cst.Call(func=func):
            return _is_name([func], name)
        case cst.Attribute(attr=attr):
            return isinstance(walk.functions.classes.member(kind.key, attr.value), Function)
    return False


def _is_name(nodes: list[cst.CSTNode], name: str) -> bool:
    """Whether a node is a name, or a path that ends in it."""
    return any((names.dotted(node) or "").rpartition(".")[2] == name for node in nodes)


def subscribed(walk: Expressions, node: cst.Subscript, kind: Attribute | Expression) -> Type:
    """A JSON path or an array's element, unless a class that is not in sight may keep others there: `Registry.models[key]`."""
    if isinstance(kind, Attribute) and kind.entity.belief is Belief.ASSUMED:
        index = node.slice[0].slice
        outer = next((around for around in reversed(walk.path) if around is not node), None)
        plain = isinstance(index, cst.Index) and names.literal(index.value) is not ...
        if not plain or isinstance(outer, (cst.Call, cst.Assign, cst.Return)):
            return UNKNOWN
    return Expression(queries.mentions(kind))


def _of_entity(walk: Expressions, node: cst.Attribute, entity: Entity, name: str) -> Type:
    if name in {"__table__", "c"}:
        return TableValue(entity.name, is_table=name == "__table__", collection=name == "c")
    if name == "query":
        return extension.query_of_class(walk, node, entity)
    if name == "Session" and walk.mapping.has_attribute(entity.mapped_name, name) is not True:
        return SessionFactory(Belief.ASSUMED, scoped=True)
    if name in conventions.SESSION_ATTRIBUTES and not walk.mapping.has_attribute(entity.mapped_name, name):
        return _attribute_by_convention(walk, node, name)
    if name == "metadata":
        return MetaDataValue()
    if name.isupper() or name == "registry" or name.startswith("__"):
        return UNKNOWN
    if entity.name not in walk.mapping and entity.alias_of is None and names.is_class_name(name):
        return Entity(f"{entity.name}.{name}", Belief.ASSUMED)
    if walk.mapping.has_attribute(entity.mapped_name, name) is False:
        kept = walk.member(Entity(entity.mapped_name, entity.belief), name)
        if isinstance(kept, (Entity, LocalClass)) or conventions.names_a_class(name):  # `model = Other`, no column
            return Entity(f"{entity.name}.{name}", Belief.ASSUMED)
        return Attribute(entity, name, vacant=kept == NONE)
    return Attribute(entity, name)


def departs(walk: Expressions, node: cst.Name | cst.Attribute, kind: Imported) -> str | None:
    """How a site of a name that 2.x has not, or has otherwise, is called: `gone:…`, `uuid:…`, or `target:…` for a class.

    None where it is not gone, where its import is told of, and for functions whose calls have a rule of their own.
    """
    imported = isinstance(node, cst.Name) and kind.name not in departed.IMPORTABLE
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    if conventions.gave_strings(kind.name):
        return None if isinstance(outer, cst.Call) and outer.func is node else f"uuid:{kind.name}"
    if departed.advice(kind.name) is None or imported:
        return None
    if not isinstance(outer, cst.Call):
        return f"gone:{kind.name}"
    if outer.func is node:
        return None if kind.name in departed.CALLED else f"gone:{kind.name}"
    listens = (names.dotted(outer.func) or "").rpartition(".")[2] in {"listen", "listens_for", "contains", "remove"}
    return f"{'target' if listens and kind.name in departed.TARGETS else 'gone'}:{kind.name}"


def session_ref(walk: Expressions, node: cst.BaseExpression, kind: Type) -> SessionRef:
    """The session that a node names, comparable with a later use."""
    path = names.dotted(node)
    if path is None and isinstance(node, cst.Call) and not node.args:
        factory = walk.types.get(id(node.func))
        path = names.dotted(node.func)
        if path and (
            (isinstance(factory, SessionFactory) and factory.scoped and factory.belief is Belief.PROVEN)
            or isinstance(factory, Session)  # `db.session()`: a scoped_session gives the same one
        ):
            return SessionRef(f"{path}()", stable=True, binding=walk.binding_of(path))
        known = isinstance(kind, Session) and kind.origin is not None
        if path and not known and keeping.gives_what_is_kept(walk, node.func):
            return SessionRef(f"{path}()", stable=True, binding=walk.binding_of(path))
        path = None
    if path is None:
        origin = kind.origin if isinstance(kind, Session) else None
        return origin if origin is not None else SessionRef(names.code(node), stable=False)
    outer = kind.origin if isinstance(kind, Session) and _is_local(walk, path) else None
    binding = walk.binding_of(path)
    if outer is None and _is_local(walk, path):
        outer = walk.functions.taken_from.get((binding, path))
    return SessionRef(path, stable=True, binding=binding, outer=outer)


def _is_local(walk: Expressions, path: str) -> bool:
    return "." not in path and path in walk.scope.names and walk.scope.kind == "function"
