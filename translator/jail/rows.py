"""Rows for tables that nobody filled: able to show a difference, and the same in every run.

Ties, NULLs, children that fan out and parents without any; the constants of the paste occur, and others too. The rows
of a column depend on its name and type only, so that two runs of equal models start from equal rows. Runs on either
SQLAlchemy.
"""

from __future__ import annotations

import datetime
import decimal
import sqlite3
import uuid
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import types
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

COUNT = 6
PARENTS: tuple[int | None, ...] = (0, 0, 1, 2, 0, None)
"""Which parent each row belongs to: one has three children, some have one, some none; one child has no parent."""
HIT = (0, 0, 1, 0, 2, 3)
"""Which constant of the paste each row gets: the first one goes to two children of one parent, and to another's."""
HIT_BY_MANY = (0, 0, 1, 2, 3, 4)
SELF: tuple[int | None, ...] = (None, 0, 0, 1, 1, None)
WORDS = ("ada", "bo", "cy", "ada", "di", "eve")
NUMBERS = (3, 1, 2, 2, 5, 0)
FLAGS = (True, False, True, True, False, False)
DIALECT = sqlite.dialect()

Constants = Mapping[str, Sequence[Any]]
Row = dict[str, Any]


def create(raw: sqlite3.Connection, table: Any) -> None:
    """Create one table, past SQLAlchemy's connections: theirs may be in the middle of something."""
    raw.execute(str(CreateTable(table).compile(dialect=DIALECT)))
    for index in table.indexes:
        if index.unique:
            raw.execute(str(CreateIndex(index).compile(dialect=DIALECT)))


def insert(raw: sqlite3.Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows by column name; a row that the table refuses is left out."""
    preparer = DIALECT.identifier_preparer
    for row in rows:
        columns = [column for column in table.columns if column.name in row]
        names = ", ".join(preparer.format_column(column) for column in columns)
        marks = ", ".join("?" for _ in columns)
        try:
            values = [_bound(column.type, row[column.name]) for column in columns]
            raw.execute(f"INSERT INTO {preparer.format_table(table)} ({names}) VALUES ({marks})", values)  # noqa: S608
        except Exception:  # noqa: S112  # a duplicate of a unique pair, a type of the paste's own: the other rows do
            continue


def invent(
    table: Any, known: Mapping[str, Sequence[Row]], constants: Constants, *, once: bool = False, nulls: bool = True
) -> list[Row]:
    """Rows for a table; `known` are the rows of the tables before it. `once`: no constant occurs in two rows."""
    rows = [
        {column.name: _value(column, number, known, constants, once=once, nulls=nulls) for column in table.columns}
        for number in range(COUNT)
    ]
    keys = list(table.primary_key.columns)
    if len(keys) > 1:
        rows = _distinct_pairs(rows, [column.name for column in keys])
    return [row for row in rows if all(row[column.name] is not None for column in keys)]


def _distinct_pairs(rows: list[Row], keys: list[str]) -> list[Row]:
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for row in rows:
        pair = tuple(row[name] for name in keys)
        if pair not in seen:
            seen.add(pair)
            kept.append(row)
    return kept


def _value(
    column: Any, number: int, known: Mapping[str, Sequence[Row]], constants: Constants, *, once: bool, nulls: bool
) -> Any:
    foreign = next(iter(column.foreign_keys), None)
    if foreign is not None:
        found = _reference(column, foreign, number, known)
        return found if found is not None or nulls else _reference(column, foreign, 0, known)
    if column.primary_key:
        return _key(column, number, constants)
    turn = number if column.unique else (number + zlib.crc32(column.name.encode())) % COUNT
    if number == COUNT - 1 and column.nullable and not column.unique and nulls:
        return None
    given = [value for value in constants.get(column.name, ()) if _fits(_kind(column), value)]
    if column.nullable and not column.unique and nulls and None in constants.get(column.name, ()):
        given = [None, *given]
    if given and once:
        return given[number] if number < len(given) else _typical(column, number, distinct=True)
    if given and column.unique:
        return given[number] if number < len(given) else _typical(column, turn)
    if not given and not once and column.name.lower().endswith("_id") and isinstance(_kind(column), types.Integer):
        return (PARENTS[number] or 0) + 1  # it points to something that isn't shown: to the first one most often
    places = HIT if len(given) <= len(set(HIT)) - 1 else HIT_BY_MANY
    if given and places[number] < len(given):
        return given[places[number]]
    return _typical(column, turn, distinct=once)


def _reference(column: Any, foreign: Any, number: int, known: Mapping[str, Sequence[Row]]) -> Any:
    try:
        target = foreign.column
    except Exception:
        # the table it points to isn't there: any number does, SQLite doesn't check
        return number % 3 + 1
    keys = [row[target.name] for row in known.get(target.table.name, ())]
    if target.table is column.table:
        place = SELF[number]
        return None if place is None else place + 1
    if not keys:
        return None if column.nullable else 1
    if column.unique or (column.primary_key and len(column.table.primary_key.columns) == 1):
        return keys[number] if number < min(len(keys), 3) else None
    shift = sum(1 for other in column.table.columns if other.foreign_keys and other.name < column.name)
    place = PARENTS[(number + shift) % COUNT] if shift == 0 else (number * (shift + 1)) % max(len(keys) - 1, 1)
    if place is None:
        return None if column.nullable and not column.primary_key else keys[1 % len(keys)]
    return keys[place % len(keys)]


def _key(column: Any, number: int, constants: Constants) -> Any:
    composite = len(column.table.primary_key.columns) > 1
    if isinstance(_kind(column), types.Integer) or type(_kind(column)) is types.NullType:
        if not composite:
            asked = [value for value in constants.get(column.name, ()) if _fits(_kind(column), value) and value > COUNT]
            return asked[COUNT - 1 - number] if COUNT - 1 - number < min(len(asked), 2) else number + 1
        first = next(iter(column.table.primary_key.columns)) is column
        return number // 2 + 1 if first else number % 2 + 1
    given = [value for value in constants.get(column.name, ()) if _fits(_kind(column), value)]
    return given[number] if number < len(given) else _typical(column, number, distinct=True)


def _typical(column: Any, turn: int, distinct: bool = False) -> Any:
    kind = _kind(column)
    distinct = distinct or bool(column.unique)
    # as it is first: Interval is a TypeDecorator of its own, on a DateTime
    for tried in (kind, kind.impl) if isinstance(kind, types.TypeDecorator) else (kind,):
        for types_, make in MAKERS:
            if isinstance(tried, types_):
                return make(column, tried, turn, distinct)
    return _text(column, getattr(kind, "impl", kind), turn, distinct)


def _kind(column: Any) -> Any:
    """The type of a column, on either SQLAlchemy: 1.4 makes another one of `BigInteger().with_variant(Integer, "sqlite")`."""
    return column.type.impl if type(column.type).__name__ == "Variant" else column.type


def _text(column: Any, kind: Any, turn: int, distinct: bool) -> str:
    word = WORDS[turn] + (str(turn) if distinct else "")
    name = column.name.lower()
    if "email" in name or "mail" in name:
        word += "@example.com"
    elif name.endswith(("url", "uri", "link")):
        word = f"https://example.com/{word}"
    length = getattr(kind, "length", None)
    return word if not length or len(word) <= length else word[: length - 1] + str(turn)


def _enum(column: Any, kind: Any, turn: int, distinct: bool) -> Any:
    names = kind.enums
    chosen = names[turn % len(names)]
    return (
        kind.enum_class[chosen]
        if getattr(kind, "enum_class", None) and chosen in kind.enum_class.__members__
        else chosen
    )


def _moment(column: Any, kind: Any, turn: int, distinct: bool) -> datetime.datetime:
    if turn == 1:  # not all in the past: code often asks for the last days
        midnight = datetime.datetime.combine(datetime.date.today(), datetime.time())
        return midnight - datetime.timedelta(days=1)
    zone = datetime.timezone.utc if getattr(kind, "timezone", False) else None  # noqa: UP017
    return datetime.datetime(2018 + (turn if distinct else NUMBERS[turn]), 1 + turn, 1, 12, tzinfo=zone)


def _uuid(column: Any, kind: Any, turn: int, distinct: bool) -> Any:
    made = uuid.UUID(int=turn + 1)
    return made if getattr(kind, "as_uuid", True) else str(made)


MAKERS: tuple[tuple[Any, Any], ...] = (
    (types.Enum, _enum),
    (types.Boolean, lambda column, kind, turn, distinct: FLAGS[turn]),
    (types.Integer, lambda column, kind, turn, distinct: turn + 10 if distinct else NUMBERS[turn]),
    (types.Float, lambda column, kind, turn, distinct: (turn if distinct else NUMBERS[turn]) * 1.5),
    (
        types.Numeric,
        lambda column, kind, turn, distinct: (
            decimal.Decimal(turn if distinct else NUMBERS[turn]) * 10 + decimal.Decimal("0.50")
        ),
    ),
    (types.DateTime, _moment),
    (types.Date, lambda column, kind, turn, distinct: _moment(column, kind, turn, distinct).date()),
    (types.Time, lambda column, kind, turn, distinct: datetime.time(turn, 30)),
    (types.Interval, lambda column, kind, turn, distinct: datetime.timedelta(hours=turn)),
    (types.LargeBinary, lambda column, kind, turn, distinct: bytes([turn])),
    (types.JSON, lambda column, kind, turn, distinct: {"n": turn}),
    (types.PickleType, lambda column, kind, turn, distinct: {"n": turn}),
    ((postgresql.UUID, getattr(types, "Uuid", postgresql.UUID)), _uuid),
)


def _fits(kind: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return isinstance(kind, types.Boolean)
    if isinstance(value, (int, float)):
        return isinstance(kind, (types.Integer, types.Numeric, types.Float, types.NullType))  # 2.1: Float is no Numeric
    if isinstance(kind, types.Enum):
        return value in kind.enums and getattr(kind, "enum_class", None) is None
    return isinstance(value, str) and isinstance(kind, (types.String, types.NullType))


def _bound(kind: Any, value: Any) -> Any:
    """A value as SQLAlchemy would hand it to the driver; text in the plan stands for dates and decimals."""
    if isinstance(value, str) and not isinstance(kind, (types.String, types.Enum, types.NullType)):
        value = _parsed(kind, value)
    processor = kind.dialect_impl(DIALECT).bind_processor(DIALECT)
    return processor(value) if processor is not None else value


def _parsed(kind: Any, value: str) -> Any:
    if isinstance(kind, types.DateTime):
        return datetime.datetime.fromisoformat(value)
    if isinstance(kind, types.Date):
        return datetime.date.fromisoformat(value)
    if isinstance(kind, types.Numeric):
        return decimal.Decimal(value)
    return value
