"""The store of shares on a migrated SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from translator import Dialect, Options
from webapp.database import open_engine
from webapp.migrate import upgrade
from webapp.models import Base, Share
from webapp.shares import ShareMissing, ShareState, ShareStore, WrongToken, crockford

OPTIONS = Options()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database at the newest schema."""
    address = f"sqlite:///{tmp_path / 'shares.db'}"
    upgrade(address)
    opened = open_engine(address)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> ShareStore:
    """A store without expiry."""
    return ShareStore(engine, b"secret", 0)


def report(output: str = "after") -> dict[str, Any]:
    """As much of a report as the store looks at."""
    return {"tool_version": "0.1.0", "output": output, "source": "before"}


def test_migrations_and_models_agree(engine: Engine) -> None:
    """Alembic would generate nothing: the migrations build exactly what the models say."""
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    """Each release runs the command; a database that is up to date stays as it is."""
    address = f"sqlite:///{tmp_path / 'twice.db'}"
    upgrade(address)
    upgrade(address)


def test_a_share_shows_what_was_stored(store: ShareStore) -> None:
    """A later post of the same content does not compute again, so the stored result stays."""
    first = store.post("source", OPTIONS, lambda: report("first"))
    second = store.post("source", OPTIONS, lambda: pytest.fail("must not be computed again"))
    assert first.created
    assert not second.created
    assert store.get(first.share.id).report["output"] == "first"
    assert first.share.created_at.tzinfo is not None


def test_the_name_depends_on_source_options_and_secret(engine: Engine, store: ShareStore) -> None:
    """Nobody without the secret can test whether a text was shared."""
    names = {
        store.digest("a", OPTIONS),
        store.digest("b", OPTIONS),
        store.digest("a", Options(dialect=Dialect.MYSQL)),
        ShareStore(engine, b"another", 0).digest("a", OPTIONS),
    }
    assert len(names) == 4
    assert store.digest("a", OPTIONS) == store.digest("a", Options())


def test_a_clash_of_beginnings_lengthens_the_name(engine: Engine, store: ShareStore) -> None:
    """Two texts whose digests begin alike get different links, and each keeps its own."""
    first = store.post("one", OPTIONS, report).share
    clash = crockford(store.digest("two", OPTIONS))[:13]
    with Session(engine) as session, session.begin():
        session.execute(update(Share).where(Share.id == first.id).values(id=clash))
    second = store.post("two", OPTIONS, report).share
    assert second.id.startswith(clash)
    assert len(second.id) == 14
    assert store.get(clash).source == "one"
    assert store.get(second.id).source == "two"


def test_posting_at_once_makes_one_share(store: ShareStore) -> None:
    """Many threads with the same text end with one link and one delete token."""
    with ThreadPoolExecutor(8) as pool:
        posted = list(pool.map(lambda _: store.post("same", OPTIONS, report), range(16)))
    assert len({one.share.id for one in posted}) == 1
    assert sum(one.created for one in posted) == 1


def test_deleting_leaves_a_tombstone_without_text(engine: Engine, store: ShareStore) -> None:
    """The row stays, so that the text can't be posted again; nothing of the text stays."""
    posted = store.post("secret text", OPTIONS, report)
    with pytest.raises(WrongToken):
        store.delete(posted.share.id, "wrong")
    store.delete(posted.share.id, posted.delete_token or "")
    with pytest.raises(ShareMissing) as gone:
        store.get(posted.share.id)
    assert gone.value.state is ShareState.GONE
    with pytest.raises(ShareMissing):
        store.post("secret text", OPTIONS, report)
    with Session(engine) as session:
        row = session.get_one(Share, posted.share.id)
        assert (row.source, row.report) == (None, None)


def test_an_expired_share_is_gone_and_can_be_posted_again(engine: Engine) -> None:
    """Expiry is no take-down."""
    store = ShareStore(engine, b"secret", 30)
    posted = store.post("text", OPTIONS, report)
    assert posted.share.expires_at is not None
    with Session(engine) as session, session.begin():
        session.execute(update(Share).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    with pytest.raises(ShareMissing) as gone:
        store.get(posted.share.id)
    assert gone.value.state is ShareState.GONE
    assert store.post("text", OPTIONS, report).created


def test_names_are_crockford_base32() -> None:
    """Known values, highest bits first; none of i, l, o, u."""
    assert crockford(bytes(5)) == "00000000"
    assert crockford(b"\xff" * 5) == "zzzzzzzz"
    assert crockford(b"\x00\x00\x00\x00\x01") == "00000001"
    assert len(crockford(bytes(32))) == 52
