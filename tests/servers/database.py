"""Databases of real servers on this machine, made for a test and dropped after it.

Found by `TEST_POSTGRESQL` and `TEST_MARIADB` (`host:port:user:password`), or where a fresh installation listens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
import pymysql


class Server(Protocol):
    """A scratch database: takes tables, then statements, and says what it thinks of each."""

    def prepare(self, ddl: Sequence[str]) -> None:
        """Have exactly these tables, without rows."""

    def refusal(self, sql: str) -> str:
        """What the server has against a statement; empty where it executed it. Nothing stays of it."""


class PostgreSQL:
    """A schema of its own; whatever happens in it is rolled back."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._there: tuple[str, ...] | None = None

    def prepare(self, ddl: Sequence[str]) -> None:
        if self._there == tuple(ddl):
            return
        self._there = tuple(ddl)
        self._connection.rollback()
        self._connection.execute("CREATE SCHEMA requery_scratch")
        self._connection.execute("SET LOCAL search_path TO requery_scratch")
        for statement in ddl:
            self._connection.execute(statement.encode())

    def refusal(self, sql: str) -> str:
        self._connection.execute("SAVEPOINT before")
        try:
            self._connection.execute(sql.encode())  # bytes: a percent sign is one
        except psycopg.Error as error:
            return str(error)
        finally:
            self._connection.execute("ROLLBACK TO SAVEPOINT before")
        return ""


class MariaDB:
    """A database of its own; its tables are kept as long as the same ones are asked for."""

    def __init__(self, connection: pymysql.connections.Connection[Any], name: str) -> None:
        self._connection, self._name = connection, name
        self._there: tuple[str, ...] | None = None

    def prepare(self, ddl: Sequence[str]) -> None:
        self._connection.rollback()
        if self._there == tuple(ddl):
            return
        with self._connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self._name}")
            cursor.execute(f"CREATE DATABASE {self._name} CHARACTER SET utf8mb4")
            cursor.execute(f"USE {self._name}")
            for statement in ddl:
                cursor.execute(statement)
        self._there = tuple(ddl)

    def refusal(self, sql: str) -> str:
        with self._connection.cursor() as cursor:
            try:
                cursor.execute(sql)
            except pymysql.Error as error:
                return str(error)
            finally:
                self._connection.rollback()
        return ""


@contextmanager
def postgresql() -> Iterator[PostgreSQL | None]:
    """A scratch schema; None where there is no server."""
    host, port, user, password = address()
    try:
        connection = psycopg.connect(
            host=host, port=port, user=user, password=password, dbname="postgres", connect_timeout=3
        )
    except psycopg.OperationalError:
        yield None
        return
    try:
        yield PostgreSQL(connection)
    finally:
        connection.rollback()
        connection.close()


def address() -> tuple[str, str, str, str]:
    """Host, port, user and password of an administrator of PostgreSQL."""
    return _place("TEST_POSTGRESQL", "127.0.0.1:5432:postgres:")


@contextmanager
def mariadb() -> Iterator[MariaDB | None]:
    """A scratch database; None where there is no server."""
    host, port, user, password = _place("TEST_MARIADB", "127.0.0.1:3306:root:")
    try:
        connection = pymysql.connect(host=host, port=int(port), user=user, password=password, connect_timeout=3)
    except pymysql.Error:
        yield None
        return
    name = f"requery_scratch_{os.getpid()}"
    try:
        yield MariaDB(connection, name)
    finally:
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.close()


def _place(variable: str, default: str) -> tuple[str, str, str, str]:
    host, port, user, password = (os.environ.get(variable) or default).split(":", 3)
    return host, port, user, password
