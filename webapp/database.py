"""Connections to the application's own database. Knows nothing of what is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url


def open_engine(address: str) -> Engine:
    """An engine for `address`; SQLite files are set up for several threads and processes at once."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 10})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Readers and one writer go on side by side; without it, a reader fails while a share is being written.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
