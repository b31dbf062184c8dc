"""Calls the functions that a paste defines and never calls itself, with arguments that suit their names.

A function that is only defined would prove nothing. Each is called with values that make its filters hit, and once more
with nothing in its hands: None, or empty. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .conventions import CONNECTION_NAMES, ENGINE_NAMES, FACTORY_NAMES, GETTER_NAMES, SESSION_NAMES
from .environment import Environment
from .guards import PASTE
from .othervalues import Function, other_values, parameters
from .sampling import UNNAMED, annotation_text
from .trees import children, within

SESSION_TYPES = ("Session", "scoped_session", "SessionLocal")
CLASS_NAMES = frozenset({"cls", "model", "model_class", "klass", "entity", "model_cls"})
QUERY_NAMES = frozenset({"query", "q", "qs", "base_query"})
PROPERTIES = frozenset({"property", "cached_property", "hybrid_property"})
TWICE = re.compile(r"got multiple values for argument '(\w+)'$")
_NO_TEXT = ast.Module([], [])
NONE_GIVEN: Mapping[str, Any] = {}
NOTHINGS: tuple[Any, ...] = (None, "", (), False, 0)


@dataclass(frozen=True, slots=True)
class Uncalled:
    """A function to be called, with the name it is reported by."""

    name: str
    line: int
    call: Callable[[], Any]
    bare: bool = False
    """Whether it is the second call, with nothing in its hands: what fails then says nothing of the translation."""
    other: bool = False
    """Whether it is one more call, with values that take other ways; the same holds of what fails then."""
    held: dict[str, Any] = field(default_factory=dict)
    """Once it has been called: the object whose method it is as `self`, a function that it gave as `given`."""


def uncalled(
    tree: ast.Module, as_pasted: ast.Module, module: dict[str, Any], environment: Environment
) -> Iterator[Uncalled]:
    """The functions of a text that nothing mentions in the one that was pasted, in their order.

    A translation mentions others, e.g. `delete` and `func.count`, which may be names of methods.
    """
    named, mentioned = _mentions(as_pasted)
    pasted = _functions(as_pasted)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name not in named | _listeners(node):
            function = _alone(module.get(node.name))
            if callable(function) and not isinstance(function, type):
                yield from _twice(node.name, node, functools.partial(_same, function), environment, pasted)
        elif isinstance(node, ast.ClassDef):
            yield from _methods(node, module.get(node.name), mentioned, environment, pasted)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            for name in [
                target.id for target in node.targets if isinstance(target, ast.Name) and target.id not in named
            ]:
                if isinstance(module.get(name), types.FunctionType):
                    yield from _twice(name, node.value, functools.partial(_same, module[name]), environment, pasted)


def given_by(called: Uncalled, environment: Environment) -> Uncalled | None:
    """The function inside a function that the call gave, to be called in its turn; not again one that such a one gives."""
    given = called.held.pop("given", None)
    if called.other or given is None or given.__code__.co_filename != PASTE:
        return None
    if "<locals>" not in given.__qualname__:
        return None  # it is called by its own name
    held: dict[str, Any] = {}
    call = _prepared(functools.partial(_same, given), _NO_TEXT, environment, held, bare=called.bare)
    return Uncalled(f"{called.name}()", given.__code__.co_firstlineno, call, bare=called.bare, other=True, held=held)


@functools.cache
def _functions(tree: ast.Module) -> dict[str, Function]:
    """The functions of a text and those of its classes, as `Class.name`."""
    found: dict[str, Function] = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            own = (inner for inner in node.body if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)))
            found |= {f"{node.name}.{inner.name}": inner for inner in own}
    return found


@functools.cache
def _mentions(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a text reads, and the same with its attributes."""
    nodes = within(tree)
    named = _read(tree)
    made = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _last_name(node.value.func)[:1].isupper()
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute) and _may_be_ours(node.value, made)}
    return frozenset(named), frozenset(named | attributes)


def _read(tree: ast.AST) -> set[str]:
    """The names that are read, but for the variables of functions: not e.g. `user` in a view `user()` that binds one."""
    found: set[str] = set()
    left: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while left:
        node, local = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inner = [name for name in within(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]
            outer = {name for kind in within(node) if isinstance(kind, ast.Global) for name in kind.names}
            local = (local | {name.id for name in inner} | {argument.arg for argument in node.args.args}) - outer
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in local:
            found.add(node.id)
        left += [(child, local) for child in children(node)]
    return found


def _listeners(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The function's own name if an event calls it, not people."""
    return {node.name} if any("listen" in ast.unparse(decorator) for decorator in node.decorator_list) else set()


def _may_be_ours(owner: ast.AST, made: set[str]) -> bool:
    """Whether an attribute may be a method of the paste: not e.g. `get` in `session.query(User).get(1)` or of a parameter."""
    return isinstance(owner, ast.Name) and owner.id not in SESSION_NAMES and owner.id in made | {"self", "cls"}


def _methods(
    node: ast.ClassDef, owner: Any, mentioned: frozenset[str], environment: Environment, pasted: Mapping[str, Function]
) -> Iterator[Uncalled]:
    mapped = hasattr(owner, "__mapper__")
    if not isinstance(owner, type) or (node.name in mentioned and not mapped):
        return
    for inner in node.body:
        if not isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if inner.name in mentioned or inner.name.startswith("__"):
            continue
        bound_to_class = isinstance(inspect.getattr_static(owner, inner.name, None), (classmethod, staticmethod))
        if mapped and inner.decorator_list and set(map(_last_name, inner.decorator_list)) <= PROPERTIES:
            yield Uncalled(f"{node.name}.{inner.name}", inner.lineno, _on_rows(owner, inner.name, environment))
        found = inspect.getattr_static(owner, inner.name, None)
        if type(found) in (property, functools.cached_property) and not mapped:
            yield Uncalled(f"{node.name}.{inner.name}", inner.lineno, _on_instance(owner, inner, environment))
        if not bound_to_class and inner.decorator_list and not (isinstance(found, types.FunctionType) and not mapped):
            continue
        if bound_to_class:
            find: Callable[[], Any] = functools.partial(getattr, owner, inner.name)
        elif mapped:
            find = _on_row(owner, inner.name, environment)
        else:
            find = _on_instance(owner, inner, environment)
        yield from _twice(f"{node.name}.{inner.name}", inner, find, environment, pasted)


def _alone(found: Any) -> Any:
    """The function of a method that is pasted without its class."""
    if isinstance(found, property):
        return found.fget
    return found.__func__ if isinstance(found, (classmethod, staticmethod)) else found


def _same(function: Any) -> Any:
    return function


def _last_name(decorator: ast.expr) -> str:
    return decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")


def _on_row(owner: type, name: str, environment: Environment) -> Callable[[], Any]:
    """The method of an object that the database holds; of a class without rows, one that was just made."""

    def find() -> Any:
        row = environment.row(owner)
        return getattr(owner() if row is None else row, name)

    return find


def _on_rows(owner: type, name: str, environment: Environment) -> Callable[[], Any]:
    """A property of each object that the database holds."""

    def read() -> Any:
        first, *others = environment.rows(owner) or [owner()]
        return [getattr(first, name), *(_read_or_error(row, name) for row in others)]

    return read


def _read_or_error(row: Any, name: str) -> Any:
    try:
        return getattr(row, name)
    except Exception as error:
        return type(error).__name__


def _on_instance(owner: type, node: Any, environment: Environment) -> Callable[[], Any]:
    made = _prepared(lambda: owner, node, environment, {}, bare=False)
    return lambda: getattr(_set_up(made(), node.name), node.name)


def _set_up(instance: Any, method: str) -> Any:
    """A test's object, made ready as its framework would."""
    for name in ("setUp", "setup_method") if method.startswith("test") else ():
        ready = type(instance).__dict__.get(name)
        if callable(ready) and len(inspect.signature(ready).parameters) == 1:
            ready(instance)
    return instance


def _twice(
    name: str, node: Any, find: Callable[[], Any], environment: Environment, pasted: Mapping[str, Function]
) -> Iterator[Uncalled]:
    """The calls of one function; what was pasted says which others there are, for both sides."""
    shown = pasted.get(name, node)
    held: dict[str, Any] = {}
    yield Uncalled(name, node.lineno, _prepared(find, node, environment, held, bare=False), held=held)
    if parameters(shown) or _reads_request(shown):
        call = _prepared(find, node, environment, held, bare=True)
        yield Uncalled(f"{name} with nothing", node.lineno, call, bare=True, held=held)
    for number, values in enumerate(other_values(shown), 1):
        call = _prepared(find, node, environment, held, bare=False, given=values)
        yield Uncalled(f"{name} with other values {number}", node.lineno, call, other=True, held=held)


def _reads_request(node: ast.AST) -> bool:
    """Whether a view takes what it needs from the request: then that one can come with nothing."""
    return any(isinstance(inner, ast.Name) and inner.id == "request" for inner in within(node))


def _prepared(
    find: Callable[[], Any],
    node: Any,
    environment: Environment,
    held: dict[str, Any],
    *,
    bare: bool,
    given: Mapping[str, Any] = NONE_GIVEN,
) -> Callable[[], Any]:
    """A call of the function that `find` gives, with arguments for its parameters; `given` goes before what they get else."""
    awaited = _awaited(node)

    def call() -> Any:
        function = find()
        held["self"] = getattr(function, "__self__", None)
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):
            return function()
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for parameter in signature.parameters.values():
            if parameter.kind is parameter.VAR_POSITIONAL:
                positional += environment.sampler.several(parameter.name)
                continue
            if parameter.kind is parameter.VAR_KEYWORD:
                named |= {} if bare else environment.sampler.column_of(_filtered(node, parameter.name))
                continue
            if parameter.name in given:
                named[parameter.name] = given[parameter.name]
                continue
            if not _wanted(parameter, bare):
                continue
            value = argument(parameter.name, parameter.annotation, environment, parameter.name in awaited, bare=bare)
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(value)
            else:
                named[parameter.name] = value
        if positional and any(each.kind is each.VAR_POSITIONAL for each in signature.parameters.values()):
            first = [each.name for each in signature.parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
            positional = [*(named.pop(name) for name in first if name in named), *positional]
        try:
            return function(*positional, **named)
        except TypeError as error:
            handed = TWICE.search(str(error))
            if handed is None or not hasattr(function, "__wrapped__") or named.pop(handed[1], None) is None:
                raise
            return function(*positional, **named)  # a decorator hands that over itself, e.g. a session

    return call


@functools.cache
def _filtered(node: ast.AST, name: str) -> str | None:
    """The model that `session.query(User).filter_by(**values)` or `User(**values)` is about; None for another use."""
    for inner in within(node):
        if not isinstance(inner, ast.Call) or not any(
            keyword.arg is None and getattr(keyword.value, "id", "") == name for keyword in inner.keywords
        ):
            continue
        last = inner.func.attr if isinstance(inner.func, ast.Attribute) else getattr(inner.func, "id", "")
        if last == "filter_by" or last[:1].isupper():
            named = (each.id for each in within(inner) if isinstance(each, ast.Name))
            return next((each for each in named if each[:1].isupper()), None)
    return None


@functools.cache
def _awaited(node: ast.AST) -> frozenset[str]:
    """The names on which something is awaited, e.g. `session` in `await session.execute(…)`."""
    found: set[str] = set()
    for inner in within(node):
        if isinstance(inner, (ast.Await, ast.AsyncWith, ast.AsyncFor)):
            found |= {name.id for name in within(inner) if isinstance(name, ast.Name)}
    return frozenset(found)


def _wanted(parameter: inspect.Parameter, bare: bool) -> bool:
    """A default that says something is kept, and any in the second call; but not e.g. `db: Session = Depends(get_db)`."""
    if parameter.default is parameter.empty:
        return True
    if parameter.name in SESSION_NAMES or parameter.name == "db" or "Session" in annotation_text(parameter.annotation):
        return parameter.default is None or type(parameter.default).__name__ == "Placeholder"
    return not bare and any(parameter.default is nothing for nothing in NOTHINGS)


def argument(name: str, annotation: Any, environment: Environment, awaited: bool = False, *, bare: bool = False) -> Any:
    """A value for a parameter of this name."""
    text, low = annotation_text(annotation), name.lower()
    if "AsyncSession" in text or (awaited and (name in SESSION_NAMES or low.endswith("session") or name == "db")):
        return environment.offer("async_session")
    if name in SESSION_NAMES or low.endswith("session") or any(kind in text for kind in SESSION_TYPES):
        return environment.session
    if name in FACTORY_NAMES | GETTER_NAMES:
        return environment.offer(name)
    if name == "self" and environment.is_row(name):
        return environment.sampler.entity(UNNAMED, environment.session)
    if name == "db":
        return environment.offer(name)
    if text == "AsyncEngine" or (awaited and name in ENGINE_NAMES):
        return environment.offer("async_engine")
    if name in ENGINE_NAMES or text == "Engine":
        return environment.database.engine()
    if name in CONNECTION_NAMES or text == "Connection":
        return environment.database.engine().connect()
    found = _of_models(name, low, text, environment)
    if found is not None:
        return found
    return _nothing(name, text, environment) if bare else environment.sample(name, annotation)


def _of_models(name: str, low: str, text: str, environment: Environment) -> Any:
    if name in CLASS_NAMES or (name[:1].isupper() and text not in SESSION_TYPES):
        return environment.sampler.model()
    if name in QUERY_NAMES:
        return environment.query()
    kind = text.rpartition(".")[2]
    return environment.sampler.entity(kind if kind[:1].isupper() else low, environment.session)


def _nothing(name: str, text: str, environment: Environment) -> Any:
    """What a caller hands over who has nothing: an empty list for several, else None; but not to a slice."""
    if (bound := environment.sampler.bound(name)) is not None:
        return bound
    several = isinstance(environment.sampler.plain(name), list)
    return [] if several or text.lower().replace("typing.", "").startswith(("list", "sequence", "set")) else None
