"""The tables of the web application. Knows nothing of Flask or of how shares are made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always read back in UTC: SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a time zone, which would be stored as whatever they happen to be."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Put back the time zone where the database dropped it."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Holds the metadata of all tables."""


class Share(Base):
    """A source with its options and the result it had when it was shared.

    A share that was taken down keeps its row without any text: the tombstone that answers 410 and blocks re-posting.
    """

    __tablename__ = "shares"

    id: Mapped[str] = mapped_column(String(52), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """HMAC-SHA-256 of source and options, in hexadecimal; the id is its beginning."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delete_token_hash: Mapped[str] = mapped_column(String(64))
    tool_version: Mapped[str] = mapped_column(String(32))
    source: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The whole result with the SQL of both sides, as the engine gave it."""
