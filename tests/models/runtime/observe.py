"""What model modules are once imported: their tables, their mappers and the rows that their classes write and read.

    python observe.py JOB.json ANSWER.json

Runs on SQLAlchemy 1.4 and 2.x alike, so it imports the standard library and SQLAlchemy only, and alembic where it is.
The job: `path` (folders to import from), `modules`, `missing` (whether packages that are not installed are stood in
for), `rows` (whether to write and read), `ddl` (SQLite's statements to hold the metadata against, by alembic).
"""

from __future__ import annotations

import gc
import importlib
import itertools
import json
import os
import re
import sys
import time
import traceback
import uuid
import warnings
from collections.abc import Iterator
from typing import Any

import missing
import rows
from sqlalchemy import MetaData, __version__, create_engine, text
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.exc import OperationalError, UnsupportedCompilationError
from sqlalchemy.orm import Mapper, configure_mappers
from sqlalchemy.orm.mapper import _all_registries
from sqlalchemy.schema import CreateIndex, CreateTable

DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.psycopg2.dialect(), "mysql": mysql.dialect()}
"""Of PostgreSQL the driver that 1.4 takes by itself: 2.1's makes VARCHAR of a `TypeDecorator`'s CHAR."""

_WITH_TABLES = (mssql, oracle)
_OWN = [thing for thing in gc.get_objects() if isinstance(thing, MetaData)]
"""Those of SQLAlchemy's dialects, for the databases' own tables."""

_LACK = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


class LacksNameError(Exception):
    """An installed package is of another version than the application wants, and lacks a name."""


def _foreign(module: str, path: list[str]) -> bool:
    """Whether a module is neither SQLAlchemy's nor the application's own."""
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return not module.startswith("sqlalchemy") and not any(file.startswith(folder) for folder in path)


def observe(job: dict[str, Any]) -> dict[str, Any]:
    """Import the job's modules and tell what they define."""
    sys.path[:0] = job["path"]
    numbers = itertools.count(1)
    time.time = lambda: 1e9  # a default may be read off the clock
    uuid.uuid4 = lambda: uuid.UUID(int=next(numbers))  # rows are read in the order of their keys
    if job.get("missing"):
        missing.stand_in(job.get("lacking", []), alembic=__version__.startswith("1."))
    failed = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name in job["modules"]:
            try:
                importlib.import_module(name)
            except (Exception, SystemExit) as error:
                if job.get("missing") and (lack := _LACK.match(str(error))) and _foreign(lack[2], job["path"]):
                    raise LacksNameError(lack[2], lack[1]) from None
                failed[name] = said(error)
        answer: dict[str, Any] = {"version": __version__, "failed": failed, "configured": ""}
        metadatas = _metadatas()
        try:
            configure_mappers()
        except Exception as error:
            answer["configured"] = said(error)
        answer["tables"] = {_named(table): _ddl(table) for meta in metadatas for table in meta.tables.values()}
        mappers = [] if answer["configured"] else _mappers()
        mappers = sorted(mappers, key=lambda mapper: rows.name_of(mapper.class_))
        answer["classes"] = {rows.name_of(mapper.class_): _class(mapper) for mapper in mappers}
        if job.get("rows") and mappers:
            answer["rows"] = rows.exercise(metadatas, mappers)
            answer["returned"] = {name: rows.returned(name, metadatas) for name in job["modules"] if name not in failed}
    answer["warnings"] = sorted({f"{w.category.__name__}: {w.message}" for w in caught if "sqlalche" in str(w).lower()})
    if "ddl" in job:
        answer["to_migrate"] = _to_migrate(metadatas, job["ddl"])
    return answer


def said(error: BaseException) -> str:
    """An exception's type and first line, and the line of the modules that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    here = next(
        (f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in reversed(frames) if "sqlalchemy" not in f.filename), ""
    )
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} ({here})"


def _metadatas() -> list[MetaData]:
    found = [
        thing for thing in gc.get_objects() if issubclass(type(thing), MetaData) and thing.tables and thing not in _OWN
    ]
    found.sort(key=lambda meta: (sorted(meta.tables), sorted(str(c) for t in meta.tables.values() for c in t.columns)))
    for number, meta in enumerate(found):
        for name, table in meta.tables.items():
            again = any(name in earlier.tables for earlier in found[:number])
            table.info["named"] = f"{table.fullname} of metadata {number + 1}" if again else str(table.fullname)
    return found


def _mappers() -> Iterator[Mapper[Any]]:
    for registry in _all_registries():
        for manager in list(registry._managers):  # registry.mappers stumbles over a class whose mapping failed
            if manager.is_mapped:
                yield manager.mapper
        yield from registry._non_primary_mappers if hasattr(registry, "_non_primary_mappers") else ()


def _named(table: Any) -> str:
    """A table's name, and the number of its metadata where an earlier one has a table of that name."""
    return str(table.info.get("named", table.fullname))


def _ddl(table: Any) -> dict[str, list[str]]:
    """By dialect: CREATE TABLE, a line an item, then the CREATE INDEX statements by name."""
    found = {}
    for name, dialect in DIALECTS.items():
        try:
            lines = [line.strip() for line in str(CreateTable(table).compile(dialect=dialect)).splitlines()]
            indexes = sorted(str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
            found[name] = [line for line in lines if line] + indexes
        except Exception as error:  # another database's type
            found[name] = [f"no DDL: {type(error).__name__}", *_columns(table, dialect)]
    return found


def _columns(table: Any, dialect: Any) -> Iterator[str]:
    """The columns of a table one by one, each with its DDL or the word that this database has none for it."""
    compiler = dialect.ddl_compiler(dialect, None)
    for column in table.columns:
        try:
            yield compiler.get_column_specification(column)
        except Exception as error:
            yield f"{column.name}: {type(error).__name__}, nullable {column.nullable}"


def _class(mapper: Any) -> dict[str, Any]:
    inherits = mapper.inherits
    return {
        "table": str(getattr(mapper.local_table, "fullname", mapper.local_table)),
        "inherits": rows.name_of(inherits.class_) if inherits is not None else "",
        "identity": repr(mapper.polymorphic_identity),
        "on": str(mapper.polymorphic_on),
        "version": str(mapper.version_id_col),
        "order": [attr.key for attr in mapper.column_attrs if hasattr(attr.columns[0], "table")],
        "columns": {attr.key: _column(attr) for attr in mapper.column_attrs},
        "relationships": {attr.key: _relationship(attr) for attr in mapper.relationships},
        "composites": {attr.key: [prop.key for prop in attr.props] for attr in mapper.composites},
        "synonyms": {attr.key: attr.name for attr in mapper.synonyms},
    }


def _column(attr: Any) -> dict[str, Any]:
    column = attr.columns[0]
    return {
        "column": _text(column),
        "all": [_text(one) for one in attr.columns],
        "type": rows.type_of(column.type),
        "nullable": getattr(column, "nullable", None),
        "deferred": [attr.deferred, attr.group],
        "doc": attr.doc,
        "info": repr(attr.info),
        **{name: rows.default_of(getattr(column, name, None)) for name in ("default", "onupdate", "server_default")},
    }


def _text(clause: Any) -> str:
    """A clause as text, by the first database that has all of it: an application may bring its own constructs."""
    for compiled in (str, *(lambda one, to=to: str(one.compile(dialect=to)) for to in DIALECTS.values())):
        try:
            return str(compiled(clause))
        except UnsupportedCompilationError:
            continue
    return type(clause).__name__


def _relationship(attr: Any) -> dict[str, Any]:
    return {
        "to": rows.name_of(attr.mapper.class_),
        "direction": attr.direction.name,
        "uselist": attr.uselist,
        "paired": sorted(rows.name_of(other.parent.class_) + "." + other.key for other in attr._reverse_property),
        "secondary": str(attr.secondary) if attr.secondary is not None else "",
        "primaryjoin": _text(attr.primaryjoin),
        "secondaryjoin": _text(attr.secondaryjoin),
        "remote": sorted(map(_text, attr.remote_side)),
        "lazy": attr.lazy,
        "cascade": sorted(attr.cascade),
        "order_by": [_text(one) for one in attr.order_by or ()],
        "collection": _collection(attr.collection_class, attr.uselist),
        "passive": [attr.passive_deletes, attr.passive_updates, attr.viewonly, attr.post_update, attr.single_parent],
        "info": repr(attr.info),
    }


def _collection(made_by: Any, many: bool) -> str:
    """A class by its name, list where none is given; what a function makes by its kind, for their names are SQLAlchemy's."""
    if made_by is None or (isinstance(made_by, type) and not made_by.__name__.startswith("_")):
        return getattr(made_by, "__name__", "list" if many else "")
    try:
        made = made_by()
    except Exception as error:
        return type(error).__name__
    return next((kind.__name__ for kind in (dict, list, set) if isinstance(made, kind)), type(made).__name__)


def _to_migrate(metadatas: list[MetaData], ddl: dict[str, list[str]]) -> list[str]:
    """What alembic would do to databases made by other DDL, to make them what the metadata says. It needs a 2.x."""
    from alembic.autogenerate import compare_metadata  # only where it is asked for: 1.4 has none
    from alembic.migration import MigrationContext

    found: list[str] = []
    for metadata in metadatas:
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            made = {_named(table) for table in metadata.tables.values() if _made(table, ddl, connection)}
            context = MigrationContext.configure(connection, opts={"include_object": _of(made)})
            try:
                found += map(repr, compare_metadata(context, metadata))
            except Exception as error:  # a foreign key to a table of a module that could not be imported
                found.append(said(error))
    return found


def _made(table: Any, ddl: dict[str, list[str]], connection: Any) -> bool:
    """Create a table by the other DDL; whether SQLite takes it."""
    if table.schema is not None:
        return False
    try:
        for statement in _statements(ddl.get(_named(table), [])):
            connection.execute(text(statement.replace(":", "\\:")))
    except OperationalError:  # a server default that calls another database's function
        return False
    return not ddl.get(_named(table), [""])[0].startswith("no DDL")


def _of(made: set[str]) -> Any:
    """What is compared: tables that SQLite could have."""

    def include(thing: Any, name: str, kind: str, reflected: bool, against: Any) -> bool:
        table = thing if kind == "table" else getattr(thing, "table", None)
        return reflected or table is None or _named(table) in made

    return include


def _statements(lines: list[str]) -> list[str]:
    """CREATE TABLE and each CREATE INDEX from the lines of `_ddl`."""
    if not lines or lines[0].startswith("no DDL"):
        return []
    end = next(i for i, line in enumerate(lines) if line == ")") + 1
    return [" ".join(lines[:end]), *lines[end:]]


if __name__ == "__main__":
    with open(sys.argv[1]) as _file:
        _job = json.load(_file)
    try:
        _answer = observe(_job)
    except LacksNameError as _error:  # begin anew with a stand-in for the name: half a module can't be imported twice
        _job.setdefault("lacking", []).append(_error.args)
        with open(sys.argv[1], "w") as _file:
            json.dump(_job, _file)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    with open(sys.argv[2], "w") as _file:
        json.dump(_answer, _file)
