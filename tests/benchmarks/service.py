"""`python -m tests.benchmarks.service`: from paste to proof over HTTP, against a gunicorn started for it.

First one request after the other, then with a pause between them, as one person pastes. `--one-core` keeps the server, its
jobs and the sender to one processor core; `--kinds` sends ten-line snippets of several kinds in turn, with that pause.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.kinds import KINDS

PROJECT = Path(__file__).resolve().parents[2]
REQUESTS = 100
PAUSE_SECONDS = 0.3
FIRST = 1000

# Ten lines; the marker makes each request a text with SQL of its own, so that nothing can be remembered.
SNIPPET = """\
def customers_named(session, name):
    return session.query(Customer).filter(Customer.name == name).order_by(Customer.rank_{marker}).all()

def paid(session, customer_id, limit=None):
    query = session.query(Order).filter_by(customer_id=customer_id).order_by(Order.id.desc())
    if limit:
        query = query.limit(limit)
    return query.all()

total = session.query(Order).filter(Order.id > {marker}).count()
"""


@contextmanager
def server() -> Iterator[str]:
    """A gunicorn of its own with an empty database; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        settings = {"HOST": "127.0.0.1", "PORT": str(port), "DATA_DIR": data, "RATE_LIMIT": "100000 per minute"}
        environment = {**os.environ, **settings}
        subprocess.run(
            [sys.executable, "-m", "webapp.migrate"], cwd=PROJECT, env=environment, check=True, capture_output=True
        )
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "gunicorn.conf.py",
            "--log-level",
            "error",
            "webapp:create_app()",
        ]
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def once(address: str, marker: int, snippet: str = SNIPPET) -> dict[str, float]:
    """Milliseconds of one request: in all as its sender sees it, and as the server split them."""
    body = json.dumps({"source": snippet.format(marker=marker), "options": {}, "verify": True}).encode()
    sender = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    started = time.perf_counter()
    sender.request("POST", "/api/v1/translate", body, {"Content-Type": "application/json"})
    answer = sender.getresponse().read()
    total = (time.perf_counter() - started) * 1000
    sender.close()
    report = json.loads(answer)
    verdict = report["verification"]["verdict"]
    if not report["changed"] or verdict != "same":
        raise SystemExit(f"Not a measurement of a proof: {verdict}, {report['verification']['reason']}")
    return {"total": total, **report["milliseconds"]}


def figures(values: Sequence[float]) -> str:
    """Median and 95th percentile in words."""
    return f"median {statistics.median(values):.0f} ms, 95 % within {statistics.quantiles(values, n=20)[-1]:.0f} ms"


def main() -> None:
    """Print the figures of the whole and of its two parts."""
    if "--one-core" in sys.argv[1:]:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if "--kinds" in sys.argv[1:]:
        with server() as address:
            _of_kinds(address)
        return
    with server() as address:
        first = once(address, FIRST)
        for marker in range(3):
            once(address, FIRST + 1 + marker)
        at_once = [once(address, marker) for marker in range(REQUESTS)]
        paused = [_rested(address, marker) for marker in range(REQUESTS, 2 * REQUESTS)]
    sys.stdout.write(f"first request: {first['total']:.0f} ms\n")
    for how, spent in (("at once", at_once), (f"{PAUSE_SECONDS} s apart", paused)):
        for part, words in (
            ("total", "from paste to proof"),
            ("translate", "of it translating"),
            ("prove", "of it proving"),
        ):
            sys.stdout.write(f"{words}, {REQUESTS} requests {how}: {figures([one[part] for one in spent])}\n")


def _rested(address: str, marker: int, snippet: str = SNIPPET) -> dict[str, float]:
    time.sleep(PAUSE_SECONDS)
    return once(address, marker, snippet)


def _of_kinds(address: str) -> None:
    every = {"functions": SNIPPET, **KINDS}
    for snippet in every.values():
        once(address, FIRST, snippet)
    spent: dict[str, list[float]] = {kind: [] for kind in every}
    for marker in range(REQUESTS // 4):
        for kind, snippet in every.items():
            spent[kind].append(_rested(address, marker, snippet)["total"])
    for kind, values in spent.items():
        sys.stdout.write(f"{kind}: {figures(values)}\n")
    sys.stdout.write(f"all kinds: {figures([value for values in spent.values() for value in values])}\n")


if __name__ == "__main__":
    main()
