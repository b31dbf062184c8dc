"""The HTTP API, version 1: translate, shares, rules. Each view reads, asks a service, answers JSON.

Promise of ``/api/v1``: members are added, never renamed or removed; errors are always problem+json (RFC 9457).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request, url_for

from translator import SCHEMA_VERSION, __version__
from webapp import rulebook, share_forms
from webapp.bodies import read_options_of_query, read_post
from webapp.limits import limit_shares, limit_translations
from webapp.openapi import document
from webapp.problems import Problem
from webapp.rulebook import RuleEntry
from webapp.services import services
from webapp.sharing import find_share, post_share, take_down

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.post("/translate")
@limit_translations
def translate() -> Response:
    """JSON in and the report out; or Python in and Python out."""
    post = read_post(fields=frozenset({"source", "options", "verify"}), plain=True)
    options = read_options_of_query(request.args) if post.plain else post.options
    report = services().converter.convert(post.source, options, verify=post.verify and not post.plain)
    if not post.plain:
        return _json(report)
    response = Response(report["output"].encode(), content_type="text/x-python; charset=utf-8")
    # Plain code has no room for findings; at least their number travels with it.
    response.headers["Requery-Changes"] = str(len(report["changes"]))
    response.headers["Requery-Diagnostics"] = str(len(report["diagnostics"]))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/shares")
@limit_translations
@limit_shares
def create_share() -> Response:
    """201 with the link and, this once, the token that deletes it; 200 if the same text is shared already."""
    post = read_post(fields=frozenset({"source", "options"}), plain=False)
    posted = post_share(post.source, post.options)
    url = _share_url(posted.share.id)
    body = share_forms.document(posted.share, url)
    if posted.delete_token:
        body["delete_token"] = posted.delete_token
    response = _json(body, HTTPStatus.CREATED if posted.created else HTTPStatus.OK)
    response.headers["Location"] = url
    return response


@api.get("/shares/<share_id>")
def show_share(share_id: str) -> Response:
    """A share as it was stored."""
    stored = find_share(share_id)
    response = _json(share_forms.document(stored, _share_url(stored.id)))
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response


@api.delete("/shares/<share_id>")
def delete_share(share_id: str) -> Response:
    """Take a share down with the token given when it was made."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    find_share(share_id)
    take_down(share_id, token if scheme.lower() == "bearer" else "")
    return Response(status=HTTPStatus.NO_CONTENT)


@api.get("/rules")
def rule_list() -> Response:
    """All rules."""
    return _json({"rules": [_rule(rule) for rule in rulebook.entries()]})


@api.get("/rules/<slug>")
def rule_page(slug: str) -> Response:
    """One rule."""
    found = rulebook.find(slug)
    if found is None:
        raise Problem("not-found", "No rule has this name; GET /api/v1/rules lists them.")
    return _json(_rule(found))


@api.get("/version")
def version() -> Response:
    """The versions of tool and schema."""
    return _json({"tool_version": __version__, "schema": SCHEMA_VERSION})


@api.get("/openapi.json")
def openapi() -> Response:
    """This API as an OpenAPI 3.1 document."""
    return _json(document(request.url_root.rstrip("/")))


def _rule(rule: RuleEntry) -> dict[str, Any]:
    return {**asdict(rule), "url": url_for("pages.rule_page", slug=rule.slug, _external=True)}


def _share_url(share_id: str) -> str:
    return url_for("pages.show_share", name=share_id, _external=True)


def _json(body: dict[str, Any], status: int = HTTPStatus.OK) -> Response:
    response = Response(json.dumps(body) + "\n", status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
