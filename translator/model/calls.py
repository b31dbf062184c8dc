"""Typing of calls: methods of Query, Session, Engine and their kin, functions of SQLAlchemy, functions of the text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import (
    attributes,
    binds,
    builders,
    columns,
    containers,
    conventions,
    core,
    creating,
    crossing,
    dynamic,
    executors,
    extension,
    guesses,
    lattice,
    listeners,
    loaders,
    makers,
    queries,
    queryclasses,
    querymethods,
    rendering,
    selecting,
    stored,
    tables,
    texts,
    transactions,
)
from translator.model.lattice import held
from translator.model.signatures import (
    CONSUMERS,
    EXPRESSION_FUNCTIONS,
    LOADER_OPTIONS,
    QUERY_METHODS,
    Effect,
    is_sql_function,
)
from translator.model.sites import SiteKind
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Attribute,
    Belief,
    Connectable,
    Connection,
    Engine,
    Entered,
    Entity,
    Expression,
    Extension,
    Fact,
    Function,
    Gives,
    Guess,
    Imported,
    Instance,
    Keyed,
    LoaderOption,
    LocalClass,
    LocalInstance,
    Many,
    Pending,
    Phase,
    Plain,
    Query,
    QueryMaker,
    QueryProperty,
    Result,
    Row,
    Select,
    Session,
    SessionFactory,
    SessionRef,
    TableValue,
    Transaction,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_STRINGS_OF_QUERY = frozenset({"str", "repr", "print", "len", "isinstance", "type", "id", "hash"})


def call(walk: Expressions, node: cst.Call, *, used: bool) -> Type:
    """The type of a call, with the sites that it is."""
    if isinstance(node.func, cst.Attribute):
        result = _method(walk, node, node.func, used=used)
    else:
        result = _function(walk, node, walk.expression(node.func), used=used)
    transactions.handed(walk, node)
    stored.called(walk, node)
    return result


def _method(walk: Expressions, node: cst.Call, func: cst.Attribute, *, used: bool) -> Type:
    walk.path.append(func)
    name = func.attr.value
    owner = attributes.as_session(walk, func, walk.expression(func.value), called=True)
    walk.path.pop()
    if owner is UNKNOWN or isinstance(owner, Imported):
        extension.note_use(walk, func)
    executors.note_use(walk, node, func, owner)
    match owner:
        case Query():
            return _query_method(walk, node, name, owner, used=used)
        case Session():
            return _session_method(walk, node, func, name, owner, used=used)
        case SessionFactory(scoped=True) if name != "begin":
            session = Session(owner.belief, owner.is_async, query_class=owner.query_class)
            return _session_method(walk, node, func, name, session, used=used)
        case SessionFactory():
            walk.arguments(node, walk.expression)
            return Session(owner.belief, owner.is_async) if name == "begin" else UNKNOWN
        case _ if isinstance(owner, core.OWNERS):
            return core.method(walk, node, func, owner, used=used)
        case Attribute() | Expression() if name == "query" and guesses.session(walk, node, func, name, UNKNOWN):
            return _session_method(walk, node, func, name, Session(Belief.ASSUMED), used=used)
        case Attribute() | Expression():
            return columns.method(walk, node, name, owner, used=used)
        case LoaderOption():
            outer = walk.loading
            walk.loading = owner.owners  # joinedload(A.b).options(load_only("x")): "x" is an attribute of b
            kinds = walk.arguments(node, walk.operand)
            walk.loading = outer
            walk.site(SiteKind.CALL, node, f"sqlalchemy.orm.{name}", owner, arguments=kinds, used=used)
            return loaders.option(name, node, kinds, owner, walk.mapping)
        case Select():
            return core.statement_method(walk, node, func, owner, used=used)
        case TableValue():
            return core.method(walk, node, func, owner, used=used)
        case Entity() if (member := walk.member(owner, name)) is not UNKNOWN:
            return _function(walk, node, member, used=used)
        case Entity(belief=Belief.ASSUMED) if (spelled := tables.of_class(walk, node, func, name)) is not None:
            return core.method(walk, node, func, spelled, used=used)
        case Entity():
            into = f"it is passed to `{owner.name}.{name}()`"
            walk.arguments(node, lambda v: walk.consume(v, into, convertible=True))
            return (
                Guess(frozenset({id(node)}), f"{names.code(node.func)}()") if name == "query" else tables.given(owner)
            )
        case Many() | Keyed():
            return containers.method(walk, node, func, owner)
        case Connectable():
            return executors.method(walk, node, name, used=used)
        case Guess():
            return guesses.method(walk, node, name, owner)
        case Pending():
            walk.arguments(node, walk.expression)
            return owner
        case Plain():
            return texts.method(walk, node, name, owner)
    if isinstance(owner, Imported):
        core.of_class(walk, node, owner, name)
    if isinstance(owner, Imported) and (operated := core.of_operation(owner, name)) is not None:
        return operated
    if owner is UNKNOWN or (isinstance(owner, Imported) and not core.own_package(owner.name)):
        table = tables.guessed(walk, node, func, name)
        if table is not None:
            return core.method(walk, node, func, table, used=used)
    if owner is UNKNOWN or isinstance(owner, (Imported, Extension)):
        guessed = guesses.session(walk, node, func, name, owner)
        if guessed is not None:
            return _session_method(walk, node, func, name, guessed, used=used)
    if name == "generate_base" and walk.about_sqlalchemy:
        walk.site(SiteKind.CALL, node, "sqlalchemy.orm.registry.generate_base", owner)
    kind = walk.attribute_of(func, owner)
    if isinstance(kind, (Imported, SessionFactory)):
        walk.types[id(func)] = kind  # rules ask for the whole name of what is called, and which session that gives
    sql = walk.about_sqlalchemy
    unknown = kind is UNKNOWN and owner is UNKNOWN and (sql or walk.program.whole)
    if unknown and (found := crossing.by_name(walk, node, name)) is not None:
        return found
    if kind is UNKNOWN and owner is UNKNOWN:
        if isinstance(guess := guesses.named(walk, node, func.value, name), Guess):
            return guesses.method(walk, node, name, guess)
        if sql and name in guesses.BUILDERS:
            return guesses.built(walk, node, func)
    if kind is UNKNOWN and owner is UNKNOWN and (made := executors.of_unknown(walk, node, func, used=used)) is not None:
        return made
    if isinstance(owner, Imported) and name == "execute":
        executors.of_import(walk, node, func, owner)
    if kind is UNKNOWN and owner is UNKNOWN and (giver := walk.functions.method_giving_rows(name)) is not None:
        return lattice.told(crossing.call(walk, node, giver.key))
    return _function(walk, node, kind, used=used)


def _query_method(walk: Expressions, node: cst.Call, name: str, owner: Query, *, used: bool) -> Type:
    signature = QUERY_METHODS.get(name)
    if (method := querymethods.own(walk, name, owner)) is not None:
        return querymethods.call(walk, node, owner, method)
    if queryclasses.refused(walk, node, name, owner):
        walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{name}()`"))
        return Guess(owner.origins, f"{name}()")
    if signature is None:
        walk.site(SiteKind.METHOD, node, name, owner, used=used)
        walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `Query.{name}()`"))
        return UNKNOWN
    kinds = _option_arguments(walk, node, owner) if name == "options" else walk.arguments(node, walk.operand)
    result: Type
    if signature.effect is Effect.BUILDS:
        result = builders.build(owner, name, node, kinds, walk.mapping)
        if name == "with_session" and kinds and isinstance(kinds[0], Session):
            result = replace(result, session=walk.session_ref(node.args[0].value, kinds[0]))
    elif signature.effect is Effect.EXECUTES:
        result = builders.fetched(name, owner)
    else:
        result = _nested(name, owner)
    walk.site(SiteKind.METHOD, node, name, owner, arguments=kinds, result=result, used=used)
    return result


def _option_arguments(walk: Expressions, node: cst.Call, owner: Query) -> list[Type]:
    """The types of loader options, whose strings name attributes of what the query selects."""
    outer = walk.loading
    named = Fact.ELSEWHERE not in owner.may
    walk.loading = tuple(e.entity for e in owner.shape or () if e.entity and named)
    kinds = walk.arguments(node, walk.operand)
    walk.loading = outer
    return kinds


def _nested(name: str, owner: Query | Select) -> Type:
    if name in {"subquery", "cte", "alias", "lateral"}:
        return TableValue("")
    if name == "exists":
        return Expression(exists=True)
    if name in {"label", "scalar_subquery", "as_scalar"}:
        return Expression()
    return owner if isinstance(owner, Select) else UNKNOWN


def _session_method(
    walk: Expressions, node: cst.Call, func: cst.Attribute, name: str, owner: Session, *, used: bool
) -> Type:
    if name == "query":
        return selecting.asked(walk, node, owner, walk.session_ref(func.value, owner), used=used)
    if name in {"execute", "scalar", "scalars", "stream", "stream_scalars"}:
        kinds = walk.arguments(node, lambda v: walk.handed(v, name, first=v is node.args[0].value))
        core.member(walk, node, name, owner, arguments=kinds, used=used)
        if name == "execute":
            return Result(Row(None, owner.belief, keyed=None), owner.belief)
        return Result(UNKNOWN, owner.belief) if name == "scalars" else UNKNOWN
    kinds = walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `Session.{name}()`"))
    core.member(walk, node, name, owner, arguments=kinds, used=used)
    if name in {"add", "add_all"} and node.args:
        dynamic.added(walk, node.args[0].value, kinds[0], walk.session_ref(func.value, owner))
    if name == "expunge" and node.args:
        dynamic.expunged(walk, node.args[0].value, kinds[0])
    if name == "query_property":
        query_class = names.keyword(node, "query_cls") or (node.args[0].value if node.args else None)
        ref = walk.session_ref(func.value, owner)
        return QueryProperty(owner.belief, ref, names.code(query_class) if query_class is not None else None)
    if name in {"connection"}:
        return Connection(owner.belief, owner.is_async, Phase.BEGUN)
    if name in {"begin", "begin_nested"}:
        return Transaction(nested=True)
    if name == "get" and kinds and isinstance(kinds[0], Entity):
        return Instance(kinds[0], session=walk.session_ref(func.value, owner))
    if name == "merge" and kinds:
        return kinds[0]
    if name == "get_bind":
        return Engine(owner.belief)
    return UNKNOWN


def _function(walk: Expressions, node: cst.Call, kind: Type, *, used: bool) -> Type:
    match kind:
        case Imported(name=full) if names.root(full) in conventions.EXTENSION_MODULES:
            return _package_function(walk, node, full, used=used)
        case SessionFactory(belief=belief, is_async=is_async, query_class=query_class):
            kinds = walk.arguments(node, walk.expression)
            walk.site(SiteKind.CALL, node, "sqlalchemy.orm.Session", kind, arguments=kinds, used=used)
            given = names.keyword(node, "query_cls")
            return Session(belief, is_async, query_class=query_class if given is None else names.code(given))
        case Session():  # a scoped_session that is called by its convention's name
            walk.arguments(node, walk.expression)
            return kind
        case Function(key=key):
            return makers.given(walk, node, kind, crossing.call(walk, node, key))
        case makers.ColumnMaker():
            return makers.made(walk, node, kind)
        case Imported(name="functools.partial") if makers.takes_column(walk, node):
            return makers.partial_of(walk, node)
        case Entity(name=full) if full.rpartition(".")[2] == "Column" and full not in walk.mapping:
            return makers.made(walk, node, kind)  # the application's own, of a module that is not in sight
        case LocalClass(key=key) if makers.extends_column(walk, key):
            return makers.made(walk, node, kind)
        case executors.Bound():
            return executors.of_bound(walk, node, kind)
        case QueryMaker():
            return selecting.asked_by(walk, node, kind, used=used)
        case Pending():
            walk.arguments(node, walk.expression)
            return kind
        case Gives(of=of):
            walk.arguments(node, lambda v: walk.consume(v, "it is passed to a lambda"))
            return of
        case LocalClass(key=key, name=name):
            made = LocalInstance(key, name, made=True)
            containers.made(walk, node, made)
            return extension.made(walk, node) if extension.extends(walk, key) else made
        case Entity(name=name, belief=Belief.ASSUMED) if name in CONSUMERS:  # `Counter`, `OrderedDict` in a fragment
            return containers.consumed(walk, node, name)
        case Entity():
            walk.arguments(node, lambda v: walk.consume(v, f"it is passed to `{kind.name}()`", convertible=True))
            return creating.created(walk, node, kind)
    if kind is UNKNOWN and (guess := guesses.asked(walk, node)) is not None:
        return guess
    spelled = names.dotted(node.func) or "the function"
    if f".{spelled}".rpartition(".")[0].endswith(".db.func"):  # of Flask-SQLAlchemy's object, wherever that comes from
        return queries.computed(spelled.rpartition(".")[2], walk.arguments(node, walk.operand))
    last = spelled.rpartition(".")[2]
    if spelled == "getattr" and node.args:
        return guesses.got(walk, node)
    if (handed := containers.of_library(walk, node, spelled)) is not None:
        return handed
    if last == "closing" and len(node.args) == 1:
        return Entered(walk.expression(node.args[0].value))
    if spelled == "super" and (query := querymethods.above(walk, node)) is not UNKNOWN:
        return query
    if spelled == "super" and (above := attributes.above(walk, node)) is not None:
        return above
    reason = (
        f"its text or type is read by `{spelled}()`"
        if spelled in _STRINGS_OF_QUERY
        else f"it is passed to `{names.called(node.func)}()`, which is not in sight"
    )
    leaves = spelled not in _STRINGS_OF_QUERY and last not in containers.ADDING
    into_template = rendering.visitor(walk, node, kind)
    kinds = walk.arguments(node, into_template or (lambda v: walk.consume(v, reason, convertible=leaves)))
    core.told(walk, node, spelled, kinds)
    containers.given(walk, node, kind, kinds)
    querymethods.handed(walk, spelled, kind, kinds)
    called = node.func.attr.value if isinstance(node.func, cst.Attribute) else last
    if called in conventions.ENGINE_GETTERS:
        return Engine(Belief.ASSUMED)
    if isinstance(kind, Imported) and kind.name.startswith("oslo_db.") and called == "get_table":
        return executors.reflected(walk, node)
    origins = frozenset(origin for kind in kinds for query in held(kind) for origin in query.origins)
    if origins and spelled not in _STRINGS_OF_QUERY:
        return Guess(origins, f"{spelled}()")
    foreign = isinstance(kind, Imported) and names.root(kind.name) in (
        conventions.FOREIGN_IMPORTS | {"requests", "flask", "urllib"}
    )
    return PLAIN if foreign else UNKNOWN


def _package_function(walk: Expressions, node: cst.Call, full: str, *, used: bool) -> Type:
    last = full.rpartition(".")[2]
    if is_sql_function(full):
        kinds = walk.arguments(node, walk.operand)
        return queries.computed(last, kinds)
    kinds = [binds.still_bound(walk, kind) for kind in walk.arguments(node, selecting.operand_of(walk, full))]
    if last == "listen":
        listeners.noted(walk, node, kinds)
    if last == "Query" and full.startswith("sqlalchemy.orm"):
        return selecting.query_object(walk, node, kinds, used=used)
    if last in LOADER_OPTIONS:
        before = LoaderOption(False, walk.loading)
        walk.site(SiteKind.CALL, node, full, before, arguments=kinds, used=used)
        return loaders.option(last, node, kinds, before, walk.mapping)
    walk.site(SiteKind.CALL, node, full, UNKNOWN, arguments=kinds, used=used)
    if last == "Column":
        makers.seen(walk)
    if last == "Bundle":
        single = names.keyword(node, "single_entity")
        drawn = frozenset().union(*map(queries.mentions, kinds))
        plain = not any(isinstance(kind, Entity) for kind in kinds) and names.code(single or cst.Name("False"))
        if plain in {"True", "False"}:
            return Expression(drawn, label=names.literal_string(node.args[0].value), bundle=plain == "True")
        return UNKNOWN
    if (made := core.constructed(walk, node, full, kinds)) is not None:
        return made
    if last == "SQLAlchemy":
        return extension.made(walk, node)
    if last == "object_session" and len(node.args) == 1 and (path := names.dotted(node.args[0].value)):
        ref = SessionRef(names.code(node), stable=True, binding=walk.binding_of(path))
        return Session(Belief.PROVEN, origin=ref)
    if last == "Depends" or full.rpartition(".")[0] in {"fastapi", "litestar.di"}:
        return crossing.yielded(walk, kinds[0]) if kinds else UNKNOWN
    if last in EXPRESSION_FUNCTIONS:
        return queries.computed(last, [_spread(walk, a, kind) for a, kind in zip(node.args, kinds, strict=True)])
    return queryclasses.given(node, kinds, _constructed(last, kinds))


def _spread(walk: Expressions, arg: cst.Arg, kind: Type) -> Type:
    """What `*[…]` gives that is written out; a list in a variable may have got more where nobody looked."""
    written = isinstance(arg.value, (cst.ListComp, cst.GeneratorExp, cst.List, cst.Tuple))
    return walk.types.get(id(arg.value), UNKNOWN) if arg.star == "*" and written else kind


def _constructed(last: str, kinds: list[Type]) -> Type:
    first = kinds[0] if kinds else UNKNOWN
    match last:
        case "exists":
            return Expression(exists=True)
        case "Load":
            return LoaderOption(False, (first.name,) if isinstance(first, Entity) else ())
        case "aliased" | "with_polymorphic":
            mapped = first.mapped_name if isinstance(first, Entity) else None
            belief = first.belief if isinstance(first, Entity) else Belief.ASSUMED
            return Entity("", belief, alias_of=mapped or "?")
        case "sessionmaker" | "async_sessionmaker":
            return SessionFactory(Belief.PROVEN, is_async=last.startswith("async"))
        case "scoped_session":
            return SessionFactory(Belief.PROVEN, scoped=True)
        case "Session" | "create_session" | "object_session" | "AsyncSession":
            return Session(Belief.PROVEN, is_async=last == "AsyncSession")
    return UNKNOWN
