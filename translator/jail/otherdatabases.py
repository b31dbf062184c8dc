"""Lets SQLite hold columns whose types only other databases have, with the values those give. Runs on either SQLAlchemy."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.ext.compiler import compiles

Processor = Callable[[Any], Any] | None

TYPES = {
    "JSON": (postgresql.JSONB, postgresql.JSON, postgresql.ARRAY, postgresql.HSTORE),
    "CHAR(36)": (postgresql.UUID,),
    "TEXT": (postgresql.INET, postgresql.CIDR, postgresql.TSVECTOR, mysql.LONGTEXT, mysql.MEDIUMTEXT),
    "INTEGER": (mysql.TINYINT, mysql.MEDIUMINT, mysql.INTEGER, mysql.BIGINT),
}


def accept_other_databases() -> None:
    """Let SQLite create and fill them. Once a process."""
    for name, types in TYPES.items():
        for type_ in types:
            compiles(type_, "sqlite")(lambda element, compiler, name=name, **_: name)
    if not sqlalchemy.__version__.startswith("1."):
        of_uuid: Any = postgresql.UUID
        of_uuid.bind_processor, of_uuid.result_processor = _bound, _given


def _bound(kind: Any, dialect: Any) -> Processor:
    """How 1.4 hands PostgreSQL a UUID, so that both sides write the same; 2.x has a form of its own for SQLite."""
    return lambda value: None if value is None else str(value)


def _given(kind: Any, dialect: Any, coltype: Any) -> Processor:
    """A UUID object, or the text where the column says so: PostgreSQL's."""
    return (lambda value: None if value is None else uuid.UUID(value)) if kind.as_uuid else None


class AnyUuid(postgresql.UUID):  # type: ignore[type-arg]
    """`UUID` where nobody shows what it is: PostgreSQL's type, or Python's class where it is given a text."""

    def __new__(cls, *args: Any, **options: Any) -> Any:
        """`UUID(as_uuid=True)` or `UUID("…")`."""
        return uuid.UUID(*args) if args and isinstance(args[0], str) else super().__new__(cls)
