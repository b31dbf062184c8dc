"""gunicorn's settings: where it listens, how many threads, and the jail started in each worker after the fork."""

from __future__ import annotations

import sys
from typing import Any

from webapp.config import ConfigurationError, is_loopback, load_settings
from webapp.warmup import shut_down, warm_up

try:
    _settings = load_settings()
except ConfigurationError as error:
    sys.exit(f"Requery can't start:\n{error}")

_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host
bind = f"{_host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_concurrency
threads = _settings.threads
timeout = round(60 * _settings.requery_patience)  # two jobs of ten seconds each, queued behind others, and room
graceful_timeout = 20
keepalive = 30
max_requests = 0
accesslog = None  # the application writes one line a request itself, without addresses of shares
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuse to run pasted code unjailed where others can reach it, however the address was given."""
    hosts = [address.rpartition(":")[0] for address in server.cfg.bind if not address.startswith("unix:")]
    if _settings.requery_trust_local and not all(is_loopback(host) for host in hosts):
        sys.exit("REQUERY_TRUST_LOCAL is refused when the server listens beyond loopback.")


def post_worker_init(worker: Any) -> None:
    """Warm up after the fork, so that the first visitor does not wait for SQLAlchemy's import."""
    warm_up(worker.wsgi)


def worker_exit(_server: Any, worker: Any) -> None:
    """End the jail's processes with their worker."""
    shut_down(worker.wsgi)
