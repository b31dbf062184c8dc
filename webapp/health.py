"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from translator import __version__
from webapp.problems import Problem
from webapp.services import services

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return _fresh({"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """The database can be read and the jail works; shows which of its layers are in force."""
    try:
        services().shares.check()
    except SQLAlchemyError as error:
        raise _not_ready("The database can't be read; run: python -m webapp.migrate") from error
    try:
        status = dict(services().converter.status())
    except Exception as error:  # whatever keeps the jail from starting, the answer is "not ready", not a traceback
        raise _not_ready("The jail can't be started; the log says why.") from error
    return _fresh({"status": "ok", "tool_version": __version__, "database": "ok", "jail": status})


def _not_ready(detail: str) -> Problem:
    return Problem("unavailable", detail, headers={"Retry-After": "5"})


def _fresh(body: dict[str, Any]) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
