"""Every error as an answer: problem+json for programs, a partial for htmx, a page for people. No traceback gets out."""

from __future__ import annotations

import json
from typing import cast

import structlog
from flask import Flask, Response, make_response
from flask_limiter import RateLimitExceeded
from htmx_flask import request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from webapp import panels
from webapp.contexts import ErrorPage, ResultPartial
from webapp.problems import KINDS, Problem
from webapp.security import API_PREFIX

log = structlog.get_logger()

_BY_STATUS = {
    400: ("bad-request", "The request could not be read."),
    404: ("not-found", "No page or resource has this address."),
    405: ("method-not-allowed", "This address does not take that method."),
    413: ("source-too-large", "The request is larger than any source we take (64 KiB)."),
    415: ("unsupported-type", "The body's type is not one we take here."),
    429: ("too-many-requests", "There were too many requests from your address."),
}


def init_errors(app: Flask) -> None:
    """Catch everything."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether a program asked."""
    path = request.path
    return path.startswith(API_PREFIX) or path in {"/healthz", "/readyz"} or path.endswith(".json")


def answer(problem: Problem) -> Response:
    """A problem in the form the asker can use."""
    if wants_json():
        body = json.dumps(problem.to_dict(), indent=2) + "\n"
        response = Response(body, problem.status, mimetype="application/problem+json")
    else:
        response = make_response(_page(problem), problem.status)
        response.headers["Vary"] = "HX-Request"
        response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _page(problem: Problem) -> str:
    shown = panels.notice(problem)
    if request.htmx:
        return ResultPartial(result=None, notice=shown, data=panels.notice_data(problem)).render()
    return ErrorPage(status=problem.status, notice=shown).render()


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:  # redirects are exceptions too
        return cast("Response", error.get_response())
    slug, detail = _BY_STATUS.get(status, ("internal", "") if status >= 500 else ("bad-request", ""))
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    if isinstance(error, RateLimitExceeded):
        detail = f"The limit is {error.limit.limit}; wait a little and send it again."
    problem = Problem(slug, detail or KINDS[slug].title, headers=headers, status_override=status)
    return answer(problem)


def _database(error: DBAPIError) -> Response:
    log.error("database", error=type(error.orig).__name__, exc_info=error)
    detail = "The store of shares can't be reached just now; translating works all the same."
    return answer(Problem("unavailable", detail, headers={"Retry-After": "5"}))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return answer(Problem("internal", "This is our mistake, not yours; it was written to the log."))
