"""Small stand-ins for the frameworks that SQLAlchemy code is pasted with: Flask-SQLAlchemy, Flask, FastAPI, os, sys.

Only what concerns the database behaves; a view returns what it would have rendered. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import functools
import itertools
import posixpath
import sys
import time
import types
from collections.abc import Callable
from typing import Any

import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.dialects import mysql, postgresql

from .conventions import table_name
from .guards import Unavailable
from .placeholders import Placeholder
from .requesting import Cookie, Globals, Request
from .world import World

START = 1_700_000_000
"""The time that a paste's clocks begin with, in seconds since 1970."""


class HTTPError(Exception):
    """What `abort` and `get_or_404` raise."""

    def __init__(self, code: int = 404, *_: Any, status_code: int | None = None, **__: Any) -> None:
        super().__init__(f"HTTP {code if status_code is None else status_code}")
        self.code = code if status_code is None else status_code


class NotShownError(Exception):
    """An exception that the text raises or catches and doesn't show."""

    def __init__(self, *args: Any, **_: Any) -> None:
        super().__init__(*args)


class _Kind(type):
    """The class of an exception that isn't shown: what it has besides makes one, e.g. `InvalidUsage.user_not_found()`."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **_: cls(name, *args)


def not_shown(name: str) -> type:
    """An exception of this name."""
    return _Kind(name, (NotShownError,), {})


def column_type(name: str, known: Callable[[str], Any]) -> Any:
    """The type of this name: SQLAlchemy's, one of a dialect's, or one that nobody shows, which holds texts."""
    try:
        return known(name)
    except KeyError:
        found = next((vars(dialect)[name] for dialect in (postgresql, mysql) if name in vars(dialect)), None)
        made = {"impl": sqlalchemy.String, "cache_ok": True, "__init__": _of_any_size}
        return type(name, (sqlalchemy.types.TypeDecorator,), made) if found is None else found


def _of_any_size(self: Any, *_: Any, **__: Any) -> None:
    sqlalchemy.types.TypeDecorator.__init__(self)


class BaseQuery(orm.Query):  # type: ignore[type-arg]
    """Flask-SQLAlchemy's query, as far as it is plain Query and an error."""

    def get_or_404(self, ident: Any, description: Any = None) -> Any:
        return _or_404(self.get(ident))

    def first_or_404(self, description: Any = None) -> Any:
        return _or_404(self.first())

    def one_or_404(self, description: Any = None) -> Any:
        try:
            return self.one()
        except sqlalchemy.exc.InvalidRequestError:
            raise HTTPError(404) from None

    def paginate(self, page: Any = None, per_page: Any = None, error_out: bool = True, max_per_page: Any = None) -> Any:
        place = _Place(page, per_page, error_out, max_per_page)
        items = self.limit(place.size).offset(place.start).all()
        return place.of(items, lambda: self.order_by(None).count())


class Pagination:
    """One page of a query's objects, with the names that both versions of the extension have."""

    def __init__(self, items: list[Any], total: int, page: int, per_page: int) -> None:
        self.items, self.total, self.page, self.per_page = items, total, page, per_page
        self.pages = -(-total // per_page)
        self.has_prev, self.has_next = page > 1, page < self.pages
        self.prev_num, self.next_num = page - 1 if self.has_prev else None, page + 1 if self.has_next else None

    def __iter__(self) -> Any:
        return iter(self.items)

    def iter_pages(self, *_: Any, **__: Any) -> Any:
        return iter(range(1, self.pages + 1))


class _Place:
    """Which page is asked for: what is not given comes from the request, or is the extension's default."""

    def __init__(self, page: Any, per_page: Any, error_out: bool, most: Any) -> None:
        self.page, self.size, self._error_out = _number(page, 1), _number(per_page, 20), error_out
        if most is not None:
            self.size = min(self.size, _number(most, self.size))
        if error_out and self.page < 1:
            raise HTTPError(404)
        self.start = (self.page - 1) * self.size

    def of(self, items: list[Any], count: Callable[[], int]) -> Pagination:
        if not items and self.page != 1 and self._error_out:
            raise HTTPError(404)
        return Pagination(items, count(), self.page, self.size)


def _number(given: Any, otherwise: int) -> int:
    return otherwise if given is None else int(given)


def _or_404(found: Any) -> Any:
    if found is None:
        raise HTTPError(404)
    return found


class _QueryProperty:
    def __init__(self, session: Any) -> None:
        self._session = session

    def __get__(self, instance: Any, owner: Any) -> Any:
        asked = getattr(owner, "query_class", None) or BaseQuery  # made-up models have none
        return asked(sqlalchemy.inspect(owner), session=self._session())


class _TableName:
    """`__tablename__` from the class's name, unless the class shares its parent's table."""

    def __get__(self, instance: Any, owner: type) -> str | None:
        parents = [base for base in owner.__mro__[1:] if "__table__" in vars(base)]
        if parents and not any(_is_key(value) for value in vars(owner).values()):
            return None
        return table_name(owner.__name__, legacy=sqlalchemy.__version__.startswith("1."))


def complete(base: Any, note: Callable[[str], None]) -> None:
    """Have the classes of a made-up base be mapped even where a fragment leaves out their table's name and key."""

    def extended(cls: Any, /, **options: Any) -> None:
        if "__abstract__" in vars(cls) or "__table__" in vars(cls) or hasattr(cls, "__mapper__"):
            return
        if not any("__tablename__" in vars(kind) for kind in cls.__mro__):
            note(f"{cls.__name__}.__tablename__")
            cls.__tablename__ = table_name(cls.__name__)
        if _lacks_key(cls, base):
            note(f"{cls.__name__}.id")
            cls.id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)

    base.__init_subclass__ = classmethod(extended)


def _lacks_key(cls: Any, base: Any) -> bool:
    own = vars(cls)
    if "id" in own:
        return False
    if any(name in own and "rimary" in repr(own[name]) for name in ("__table_args__", "__mapper_args__")):
        return False
    others = [kind for kind in cls.__mro__ if kind not in base.__mro__]
    values = [value for kind in others for value in vars(kind).values()]
    columns = [value for value in values if _columns(value)]
    told_elsewhere = any(type(value).__name__ == "declared_attr" for value in values)
    named = "__tablename__" in own and not any("__tablename__" in vars(kind) for kind in others[1:])
    return (bool(columns) or named) and not told_elsewhere and not any(_is_key(value) for value in values)


def _columns(value: Any) -> list[Any]:
    """The columns in a value of a class's body: a Column, `mapped_column()`, `deferred(Column(…))`."""
    if isinstance(value, sqlalchemy.Column):
        return [value]
    held = [getattr(value, "column", None), *(getattr(value, "columns", None) or ())]
    return [column for column in held if isinstance(column, sqlalchemy.Column)]


def _is_key(value: Any) -> bool:
    return any(column.primary_key for column in _columns(value))


class FlaskSQLAlchemy:
    """`db = SQLAlchemy(app)`: names of SQLAlchemy, a scoped session, a declarative base."""

    def __init__(self, engine: Any, app: Any = None, **options: Any) -> None:
        for module in (sqlalchemy, orm):
            for name in module.__all__ if hasattr(module, "__all__") else dir(module):
                if not name.startswith("_") and name not in vars(self) and not hasattr(type(self), name):
                    setattr(self, name, getattr(module, name))
        self.engine = engine
        query_class = options.get("query_class") or BaseQuery
        self.session: Any = orm.scoped_session(orm.sessionmaker(bind=engine, query_cls=query_class))
        base = type(
            "Model",
            (),
            {"query": _QueryProperty(self.session), "__tablename__": _TableName(), "query_class": query_class},
        )
        base.__allow_unmapped__ = True  # type: ignore[attr-defined]
        given = options.get("model_class")
        bases: Any = base if given is None else type("Model", (base, given), {})
        self.Model: Any = orm.declarative_base(cls=bases, **options.get("declared", {}))
        self.metadata = self.Model.metadata
        self.Table = self._table
        self.Query = query_class

    def _table(self, name: str, *args: Any, **options: Any) -> Any:
        """A table, in the metadata of the models where no other is given: as the extension has it."""
        given = bool(args) and isinstance(args[0], sqlalchemy.MetaData)
        return sqlalchemy.Table(name, *(args if given else (self.metadata, *args)), **options)

    def init_app(self, app: Any) -> None:
        """Nothing to do: there is one engine."""

    def create_all(self, *_: Any, **__: Any) -> None:
        self.metadata.create_all(self.engine)

    def drop_all(self, *_: Any, **__: Any) -> None:
        self.metadata.drop_all(self.engine)

    def get_or_404(self, entity: Any, ident: Any, **_: Any) -> Any:
        return _or_404(self.session.get(entity, ident))

    def first_or_404(self, statement: Any, **_: Any) -> Any:
        return _or_404(self.session.execute(statement).scalars().first())

    def one_or_404(self, statement: Any, **_: Any) -> Any:
        return _or_404(self.session.execute(statement).scalars().one_or_none())

    def paginate(
        self, select: Any, *, page: Any = None, per_page: Any = None, max_per_page: Any = None, error_out: bool = True,
        count: bool = True,
    ) -> Any:  # fmt: skip
        place = _Place(page, per_page, error_out, max_per_page)
        items = list(self.session.execute(select.limit(place.size).offset(place.start)).unique().scalars())
        counted = sqlalchemy.select(sqlalchemy.func.count()).select_from(
            select.options(orm.lazyload("*")).order_by(None).subquery()
        )
        return place.of(items, lambda: self.session.execute(counted).scalar())


class _Config(dict[str, Any]):
    """Settings that nobody shows."""

    def __missing__(self, key: str) -> Any:
        return World.typed(str(key).lower())


class _Passing:
    """An application, a blueprint, a router: its decorators leave functions as they are."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.config: dict[str, Any] = _Config()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Passing()

    def __call__(self, *args: Any, **options: Any) -> Any:
        return _decorator(*args, **options)

    def app_context(self) -> Any:
        return _Context()


class _Context:
    def __enter__(self) -> _Context:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    push = pop = __enter__


def _decorator(*args: Any, **_: Any) -> Any:
    if len(args) == 1 and isinstance(args[0], types.FunctionType):
        return args[0]
    return lambda function: function


def _echo(text: Any = "", *_: Any, **__: Any) -> None:
    sys.stdout.write(f"{text}\n")


def _rendered(name: str) -> Callable[..., Any]:
    def render(*args: Any, **values: Any) -> dict[str, Any]:
        return {"call": name, "arguments": list(args), **values}

    return render


def _shown(*args: Any, **values: Any) -> dict[str, Any]:
    """What a template is given, and walks where it is a Query."""
    walked = {name: list(value) if isinstance(value, orm.Query) else value for name, value in values.items()}
    return {"call": "render_template", "arguments": list(args), **walked}


def _abort(code: int, *_: Any) -> None:
    raise HTTPError(code)


def _run(*_: Any, **__: Any) -> None:
    raise Unavailable("the proof starts no server")


def build(engine: Callable[[], Any]) -> dict[str, types.ModuleType]:
    """The stand-in modules by name."""
    responses = {
        "render_template": _shown,
        **{name: _rendered(name) for name in ("jsonify", "redirect", "url_for", "make_response")},
    }
    dependency = {
        "Depends": lambda *_, **__: None,
        "Query": lambda default=None, **__: default,
        "HTTPException": HTTPError,
    }
    extension = _module(
        "flask_sqlalchemy",
        SQLAlchemy=lambda app=None, **options: FlaskSQLAlchemy(engine(), app, **options),
        BaseQuery=BaseQuery,
        Pagination=Pagination,
    )
    return {
        "flask_sqlalchemy": extension,
        "flask.ext.sqlalchemy": extension,
        "flask": _module(
            "flask",
            Flask=_Passing,
            Blueprint=_Passing,
            abort=_abort,
            request=Request(),
            current_app=_Passing(),
            session=Cookie(),
            g=Globals(),
            flash=lambda *said, **how: World.handed("flash", said, how),
            **responses,
        ),
        "fastapi": _module(
            "fastapi", FastAPI=_Passing, APIRouter=_Passing, status=types.SimpleNamespace(), **dependency
        ),
        "click": _module("click", echo=_echo, secho=_echo, group=lambda *_, **__: lambda function: _Passing()),
        "os": _module(
            "os", environ={}, getenv=lambda name, default=None: default, path=_paths(), sep="/", linesep="\n"
        ),
        "sys": _sys(),
        "time": _time(),
    }


def _time() -> types.ModuleType:
    """The module `time` with clocks that go on by a millisecond whenever they are read: the same in both runs."""
    module = types.ModuleType("time")
    vars(module).update({name: value for name, value in vars(time).items() if name[:2] != "__"})
    ticks = itertools.count()
    for name in ("time", "monotonic", "perf_counter", "process_time"):
        setattr(module, name, lambda: START + next(ticks) / 1000)
        setattr(module, f"{name}_ns", lambda: START * 10**9 + next(ticks) * 10**6)
    return module


def _sys() -> types.ModuleType:
    """No `modules`, no `_getframe`; what is written counts as printed."""
    output = types.SimpleNamespace(write=lambda text: sys.stdout.write(text), flush=lambda: None)
    names = {"version_info": sys.version_info, "version": sys.version, "maxsize": sys.maxsize, "platform": "linux"}
    return _module("sys", argv=[""], exit=_exit, stdout=output, stderr=output, **names)


def _exit(code: Any = None) -> None:
    raise SystemExit(code)


def _paths() -> types.SimpleNamespace:
    names = ("join", "dirname", "basename", "splitext", "normpath", "split")
    return types.SimpleNamespace(
        **{name: getattr(posixpath, name) for name in names}, abspath=lambda path: "/" + path, exists=lambda _: False
    )


def _module(name: str, **names: Any) -> types.ModuleType:
    """A module with these names; any other name of it is a decorator, a class, a function that does nothing."""
    module = types.ModuleType(name)
    vars(module).update(names)
    if name not in sys.stdlib_module_names:
        vars(module)["__getattr__"] = functools.partial(_other_name, name)
    return module


def _other_name(module: str, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Passing() if module == "click" else Placeholder(name, module, _nothing)


def _nothing(name: str) -> Any:
    raise KeyError(name)
