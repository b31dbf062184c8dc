"""What pasted code finds when it reaches for the outside: a clear word instead of a kernel's refusal.

Not the boundary (that is the kernel, see `kernel.py`), only the explanation of it: which modules can be imported, what
replaces `open`, and what takes the place of a module that is not part of the paste.
"""

from __future__ import annotations

import builtins
import importlib
import types
from collections.abc import Callable
from types import FrameType
from typing import Any

ALLOWED = frozenset(
    [
        "__future__",
        "abc",
        "asyncio",
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

PASTE = "<pasted>"
"""The file name of what was pasted, by which its frames are known."""

Offer = Callable[[str], Any]
"""Finds an object of the environment (a model, a session …) by its name; raises KeyError."""


class Unavailable(BaseException):
    """The code needs what the proof doesn't have. Not an Exception: no `except` of the paste may swallow it."""


def line_of(frame: FrameType | None) -> int | None:
    """The innermost line of the paste on the stack."""
    while frame is not None:
        if frame.f_code.co_filename == PASTE:
            return frame.f_lineno
        frame = frame.f_back
    return None


def safe_builtins(
    unknown: Callable[[str], types.ModuleType], standins: dict[str, types.ModuleType], fallback: dict[str, Any]
) -> dict[str, Any]:
    """The builtins of pasted code; `fallback` names are found where the code binds no such name itself.

    `unknown` makes what takes the place of a module that isn't there.
    """
    offered = dict(fallback)
    offered.update(vars(builtins))
    for name, what in NOT_OFFERED.items():
        offered[name] = _refuser(what)
    offered["__import__"] = _importer(unknown, standins)
    return offered


def _refuser(what: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:
        raise Unavailable(f"the proof runs without {what}")

    return refuse


def _importer(unknown: Callable[[str], types.ModuleType], standins: dict[str, types.ModuleType]) -> Callable[..., Any]:
    made: dict[str, types.ModuleType] = {}

    def find(name: str) -> Any:
        """The innermost module of a dotted name that isn't to be imported for real."""
        top = name.partition(".")[0]
        if top in standins:
            return standins.get(name) or standins[top]
        return made.setdefault(name, unknown(name))

    def restricted(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> types.ModuleType:
        top = name.partition(".")[0]
        if level == 0 and top in ALLOWED and top not in standins:
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
