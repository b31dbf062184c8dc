"""The web application. Knows the public face of `translator` and nothing below it."""

from __future__ import annotations

import atexit

import jinja2
from flask import Flask
from flask_compress import Compress
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from translator import __version__
from webapp import rulebook
from webapp.api import api
from webapp.assets import init_assets
from webapp.config import BODY_LIMIT, PROJECT, Settings, load_settings
from webapp.conversion import Converter
from webapp.database import open_engine
from webapp.errors import init_errors
from webapp.health import health
from webapp.limits import init_limits
from webapp.logs import init_logs
from webapp.pages import pages
from webapp.prose import inline
from webapp.security import init_security
from webapp.services import Services
from webapp.shares import ShareStore

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The application; settings come from the environment unless given."""
    settings = settings or load_settings()
    app = Flask(__name__, template_folder=str(PROJECT / "templates"), static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT, COMPRESS_MIN_SIZE=1000)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["version"] = __version__
    app.jinja_env.filters["code_spans"] = inline
    converter = Converter(settings.verify_postgresql.get_secret_value())
    shares = ShareStore(open_engine(settings.database), settings.secret(), settings.share_days)
    Services(settings, converter, shares).register(app.extensions)
    atexit.register(converter.close)
    rulebook.entries()  # now, so that a rule that does not load keeps the server from starting, not a page from showing
    Htmx(app)
    init_logs(app)
    Compress(app)
    init_security(app)
    init_limits(app, settings)
    init_errors(app)
    init_assets(app)
    for blueprint in (pages, api, health):
        app.register_blueprint(blueprint)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    return app
