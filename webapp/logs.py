"""One line of JSON a request: method, address, status, time. Never a body, never a query."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def init_logs(app: Flask) -> None:
    """Log each request."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    spent = time.perf_counter() - g.get("started", time.perf_counter())
    # The rule, not the path: a share's address is as good as its text.
    address = str(request.url_rule) if request.url_rule else "unknown"
    log.info("request", method=request.method, address=address, status=response.status_code, ms=round(spent * 1000, 1))
    return response
