"""Calls the functions that a paste defines and never calls itself, with arguments that suit their names.

A function that is only defined would prove nothing. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import ast
import datetime
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from .environment import CONNECTION_NAMES, ENGINE_NAMES, SESSION_NAMES, Environment
from .guards import Unavailable

NUMBER_WORDS = {"limit": 2, "page": 1, "per_page": 2, "offset": 1, "n": 2, "count": 2, "size": 2, "skip": 0, "top": 2}
NUMBER_STARTS = ("min_", "max_", "num_", "total_")
NUMBER_ENDS = (
    "id",
    "pk",
    "num",
    "number",
    "no",
    "count",
    "size",
    "age",
    "price",
    "amount",
    "year",
    "min",
    "max",
    "total",
    "quantity",
    "qty",
    "sum",
    "score",
    "rating",
    "salary",
    "budget",
    "cost",
    "weight",
    "level",
    "rank",
    "stock",
)
TIME_ENDS = ("date", "since", "until", "start", "end", "at", "time", "before", "after", "day", "from", "to", "cutoff")
FLAG_STARTS = ("is_", "has_", "only_", "include_", "with_", "active", "enabled")
SESSION_TYPES = ("Session", "scoped_session", "SessionLocal")


@dataclass(frozen=True, slots=True)
class Uncalled:
    """A function to be called, with the name it is reported by."""

    name: str
    line: int
    call: Callable[[], Any]


def uncalled(tree: ast.Module, module: dict[str, Any], environment: Environment) -> Iterator[Uncalled]:
    """The functions of the paste that nothing in it mentions, in their order."""
    mentioned = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    mentioned |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _may_be_ours(node.value)}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name not in mentioned | _listeners(node):
            function = module.get(node.name)
            if callable(function) and not isinstance(function, type):
                yield Uncalled(node.name, node.lineno, _prepared(function, environment))
        elif isinstance(node, ast.ClassDef):
            yield from _methods(node, module.get(node.name), mentioned, environment)


def _listeners(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The function's own name if an event calls it, not people."""
    return {node.name} if any("listen" in ast.unparse(decorator) for decorator in node.decorator_list) else set()


def _may_be_ours(owner: ast.AST) -> bool:
    """Whether an attribute may be a method of the paste: not e.g. `get` in `session.query(User).get(1)`."""
    return isinstance(owner, ast.Name) and owner.id not in SESSION_NAMES and not owner.id[:1].isupper()


def _methods(node: ast.ClassDef, owner: Any, mentioned: set[str], environment: Environment) -> Iterator[Uncalled]:
    mapped = hasattr(owner, "__mapper__")
    if not isinstance(owner, type) or (node.name in mentioned and not mapped):
        return
    for inner in node.body:
        if not isinstance(inner, ast.FunctionDef) or inner.name in mentioned or inner.name.startswith("__"):
            continue
        bound_to_class = isinstance(inspect.getattr_static(owner, inner.name, None), (classmethod, staticmethod))
        if not bound_to_class and (mapped or inner.decorator_list):
            continue
        name = f"{node.name}.{inner.name}"
        if bound_to_class:
            yield Uncalled(name, inner.lineno, _prepared(getattr(owner, inner.name), environment))
        else:
            yield Uncalled(name, inner.lineno, _on_instance(owner, inner.name, environment))


def _on_instance(owner: type, name: str, environment: Environment) -> Callable[[], Any]:
    def call() -> Any:
        instance = _prepared(owner, environment)()
        return _prepared(getattr(instance, name), environment)()

    return call


def _prepared(function: Callable[..., Any], environment: Environment) -> Callable[[], Any]:
    def call() -> Any:
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise Unavailable("asynchronous code is not run by the proof yet")
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            return function()
        positional, named = [], {}
        for parameter in signature.parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.default is not parameter.empty and not _wanted(parameter):
                continue
            value = argument(parameter.name, parameter.annotation, environment)
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(value)
            else:
                named[parameter.name] = value
        return function(*positional, **named)

    return call


def _wanted(parameter: inspect.Parameter) -> bool:
    """A default is kept, but not e.g. `session=None` or `db: Session = Depends(get_db)`."""
    return parameter.default is None and (
        parameter.name in SESSION_NAMES or parameter.name == "db" or "Session" in _text(parameter.annotation)
    )


def argument(name: str, annotation: Any, environment: Environment) -> Any:
    """A value for a parameter of this name."""
    text, low = _text(annotation), name.lower()
    if name in SESSION_NAMES or low.endswith("session") or any(kind in text for kind in SESSION_TYPES):
        return environment.session
    if name == "db":
        return _Both(environment)
    if name in ENGINE_NAMES or text == "Engine":
        return environment.database.engine()
    if name in CONNECTION_NAMES or text == "Connection":
        return environment.database.engine().connect()
    return _plain(name, low, text, environment)


class _Both:
    """`db` as a parameter: a session for some, Flask-SQLAlchemy's object for others."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        session = self._environment.session
        return getattr(session if hasattr(session, name) else self._environment.offer("db"), name)


def _plain(name: str, low: str, text: str, environment: Environment) -> Any:
    found = _by_annotation(low, text, environment)
    if found is not None:
        return found
    if low.endswith(("ids", "pks")):
        return [1, 2]
    if low in NUMBER_WORDS:
        return NUMBER_WORDS[low]
    if low == "id" or low.endswith(("_id", "_pk")):
        return 1
    try:
        return environment.seeder.first_row(name)
    except KeyError:
        pass
    entity = _entity(low, environment)
    if entity is not None:
        return entity
    return _by_name(low)


def _by_annotation(low: str, text: str, environment: Environment) -> Any:
    inner = text.removeprefix("Optional[").removesuffix("]").removesuffix(" | None").rpartition(".")[2]
    if inner == "str":
        return _string(low, environment)
    if inner == "int":
        return NUMBER_WORDS.get(low, 1)
    if inner == "float":
        return 10.5
    if inner == "bool":
        return True
    if inner == "datetime":
        return datetime.datetime(2020, 1, 1)
    if inner == "date":
        return datetime.date(2020, 1, 1)
    if text.lower().replace("typing.", "").startswith(("list[int", "sequence[int", "iterable[int", "set[int")):
        return [1, 2]
    if text.lower().replace("typing.", "").startswith(("list[str", "sequence[str", "iterable[str", "set[str")):
        return ["ada", "bo"]
    return _entity(inner.lower(), environment)


def _string(low: str, environment: Environment) -> str:
    try:
        found = environment.seeder.first_row(low)
    except KeyError:
        return "ada"
    return found if isinstance(found, str) else "ada"


def _by_name(low: str) -> Any:
    if low.startswith(FLAG_STARTS):
        return True
    if low.endswith(NUMBER_ENDS) or low.startswith(NUMBER_STARTS):
        return 1
    if low.endswith(TIME_ENDS):
        return datetime.datetime(2020, 1, 1)
    if low.endswith("names"):
        return ["ada", "bo"]
    if low in ("data", "values", "payload", "attrs", "fields", "params", "filters"):
        return {}
    return "ada"


def _entity(low: str, environment: Environment) -> Any:
    """The first row of a model whose name the parameter has, e.g. `user` for `User`."""
    for mapper in environment.seeder.mappers:
        if mapper.class_.__name__.lower() == low.replace("_", ""):
            session = environment.session
            with session.no_autoflush:
                return session.query(orm.class_mapper(mapper.class_)).order_by(*mapper.primary_key).first()
    return None


def _text(annotation: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
