"""What pasted code finds when it reaches for the outside: a clear word instead of a kernel's refusal.

Not the boundary (that is the kernel, see `kernel.py`), only the explanation of it: which modules can be imported, what
replaces `open`, and the placeholder for things of modules that are not part of the paste.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

ALLOWED = frozenset(
    [
        "__future__",
        "abc",
        "base64",
        "bisect",
        "calendar",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "logging",
        "math",
        "numbers",
        "operator",
        "pprint",
        "random",
        "re",
        "secrets",
        "sqlalchemy",
        "statistics",
        "string",
        "textwrap",
        "time",
        "traceback",
        "types",
        "typing",
        "typing_extensions",
        "unicodedata",
        "uuid",
        "warnings",
        "zoneinfo",
    ]
)
NOT_OFFERED = {
    "open": "files",
    "input": "a keyboard",
    "exec": "exec()",
    "eval": "eval()",
    "compile": "compile()",
    "breakpoint": "a debugger",
    "help": "help()",
}

Offer = Callable[[str], Any]
"""Finds an object of the environment (a model, a session …) by its name; raises KeyError."""


class Unavailable(BaseException):
    """The code needs what the proof doesn't have. Not an Exception: no `except` of the paste may swallow it."""


class Placeholder:
    """Something imported from a module that isn't part of the paste: may be passed by, can't be used.

    As a decorator it leaves the function as it is: `@login_required` should not keep a view from being run.
    """

    def __init__(self, name: str, module: str, offer: Offer) -> None:
        self.__dict__.update(_name=name, _module=module, _offer=offer)

    def _unavailable(self, *_: Any, **__: Any) -> Any:
        if self._module.partition(".")[0] in sys.stdlib_module_names:
            raise Unavailable(f"the proof runs without the module {self._module}")
        raise Unavailable(f"{self._name} comes from {self._module}, which is not part of the text")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._module.partition(".")[0] in sys.stdlib_module_names:
            self._unavailable()  # it would do something, not e.g. register a view
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        return Placeholder(f"{self._name}()", self._module, self._offer)

    def __getattr__(self, name: str) -> Any:
        if name in ("__clause_element__", "_sa_instance_state", "__await__"):
            self._unavailable()
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._offer(name)  # not a placeholder e.g. in `models.User`
        except KeyError:
            return Placeholder(f"{self._name}.{name}", self._module, self._offer)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        alone = all(isinstance(base, Placeholder) for base in bases)
        return (object,) if alone and bases[0] is self else ()

    __iter__ = __bool__ = __len__ = __getitem__ = __int__ = __float__ = __str__ = __index__ = _unavailable
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __mul__ = __enter__ = __eq__ = _unavailable
    __hash__ = object.__hash__


class UnknownModule(types.ModuleType):
    """A module that isn't part of the paste: its names are those of the environment, or placeholders."""

    def __init__(self, name: str, offer: Offer) -> None:
        super().__init__(name)
        self.__dict__["_offer"] = offer
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self.__dict__["_offer"](name)
        except KeyError:
            return Placeholder(name, self.__name__, self.__dict__["_offer"])


def safe_builtins(offer: Offer, standins: dict[str, types.ModuleType], fallback: dict[str, Any]) -> dict[str, Any]:
    """The builtins of pasted code; `fallback` names are found where the code binds no such name itself."""
    offered = dict(fallback)
    offered.update(vars(builtins))
    for name, what in NOT_OFFERED.items():
        offered[name] = _refuser(what)
    offered["__import__"] = _importer(offer, standins)
    return offered


def _refuser(what: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise Unavailable(f"the proof runs without {what}")

    return refuse


def _importer(offer: Offer, standins: dict[str, types.ModuleType]) -> Callable[..., Any]:
    unknown: dict[str, UnknownModule] = {}

    def find(name: str) -> Any:
        """The innermost module of a dotted name that isn't to be imported for real."""
        top = name.partition(".")[0]
        if top in standins:
            return standins.get(name) or standins[top]
        return unknown.setdefault(name, UnknownModule(name, offer))

    def restricted(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> types.ModuleType:
        top = name.partition(".")[0]
        if level == 0 and top in ALLOWED:
            module: types.ModuleType = importlib.import_module(name)
            for item in fromlist or ():
                _import_submodule(module, item)
            return module if fromlist else importlib.import_module(top)
        found: types.ModuleType = find(name or "the package around it")
        if fromlist or "." not in name:
            return found
        outer: types.ModuleType = find(top)
        return outer

    return restricted


def _import_submodule(module: types.ModuleType, name: str) -> None:
    if not hasattr(module, "__path__") or hasattr(module, name):
        return
    try:
        importlib.import_module(f"{module.__name__}.{name}")
    except ModuleNotFoundError:
        # not a submodule: `from` itself says that there is no such name
        return
