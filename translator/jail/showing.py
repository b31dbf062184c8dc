"""Statements and tables as other databases would have them, for people to read: nothing of this is executed.

Runs on either SQLAlchemy.
"""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.schema import AddConstraint, CreateTable, sort_tables_and_constraints

from .placeholders import Placeholder, plain

DIALECTS: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
    "mysql": mysql.dialect,
    "oracle": oracle.dialect,
    "mssql": mssql.dialect,
}
NUMBERS_FOR_TRUTH = frozenset(["sqlite", "oracle", "mssql"])
NEED_LENGTHS = frozenset(["mysql", "oracle"])
NAMED = re.compile(r"'(?:[^']|'')*'|(?<![:\w]):(\w+)")
MARKS = re.compile(r"'(?:[^']|'')*'|(\?)")
TABLES = 20
SETS = 50
"""How many rows of one statement, or of one table, go to a server."""
LONGEST = 2000
"""Characters of one value that are written into a statement."""


def shown(sql: str, context: Any, parameters: Any, dialect: str, *, many: bool) -> dict[str, str | None]:
    """The statement in a dialect: `shown` with its parameters apart, `inline` with them in place.

    As SQLite has it where the dialect doesn't; `inline` is None where a value can't be written down.
    """
    compiled = getattr(context, "compiled", None)
    if dialect in DIALECTS and dialect != "sqlite" and getattr(compiled, "statement", None) is not None:
        try:
            return {"shown": _compiled(context, DIALECTS[dialect]()), "inline": _inline(context, dialect, 0)}
        except Exception:
            # not e.g. a type that this dialect doesn't have: the statement has run, only its display is SQLite's
            return {"shown": sql, "inline": None}
    first = parameters[0] if many and parameters else parameters
    return {"shown": sql, "inline": None if isinstance(first, Mapping) else _with_marks_filled(sql, first or ())}


def _compiled(context: Any, dialect: Any) -> str:
    options: dict[str, Any] = {"dialect": dialect, "compile_kwargs": {"render_postcompile": True}}
    if context.isinsert or context.isupdate:
        options["column_keys"] = list(context.compiled_parameters[0]) if context.compiled_parameters else None
    return str(context.compiled.statement.compile(**options))


def on_server(sql: str, context: Any, parameters: Any, *, many: bool) -> list[str]:
    """What PostgreSQL would be sent, values in place: a statement for each set of them. Empty where that can't be said."""
    compiled = getattr(context, "compiled", None)
    try:
        if getattr(compiled, "statement", None) is None:
            given = parameters if many else [parameters]
            found = [None if isinstance(one, Mapping) else _with_marks_filled(sql, one or ()) for one in given[:SETS]]
        elif context.isddl:
            return []  # the tables are there already
        else:
            found = [
                _inline(context, "postgresql", number) for number in range(len(context.compiled_parameters or [0]))
            ][:SETS]
    except Exception:
        # a type that PostgreSQL doesn't have, one of the paste's own that raises: this statement is not checked there
        return []
    return [text for text in found if text is not None] if None not in found else []


def inserts(metadata: Sequence[Any], filled: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """The rows that were made up, as INSERT statements for PostgreSQL; a value that can't be written down is left out."""
    made = DIALECTS["postgresql"]()
    texts = []
    for table in (table for one in metadata for table in one.sorted_tables if table.name in filled):
        for row in filled[table.name][:SETS]:
            values = {name: text for name, text in ((name, _written_down(row[name])) for name in row) if text}
            columns = ", ".join(made.identifier_preparer.quote(name) for name in values)
            name = made.identifier_preparer.format_table(table)
            texts.append(f"INSERT INTO {name} ({columns}) VALUES ({', '.join(values.values())})")  # noqa: S608  # not ours to execute
    return texts


def _written_down(value: Any) -> str | None:
    try:
        return literal(value, "postgresql")
    except ValueError:
        return None


def _inline(context: Any, dialect: str, number: int) -> str | None:
    """The statement with its values in place: those of the set with this number."""
    plain = DIALECTS[dialect](paramstyle="named")
    plain._bind_typing_render_casts = False  # `::VARCHAR` behind every value says nothing to a reader
    sql = _compiled(context, plain)
    values: Mapping[str, Any] = context.compiled_parameters[number] if context.compiled_parameters else {}
    try:
        return NAMED.sub(
            lambda found: found[0] if found[1] is None else literal(_named(values, found[1]), dialect), sql
        )
    except (KeyError, ValueError):
        return None


def _named(values: Mapping[str, Any], name: str) -> Any:
    """The value of a parameter, also of one in a list that was spelled out: `id_1_2` is the second of `id_1`."""
    if name in values:
        return values[name]
    base, _, number = name.rpartition("_")
    return list(values[base])[int(number) - 1]


def _with_marks_filled(sql: str, parameters: Iterable[Any]) -> str | None:
    values = iter(tuple(parameters))
    try:
        return MARKS.sub(lambda found: found[0] if found[1] is None else literal(next(values), "sqlite"), sql)
    except (StopIteration, RuntimeError, ValueError, TypeError):
        return None


def literal(value: Any, dialect: str) -> str:
    """A value as SQL text. Raises ValueError for what has no such form."""
    if isinstance(value, Placeholder):
        value = plain(value)
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value)) if dialect in NUMBERS_FOR_TRUTH else str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        text = value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    elif isinstance(value, (str, uuid.UUID)):
        text = str(value)
    else:
        raise ValueError(f"no literal for {type(value).__name__}")
    if len(text) > LONGEST:
        raise ValueError("too long")
    return "'" + text.replace("'", "''") + "'"


def ddl(metadata: Sequence[Any], names: Iterable[str], dialect: str) -> list[str]:
    """CREATE TABLE for the tables of these names, in an order in which they can be executed, in the dialect.

    Keys of tables that refer to each other follow as ALTER TABLE, where the dialect has that. As SQLite has a table where
    the dialect can't.
    """
    wanted = frozenset(names)
    found = [table for one in metadata for table in one.tables.values() if table.name in wanted][:TABLES]
    for table in found if dialect in NEED_LENGTHS else ():
        for column in table.columns:
            if type(column.type) is String and column.type.length is None:
                column.type.length = 255  # the run is over: nothing looks at it any more
    made = DIALECTS.get(dialect, sqlite.dialect)()
    texts: list[str] = []
    for table, keys in sort_tables_and_constraints(found):  # type: ignore[no-untyped-call]
        if table is not None:
            texts += _written(
                CreateTable(table, include_foreign_key_constraints=keys if made.supports_alter else None), made
            )
        elif made.supports_alter:
            texts += [text for key in keys for text in _written(AddConstraint(key), made)]
    return texts


def _written(element: Any, dialect: Any) -> Iterator[str]:
    for one in (dialect, sqlite.dialect()):
        try:
            yield str(element.compile(dialect=one)).strip()
            return
        except Exception:
            # a type that this dialect doesn't have, or one of the paste's own that raises: SQLite's form, or none
            del one
