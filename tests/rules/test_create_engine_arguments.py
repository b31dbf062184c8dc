"""Engines, pools and sessions: what did nothing is dropped, what meant something is flagged."""

from __future__ import annotations

from tests.rules.checks import left, untouched


def test_create_session_committed_by_itself() -> None:
    """Its default was autocommit=True, and is a transaction in 2.0."""
    left("from sqlalchemy.orm import create_session\n\ns = create_session(bind=engine)\n", "autocommit=True in 1.x")
    untouched("from sqlalchemy.orm import create_session\n\ns = create_session(bind=engine, autocommit=False)\n")


def test_pools() -> None:
    """Threads and listeners are no pool's affair any more."""
    head = "from sqlalchemy.pool import QueuePool\n\n"
    left(head + "p = QueuePool(creator, use_threadlocal=True)\n", "use_threadlocal")
    left(head + "p = QueuePool(creator, listeners=[spy])\n", "event.listen()")


def test_the_dialect_postgres() -> None:
    """It is called postgresql."""
    left("from sqlalchemy import create_engine\n\ne = create_engine('postgres://host/db')\n", "postgresql")


def test_a_url_does_not_change() -> None:
    """set() gives another one."""
    left("from sqlalchemy.engine.url import make_url\n\nu = make_url(x)\nu.database = 'y'\n", "url.set(database=…)")
