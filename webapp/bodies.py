"""Request bodies of the API, checked field by field. Errors name fields, never what stood in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from translator import Options
from webapp.conversion import parse_options
from webapp.problems import Problem

_PLAIN_TYPES = {"text/x-python", "text/plain"}


@dataclass(frozen=True, slots=True)
class Post:
    """What was posted."""

    source: str
    options: Options
    verify: bool
    plain: bool


def read_post(*, fields: frozenset[str], plain: bool) -> Post:
    """The posted source, as JSON or, where `plain` allows it, as the code itself; raises `Problem`."""
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise Problem("unsupported-type", "A compressed body is not taken; send it without a Content-Encoding.")
    if request.mimetype == "application/json" or request.mimetype.endswith("+json"):
        return _read_json(fields)
    if plain and request.mimetype in _PLAIN_TYPES:
        return Post(_decoded(request.get_data(cache=False)), parse_options({}), verify=False, plain=True)
    taken = "application/json, text/x-python or text/plain" if plain else "application/json"
    raise Problem("unsupported-type", f"Send the body as {taken}, for example: curl -H 'Content-Type: {_hint(plain)}'.")


def read_options_of_query(query: Mapping[str, str]) -> Options:
    """Options given in the address."""
    return parse_options(dict(query))


def _hint(plain: bool) -> str:
    return "text/x-python" if plain else "application/json"


def _read_json(fields: frozenset[str]) -> Post:
    body = _parsed(request.get_data(cache=False))
    if not isinstance(body, dict):
        raise Problem("not-json", "The body must be a JSON object.")
    errors = [_error(str(name)[:60], "no such field") for name in body if name not in fields]
    errors += [_error(name[:60], "belongs into the body's options") for name in request.args]
    source, options, verify = body.get("source"), body.get("options", {}), body.get("verify", True)
    if not isinstance(source, str):
        errors.append(_error("source", "must be a string" if "source" in body else "is required"))
    if not isinstance(options, dict):
        errors.append(_error("options", "must be an object"))
    if not isinstance(verify, bool):
        errors.append(_error("verify", "must be true or false"))
    if errors:
        named = "; ".join(f"{error['field']} {error['message']}" for error in errors[:5])
        raise Problem("invalid-field", f"{named}.", extra={"errors": errors[:20]})
    assert isinstance(source, str)
    return Post(source, parse_options(options), verify, plain=False)


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise Problem("not-json", "The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Problem("not-json", f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise Problem("not-json", "The JSON is nested too deeply.") from None
    except ValueError:  # an integer with more digits than Python converts
        raise Problem("not-json", "The JSON has a number that is too long.") from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        detail = f"The source is not UTF-8: byte {error.start + 1} can't be read."
        raise Problem("source-encoding", detail, extra={"kind": "encoding"}) from None


def _error(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}
