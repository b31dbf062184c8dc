"""Shares: made once for the same source and options, shown as stored, taken down with a token.

Knows nothing of HTTP. Never translates: it stores the result it is given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from translator import Options
from webapp.conversion import Report
from webapp.models import Share

ID_LENGTH = 13
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class ShareState(StrEnum):
    """What became of an address."""

    UNKNOWN = "unknown"
    GONE = "gone"


class ShareMissing(LookupError):
    """There is no share to show; `state` says whether there was one."""

    def __init__(self, state: ShareState) -> None:
        super().__init__(state)
        self.state = state


class WrongToken(ValueError):
    """The delete token does not belong to the share."""


@dataclass(frozen=True, slots=True)
class StoredShare:
    """A share as it was stored."""

    id: str
    digest: str
    created_at: datetime
    expires_at: datetime | None
    tool_version: str
    source: str
    report: Report


@dataclass(frozen=True, slots=True)
class Posted:
    """The outcome of posting: the share, and the delete token if it is new."""

    share: StoredShare
    delete_token: str | None

    @property
    def created(self) -> bool:
        """Whether this post made it."""
        return self.delete_token is not None


class ShareStore:
    """Reads and writes shares."""

    def __init__(self, engine: Engine, secret: bytes, days: int) -> None:
        self._engine = engine
        self._secret = secret
        self._days = days

    def digest(self, source: str, options: Options) -> bytes:
        """What names a share: nobody without the secret can test whether a text was shared."""
        text = json.dumps([source, options.to_dict()], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).digest()

    def post(self, source: str, options: Options, make: Callable[[], Report]) -> Posted:
        """The share of this source and these options; `make` gives the report if there is none yet.

        Raises `ShareMissing` if it was taken down, and whatever `make` raises.
        """
        digest = self.digest(source, options)
        existing = self._by_digest(digest.hex())
        if existing is not None:
            return Posted(existing, None)
        return self._insert(digest, source, options, make())

    def get(self, share_id: str) -> StoredShare:
        """The share at this address; raises `ShareMissing`."""
        with Session(self._engine) as session:
            return _stored(session.get(Share, share_id))

    def delete(self, share_id: str, token: str) -> None:
        """Take a share down; raises `ShareMissing` or `WrongToken`."""
        with Session(self._engine) as session, session.begin():
            row = session.get(Share, share_id)
            _stored(row)
            assert row is not None
            if not hmac.compare_digest(row.delete_token_hash, _hashed(token)):
                raise WrongToken
            row.source, row.report, row.options, row.deleted_at = None, None, {}, datetime.now(UTC)

    def owns(self, share_id: str, token: str) -> bool:
        """Whether the token would take the share down."""
        with Session(self._engine) as session:
            kept = session.scalar(select(Share.delete_token_hash).where(Share.id == share_id))
            return kept is not None and hmac.compare_digest(kept, _hashed(token))

    def check(self) -> None:
        """Raise if the table can't be read: the database is away, or not migrated."""
        with Session(self._engine) as session:
            session.scalars(select(Share.id).limit(1)).all()

    def _by_digest(self, digest: str) -> StoredShare | None:
        with Session(self._engine) as session:
            row = session.scalars(select(Share).where(Share.digest == digest)).one_or_none()
            if row is None:
                return None
            if row.deleted_at is None and _expired(row):
                session.delete(row)
                session.commit()
                return None
            return _stored(row)

    def _insert(self, digest: bytes, source: str, options: Options, report: Report) -> Posted:
        name, token, now = crockford(digest), secrets.token_urlsafe(24), datetime.now(UTC)
        for length in range(ID_LENGTH, len(name) + 1):
            row = Share(
                id=name[:length],
                digest=digest.hex(),
                created_at=now,
                expires_at=now + timedelta(days=self._days) if self._days else None,
                delete_token_hash=_hashed(token),
                tool_version=str(report["tool_version"]),
                source=source,
                options=options.to_dict(),
                report=report,
            )
            try:
                with Session(self._engine) as session, session.begin():
                    session.add(row)
                    session.flush()
                    return Posted(_stored(row), token)
            except IntegrityError:
                # Either somebody shared the same text a moment ago, or another share has this very beginning.
                existing = self._by_digest(digest.hex())
                if existing is not None:
                    return Posted(existing, None)
        raise RuntimeError("every beginning of the digest is taken")


def crockford(digest: bytes) -> str:
    """Lower-case Crockford base32, highest bits first: no letter looks like a digit."""
    bits = len(digest) * 8
    number = int.from_bytes(digest) << (-bits % 5)
    length = -(-bits // 5)
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(length - 1, -1, -1))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _expired(row: Share) -> bool:
    return row.expires_at is not None and row.expires_at <= datetime.now(UTC)


def _stored(row: Share | None) -> StoredShare:
    if row is None:
        raise ShareMissing(ShareState.UNKNOWN)
    if row.deleted_at is not None or row.source is None or row.report is None or _expired(row):
        raise ShareMissing(ShareState.GONE)
    return StoredShare(row.id, row.digest, row.created_at, row.expires_at, row.tool_version, row.source, row.report)
