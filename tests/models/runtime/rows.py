"""Instances of every mapped class, written to SQLite and read back; values are made up from the columns' types.

Two a class: one with every column, one with those that must have a value. The same on 1.4 and 2.x.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import re
import sys
import uuid
from typing import Any

from sqlalchemy import Column, MetaData, Table, create_engine, inspect, select, types
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.orm.state import InstanceState

_POSTGRESQL = ("UUID", "JSON", "JSONB", "INET", "CIDR", "INTERVAL", "TSVECTOR")
"""PostgreSQL's types whose values SQLite can keep as text: the DDL has been looked at by then."""
_DAY = datetime.datetime(2020, 1, 2, 3, 4, 5)


def name_of(cls: type) -> str:
    """A class by its module's last part and its name."""
    return f"{cls.__module__.rpartition('.')[2]}.{cls.__qualname__}"


def default_of(default: Any) -> str:
    """A default without addresses in memory: a value, a function's name, or SQL."""
    if default is None:
        return ""
    if not hasattr(default, "arg"):
        return type(default).__name__
    arg = default.arg
    if callable(arg):
        inner = getattr(arg, "__wrapped__", arg)
        return f"function {getattr(inner, '__name__', type(inner).__name__)}"
    if isinstance(arg, datetime.datetime):  # of the moment when the module was imported
        return "datetime"
    return str(arg) if hasattr(arg, "compile") else repr(arg)


_OF_TYPES = ("length", "precision", "scale", "asdecimal", "as_uuid", "timezone", "enums", "none_as_null", "name",
             "native_enum", "dimensions", "collation", "unsigned", "create_constraint")  # fmt: skip


def type_of(kind: Any) -> dict[str, Any]:
    """A type by its class and what it was told, without its variants, which DDL shows."""
    if type(kind).__name__ == "Variant":  # 1.4's; on 2.x a type holds its variants itself
        kind = kind.impl
    told = {name: getattr(kind, name, None) for name in _OF_TYPES}
    told = {name: value for name, value in told.items() if isinstance(value, (str, int, list, type(None)))}
    if isinstance(kind, types.Uuid if hasattr(types, "Uuid") else ()):
        told = {"as_uuid": kind.as_uuid}
    elif type(kind).__name__ == "UUID":
        told = {"as_uuid": told.get("as_uuid")}
    inner = kind.item_type if isinstance(kind, types.ARRAY) else None  # a stand-in has whatever it is asked for
    return {"class": type(kind).__name__, **told, "item": type_of(inner) if inner is not None else None}


def exercise(metadatas: list[MetaData], mappers: list[Any]) -> dict[str, Any]:
    """By class: what was read back of each of its rows, or the error that writing or reading it raised."""
    for name in _POSTGRESQL:
        if (of := getattr(postgresql, name, None)) is not None:
            compiles(of, "sqlite")(lambda *_, **__: "TEXT")
    engine = create_engine("sqlite://")
    schemas = sorted(
        {str(table.schema) for metadata in metadatas for table in metadata.tables.values() if table.schema}
    )
    with engine.connect() as connection:  # a thread has one, for good
        for schema in schemas:
            _attempt(lambda schema=schema: connection.connection.execute(f"ATTACH ':memory:' AS \"{schema}\""))
    for metadata in metadatas:
        for table in metadata.tables.values():
            _attempt(lambda table=table: table.create(engine))
    found: dict[str, Any] = {}
    for mapper in mappers:
        found[name_of(mapper.class_)] = {
            "written": [_attempt(lambda n=n, mapper=mapper: _write(mapper, n, engine)) for n in (0, 1)]
        }
    for mapper in mappers:
        found[name_of(mapper.class_)]["read"] = _attempt(lambda mapper=mapper: _read(mapper, engine))
    return found


def returned(module: str, metadatas: list[MetaData]) -> str:
    """What a module's own `exercise(session)` returns, on tables of its own."""
    function = getattr(sys.modules[module], "exercise", None)
    if function is None:
        return ""
    engine = create_engine("sqlite://")
    for metadata in metadatas:
        _attempt(lambda metadata=metadata: metadata.create_all(engine))
    with Session(engine, future=True) as session:
        answer = _attempt(lambda: function(session))
    return str(answer)


def _attempt(action: Any) -> Any:
    try:
        return action()
    except Exception as error:
        said = re.sub(r" at 0x[0-9a-f]+", "", (str(error).splitlines() or [""])[0][:200])
        return f"raised {type(error).__name__}: {said}"


def _write(mapper: Any, nth: int, engine: Any) -> str:
    """Write a class's first instance, which has every column, or its second, which has those that it must have."""
    if not isinstance(mapper.local_table, Table):
        return "of no table"
    family = sorted(name_of(one.class_) for one in mapper.base_mapper.self_and_descendants)
    number = 2 * family.index(name_of(mapper.class_)) + nth + 1
    values = {}
    for attr in mapper.column_attrs:
        column = attr.columns[0]
        if not isinstance(column, Column) or column.computed is not None:
            continue
        wanted = nth == 0 or _needed(column)
        if wanted and column is not mapper.polymorphic_on and column is not mapper.version_id_col:
            values[attr.key] = _value(column, number, 5)
    how = "made"
    try:
        instance = mapper.class_(**values)
    except Exception:
        how = "made without its constructor"
        instance = mapper.class_manager.new_instance()
        for key, value in values.items():
            setattr(instance, key, value)
    with Session(engine, future=True) as session:
        session.add(instance)
        session.commit()
    return how


def _needed(column: Any) -> bool:
    given = column.default is not None or column.server_default is not None or column.identity is not None
    return bool(column.primary_key or column.foreign_keys) or not (column.nullable or given)


def _value(column: Any, number: int, depth: int) -> Any:
    """A value of the column's type; the one of the column it refers to, where it is a foreign key."""
    if column.foreign_keys and depth:
        try:
            return _value(next(iter(column.foreign_keys)).column, number, depth - 1)
        except Exception:
            return number
    kind = column.type
    called = type(kind).__name__.lower()
    while isinstance(kind, types.TypeDecorator) and not isinstance(kind, (types.Interval, types.PickleType)):
        kind = kind.impl_instance if hasattr(kind, "impl_instance") else kind.impl
    if isinstance(kind, types.Enum):
        found = list(kind.enum_class) if kind.enum_class else list(kind.enums)
        return found[number % len(found)]
    if (
        isinstance(column.type, types.TypeDecorator)
        and called.endswith(("guid", "uuid"))
        and isinstance(kind, types.String)
    ):
        return uuid.UUID(int=number)
    if isinstance(column.type, types.TypeDecorator) and called.startswith("json") and isinstance(kind, types.String):
        return {"n": number}
    text = f"{column.name}{number}"
    choices: list[tuple[Any, Any]] = [  # the first that fits
        (types.Interval, datetime.timedelta(hours=number)),
        (types.Boolean, bool(number % 2)),
        (types.Integer, number),
        ((types.Numeric, types.Float), decimal.Decimal("1.50") if getattr(kind, "asdecimal", False) else 1.5),
        (types.String, text[-(getattr(kind, "length", None) or 99) :]),
        (types.DateTime, _DAY),
        (types.Date, _DAY.date()),
        (types.Time, _DAY.time()),
        (types.LargeBinary, text.encode()),
        (types.JSON, {"n": number}),
        (types.PickleType, {"n": number}),
        (types.ARRAY, [number]),
    ]
    if type(kind).__name__.lower() == "uuid":
        made = uuid.UUID(int=number)
        return made if getattr(kind, "as_uuid", False) else str(made)
    return next((value for of, value in choices if isinstance(kind, of)), text)


def _read(mapper: Any, engine: Any) -> list[dict[str, str]]:
    found = []
    with Session(engine, future=True) as session:
        statement = select(mapper.class_).order_by(*mapper.primary_key)
        for instance in session.execute(statement).unique().scalars():
            values = {"": name_of(type(instance))}
            for attr in inspect(type(instance)).column_attrs:
                values[attr.key] = _shown(getattr(instance, attr.key), attr)
            for attr in inspect(type(instance)).relationships:
                values[attr.key] = _attempt(
                    lambda attr=attr, instance=instance: _related(getattr(instance, attr.key), session)
                )
            found.append(values)
    return found


def _shown(value: Any, attr: Any) -> str:
    """A value; only its type where a function or the database made it up."""
    column = attr.columns[0]
    made = [getattr(column, name, None) for name in ("default", "onupdate", "server_default")]
    volatile = any(
        one is not None and (callable(getattr(one, "arg", None)) or hasattr(getattr(one, "arg", None), "compile"))
        for one in made
    )
    if volatile or (value is not None and " at 0x" in repr(value)):
        return type(value).__name__
    return str(value) if isinstance(value, enum.Enum) else repr(value)


def _related(value: Any, session: Any) -> str:
    if value is None:
        return "None"
    if isinstance(inspect(value, raiseerr=False), InstanceState):
        return _identity(value)
    if hasattr(value, "keys"):
        return str(sorted((str(key), _identity(value[key])) for key in value))
    if type(value).__name__ == "WriteOnlyCollection":  # as the session finds it
        return f"dynamic {sorted(map(_identity, session.scalars(value.select())))}"
    return f"{type(value).__name__ if not hasattr(value, 'session') else 'dynamic'} {sorted(map(_identity, value))}"


def _identity(instance: Any) -> str:
    return f"{name_of(type(instance))}{inspect(instance).identity}"
