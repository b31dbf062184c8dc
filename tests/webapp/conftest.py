"""One real server for all API tests of a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webapp.live_server import LiveServer, run_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with a fresh database and generous limits."""
    with run_server(tmp_path_factory.mktemp("server")) as running:
        yield running
