"""Headers that bound what a page may do, and the check that a form came from our own page."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from webapp.problems import Problem

API_PREFIX = "/api/"
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def init_security(app: Flask) -> None:
    """Add the headers to every answer."""
    app.jinja_env.globals["style_nonce"] = style_nonce
    app.after_request(_add_headers)


def style_nonce() -> str:
    """The nonce of this answer: the editor makes its style sheet in the browser and signs it with this."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    return str(g.style_nonce)


def require_own_form() -> None:
    """Refuse a form that another site's page sent."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise Problem("cross-site", "The browser says that this form was sent from another site.")
        return
    # Browsers before 2023 send no Sec-Fetch-Site; the origin says the same.
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Problem("cross-site", "The Origin header names another site.")


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.path.startswith(API_PREFIX):
        headers.setdefault("Content-Security-Policy", _API_POLICY)
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "Location, ETag, Retry-After, Requery-Changes, Requery-Diagnostics"
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
            headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match"
            headers["Access-Control-Max-Age"] = "7200"
        return response
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Content-Security-Policy", _page_policy())
    return response


def _page_policy() -> str:
    style = f"'self' 'nonce-{g.style_nonce}'" if "style_nonce" in g else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
