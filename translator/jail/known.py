"""What a name means that SQLAlchemy or the standard library has, where a paste doesn't import it. Runs on either SQLAlchemy."""

from __future__ import annotations

import importlib
import sys
import types
import typing
from typing import Any

import sqlalchemy
from sqlalchemy import orm

from .conventions import STANDARD
from .newer import ONLY_NEWER
from .otherdatabases import AnyUuid

OF_BOTH = frozenset({"Sequence", "Text", "cast"})
"""What is SQLAlchemy's and has the name of something in `typing`; any other such name, e.g. `Tuple`, only 2.x has."""
BY_OTHER_NAMES = {"sa": sqlalchemy, "so": orm, "UUID": AnyUuid}
SUBMODULES = frozenset({"exc", "event", "types", "sql", "orm", "schema", "dialects"})
SQLALCHEMY_MODULES = (
    "sqlalchemy",
    "sqlalchemy.orm",
    "sqlalchemy.exc",
    "sqlalchemy.ext.declarative",
    "sqlalchemy.types",
    "sqlalchemy.ext.hybrid",
    "sqlalchemy.ext.associationproxy",
    "sqlalchemy.event",
    "sqlalchemy.ext.asyncio",
)


def known(name: str) -> Any:
    """The object of this name; raises KeyError."""
    if name in ONLY_NEWER:
        raise KeyError(name)
    if name in BY_OTHER_NAMES:
        return BY_OTHER_NAMES[name]
    if name in STANDARD:
        module, _, attribute = STANDARD[name].partition(":")
        standard = importlib.import_module(module)
        return getattr(standard, attribute) if attribute else standard
    if name not in OF_BOTH and hasattr(typing, name):
        return getattr(typing, name)
    for module in SQLALCHEMY_MODULES:
        loaded = sys.modules.get(module)
        found = getattr(loaded, name, None)
        if found is not None and (name in SUBMODULES or not isinstance(found, types.ModuleType)):
            return found
    raise KeyError(name)
