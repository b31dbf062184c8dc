"""Executes recorded statements on a PostgreSQL server, in a schema that never outlives its transaction.

Run as `python -I onserver.py` with one JSON object on standard input; answers with two lines of JSON: the process of the
server that it talks to, then what came of each side. The statements are a stranger's: the role must have no rights worth
having, each statement goes out by the extended protocol, which takes one command only, and what names the server's own
functions is left out. Everything happens in one transaction that is rolled back, so that nothing has to be swept: what
ends this process ends the schema. The standard library and psycopg only.
"""

from __future__ import annotations

import hashlib
import json
import re
import resource
import secrets
import sys
from collections.abc import Sequence
from typing import Any

try:
    import psycopg
    from psycopg.pq import ExecStatus
except ImportError:
    psycopg = None  # type: ignore[assignment]

MEMORY = 768 * 2**20
STATEMENT_SECONDS = 2
ROWS = 2000
STATEMENTS = 200
FIRST = re.compile(r"\s*\(*\s*(SELECT|WITH|VALUES|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
TABLES = re.compile(r"\s*(CREATE TABLE|ALTER TABLE\s+\S+\s+ADD)\b", re.IGNORECASE)
SERVERS_OWN = re.compile(
    r"""\b(pg_\w+|lo_\w+|dblink\w*|set_config|current_setting|\w+_to_xml\w*|xpath\w*|copy|txid_\w+|inet_\w+)\b|U&["']""",
    re.IGNORECASE,
)
"""What a translation has no need of and a stranger might: files, other processes, large objects, settings, encodings."""
SETTINGS = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "15s",
    "work_mem": "16MB",
    "client_connection_check_interval": "500ms",
}
RIGHTS = """
SELECT concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'createrole' END,
       CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolreplication THEN 'replication' END,
       CASE WHEN rolbypassrls THEN 'bypassrls' END,
       (SELECT string_agg(other.rolname, ', ') FROM pg_roles AS other
        WHERE other.oid <> mine.oid AND other.rolname <> 'pg_database_owner' AND pg_has_role(mine.oid, other.oid, 'MEMBER')))
FROM pg_roles AS mine WHERE rolname = current_user
"""

COUNTING = """
SELECT format('SELECT setval(pg_get_serial_sequence(%L, %L), (SELECT max(%I) FROM %I.%I))',
              format('%I.%I', table_schema, table_name), column_name, column_name, table_schema, table_name)
FROM information_schema.columns WHERE table_schema = '{schema}' AND column_default LIKE 'nextval%'
"""
READING = """
SELECT tablename, format('SELECT * FROM %I.%I', schemaname, tablename)
FROM pg_tables WHERE schemaname = '{schema}' ORDER BY 1
"""


class RefusedError(Exception):
    """The server doesn't take a statement; or this module doesn't hand it over."""


def main() -> None:
    """Read the request, execute, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    request = json.load(sys.stdin)
    if psycopg is None:
        _tell({"failed": "psycopg is not installed (the extra `postgresql`)"})
        return
    try:
        with psycopg.connect(request["url"], connect_timeout=3, autocommit=True, application_name="requery") as opened:
            if "end" in request:
                _sent(opened.pgconn, f"SELECT pg_terminate_backend({int(request['end'])})")
                return
            _tell({"process": opened.pgconn.backend_pid})
            _tell(_answer(opened.pgconn, request["sides"]))
    except (psycopg.Error, RefusedError) as error:
        _tell({"failed": str(error).strip().split("\n")[0][:200]})
    except MemoryError:
        _tell({"failed": "a result is larger than one check takes"})


def _tell(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201  # this is how it answers


def _answer(server: Any, sides: Sequence[dict[str, Any]]) -> dict[str, Any]:
    rights = _sent(server, RIGHTS)[0][0]
    if rights:
        return {"failed": f"the role of the setting has rights that a disposable one must not have: {rights}"}
    for name, value in SETTINGS.items():
        try:
            _sent(server, f"SET {name} = '{value}'")
        except RefusedError:
            continue  # an older server has no such setting
    version = _sent(server, "SHOW server_version")[0][0] or ""
    return {"version": version.split(" ")[0], "sides": [_side(server, side) for side in sides]}


def _side(server: Any, side: dict[str, Any]) -> dict[str, Any]:
    """One side from its tables on; nothing of it stays."""
    schema = f"requery_{secrets.token_hex(8)}"
    _sent(server, "BEGIN")
    try:
        _sent(server, f"CREATE SCHEMA {schema}")
        _sent(server, f"SET LOCAL search_path TO {schema}")
        refused = [told["error"] for told in (_told(server, sql, TABLES) for sql in side["ddl"]) if "error" in told]
        for sql in side["rows"]:
            _told(server, sql, FIRST)  # a row that this server doesn't take is missing on both sides
        _go_on_counting(server, schema)
        statements = [[_told(server, sql, FIRST) for sql in sent] for sent in side["statements"][:STATEMENTS]]
        return {"refused": refused, "statements": statements, "tables": _tables(server, schema)}
    finally:
        _sent(server, "ROLLBACK")


def _told(server: Any, sql: str, allowed: re.Pattern[str]) -> dict[str, Any]:
    """What came of one statement: how many rows, and a digest of them in their order and of them alone."""
    if not allowed.match(sql) or SERVERS_OWN.search(sql):
        return {"error": "statements of this kind are not sent there"}
    _sent(server, "SAVEPOINT before")
    try:
        rows = _sent(server, sql)
    except RefusedError as error:
        _sent(server, "ROLLBACK TO SAVEPOINT before")
        return {"error": str(error)}
    return {"rows": len(rows), "ordered": _digest(rows), "sorted": _digest(sorted(rows, key=repr))}


def _sent(server: Any, sql: str) -> list[list[str | None]]:
    """The rows of one command, as text; a command without rows gives the number of those it touched as its only value."""
    result = server.exec_params(sql.encode("utf-8", "replace"), None)
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise RefusedError(
            (result.error_message or b"")
            .decode("utf-8", "replace")
            .strip()
            .split("\n")[0]
            .removeprefix("ERROR:  ")[:300]
        )
    if result.status == ExecStatus.COMMAND_OK:
        return [[str(result.command_tuples)]] if result.command_tuples is not None else []
    height, width = min(result.ntuples, ROWS), result.nfields
    return [[_text(result.get_value(row, column)) for column in range(width)] for row in range(height)]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _digest(rows: Sequence[Sequence[str | None]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def _go_on_counting(server: Any, schema: str) -> None:
    """Have each sequence follow on the rows that are there, as SQLite's numbers do."""
    for (counting,) in _sent(server, COUNTING.format(schema=schema)):
        _told_anyway(server, str(counting))


def _told_anyway(server: Any, sql: str) -> None:
    _sent(server, "SAVEPOINT before")
    try:
        _sent(server, sql)
    except RefusedError:
        _sent(server, "ROLLBACK TO SAVEPOINT before")


def _tables(server: Any, schema: str) -> dict[str, Any]:
    found = {}
    for table, reading in _sent(server, READING.format(schema=schema)):
        rows = _sent(server, str(reading))
        found[str(table)] = {"rows": len(rows), "sorted": _digest(sorted(rows, key=repr))}
    return found


if __name__ == "__main__":
    main()
