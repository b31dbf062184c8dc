"""Flask-SQLAlchemy as the model sees it: its object, its names, `Model.query` and the session behind that.

Also `query_property()` of a scoped_session, which is the same thing without the extension.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, departed, departed_flask, queries, queryclasses, querymethods
from translator.model.classes import ClassInfo
from translator.model.program import Home
from translator.model.signatures import QUERY_METHODS
from translator.model.sites import SiteKind
from translator.model.types import (
    UNKNOWN,
    Belief,
    Engine,
    Entity,
    Extension,
    Fact,
    Guess,
    Imported,
    Instance,
    LocalClass,
    LocalInstance,
    Query,
    QueryProperty,
    Session,
    SessionRef,
    Type,
    Unknown,
)
from translator.model.units import Unit
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

EXTENSION = "flask_sqlalchemy.SQLAlchemy"
OWN_NAMES = frozenset(
    {
        "Model", "Query", "app", "get_app", "get_engine", "engines", "create_session", "create_scoped_session",
        "make_declarative_base", "make_connector", "create_all", "drop_all", "reflect", "init_app", "get_binds",
        "get_tables_for_bind", "apply_driver_hacks", "apply_pool_defaults", "get_or_404", "first_or_404", "one_or_404",
        "paginate", "metadata", "metadatas", "use_native_unicode",
    }
)  # fmt: skip
"""Names of the extension's object that are its own, not SQLAlchemy's."""
_NOT_APPLICATION = frozenset(sys.stdlib_module_names) | conventions.FOREIGN_IMPORTS | departed.PACKAGES


def setting(walk: Expressions, target: cst.BaseExpression) -> None:
    """A setting of the extension that is given a value.

    `app.config["SQLALCHEMY_…"] = …`, the key of a dict, a keyword as in `from_mapping(SQLALCHEMY_…=…)`, or a name in a
    class of settings.
    """
    name: str | None = target.value if isinstance(target, cst.Name) else names.literal_string(target)
    if isinstance(target, cst.Subscript) and len(target.slice) == 1 and isinstance(target.slice[0].slice, cst.Index):
        name = names.literal_string(target.slice[0].slice.value)
    full = f"{departed_flask.SETTING}.{name}"
    if full in departed_flask.GONE:
        walk.site(SiteKind.NAME, target, f"gone:{full}", UNKNOWN)
    elif name in departed_flask.ENGINE_SETTINGS:
        walk.site(SiteKind.NAME, target, f"setting:{full}", UNKNOWN)


_SHOWING = frozenset({"session", "Model", "create_scoped_session", "get_engine", "get_app"})
"""Attributes that show their owner to be the extension's object."""
_OF_BOTH = frozenset({"create_engine", "relationship", *(n for n in conventions.FREE_NAMES if n[:1].isupper())})
"""Names that the extension's object has from SQLAlchemy, and that no other object has."""


def made(walk: Expressions, node: cst.Call) -> Extension:
    """`SQLAlchemy(…)`."""
    given = names.keyword(node, "query_class")
    if given is None:
        return Extension(Belief.PROVEN)
    spelled = names.code(given)
    full = walk.imports.aliases.get(names.root(spelled), "")
    theirs = names.root(full) in conventions.EXTENSION_MODULES and full.rpartition(".")[2] in queryclasses.STANDARD
    return Extension(Belief.PROVEN, None if theirs else spelled)


def extends(walk: Expressions, key: int) -> bool:
    """Whether a class of the text extends that of the extension: `class OurSQLAlchemy(SQLAlchemy)`."""
    for info in walk.functions.classes.family(key):
        aliases = info.home.imports.aliases if info.home is not None else walk.imports.aliases
        for spelled in info.foreign_bases:
            first, _, rest = spelled.partition(".")
            if f"{aliases.get(first, first)}{'.' if rest else ''}{rest}" == EXTENSION:
                return True
    return False


def note_overridden(walk: Expressions, node: cst.ClassDef) -> None:
    """Record the methods of a class that extends the extension's which version 2 called and version 3 doesn't."""
    for small in node.body.body if extends(walk, id(node)) else ():
        if isinstance(small, cst.FunctionDef) and f"{EXTENSION}.{small.name.value}" in departed_flask.OVERRIDDEN:
            walk.site(SiteKind.NAME, small.name, f"gone:{EXTENSION}.{small.name.value}", UNKNOWN)


def attribute(walk: Expressions, node: cst.Attribute, owner: Extension) -> Type:
    """`db.session`, `db.func`, `db.relationship`, `db.engine`…"""
    name = node.attr.value
    path = names.dotted(node)
    if name == "session":
        return Session(owner.belief, False, walk.reference(path) if path else None, owner.query_class)
    if name == "engine":
        return Engine(owner.belief)
    if name in OWN_NAMES:
        return walk.name_of_package(node, Imported(f"{EXTENSION}.{name}"))
    full = f"sqlalchemy.orm.{name}" if name in conventions.ORM_NAMES else f"sqlalchemy.{name}"
    return walk.name_of_package(node, Imported(full))


def by_convention(walk: Expressions, name: str) -> Type:
    """The extension's object where an application's module gives it: `from app import db`."""
    flask = any(package.startswith("flask") for package in walk.imports.packages)
    shown = flask or ((walk.unit.index, name) in walk.functions.model_owners and "gino" not in walk.imports.packages)
    if name not in conventions.EXTENSION_OBJECTS or not (walk.fragment or shown):
        return UNKNOWN
    return Extension(Belief.ASSUMED) if name in walk.functions.extensions else UNKNOWN


def spelled(walk: Expressions) -> str | None:
    """What the module calls the extension's object; None where it has none, or where a function uses the name too.

    Only where it is known to be that object, or where `Model.query` shows it: any `db` may have a session, but only
    this one has SQLAlchemy's names.
    """
    shown = any(site.name == "model_query" for sites in walk.sites.values() for site in sites)
    known = [name for name, binding in walk.scope.names.items() if isinstance(binding.type, Extension)]
    for name in (*known, *sorted(walk.functions.extensions)):
        kind = walk.type_of_name(name)
        if name not in walk.local_names and isinstance(kind, Extension) and (shown or kind.belief is Belief.PROVEN):
            return name
    return None


def note_state(walk: Expressions, node: cst.Attribute) -> None:
    """Record what is asked of `app.extensions["sqlalchemy"]`, which held the extension's object, and is it now."""
    held = node.value
    if node.attr.value in {"db", "connectors"} and isinstance(held, cst.Subscript) and len(held.slice) == 1:
        index = held.slice[0].slice
        by_name = isinstance(index, cst.Index) and names.literal_string(index.value) == "sqlalchemy"
        if by_name and (names.dotted(held.value) or "").endswith(".extensions"):
            walk.site(SiteKind.NAME, node, f"gone:{departed_flask.STATE}.{node.attr.value}", UNKNOWN)


def note_use(walk: Expressions, node: cst.Attribute) -> None:
    """`db.session` and `db.Model` show that `db` is the extension's object; in a fragment so does `db.Table`.

    There it may be SQLAlchemy itself as well, `import sqlalchemy as db`: its names mean the same.
    """
    shown = node.attr.value in _SHOWING or (walk.fragment and node.attr.value in _OF_BOTH)
    if shown and isinstance(node.value, cst.Name):
        name = node.value.value
        if node.attr.value == "Model":
            walk.functions.model_owners.add((walk.unit.index, name))
        if name in conventions.EXTENSION_OBJECTS and name not in walk.functions.extensions:
            walk.functions.extensions.add(name)
            walk.functions.stir("module", walk.unit.index)


def query_of_class(walk: Expressions, node: cst.Attribute, entity: Entity) -> Type:
    """`Model.query`: a query of the class on the session behind it, or UNKNOWN where it is nothing of the kind."""
    if entity.name in walk.mapping and walk.mapping.has_attribute(entity.mapped_name, "query"):
        return UNKNOWN
    declared = _declared(walk, entity)
    if declared is not UNKNOWN and not isinstance(declared, QueryProperty):
        return declared
    if isinstance(declared, QueryProperty):
        return _query(walk, node, entity, declared)
    found = _conventional(walk, entity)
    if found is not None:
        return _query(walk, node, entity, found)
    return Guess(frozenset({id(node)}), names.code(node)) if _from_elsewhere(walk, entity) else UNKNOWN


def query_of_object(walk: Expressions, node: cst.Attribute, entity: Entity) -> Type:
    """`self.query` in a method of a model, which is that of the object's own class.

    UNKNOWN where the class or its objects have a `query` of their own; a guess where a subclass in sight makes it another.
    """
    key = walk.functions.classes.key(entity)
    family = walk.functions.classes.family(key) if key is not None else []
    behind = session_behind(walk, entity)
    own = any("query" in queryclasses.members(info) for info in family[:1])
    known = any(mapped.extension for mapped in walk.mapping.family(entity.mapped_name))
    if own or behind is None or not behind.session.text or not (known or _is_asked(walk)):
        return UNKNOWN
    below = walk.functions.classes.extending(key) if key is not None else []
    if any("query" in queryclasses.members(info) or _differs(walk, info) for info in below):
        return Guess(frozenset({id(node)}), names.code(node))
    query = query_of_class(walk, node, entity)
    return _of_any(walk, node, query, behind, [entity.mapped_name, *(i.name for i in below)]) if below else query


def query_of_mixin(walk: Expressions, node: cst.Attribute, key: int) -> Type:
    """`self.query` in a class that is not mapped and that models extend: the query of whichever of them the object is."""
    below = walk.functions.classes.extending(key)
    infos = [*walk.functions.classes.family(key), *below]
    if not _is_asked(walk) or any("query" in queryclasses.members(info) for info in infos):
        return UNKNOWN
    ends = [info.name for info in below if not info.subclasses]
    models = all(any(mapped.extension for mapped in walk.mapping.family(name)) for name in ends)
    behind = _conventional(walk, Entity(names.code(node.value), Belief.ASSUMED))
    alike = not any(_differs(walk, info) for info in infos)
    if not ends or not models or not alike or behind is None or not behind.session.text:
        return Guess(frozenset({id(node)}), names.code(node)) if below else UNKNOWN
    query = Query(behind.belief, None, frozenset({id(node)}), behind.session, model_queries=frozenset(ends))
    return _of_any(walk, node, query, behind, [info.name for info in below])


def _of_any(walk: Expressions, node: cst.Attribute, query: Type, source: QueryProperty, classes: list[str]) -> Type:
    """The query of an object that may be of any of several classes, of which `type(self)` is the one."""
    if not isinstance(query, Query):
        return query
    whole = names.expression(f"type({names.code(node.value)})")
    shape = (queries.element(whole, UNKNOWN),)
    query = replace(query, shape=shape, froms=frozenset(filter(None, (shape[0].entity,))))
    if any(map(walk.mapping.eager_collection, classes)):
        query = query.with_facts(Fact.EAGER_COLLECTION)
    query = queryclasses.applied(walk, query, node, query.query_class or source.query_class)
    walk.site(SiteKind.CREATION, node, "model_query", Session(query.belief), result=query)
    return query


def _below(walk: Expressions, entity: Entity) -> str | None:
    """A class in sight with a query class of its own that extends one, of which a class method's `cls` may be."""
    key = walk.functions.classes.key(entity)
    below = walk.functions.classes.extending(key) if key is not None else []
    return next((info.name for info in below if _differs(walk, info)), None)


def _differs(walk: Expressions, info: ClassInfo) -> bool:
    """Whether a class names a Query class for its queries which may do anything else in the place of Query's methods."""
    if "query_class" not in queryclasses.members(info):
        return False
    mapped = walk.mapping.get(info.name)
    named = walk.functions.classes.named(mapped.query_class or "") if mapped is not None else None
    return named is None or querymethods.differs(walk, named)


def _is_asked(walk: Expressions) -> bool:
    """Whether a method of Query is what is asked of the attribute that is looked at, or it is walked."""
    around = walk.path[-2] if len(walk.path) > 1 else None
    if isinstance(around, (cst.For, cst.CompFor, cst.BaseSimpleComp)):
        loop = around.for_in if isinstance(around, cst.BaseSimpleComp) else around
        return loop.iter is walk.path[-1]
    return isinstance(around, cst.Attribute) and around.attr.value in (
        QUERY_METHODS.keys() | {"paginate", "get_or_404", "first_or_404", "one_or_404"}
    )


def session_behind(walk: Expressions, entity: Entity) -> QueryProperty | None:
    """The session that the queries of a class run on, where it can be told."""
    declared = _declared(walk, entity)
    return declared if isinstance(declared, QueryProperty) else _conventional(walk, entity)


def _declared(walk: Expressions, entity: Entity) -> Type:
    """What `query` of a class or of its bases in sight is."""
    kind = walk.member(entity, "query")
    if kind is not UNKNOWN:
        return kind
    found = walk.functions.query_properties
    key = walk.functions.classes.key(entity)
    family = walk.functions.classes.family(key) if key is not None else []
    spelled = [entity.mapped_name, *(name for info in family for name in (info.name, *info.spelled_bases))]
    own = next((found[name] for name in spelled if name in found), UNKNOWN)
    if own is not UNKNOWN or walk.program.alone:
        return own
    walk.functions.read("query_property")
    named = ((info.home, name) for info in family for name in (info.name, *info.spelled_bases))
    there = (walk.program.query_property(home, name, walk.unit) for home, name in named if home is not None)
    return next((kind for kind in there if kind is not UNKNOWN), UNKNOWN)


def _conventional(walk: Expressions, entity: Entity) -> QueryProperty | None:
    """The session that Model.query runs on where nothing in sight says so."""
    for name in sorted({*walk.functions.extensions, *conventions.EXTENSION_OBJECTS}):
        binding = walk.scope.look_up(name)
        kind = walk.type_of_name(name)
        if isinstance(kind, (Unknown, Imported)) and binding is not None and name in walk.functions.extensions:
            kind = Extension(Belief.ASSUMED)  # `db, app = setup()` or `from models import db`, and then `db.Model`
        if binding is not None and _is_imported(walk, binding.type) and _used_as_query(walk, entity):
            kind = Extension(Belief.ASSUMED)  # `from app import db`, which nothing here uses
        if isinstance(kind, Extension) and (binding is not None or walk.fragment or walk.imports.stars):
            ref = SessionRef(f"{name}.session", stable=True, binding=walk.binding_of(name))
            return QueryProperty(kind.belief, ref, kind.query_class)
        if binding is None and walk.fragment:
            walk.functions.extensions.add(name)
            return QueryProperty(Belief.ASSUMED, SessionRef(f"{name}.session", stable=True))
    walk.functions.read("names")
    if (made := only_one(walk)) is not None:
        return made
    if (beside := _beside(walk, entity) or _of_base(walk, entity)) is not None:
        return beside
    if walk.scope.look_up("db_session") is not None:
        ref = SessionRef("db_session", stable=True, binding=walk.binding_of("db_session"))
        return QueryProperty(Belief.ASSUMED, ref)
    flask = any(package.startswith("flask") for package in walk.imports.packages)
    if not flask and not walk.imports.packages & {""} and not _used_as_query(walk, entity):
        return None
    return QueryProperty(Belief.ASSUMED, SessionRef("", stable=False))


def _is_imported(walk: Expressions, kind: Type) -> bool:
    """Whether a name comes from a module of the application, and is none itself."""
    if not isinstance(kind, Imported) or names.root(kind.name) in _NOT_APPLICATION:
        return False
    if kind.name.rpartition(".")[2] not in conventions.EXTENSION_OBJECTS:
        return False
    return not isinstance(walk.program.home(walk.unit, kind.name), Unit)


def _used_as_query(walk: Expressions, entity: Entity) -> bool:
    """Whether a class that comes from elsewhere is asked what only a Query is: `Redirect.query.filter_by(…)`."""
    return _from_elsewhere(walk, entity) and _is_asked(walk)


def _from_elsewhere(walk: Expressions, entity: Entity) -> bool:
    """Whether a class is imported; nothing binds it where that is by `*`, or where it is pasted without its import."""
    binding = walk.scope.look_up(names.root(entity.name))
    return binding is None or isinstance(binding.type, (Imported, Entity))


def _beside(walk: Expressions, entity: Entity) -> QueryProperty | None:
    """The `db` of the module that a model is imported from, where that module is known to have one."""
    mapped = walk.mapping.get(entity.mapped_name)
    full = walk.imports.aliases.get(names.root(entity.mapped_name), "")
    if mapped is None or not mapped.module:
        return None
    there = (known for known in walk.mapping.family(mapped.name) if known.origin == mapped.origin)
    name = next((known.extension for known in there if known.extension is not None), None)
    if name is None:
        return None
    root, dot, _ = entity.mapped_name.rpartition(".")
    if dot and "." not in root and full.rpartition(".")[2] == mapped.module:
        return QueryProperty(Belief.ASSUMED, walk.reference(f"{root}.{name}.session"))
    module = full.rpartition(".")[0]
    if dot or module.rpartition(".")[2] != mapped.module or name in walk.bound:
        return None
    return QueryProperty(Belief.ASSUMED, SessionRef(f"{name}.session", stable=True, needs=(module, name)))


def only_one(walk: Expressions) -> QueryProperty | None:
    """What `Model.query` is where the program has one object of Flask-SQLAlchemy: a query on its session."""
    found = [
        (unit, name, binding.bound_by, binding.type)
        for unit in walk.program.units
        for name, binding in unit.bindings.items()
        if isinstance(binding.type, Extension) and binding.type.belief is Belief.PROVEN
    ]
    if len(found) != 1:
        return None
    unit, name, bound_by, kind = found[0]
    ref = walk.program.session(SessionRef(f"{name}.session", stable=True, binding=bound_by), unit, walk.unit)
    return QueryProperty(Belief.ASSUMED, ref, kind.query_class) if ref.stable else None


def _of_base(walk: Expressions, entity: Entity) -> QueryProperty | None:
    """The `db` whose `Model` the class, or one that it extends, is made of, in the words of this module.

    A program may have several names for it, or several of the kind: what a class extends tells which is meant.
    """
    key = walk.functions.classes.key(entity)
    for info in walk.functions.classes.family(key) if key is not None else ():
        owners = (base.partition(".") for base in info.spelled_bases)
        name = next((owner for owner, _, last in owners if last == "Model"), "")
        binding = info.home.bindings.get(name) if info.home is not None else None
        if info.home is None or binding is None or not _is_extension(walk, info.home, binding.type):
            continue
        ref = walk.program.session(SessionRef(f"{name}.session", True, binding.bound_by), info.home, walk.unit)
        if ref.stable:
            return QueryProperty(Belief.ASSUMED, ref)
    return None


def _is_extension(walk: Expressions, unit: Unit, kind: Type) -> bool:
    """Whether what a module binds is Flask-SQLAlchemy's object, there or where it is imported from."""
    goal = walk.program.home(unit, kind.name) if isinstance(kind, Imported) else None
    there = goal.unit.bindings.get(goal.name) if isinstance(goal, Home) and not goal.rest else None
    return isinstance(kind if there is None else there.type, Extension)


def _query(walk: Expressions, node: cst.Attribute, entity: Entity, source: QueryProperty) -> Query:
    query_class = source.query_class
    own = walk.member(entity, "query_class")
    if isinstance(own, LocalClass):
        info = walk.functions.classes.info(own.key)
        query_class = info.name if info is not None else query_class
    elif own is UNKNOWN and (mapped := walk.mapping.get(entity.mapped_name)) is not None and mapped.query_class:
        query_class = mapped.query_class
    elif own is not UNKNOWN and not (
        isinstance(own, Imported) and own.name.rpartition(".")[2] in queryclasses.STANDARD
    ):
        query_class = own.name if isinstance(own, (Imported, Entity)) else "query_class"
    belief = entity.belief & source.belief
    query = Query(belief, None, frozenset({id(node)}), source.session, froms=frozenset({entity.name}))
    query = replace(query, model_queries=frozenset({entity.mapped_name}))
    of_object = isinstance(walk.types.get(id(node.value)), (Instance, LocalInstance))
    selected = names.expression(entity.name) if of_object else node.value
    query = queries.reshaped(query, (queries.element(selected, entity),), query.froms, walk.mapping)
    query = queryclasses.applied(walk, query, node, query_class, of_model=query_class != source.query_class)
    walk.site(SiteKind.CREATION, node, "model_query", Session(source.belief), result=query)
    querymethods.doubt_all(walk, node, query)
    if entity.alias_of is not None and (other := _below(walk, entity)) is not None:
        walk.escape(
            query, node, f"`{other}` extends the class and has a query class of its own, which may be asked here"
        )
    queryclasses.suspected(walk, query, node, entity)
    return query
