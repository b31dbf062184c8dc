"""What the objects that a text still holds know, against what the database holds: their identity and their freshness.

Statements don't show it: after a bulk update with another `synchronize_session`, the rows are right and an object in
memory is not. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.dialects import sqlite

from .values import encode, entity_state

MOST = 60
DIALECT = sqlite.dialect()


def observe(raw: sqlite3.Connection, names: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each object by the path to it, with a number that tells it from others and the attributes that are out of date.

    `held` says whether a session has it, so that it may be written yet, or has let go of it.
    """
    numbers: dict[int, int] = {}
    found = []
    for path, entity in _entities(names):
        state = entity_state(entity)
        number = numbers.setdefault(id(entity), len(numbers))
        found.append(
            {
                "path": path,
                "entity": type(entity).__name__,
                "number": number,
                "stale": _stale(raw, entity, state),
                "held": state.session_id is not None,
            }
        )
        if len(found) >= MOST:
            break
    return found


def _entities(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in names.items():
        if name.startswith("_"):
            continue
        items = enumerate(value) if type(value) in (list, tuple) else ()
        for path, item in [(name, value), *((f"{name}[{place}]", item) for place, item in items)]:
            if entity_state(item) is not None:
                yield path, item


def _stale(raw: sqlite3.Connection, entity: Any, state: Any) -> dict[str, Any]:
    """The loaded columns that differ from the row, with the value in memory; "gone" if there is no row."""
    if state.key is None:
        return {}
    mapper = state.mapper
    mapped = {id(column) for column in mapper.columns}
    stale: dict[str, Any] = {}
    for table in mapper.tables:
        key = {
            column.name: state.key[1][place] for place, column in enumerate(mapper.primary_key) if column.table is table
        }
        if not key:
            continue
        row = _row(raw, table, key)
        if row is None:
            return {"gone": True}
        for column in table.columns:
            attribute = mapper.get_property_by_column(column).key if id(column) in mapped else None
            if attribute is None or attribute not in state.dict or column.name not in row:
                continue
            loaded = encode(state.dict[attribute])
            if loaded != encode(_as_loaded(column, row[column.name])):
                stale[attribute] = loaded
    return stale


def _row(raw: sqlite3.Connection, table: Any, key: Mapping[str, Any]) -> dict[str, Any] | None:
    preparer = DIALECT.identifier_preparer
    condition = " AND ".join(f"{preparer.quote(name)} = ?" for name in key)
    names = ", ".join(preparer.format_column(column) for column in table.columns)
    sql = f"SELECT {names} FROM {preparer.format_table(table)} WHERE {condition}"  # noqa: S608  # quoted, and jailed
    try:
        row = raw.execute(sql, tuple(key.values())).fetchone()
    except sqlite3.Error:  # a key of a type of its own, a table that was dropped: nothing to compare with
        return {}
    return None if row is None else dict(zip((column.name for column in table.columns), row, strict=True))


def _as_loaded(column: Any, value: Any) -> Any:
    """A value of the database as SQLAlchemy would load it."""
    processor = column.type.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return processor(value) if processor is not None else value
