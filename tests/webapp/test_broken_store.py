"""A database that is not migrated or goes away: translating goes on, the rest says what is wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.webapp.live_server import run_server


def test_translating_goes_on_without_the_database(tmp_path: Path) -> None:
    """Shares answer 503 with Retry-After, readiness says what to run, and page and API translate as before."""
    with run_server(tmp_path) as server:
        with sqlite3.connect(tmp_path / "requery.db") as connection:
            connection.execute("ALTER TABLE shares RENAME TO gone")
        connection.close()
        shared = server.post_json("/api/v1/shares", {"source": "session.query(Customer).get(1)\n"})
        assert shared.status == 503
        assert int(shared.headers["Retry-After"]) > 0
        assert shared.headers["Content-Type"] == "application/problem+json"
        assert "shares" not in shared.json["detail"].replace("store of shares", "")
        assert server.get("/s/0000000000000").status == 503
        ready = server.get("/readyz")
        assert ready.status == 503
        assert "webapp.migrate" in ready.json["detail"]
        assert server.get("/healthz").status == 200
        assert server.translate("session.query(Customer).get(1)\n").status == 200
        assert server.post_form("/", {"source": "session.query(Customer).get(1)\n"}).status == 200
