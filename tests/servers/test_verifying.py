"""The setting that proves on PostgreSQL as well: what both sides emit is compared there, and a stranger's SQL gets nowhere."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.pace import allowed
from tests.servers.database import address
from translator import Options, Workbench
from translator.verify.server import SECONDS, PostgreSQL
from translator.verify.trace import ServerCheck, Verdict

DDL = ["CREATE TABLE users (id SERIAL NOT NULL, name VARCHAR, PRIMARY KEY (id))"]
ROWS = [
    f"INSERT INTO users (id, name) VALUES ({number}, '{name}')" for number, name in enumerate(("ada", "bo", "ada"), 1)
]


class Ground:
    """A database and a role for these tests, and the way in of who made them."""

    def __init__(self, owner: psycopg.Connection[Any], url: str, admin: str, role: str) -> None:
        self.owner, self.url, self.admin, self.role = owner, url, admin, role

    def asked(self, sql: str) -> Any:
        """The first value of a statement of the administrator's, in the database of the proofs."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            row = connection.execute(sql.encode()).fetchone()
            return row[0] if row else None

    @property
    def schemas(self) -> Any:
        """How many schemas of ours there are."""
        return self.asked("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'requery%'")


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """As the README says to make it."""
    host, port, user, password = address()
    try:
        owner = psycopg.connect(
            host=host, port=port, user=user, password=password, dbname="postgres", connect_timeout=3, autocommit=True
        )
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL listens here")
    name, word = f"requery_{secrets.token_hex(4)}", secrets.token_hex(8)
    owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{word}' CONNECTION LIMIT 8")
    owner.execute(f"CREATE DATABASE {name} OWNER {name}")
    owner.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    admin = f"postgresql://{user}:{password}@{host}:{port}/{name}"
    found = Ground(owner, f"postgresql://{name}:{word}@{host}:{port}/{name}", admin, name)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA theirs")
        connection.execute("CREATE TABLE theirs.secrets AS SELECT 'treasure' AS word")
    yield found
    owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    owner.execute(f"DROP ROLE {name}")
    owner.close()


@pytest.fixture(scope="module")
def bench(ground: Ground) -> Iterator[Workbench]:
    """A workbench with the setting."""
    made = Workbench(server=ground.url)
    yield made
    made.close()


def checked(url: str, before: dict[str, Any], after: dict[str, Any]) -> ServerCheck:
    """What the server says, of traces that hold something."""
    found = PostgreSQL(url).check(before, after)
    assert found is not None
    return found


def trace(*statements: str) -> dict[str, Any]:
    """What the jail hands over, as anybody may forge it."""
    emitted = [{"sql": sql, "server": [sql]} for sql in statements]
    return {"server": {"ddl": DDL, "rows": ROWS}, "statements": emitted}


@pytest.mark.parametrize(
    "source",
    [
        "users = session.query(User).filter(User.name == 'ada').order_by(User.id.desc()).all()\n",
        "session.add(User(name='new'))\nsession.commit()\nn = session.query(User).filter(User.name.ilike('N%')).count()\n",
        "session.query(User).filter(User.id > 2).delete()\nsession.commit()\nleft = session.query(User.name).all()\n",
        "session.bulk_insert_mappings(Part, [{'code': 'a'}, {'code': 'b'}])\nsession.commit()\n"
        "parts = session.query(Part).filter(Part.code.in_(['a', 'b'])).all()\n",
        "user = session.query(User).filter_by(name=form.name.data).first()\n",
    ],
)
def test_both_sides_do_the_same_there(bench: Workbench, ground: Ground, source: str) -> None:
    """The report names the server and says what was executed; nothing of it stays."""
    proof = bench.convert(source, Options(convert_escaping=True), verify=True)["verification"]
    assert proof["verdict"] == "same"
    assert proof["server"]["verdict"] == "same", proof["server"]
    assert proof["server"]["name"].startswith("PostgreSQL ")
    assert ground.schemas == 0


def test_what_only_the_server_refuses_is_said(bench: Workbench) -> None:
    """SQLite takes a column that is not grouped; PostgreSQL takes it from neither side, which is no difference."""
    source = "names = session.query(User.name).group_by(User.name).order_by(User.id).all()\n"
    proof = bench.convert(source, Options(), verify=True)["verification"]
    assert (proof["verdict"], proof["server"]["verdict"]) == ("same", "not_run")
    assert "must appear in the GROUP BY clause" in proof["server"]["reason"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("SELECT name FROM users", "SELECT DISTINCT name FROM users", "gives 2 rows where it gave 3"),
        ("SELECT id FROM users WHERE name = 'ADA'", "SELECT id FROM users WHERE name ILIKE 'ADA'", "gives 2 rows"),
        ("SELECT id FROM users ORDER BY id", "SELECT id FROM users ORDER BY id DESC", "in another order"),
        ("SELECT name FROM users", "SELECT name FROM users ORDER BY nothing", "is refused as translated"),
        ("DELETE FROM users WHERE id = 1", "DELETE FROM users WHERE id = 2", "holds other data afterwards"),
    ],
)
def test_a_difference_is_found(ground: Ground, before: str, after: str, told: str) -> None:
    """In rows, their order where there is one, errors, and the data afterwards."""
    found = checked(ground.url, trace(before), trace(after))
    assert found.verdict is Verdict.DIFFERENT
    assert told in found.reason


HOSTILE = [
    "COMMIT",
    "SELECT 1; DROP TABLE users; COMMIT",
    "SELECT 1; COMMIT; CREATE TABLE public.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "DO $$ BEGIN PERFORM pg_sleep(60); END $$",
    "COPY users TO PROGRAM 'id'",
    "SELECT pg_sleep(60)",
    'SELECT "pg_sleep"(60)',
    'SELECT U&"\\0070g_sleep"(60)',
    "SELECT set_config('statement_timeout', '0', false)",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT word FROM theirs.secrets",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT query_to_xml('SELECT 1', true, true, '')",
    "SELECT rolpassword FROM pg_authid",
    "WITH gone AS (DELETE FROM theirs.secrets RETURNING word) SELECT * FROM gone",
    "SET statement_timeout = 0",
    "LOCK TABLE users",
    "LISTEN x",
]


def test_a_strangers_sql_gets_nowhere(ground: Ground) -> None:
    """Refused by the server for want of rights, or never sent; the honest statement among them is executed."""
    honest = "SELECT name FROM users"
    found = checked(ground.url, trace(*HOSTILE, honest), trace(*HOSTILE, honest))
    assert found.verdict is Verdict.SAME
    assert "one statement was executed" in found.reason
    assert ground.schemas == 0
    assert ground.asked("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert ground.asked("SELECT word FROM theirs.secrets") == "treasure"


def test_what_takes_too_long_is_ended_on_the_server_too(ground: Ground) -> None:
    """Each statement has its time, the check has one, and no process of the server goes on behind it."""
    endless = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    started = time.monotonic()
    found = checked(ground.url, trace(*[endless] * 20), trace("SELECT 1"))
    assert time.monotonic() - started < SECONDS + allowed(10)
    assert (found.verdict, found.lasting) == (Verdict.NOT_RUN, False)
    assert "took longer" in found.reason
    time.sleep(1)
    assert ground.asked(f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{ground.role}'") == 0
    assert ground.schemas == 0


def test_what_is_too_large_ends_the_check_alone(ground: Ground) -> None:
    """The process that reads it has little memory; the next check is a new process."""
    found = checked(ground.url, trace("SELECT repeat('x', 900000000)"), trace("SELECT 1"))
    assert found.verdict is not Verdict.SAME
    assert checked(ground.url, trace("SELECT 1"), trace("SELECT 1")).verdict is Verdict.SAME


def test_a_role_with_rights_is_refused(ground: Ground) -> None:
    """Nothing is executed with them."""
    found = checked(ground.admin, trace("SELECT 1"), trace("SELECT 1"))
    assert found.verdict is Verdict.NOT_RUN
    assert "superuser" in found.reason
    assert ground.schemas == 0


def test_a_server_that_is_not_there_takes_nothing_from_the_proof(ground: Ground) -> None:
    """The verdict stays, the report says why it was not checked there."""
    made = Workbench(server="postgresql://nobody:x@127.0.0.1:1/nothing")
    try:
        proof = made.convert("users = session.query(User).all()\n", Options(), verify=True)["verification"]
    finally:
        made.close()
    assert proof["verdict"] == "same"
    assert proof["server"]["verdict"] == "not_run"
    assert "x@" not in proof["server"]["reason"]


def test_a_statement_that_nobody_executes_is_not_checked(bench: Workbench) -> None:
    """There is nothing to send."""
    assert bench.convert("q = session.query(User)\n", Options(), verify=True)["verification"]["server"] is None


def test_without_the_setting_nothing_is_said() -> None:
    """Most deployments have no such server."""
    made = Workbench()
    try:
        assert (
            made.convert("users = session.query(User).all()\n", Options(), verify=True)["verification"]["server"]
            is None
        )
    finally:
        made.close()
