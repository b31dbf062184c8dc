"""What the page's form sent, as values. Knows nothing of answers."""

from __future__ import annotations

from flask import request

from translator import Dialect, Dynamic, Models, Options, Python, Target
from webapp.contexts import FormState
from webapp.conversion import parse_options


def read_form() -> tuple[FormState, Options]:
    """The form as it was sent; raises `Problem` for an option that does not exist."""
    form = request.form
    source = _as_typed(form.get("source", ""))
    raw: dict[str, object] = {
        "dialect": form.get("dialect", Dialect.SQLITE),
        "models": form.get("models", Models.TYPED),
        "dynamic": form.get("dynamic", Dynamic.CERTAIN),
        "python": form.get("python", Python.PY310),
        "target": form.get("target", Target.SA21),
        "schema": _as_typed(form.get("schema", "")),
    }
    if "options_shown" in form:
        # An unticked box is not sent; only this hidden field tells "off" from "an older page without the box".
        raw |= {name: name in form for name in ("convert_escaping", "convert_bulk")}
    options = parse_options(raw)
    state = FormState.of(source, options)
    return state, options


def _as_typed(source: str) -> str:
    # HTML forms send every line end as CRLF whatever was typed; left alone, each line would come back changed.
    return source.replace("\r\n", "\n")
