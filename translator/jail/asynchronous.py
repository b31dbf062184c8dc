"""Asynchronous code in the jail: an event loop without sockets, and the job's database as an asynchronous engine.

Drivers like aiosqlite work in threads, which a job may not start. So statements run on the one connection, in a greenlet
as with any asynchronous driver: where code would wait for the database outside of one, it gets the same MissingGreenlet.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import Any

from sqlalchemy import event, orm
from sqlalchemy.ext import asyncio as sqlalchemy_asyncio
from sqlalchemy.util import await_only

from .database import Database
from .guards import Unavailable

greenlet: Any
try:
    import greenlet  # type: ignore[import-untyped, no-redef]
except ImportError:
    greenlet = None

NO_GREENLET = "asynchronous code needs the package greenlet, which is not installed beside this SQLAlchemy"


def engine_for(database: Database) -> Any:
    """The asynchronous engine on the job's database."""
    if greenlet is None:
        raise Unavailable(NO_GREENLET)
    engine = database.engine(True, kind="async")
    if not engine.dialect.is_async:
        engine.dialect.is_async = True
        engine.dialect.supports_server_side_cursors = True
        context = engine.dialect.execution_ctx_cls
        streamed = {"create_server_side_cursor": context.create_default_cursor}
        engine.dialect.execution_ctx_cls = type(context.__name__, (context,), streamed)
        event.listen(engine, "before_cursor_execute", _wait)
    return sqlalchemy_asyncio.AsyncEngine(engine)


def _wait(*_: Any) -> None:
    """What every asynchronous driver does for a statement, and what fails outside of a greenlet."""
    moment = _moment()
    try:
        await_only(moment)
    finally:
        moment.close()


async def _moment() -> None:
    return None


def finished(value: Any) -> Any:
    """What a coroutine or an asynchronous generator comes to; any other value as it is."""
    if inspect.isasyncgen(value):
        return asyncio.run(_all_of(value))
    return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value


async def _awaited(value: Any) -> Any:
    return await value


async def _all_of(generator: Any) -> list[Any]:
    return [item async for item in generator]


class Loop(asyncio.BaseEventLoop):
    """An event loop that waits for nothing but time, and lets that pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self._skipped = 0.0

    def time(self) -> float:
        return time.monotonic() + self._skipped

    def select(self, timeout: float | None) -> list[Any]:
        """Nothing ever becomes ready from outside."""
        if timeout is None:
            raise Unavailable("it waits for something that can't come")
        self._skipped += timeout
        return []

    def _process_events(self, events: list[Any]) -> None:
        return None

    def _write_to_self(self) -> None:
        return None


class Policy(asyncio.DefaultEventLoopPolicy):
    """Gives such loops."""

    def new_event_loop(self) -> Any:
        return Loop()


def prepare() -> None:
    """Have every event loop of this process be one of these."""
    asyncio.set_event_loop_policy(Policy())


def part(name: str, database: Database) -> Any:
    """What one of the names of asynchronous sessions, their factories and engines means where nobody shows it."""
    if name == "AsyncSession":
        return sqlalchemy_asyncio.AsyncSession
    engine = engine_for(database)
    if name == "async_engine":
        return engine
    if name == "async_session":
        return orm.sessionmaker(engine, class_=_OrFactory, expire_on_commit=False)()
    return orm.sessionmaker(engine, class_=sqlalchemy_asyncio.AsyncSession, expire_on_commit=False)


class _OrFactory(sqlalchemy_asyncio.AsyncSession):
    """A session that is a factory, too: `async_session` is as often the one as the other."""

    def __call__(self, *_: Any, **__: Any) -> Any:
        return self
