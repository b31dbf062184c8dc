"""The job's one database, in memory, and what is seen of it: engines, statements as they are emitted, tables at the end.

Every engine a paste asks for, whatever its address, is an engine on this database. A statement is recorded with the
line of the paste that emitted it. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import functools
import gc
import sqlite3
import sys
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from . import limits
from .foreign import Foreign
from .guards import Unavailable, line_of
from .showing import on_server, shown
from .unsaid import of_objects, unsaid
from .values import encode, encode_row

SQL_SECONDS = 4.0
STEPS = 100_000
DIFFERENT_WAYS = 8
"""How many times a statement that SQLite refuses is tried in another form."""
IS_LEGACY = sqlalchemy.__version__.startswith("1.")

DENIED_ACTIONS = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})
ALLOWED_PRAGMAS = frozenset(
    [
        "table_info",
        "table_xinfo",
        "table_list",
        "index_list",
        "index_info",
        "index_xinfo",
        "foreign_key_list",
        "foreign_keys",
        "read_uncommitted",
        "database_list",
        "encoding",
        "user_version",
    ]
)


@dataclass(slots=True)
class Recorder:
    """What is emitted while `on`."""

    dialect: str
    for_server: bool = False
    """Whether statements are noted as PostgreSQL would execute them, too."""
    on: bool = False
    statements: list[dict[str, Any]] = field(default_factory=list)
    rows: int = 0

    def restart(self) -> None:
        """Begin a new list; the one so far has been taken."""
        self.statements, self.rows = [], 0


class _Cursor(sqlite3.Cursor):
    """Executes something else for what SQLite refuses. Has what 2.1 asks of the cursors of asynchronous drivers, too."""

    def execute(self, sql: str, parameters: Any = ()) -> Self:
        self._in_a_form_that_runs(super().execute, sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Any) -> Self:
        self._in_a_form_that_runs(super().executemany, sql, parameters)
        return self

    def _in_a_form_that_runs(self, action: Callable[[str, Any], Any], sql: str, parameters: Any) -> None:
        connection: Any = self.connection
        for _ in range(DIFFERENT_WAYS):
            try:
                action(sql, parameters)
            except sqlite3.OperationalError as error:
                other = connection.foreign.instead(sql, str(error))
                if other is None:
                    raise
                parameters = parameters if "?" in other or ":" in other else ()
                sql = other
            else:
                return
        action(sql, parameters)

    async def _async_soft_close(self) -> None:
        """All rows have been read."""


class _Connection(sqlite3.Connection):
    """Stays open: `engine.dispose()`, or an error in the middle of a statement, must not take the database away."""

    isolation_level = property(
        lambda self: None, lambda self, value: None
    )  # transactions are begun by `Database._begin`

    @functools.cached_property
    def foreign(self) -> Foreign:
        """What stood for SQL that SQLite refuses."""
        return Foreign(self)

    def cursor(self, *_: Any) -> Any:
        return super().cursor(_Cursor)

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()


class Database:
    """An in-memory SQLite database and the engines on it."""

    def __init__(self, dialect: str, before_statement: Callable[[bool], None]) -> None:
        self.recorder = Recorder(dialect)
        self._before_statement = before_statement
        self._engines: dict[tuple[bool, str | None, str], Any] = {}
        self.savepoints: list[str] = []
        self._connections: weakref.WeakSet[Any] = weakref.WeakSet()
        self._started = time.process_time()
        self._written = 0
        self.raw = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None, factory=_Connection)
        self.raw.set_authorizer(_authorize)
        self.raw.set_progress_handler(self._out_of_time, STEPS)
        self._create = sqlalchemy.create_engine

    def engine(self, future: bool = False, level: str | None = None, kind: str = "") -> Any:
        """The engine, on 1.4 in the old style or the new one; another one for each isolation level and each `kind`."""
        key = future and IS_LEGACY, level, kind
        if key not in self._engines:
            engine = self._new_engine(key[0])
            self._engines[key] = engine.execution_options(isolation_level=level) if level else engine
        return self._engines[key]

    def create_engine(self, *_: Any, **options: Any) -> Any:
        """What a paste gets for `create_engine`, whatever the address."""
        level = "AUTOCOMMIT" if str(options.get("isolation_level")).upper() == "AUTOCOMMIT" else None
        return self.engine(bool(options.get("future")), level)

    def _new_engine(self, future: bool) -> Any:
        options = {"future": True} if future else {}
        engine = self._create("sqlite://", creator=lambda: self.raw, poolclass=StaticPool, **options)
        if not IS_LEGACY:
            _without_returning(engine.dialect)
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        event.listen(engine, "engine_connect", self._connected)
        event.listen(engine, "savepoint", lambda connection, name: self._noted("opened"))
        event.listen(engine, "rollback_savepoint", lambda connection, name, context: self._noted("rolled back"))
        return engine

    def _connected(self, connection: Any, *branch: Any) -> None:
        if not any(branch):
            self._connections.add(connection)

    def _noted(self, what: str) -> None:
        if self.recorder.on:
            self.savepoints.append(what)

    def unclosed(self, session: Any = None) -> int:
        """How many connections are in use, by sessions that have not ended or by themselves.

        Those of `session` are known to be referred to: to look for what nothing refers to any more takes as long as a query.
        """
        if not all(connection.closed or _uses(session, connection) for connection in self._connections):
            gc.collect()
        return sum(not connection.closed for connection in self._connections)

    def _begin(self, connection: Any) -> None:
        if "AUTOCOMMIT" in str(connection.get_execution_options().get("isolation_level", "")).upper():
            return
        # sqlite3 begins transactions late and on its own, which breaks savepoints; begin where SQLAlchemy begins
        if not self.raw.in_transaction:
            self._written = self.raw.total_changes
            self.raw.execute("BEGIN")

    def _before(self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        recorder = self.recorder
        if not recorder.on:
            return
        known = self.raw.total_changes
        self._before_statement(not recorder.statements)  # before plumbing too: `create_all` looks what is there
        self._written += self.raw.total_changes - known  # rows of ours are nothing that the paste has written
        if _is_plumbing(sql):
            return
        if len(recorder.statements) >= limits.STATEMENTS:
            raise Unavailable(f"it emits more than {limits.STATEMENTS} statements")
        recorder.statements.append(
            {
                "sql": sql,
                **shown(sql, context, parameters, recorder.dialect, many=many),
                "parameters": _parameters(parameters, many),
                "synchronised": _synchronised(context),
                "unsaid": unsaid(context),
                "of_objects": of_objects(context),
                **({"server": on_server(sql, context, parameters, many=many)} if recorder.for_server else {}),
                "line": line_of(sys._getframe()),
                "rows": None,
                "done": False,
            }
        )

    def _after(self, connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        """Read a SELECT's rows a second time: what the database gives, however much of it the code then fetches."""
        recorder = self.recorder
        if not recorder.on or _is_plumbing(sql) or not recorder.statements:
            return
        recorder.statements[-1]["done"] = True
        if not _only_reads(sql) or many:
            return
        try:
            rows = self.raw.cursor().execute(sql, parameters or ()).fetchmany(limits.ROWS - recorder.rows)
        except sqlite3.Error:
            return
        recorder.rows += len(rows)
        recorder.statements[-1]["rows"] = [encode_row(row) for row in rows]

    @property
    def left_open(self) -> bool:
        """Whether something has been written in a transaction that is neither committed nor rolled back."""
        return self.raw.in_transaction and self.raw.total_changes > self._written

    def tables(self) -> dict[str, list[list[Any]]]:
        """What is committed, by table, columns in the order of their names; what isn't committed is rolled back first."""
        self.raw.set_progress_handler(None, 0)  # looking is no longer the paste's time
        if self.raw.in_transaction:
            self.raw.rollback()
        return self._contents()

    def _contents(self) -> dict[str, list[list[Any]]]:
        names = [name for (name,) in self.raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        return {name: self._rows_of(name) for name in names}

    def _rows_of(self, table: str) -> list[list[Any]]:
        quoted = '"' + table.replace('"', '""') + '"'
        info = self.raw.execute("SELECT name FROM pragma_table_info(?) ORDER BY 1", (table,))
        columns = ", ".join('"' + name.replace('"', '""') + '"' for (name,) in info)
        rows = self.raw.execute(f"SELECT {columns} FROM {quoted}").fetchmany(limits.ROWS)  # noqa: S608  # quoted, and jailed
        return sorted((encode_row(row) for row in rows), key=repr)

    def _out_of_time(self) -> int:
        return int(time.process_time() - self._started > SQL_SECONDS)


def _synchronised(context: Any) -> bool:
    """Whether a bulk update or delete keeps the session's objects up to date, wherever some are held."""
    options = getattr(context, "execution_options", None) or {}
    return bool(getattr(options.get("_sa_orm_update_options"), "_synchronize_session", False))


def _parameters(given: Any, many: bool) -> Any:
    """Parameters as a list, or a list of lists; the versions differ in tuples and lists."""
    if many:
        return [_parameters(one, False) for one in given]
    return encode(dict(given)) if hasattr(given, "keys") else [encode(value) for value in given or ()]


def _authorize(action: int, first: str | None, second: str | None, database: str | None, trigger: str | None) -> int:
    if action in DENIED_ACTIONS or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() not in ALLOWED_PRAGMAS):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _without_returning(dialect: Any) -> None:
    """Have 2.x insert as 1.4 does on SQLite: row by row, no RETURNING. That is the versions' difference, not the code's."""
    for flag in ("insert_returning", "update_returning", "delete_returning", "insert_executemany_returning"):
        setattr(dialect, flag, False)
    dialect.use_insertmanyvalues = False
    dialect.insert_executemany_returning_sort_by_parameter_order = False


def _uses(session: Any, connection: Any) -> bool:
    """Whether it is this session's transaction that holds the connection."""
    transaction = session.get_transaction() if session is not None else None
    return transaction is not None and connection in (transaction._connections or ())


def _is_plumbing(sql: str) -> bool:
    start = sql.lstrip()[:20].upper()
    return (
        start.startswith(("PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK TO"))
        or "sqlite_master" in sql
        or "sqlite_temp_master" in sql
    )


def _only_reads(sql: str) -> bool:
    start = sql.lstrip()[:8].upper()
    return start.startswith(("SELECT", "WITH")) and not any(
        word in sql.upper() for word in ("INSERT ", "UPDATE ", "DELETE ")
    )
