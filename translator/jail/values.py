"""Python values of a run as JSON that can be compared between two runs and shown to people.

Entities become their class and primary key, rows their values, builders their SQL. A time that was taken during the run
becomes "now", or no two runs would ever agree. Runs inside the jail, on either SQLAlchemy.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import inspect as python_inspect
import re
import time
import uuid
from collections.abc import Iterable, Mapping, Set
from typing import Any

import sqlalchemy
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Query
from sqlalchemy.orm import collections as orm_collections
from sqlalchemy.orm.interfaces import MapperProperty
from sqlalchemy.orm.state import InstanceState

from . import limits
from .guards import Unavailable
from .placeholders import Placeholder, plain

DEPTH = 6
TEXT = 2000
NOW = {"time": "now"}
NOW_WITHIN = 120.0
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$")
WITHIN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?")
PASSING = re.compile(r" at 0x[0-9a-fA-F]+|(?<=//sqlalche\.me/e/)\d+|(?<=<)sqlalchemy(?:\.\w+)+(?= object)")
"""What differs from run to run or from version to version: addresses of objects, the version in links to
SQLAlchemy's help, the module and name of its own classes."""
PLAIN = (bool, int, type(None))


def encode(value: Any, depth: int = 0) -> Any:
    """The JSON form of a value. Never raises for a strange value, never emits SQL for an entity."""
    if depth > DEPTH:
        return {"object": "..."}
    try:
        return _encode(value, depth)
    except (RecursionError, MemoryError, Unavailable):
        raise
    except BaseException as error:  # also what a class of the paste raises to end the process
        return {"unreadable": type(error).__name__}


def lasting(text: str) -> str:
    """A text without what differs between two runs of the same code."""
    timeless = WITHIN.sub(lambda found: "now" if isinstance(_text(found[0], found[0]), dict) else found[0], text)
    return (
        PASSING.sub("", timeless).encode("utf-8", "replace").decode()
    )  # a lone surrogate would not survive the way out


def message_of(error: BaseException, most: int = TEXT) -> str:
    """What an exception says, at most so many characters; empty where it can't say it."""
    try:
        return lasting(str(error)[: 2 * most])[:most]
    except (RecursionError, MemoryError, Unavailable):
        raise
    except BaseException:  # an exception of the paste's own
        return ""


def encode_row(row: Iterable[Any]) -> list[Any]:
    """One row as the database gave it."""
    return [encode(value) for value in row]


def state_of(owner: Any) -> dict[str, Any]:
    """What a method has put into its object: not of a mapped one, whose attributes are the database's."""
    if owner is None or isinstance(owner, type) or entity_state(owner) is not None:
        return {}
    held = {name: encode(value) for name, value in getattr(owner, "__dict__", {}).items()}
    return {name: value for name, value in held.items() if is_data(value)}


def is_data(encoded: Any) -> bool:
    """Whether an encoded value can be compared: not e.g. a session, a function, an object of a class of their own."""
    return not (isinstance(encoded, dict) and ("object" in encoded or "unreadable" in encoded))


def _encode(value: Any, depth: int) -> Any:
    if isinstance(value, Placeholder):
        return encode(plain(value), depth)
    if isinstance(value, enum.Enum):
        return {"enum": f"{type(value).__name__}.{value.name}"}
    if type(value) in PLAIN:
        return value
    if isinstance(value, float):
        return NOW if abs(value - time.time()) < NOW_WITHIN else value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)):
        return _time(value)
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return {type(value).__name__: str(value)}
    if isinstance(value, bytes):
        return {"bytes": value[:TEXT].hex()}
    if isinstance(value, BaseException):
        return {"exception": type(value).__name__, "message": message_of(value)}
    if isinstance(value, type) or python_inspect.isroutine(value) or python_inspect.ismodule(value):
        return {"object": type(value).__name__}
    return _of_sqlalchemy(value, depth) or _container(value, depth)


def _of_sqlalchemy(value: Any, depth: int) -> Any:
    if hasattr(value, "_mapping") and hasattr(value, "_fields"):
        return {"row": [encode(item, depth + 1) for item in tuple(value)]}
    if type(value).__name__ == "RowMapping":
        return {"dict": [[str(key), encode(item, depth + 1)] for key, item in value.items()]}
    if getattr(value, "returns_rows", True) is False and hasattr(value, "rowcount"):
        return {"rowcount": value.rowcount}
    if isinstance(value, sqlalchemy.engine.Result) or type(value).__name__ in ("ScalarResult", "MappingResult"):
        return {"result": [encode(item, depth + 1) for item in value.fetchmany(limits.ROWS)]}
    if isinstance(value, Query):
        return _builder(value.statement, "Query")
    if isinstance(value, sqlalchemy.sql.ClauseElement):
        return _builder(value, "Select" if value.is_selectable else "clause")
    state = entity_state(value)
    if state is None:
        return None
    name = type(value).__name__
    return (
        {"entity": name, "key": [encode(part) for part in state.key[1]]} if state.key else {"entity": name, "key": None}
    )


def entity_state(value: Any) -> Any:
    """SQLAlchemy's state of an entity; None for anything else."""
    try:
        state = object.__getattribute__(value, "_sa_instance_state")  # a class of the paste may answer otherwise
    except (AttributeError, TypeError):
        return None
    return state if isinstance(state, InstanceState) else None


def _builder(statement: Any, kind: str) -> Any:
    compiled = statement.compile(dialect=sqlite.dialect())
    parameters = [encode(item) for item in compiled.params.values()]
    return {"sql": str(compiled)[:TEXT], "parameters": parameters, "builder": kind}


def _container(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        pairs = list(value.items())[: limits.ROWS]
        return {"dict": [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in pairs]}
    if isinstance(value, tuple):
        return {"tuple": _items(value, depth)}
    if isinstance(value, Set) and not isinstance(value, orm_collections.InstrumentedList):
        return {"set": sorted(_items(value, depth), key=repr)}
    if isinstance(value, list) or type(value).__name__ in ("InstrumentedList", "_AssociationList", "OrderingList"):
        return _items(value, depth)
    if python_inspect.isgenerator(value) or type(value).__name__ in (
        "map",
        "filter",
        "zip",
        "dict_keys",
        "dict_values",
        "RMKeyView",
    ):
        return {"iterator": _items(value, depth)}
    return {"object": "property" if isinstance(value, MapperProperty) else type(value).__name__}


def _items(values: Iterable[Any], depth: int) -> list[Any]:
    items = []
    for number, value in enumerate(values):
        if number >= limits.ROWS:
            break
        items.append(encode(value, depth + 1))
    return items


def _text(value: str, otherwise: str | None = None) -> Any:
    if TIMESTAMP.match(value):
        try:
            if (moment := _moment(datetime.datetime.fromisoformat(value))) is not None:
                return moment
        except ValueError:
            pass
    return otherwise if otherwise is not None else lasting(str(value)[:TEXT])


def _time(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and (moment := _moment(value)) is not None:
        return moment
    return {type(value).__name__: str(value) if isinstance(value, datetime.timedelta) else value.isoformat()}


def _moment(value: datetime.datetime) -> Any:
    """A time that a clock gave, as one of the run: "now", or so many minutes away from it; None for any other."""
    if value.tzinfo is not None:
        away = value.timestamp() - time.time()
    else:
        clocks = (datetime.datetime.now(), datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None))  # noqa: UP017
        away = min(((value - now).total_seconds() for now in clocks), key=abs)
    if abs(away) < NOW_WITHIN:
        return NOW
    # no row of ours and no constant has microseconds: not e.g. `datetime.now() - timedelta(days=30)`
    return {**NOW, "minutes": round(away / 60)} if value.microsecond else None
