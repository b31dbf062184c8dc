"""How often one address may ask. Counted in Redis where there is one, otherwise in this one process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from webapp.config import Settings
from webapp.services import services

View = TypeVar("View", bound=Callable[..., Any])

# No address is exempt: behind a proxy every client would look like 127.0.0.1.
limiter = Limiter(key_func=get_remote_address, headers_enabled=True, in_memory_fallback_enabled=True)


def init_limits(app: Flask, settings: Settings) -> None:
    """Start counting."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    limiter.init_app(app)


def limit_translations(view: View) -> View:
    """Count this view's requests against the limit for translations, page and API together."""
    return limiter.shared_limit(lambda: services().settings.rate_limit, scope="translate")(view)  # type: ignore[return-value]


def limit_shares(view: View) -> View:
    """Count this view's requests against the limit for new shares, page and API together."""
    return limiter.shared_limit(lambda: services().settings.share_rate_limit, scope="share")(view)  # type: ignore[return-value]
