"""Addresses of style sheets and scripts that change when their content does.

The scripts are built by esbuild into ``static/build`` with a manifest; without it the page works as a plain form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from webapp.config import PROJECT

STATIC = PROJECT / "static"
_YEAR = 365 * 24 * 3600


class Assets:
    """The addresses, read once at the start."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._built = _manifest(folder / "build" / "manifest.json")
        self._own = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for pattern in ("css/*.css", "*.svg")
            for path in folder.glob(pattern)
        }

    def address(self, name: str) -> str:
        """The address of a file of our own, such as ``css/base.css``."""
        return f"/static/{name}?v={self._own[name]}"

    def built(self, name: str) -> str | None:
        """The address of a built script, such as ``main.js``; None if nothing was built."""
        found = self._built.get(name)
        return f"/static/build/{found}" if found else None


def init_assets(app: Flask) -> None:
    """Serve the static folder and give templates the two functions."""
    assets = Assets()
    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.globals["built"] = assets.built
    white = WhiteNoise(
        app.wsgi_app,
        max_age=3600,
        allow_all_origins=False,
        add_headers_function=_headers,
        immutable_file_test=_immutable,
    )
    for part in ("build", "css"):
        if (STATIC / part).is_dir():
            white.add_files(str(STATIC / part), prefix=f"static/{part}/")
    for path in STATIC.glob("*.svg"):
        white.add_file_to_dictionary(f"/static/{path.name}", str(path), stat_cache=None)
    app.wsgi_app = white  # type: ignore[method-assign]  # the documented way to wrap a Flask application


def _immutable(_path: str, url: str) -> bool:
    return url.startswith("/static/build/") and "-" in url


def _headers(headers: Mapping[str, str], _path: str, _url: str) -> None:
    assert hasattr(headers, "__setitem__")
    headers["X-Content-Type-Options"] = "nosniff"


def _manifest(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return {str(name): str(file) for name, file in found.items()}
