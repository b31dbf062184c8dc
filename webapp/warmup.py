"""What a server does when a worker begins and ends: start the jail's processes, end them. Knows nothing of requests."""

from __future__ import annotations

import threading

import structlog
from flask import Flask

from translator import Dialect
from webapp.examples import EXAMPLES
from webapp.problems import Problem
from webapp.services import services

log = structlog.get_logger()


def warm_up(app: Flask) -> None:
    """Start the jail and work out the front page's example, beside the first requests."""
    threading.Thread(target=_work, args=(app,), name="warm-up", daemon=True).start()


def shut_down(app: Flask) -> None:
    """End the jail's processes."""
    with app.app_context():
        services().converter.close()


def _work(app: Flask) -> None:
    with app.app_context():
        try:
            services().converter.status()  # starts the processes, so that the example below shows their usual pace
            services().examples.get(EXAMPLES[0], Dialect.SQLITE)
        except Problem as problem:
            log.warning("warm-up", problem=problem.slug, detail=problem.detail)
        except Exception as error:  # a worker that can't warm up still answers, with the error, when asked
            log.error("warm-up", exc_info=error)
