"""Values as text that is the same on every version of SQLAlchemy: what two runs are compared by.

Executed by every runtime: standard library and SQLAlchemy only.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import inspect
import re
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import sqlite

RESULTS = (
    "ScalarResult",
    "MappingResult",
    "LegacyCursorResult",
    "CursorResult",
    "ChunkedIteratorResult",
    "IteratorResult",
)
LISTS = ("InstrumentedList", "_AssociationList", "OrderingList")
KEYS = ("RMKeyView", "dict_keys", "KeysView", "odict_keys")
DEEPEST = 6
WITHOUT_ROWS = "result without rows, count "


def squeeze(text: object) -> str:
    """The text with every run of white space as one blank."""
    return re.sub(r"\s+", " ", str(text)).strip()


def show(value: Any, depth: int = 0) -> str:
    """A value as text: entities as class and primary key, rows as tuples, statements as their SQL."""
    if depth > DEEPEST:
        return "..."
    plain = _plain(value)
    if plain is not None:
        return plain
    collection = _collection(value, depth + 1)
    if collection is not None:
        return collection
    entity = _entity(value)
    if entity is not None:
        return entity
    if hasattr(value, "compile") and (type(value).__module__ or "").startswith("sqlalchemy"):
        try:
            return "SQL " + squeeze(value.compile(dialect=sqlite.dialect()))
        except Exception as error:  # e.g. a construct that SQLite can't spell: the failure itself is compared
            return f"SQL? {type(error).__name__}: {squeeze(error)[:120]}"
    return re.sub(r" at 0x[0-9a-f]+", "", re.sub(r"/\S+?/job\.db", "DB", repr(value)))[:300]


def _plain(value: Any) -> str | None:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, str):
        return repr(str(value))
    if value is None or isinstance(value, (bool, int, float, decimal.Decimal, bytes, uuid.UUID)):
        return repr(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return f"{type(value).__name__}({value.isoformat()})"
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {squeeze(value)[:160]}"
    if isinstance(value, orm.Query):
        return "QUERY " + squeeze(value)
    return None


def _collection(value: Any, depth: int) -> str | None:
    name = type(value).__name__
    if hasattr(value, "_mapping") and hasattr(value, "_fields"):
        return _tuple(value, depth)
    if name == "RowMapping" or isinstance(value, dict):
        return "{" + ", ".join(f"{show(key, depth)}: {show(item, depth)}" for key, item in value.items()) + "}"
    if isinstance(value, sa.engine.CursorResult) and not value.returns_rows:
        return f"{WITHOUT_ROWS}{value.rowcount}"
    if isinstance(value, sa.engine.Result) or name in RESULTS:
        return show(list(value.all()), depth - 1)
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(show(item, depth) for item in value)) + "}"
    if isinstance(value, tuple):
        return _tuple(value, depth)
    if isinstance(value, list) or name in LISTS or name in KEYS:
        return "[" + ", ".join(show(item, depth) for item in value) + "]"
    if inspect.isgenerator(value) or name in ("map", "filter", "itertools.chain"):
        return show(list(value), depth - 1)
    return None


def _tuple(value: Iterable[Any], depth: int) -> str:
    items = [show(item, depth) for item in tuple(value)]
    return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"


def _entity(value: Any) -> str | None:
    try:
        state = sa.inspect(value, raiseerr=False)
    except Exception:  # anything may refuse inspection; then it is no entity
        return None
    if state is None or type(state).__name__ != "InstanceState":
        return None
    if state.identity is None:
        return f"{type(value).__name__}(new)"
    return f"{type(value).__name__}#" + ",".join(map(str, state.identity))
