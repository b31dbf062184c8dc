"""A real gunicorn on a free loopback port, and a small client for it. Shared by the API tests and the browser tests."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class LiveServer:
    """Where it listens, and how to ask it."""

    port: int
    log: Path
    process: int = 0
    """The id of gunicorn's first process."""

    @property
    def url(self) -> str:
        """Its address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """GET; underscores in header names stand for dashes."""
        return self.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post_json(self, path: str, value: object) -> Answer:
        """POST a JSON body."""
        return self.request("POST", path, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def translate(self, source: str, **members: object) -> Answer:
        """POST to the API's translate."""
        return self.post_json("/api/v1/translate", {"source": source, **members})

    def post_form(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """POST a form as a browser does."""
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, urlencode(fields).encode(), sent)


@contextmanager
def run_server(data: Path, **environment: str) -> Iterator[LiveServer]:
    """Start gunicorn as the Procfile does, wait until it is ready, end it."""
    port = _free_port()
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATA_DIR": str(data),
        "RATE_LIMIT": "100000 per minute",
        "SHARE_RATE_LIMIT": "100000 per minute",
        **environment,
    }
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | settings
    subprocess.run([sys.executable, "-m", "webapp.migrate"], cwd=PROJECT, env=env, check=True, capture_output=True)
    log = data / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "webapp:create_app()"]
        process = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=output, stderr=subprocess.STDOUT)
    server = LiveServer(port, log, process.pid)
    try:
        _wait_until_ready(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: LiveServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if server.get("/readyz").status == 200:
                return
        except OSError:
            pass  # not listening yet
        time.sleep(0.2)
    raise RuntimeError(f"the server did not become ready:\n{server.log.read_text()[-4000:]}")
