"""The world in which a paste runs: models, session, engine, connection and SQLAlchemy's names, found by their names.

A name that the paste doesn't bind itself, or imports from a module that isn't there, is looked up here. Runs on either
SQLAlchemy.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import importlib
import inspect
import random
import sys
import types
import typing
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.ext import asyncio as sqlalchemy_asyncio

from . import logs, standins
from .anydb import AnyDb, OrmOrModels
from .asynchronous import engine_for as async_engine_for
from .asynchronous import part as asynchronous_part
from .conventions import (
    ASYNC_NAMES,
    CONNECTION_NAMES,
    ENGINE_NAMES,
    FACTORY_NAMES,
    GETTER_NAMES,
    METADATA_NAMES,
    NOT_FLASKS,
    OF_OBJECTS,
    PARTS,
    REGISTRY_NAMES,
    SESSION_NAMES,
)
from .database import Database
from .guards import safe_builtins
from .known import known
from .placeholders import Placeholder, UnknownModule
from .replacing import later, replace
from .sampling import NOTHING_WANTED, UNNAMED, Sampler, Wanted
from .seeding import Seeder
from .sessions import session_class
from .world import World

SCHEMA = "<schema>"
"""The file name of the models that are given beside the paste."""


class SchemaFailed(Exception):
    """The models that are given beside the paste can't be run; `cause` is the error they raise."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Environment:
    """One job's world."""

    def __init__(
        self,
        database: Database,
        seeder: Seeder,
        models: str,
        methods: Iterable[str] = (),
        roles: Mapping[str, str] | None = None,
        wanted: Wanted = NOTHING_WANTED,
    ) -> None:
        self.database = database
        self.seeder = seeder
        self._roles = roles or {}
        self._patch_factories()
        logs.watch()
        self.standins = standins.build(database.engine)
        self._methods = frozenset(methods)
        self._base: Any = None
        self._own_names: frozenset[str] = frozenset()
        self._guessed: frozenset[type] = frozenset()
        """The classes that were made up from their uses."""
        self._models = self._load_models(models)
        self.sampler = Sampler(seeder, wanted)
        replace(World, "typed", staticmethod(self.sampler.plain))
        replace(World, "part", staticmethod(self.part))
        replace(World, "methods", self._methods)
        replace(World, "row", staticmethod(self._row_called))
        self.made_up: set[str] = set()
        self._made: dict[str, Any] = {}
        self._scoped: Any = None

    def offer(self, name: str) -> Any:
        """The object of this name; raises KeyError."""
        if name in self._models:
            return self._models[name]
        if name not in self._made:
            self._made[name] = self._in_role(name) if name in self._roles else self._make(name)
        return self._made[name]

    def is_row(self, name: str) -> bool:
        """Whether the text does with a name what is done with an object of a mapped class."""
        return self._roles.get(name) == "row"

    def _in_role(self, name: str) -> Any:
        """What a name must be for what the text does with it; raises KeyError where it is only some object."""
        role = self._roles[name]
        if role == "cookie":
            return self.standins["flask"].session
        if role == "moment":
            return datetime.datetime
        if role == "asking":
            return self.session.query
        if role == "statement" and (model := self.sampler.model()) is not None:
            return sqlalchemy.select(model)
        if role == "type":
            return standins.column_type(name, known)
        if role == "base":
            self.made_up.add(name)
            return self._base
        if role == "called":
            return self._called(name)
        if role == "module":
            return self._module(name)
        if role in ASYNC_NAMES:
            return asynchronous_part(role, self.database)
        try:
            return self._make(name)
        except KeyError:
            if role == "object":
                raise
        self.made_up.add(name)
        return self.session if role == "session" else standins.not_shown(name)

    def _module(self, name: str) -> Any:
        """What a name means that the text asks for a class: `db`, a module, and no row of that name."""
        if name in PARTS or name in ("orm", "database") or name in self._frameworks:
            return self._make(name)
        with contextlib.suppress(KeyError):
            found = known(name)
            if isinstance(found, types.ModuleType) or found is sqlalchemy.func:  # `func.ST_Within(…)`
                return found
        self.made_up.add(name)
        return Placeholder(name, "", self.part)

    def _called(self, name: str) -> Any:
        """What a name means that the text calls, or decorates with: never a plain value."""
        if name in SESSION_NAMES:
            return self.scoped
        try:
            found = self._make(name)
        except KeyError:
            found = None
        if callable(found):
            return found
        if name in PARTS:
            return lambda *_, **__: found
        self.made_up.add(name)
        return Placeholder(name, "", self.part)

    def load_schema(self, source: str, free: Iterable[str]) -> None:
        """Run models that are given beside the paste, and offer what they define. Raises `SchemaFailed`."""
        module = self.module(free, "models")
        before = set(vars(module))
        try:
            exec(compile(source, SCHEMA, "exec", dont_inherit=True), vars(module))  # noqa: S102  # what the jail is for
        except BaseException as error:
            raise SchemaFailed(error) from None
        found = {name: value for name, value in vars(module).items() if name not in before and name[:1] != "_"}
        self._models.update(found)
        self._make_queryable(found.get("Base"))

    def module(self, free: Iterable[str], name: str = "__main__") -> types.ModuleType:
        """The module that the paste becomes; `free` are the names it uses and doesn't bind."""
        fallback = {}
        for used in free:
            try:
                fallback[used] = self.offer(used)
            except KeyError:
                fallback[used] = self.sample(used)
        module = types.ModuleType(name)
        offered = safe_builtins(self._unknown_module, self.standins, fallback)
        offered.update({used: self.sample(used) for used, role in self._roles.items() if role == "object"})
        vars(module)["__builtins__"] = offered
        sys.modules[name] = module  # annotations and dataclasses look their module up
        return module

    def part(self, name: str) -> Any:
        """The object of this name as a part of something unknown: a model, a session; not e.g. `form.text`. Raises KeyError."""
        if name in OF_OBJECTS and UNNAMED in self._models:
            return self._models[UNNAMED]
        if not (name[:1].isupper() or name in PARTS or name in self._models):
            raise KeyError(name)
        return self.offer(name)

    def row(self, kind: type) -> Any:
        """The first object of a mapped class, looked for without a trace of it in the proof; None without one."""
        self.database.recorder.on, on = False, self.database.recorder.on
        try:
            return self.sampler.entity(kind.__name__, self.session)
        finally:
            self.database.recorder.on = on

    def _of_module(self, name: str) -> Any:
        """What a module that isn't there has by a name: nothing of `typing`, whose List another one's may be. Raises KeyError."""
        found = self.offer(name)
        if name not in self._models and found is getattr(typing, name, None):
            raise KeyError(name)
        return found

    def rows(self, kind: type) -> list[Any]:
        """Every object of a mapped class, likewise."""
        self.database.recorder.on, on = False, self.database.recorder.on
        try:
            return list(self.session.query(orm.class_mapper(kind)).all())
        finally:
            self.database.recorder.on = on

    def _row_called(self, name: str) -> Any:
        found = self.sampler.entity(name, self.session) if name.islower() else None
        if found is None:
            raise KeyError(name)
        return found

    def _unknown_module(self, name: str) -> types.ModuleType:
        return UnknownModule(name, self._of_module, self.part, self.made_up.add)

    def sample(self, name: str, annotation: Any = inspect.Parameter.empty) -> Any:
        """A sample value for a name that nothing gives; what can't be told from a plain value is a placeholder."""
        self.made_up.add(name)
        value = self.sampler.typed(name, annotation)
        if value is None and (
            isinstance(found := self.sampler.plain(name), (int, list, datetime.date)) or self.sampler.is_text(name)
        ):
            value = found
        return value if value is not None else Placeholder(name, "", self.part)

    def query(self) -> Any:
        """What `query` means where nobody shows it: one of the first model."""
        model = self.sampler.model()
        return self.sample("query") if model is None else self.session.query(model)

    @property
    def session(self) -> Any:
        """The session that `session`, `db.session` and `Model.query` mean."""
        return self.scoped()

    @property
    def scoped(self) -> Any:
        if self._scoped is None:
            maker = orm.sessionmaker(bind=self.database.engine(), query_cls=standins.BaseQuery)
            self._scoped = orm.scoped_session(maker)
        return self._scoped

    @property
    def unclosed(self) -> int:
        """How many connections are in use, the sandbox's own session's among them."""
        return self.database.unclosed(self._scoped.registry() if self._scoped is not None else None)

    def rollback(self) -> None:
        """Forget what a function left open, so that the next one starts afresh."""
        if self._scoped is not None:
            self._scoped.rollback()

    def forget(self) -> None:
        """Let go of every session and connection, so that the text can be run anew."""
        orm.close_all_sessions()
        self._scoped = None
        self._made.clear()
        if self._base is not None:
            self._forget_models(self._base)

    def _forget_models(self, base: Any) -> None:
        """Let go of the tables and classes of the text that stand beside those that were made up."""
        for table in [table for name, table in base.metadata.tables.items() if name not in self._own_names]:
            base.metadata.remove(table)
        known = base.registry._class_registry
        for name in [name for name in known if name not in self._own_names]:
            del known[name]

    def _make(self, name: str) -> Any:
        if name in SESSION_NAMES:
            return self.scoped if name[:1].isupper() else self.session  # `DBSession()` makes one, too
        if name in FACTORY_NAMES:
            return (
                session_class(self.database.engine(), lambda: self.session)
                if name == "Session"
                else orm.sessionmaker(bind=self.database.engine())
            )
        if name in ENGINE_NAMES:
            return self.database.engine()
        if name in CONNECTION_NAMES:
            return self.database.engine().connect()
        if name in GETTER_NAMES:
            return lambda *_, **__: self.session
        if name in ASYNC_NAMES:
            return asynchronous_part(name, self.database)
        if name in ("db", "database"):
            return self._db()
        if name in ("query", "q", "qry", "base_query"):
            return self.query()
        if name in ("stmt", "statement") and (model := self.sampler.model()) is not None:
            return sqlalchemy.select(model)
        if name in METADATA_NAMES and self._base is not None:
            return self._base.metadata
        if name in REGISTRY_NAMES and self._base is not None:
            return self._base.registry
        if name in ("baked", "bakery"):
            baked = importlib.import_module("sqlalchemy.ext.baked")
            return baked.bakery() if name == "bakery" else baked
        if name == "orm":
            return OrmOrModels(self.part)
        if name in self._frameworks:
            return self._frameworks[name]
        found = self.sampler.entity(name, self.session) if name.islower() else None
        if found is not None:
            self.made_up.add(name)
            return found
        if name in ("app", "bp", "router", "blueprint", "api"):
            return standins._Passing()
        if name == "time":
            return self.standins[name]
        return known(name)

    @functools.cached_property
    def _frameworks(self) -> dict[str, Any]:
        """The names of the stand-ins: a fragment seldom shows where `jsonify` comes from."""
        modules = (self.standins[name] for name in ("flask", "fastapi", "flask_sqlalchemy", "click"))
        return {
            name: value
            for module in modules
            for name, value in vars(module).items()
            if name[:1] != "_" and name not in NOT_FLASKS
        }

    def _db(self) -> Any:
        return AnyDb(self.database.engine(), self.scoped, self.part, self._base)

    def _load_models(self, source: str) -> dict[str, Any]:
        if not source:
            return {}
        module = types.ModuleType("models")
        sys.modules["models"] = module
        try:
            exec(compile(source, "<models>", "exec", dont_inherit=True), vars(module))  # noqa: S102  # our own text, jailed
        except Exception as error:
            raise SchemaFailed(error) from None
        found = {name: value for name, value in vars(module).items() if not name.startswith("_")}
        self._base = found["Base"]
        self._own_names = frozenset({*self._base.metadata.tables, *self._base.registry._class_registry})
        later(self._base.registry.dispose)
        self._guessed = frozenset(kind for kind in found.values() if isinstance(kind, type) and kind is not self._base)
        self._make_queryable(found.get("Base"))
        standins.complete(found["Base"], lambda name: self.made_up.add(name))
        return found

    def _make_queryable(self, base: Any) -> None:
        if base is not None and not hasattr(base, "query"):
            base.query = standins._QueryProperty(lambda: self.session)
            base.__getattr__ = lambda entity, name: self._not_shown(entity, name)
            replace(type(base), "__getattr__", lambda kind, name: self._not_shown(kind, name))

    def _not_shown(self, entity: Any, name: str) -> Any:
        """A method that the text calls on a model it doesn't show, a constant of its class, a value of an object of it."""
        is_class = isinstance(entity, type)
        kind = entity if is_class else type(entity)
        if name in self._methods and (not is_class or kind in self._models.values()):
            return Placeholder(name, "", self.part)
        if kind in self._guessed and name[:1] != "_":
            if name.isupper():
                return name.lower()
            if not is_class:
                return self.sampler.plain(name, f".{name}")
        whose = f"type object {kind.__name__!r}" if is_class else f"{kind.__name__!r} object"
        raise AttributeError(f"{whose} has no attribute {name!r}")

    def _patch_factories(self) -> None:
        """Every engine is the job's; a session without a bind finds it."""
        for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.engine.create", "sqlalchemy.future"):
            module = importlib.import_module(name)
            for factory in ("create_engine", "engine_from_config"):
                if hasattr(module, factory):
                    replace(module, factory, self.database.create_engine)
        replace(sqlalchemy_asyncio, "create_async_engine", lambda *_, **__: async_engine_for(self.database))
        session_class: Any = orm.Session
        found = session_class.get_bind

        def get_bind(session: Any, *args: Any, **options: Any) -> Any:
            try:
                return found(session, *args, **options)
            except sqlalchemy.exc.UnboundExecutionError:
                return self.database.engine()

        replace(session_class, "get_bind", get_bind)


def make_repeatable() -> None:
    """Have random numbers and UUIDs come out the same in both runs."""
    random.seed(0)
    numbers = iter(range(1, 10**9))
    replace(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers), version=4))
