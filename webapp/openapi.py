"""The API as an OpenAPI 3.1 document, written by hand so that it says what the code does. Data only."""

from __future__ import annotations

from typing import Any

from translator import Dialect, Dynamic, Models, Python, Style, Target, __version__
from webapp.config import SOURCE_LIMIT
from webapp.problems import KINDS

Schema = dict[str, Any]


def document(base: str) -> Schema:
    """The document as served at `base`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Requery",
            "version": __version__,
            "description": "SQLAlchemy 1.x code in, 2.0 style out, with proof by running both. "
            "Within /api/v1 members are added, never renamed or removed.",
        },
        "servers": [{"url": base}],
        "paths": {
            "/api/v1/translate": {"post": _translate(), "options": _preflight()},
            "/api/v1/shares": {"post": _create_share(), "options": _preflight()},
            "/api/v1/shares/{id}": {"get": _get_share(), "delete": _delete_share(), "options": _preflight(_ID)},
            "/api/v1/rules": {
                "get": _get("List the rules", _object({"rules": _array(_ref("Rule"))})),
                "options": _preflight(),
            },
            "/api/v1/rules/{slug}": {
                "get": _get("Show one rule", _ref("Rule"), "404") | {"parameters": [_SLUG]},
                "options": _preflight(_SLUG),
            },
            "/api/v1/version": {
                "get": _get("Versions of tool and schema", _object({"tool_version": _STRING, "schema": _INTEGER})),
                "options": _preflight(),
            },
            "/api/v1/openapi.json": {"get": _get("This document", {"type": "object"}), "options": _preflight()},
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"deleteToken": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _content(schema: Schema, media_type: str = "application/json") -> Schema:
    return {"content": {media_type: {"schema": schema}}}


def _problems(*statuses: str) -> Schema:
    titles: dict[str, list[str]] = {}
    for kind in KINDS.values():
        titles.setdefault(str(int(kind.status)), []).append(kind.slug)
    return {
        status: {"description": ", ".join(titles[status]), **_content(_ref("Problem"), "application/problem+json")}
        for status in statuses
    }


def _get(summary: str, schema: Schema, *errors: str) -> Schema:
    return {"summary": summary, "responses": {"200": {"description": "OK", **_content(schema)}, **_problems(*errors)}}


def _preflight(*parameters: Schema) -> Schema:
    return {
        "summary": "CORS preflight",
        "parameters": list(parameters),
        "responses": {"200": {"description": "Any origin may ask, without credentials"}},
    }


def _translate() -> Schema:
    body = _object(
        {"source": _SOURCE, "options": _ref("Options"), "verify": {"type": "boolean", "default": True}},
        optional=("options", "verify"),
    ) | {"additionalProperties": False}
    example = {"source": "session.query(User).get(1)\n", "options": {"dialect": "postgresql"}, "verify": True}
    code = {"schema": {"type": "string"}, "example": "session.query(User).get(1)\n"}
    return {
        "summary": "Translate, and prove by running both sides",
        "description": "With a text/x-python or text/plain body, options go in the query and the answer is plain code.",
        "parameters": [
            _query("dialect", _ref("Dialect")),
            _query("style", _ref("Style")),
            _query("convert_escaping", {"type": "boolean"}),
            _query("convert_bulk", {"type": "boolean"}),
            _query("models", _ref("Models")),
            _query("dynamic", _ref("Dynamic")),
            _query("python", _ref("Python")),
            _query("target", _ref("Target")),
            _query("keep_column_order", {"type": "boolean"}),
            _query("check_untyped", {"type": "boolean"}),
            _query("only", {"type": "string"}),
            _query("skip", {"type": "string"}),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": body, "example": example},
                "text/x-python": code,
                "text/plain": code,
            },
        },
        "responses": {
            "200": {
                "description": "The report, or plain code for a plain body",
                "content": {
                    "application/json": {"schema": _ref("Report")},
                    "text/x-python": {"schema": {"type": "string"}},
                },
            },
            **_problems("400", "413", "415", "422", "429", "503"),
        },
    }


def _create_share() -> Schema:
    body = _object({"source": _SOURCE, "options": _ref("Options")}, optional=("options",))
    body["additionalProperties"] = False
    location = {"Location": {"schema": {"type": "string", "format": "uri"}, "description": "The link"}}
    return {
        "summary": "Store a source with its result under a link",
        "requestBody": {"required": True, **_content(body)},
        "responses": {
            "200": {"description": "Shared already", "headers": location, **_content(_ref("Share"))},
            "201": {"description": "Shared; the delete token is given this once", "headers": location}
            | _content(_ref("Share")),
            **_problems("400", "410", "413", "415", "422", "429", "503"),
        },
    }


def _get_share() -> Schema:
    shown = _get("Show a share as it was stored", _ref("Share"), "404", "410", "503")
    shown["responses"]["304"] = {"description": "Not changed since the ETag given in If-None-Match"}
    return {**shown, "parameters": [_ID]}


def _delete_share() -> Schema:
    return {
        "summary": "Take a share down",
        "parameters": [_ID],
        "security": [{"deleteToken": []}],
        "responses": {"204": {"description": "Taken down"}, **_problems("403", "404", "410", "503")},
    }


def _query(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": "For plain bodies"}


_STRING: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}
_SOURCE: Schema = {
    "type": "string",
    "maxLength": SOURCE_LIMIT,
    "description": f"Python with SQLAlchemy 1.x, at most {SOURCE_LIMIT} bytes of UTF-8",
}
_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
_SLUG: Schema = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string"}}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_EMITTED = _object(
    {"sql": _STRING, "inline": _or_null(_STRING), "parameters": {}, "line": _or_null(_INTEGER), "rows": {}},
    optional=("inline", "parameters", "rows"),
)
_VERDICT: Schema = {"type": "string", "enum": ["same", "different", "not_run"]}
_SCHEMAS: dict[str, Schema] = {
    "Dialect": {"type": "string", "enum": [str(dialect) for dialect in Dialect], "default": "sqlite"},
    "Style": {"type": "string", "enum": [str(style) for style in Style], "default": "exact"},
    "Models": {"type": "string", "enum": [str(models) for models in Models], "default": "typed"},
    "Dynamic": {"type": "string", "enum": [str(dynamic) for dynamic in Dynamic], "default": "certain"},
    "Target": {"type": "string", "enum": [str(target) for target in Target], "default": "2.1"},
    "Python": {"type": "string", "enum": [str(python) for python in Python], "default": "3.10"},
    "Options": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "dialect": _ref("Dialect"),
            "style": _ref("Style"),
            "convert_escaping": {"type": "boolean", "default": True},
            "convert_bulk": {"type": "boolean", "default": False},
            "models": _ref("Models"),
            "dynamic": _ref("Dynamic"),
            "python": _ref("Python"),
            "target": _ref("Target"),
            "keep_column_order": {"type": "boolean", "default": False},
            "check_untyped": {"type": "boolean", "default": False},
            "only": _array(_STRING),
            "skip": _array(_STRING),
            "schema": _STRING
            | {"maxLength": SOURCE_LIMIT, "default": "", "description": "Models that the source speaks of, as Python"},
        },
    },
    "Place": _object({"line": _INTEGER, "column": _INTEGER, "utf16": _INTEGER})
    | {"description": "Lines and columns from 1; column in code points, utf16 in UTF-16 units"},
    "Range": _object({"start": _ref("Place"), "end": _ref("Place")}) | {"description": "The end is exclusive"},
    "Change": _object(
        {
            "rule": _STRING,
            "safety": {"type": "string", "enum": ["safe", "review"]},
            "need": {"type": "string", "enum": ["required", "style"]},
            "reason": _STRING,
            "range": _ref("Range"),
            "output_range": _or_null(_ref("Range")),
        }
    ),
    "Diagnostic": _object(
        {
            "slug": _STRING,
            "severity": {"type": "string", "enum": ["removed", "legacy", "note"]},
            "message": _STRING,
            "cause": {"type": ["string", "null"]},
            "range": _ref("Range"),
            "related": _array(_object({"range": _ref("Range"), "message": _STRING})),
        }
    ),
    "Statement": _object(
        {
            "before": _or_null(_EMITTED),
            "after": _or_null(_EMITTED),
            "verdict": _VERDICT,
            "sql_match": {"type": "string", "enum": ["identical", "labels", "different", "one-sided"]},
            "reason": _STRING,
        }
    ),
    "Verification": _object(
        {
            "verdict": _VERDICT,
            "reason": _STRING,
            "runtimes": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
            "dialect": _ref("Dialect"),
            "statements": _array(_ref("Statement")),
            "assumed": _array(_STRING),
            "not_run_lines": _array({"type": "integer", "minimum": 1}),
            "schema": _STRING | {"description": "The models that were given or made up, as Python"},
            "ddl": _array(_STRING),
            "server": _or_null(_object({"name": _STRING, "verdict": _VERDICT, "reason": _STRING}))
            | {"description": "The proof once more on a PostgreSQL server, where the deployment has one for that"},
        },
        optional=("schema", "ddl", "server"),  # shares of older versions have none of them
    ),
    "Report": _object(
        {
            "schema": _INTEGER,
            "tool_version": _STRING,
            "options": _ref("Options"),
            "source": _STRING,
            "output": _STRING,
            "changed": {"type": "boolean"},
            "changes": _array(_ref("Change")),
            "diagnostics": _array(_ref("Diagnostic")),
            "verification": _or_null(_ref("Verification")),
            "milliseconds": {"type": "object"},
        },
        optional=("milliseconds",),
    ),
    "Share": _object(
        {
            "id": _STRING,
            "url": {"type": "string", "format": "uri"},
            "forms": {"type": "object", "additionalProperties": _STRING},
            "created_at": _MOMENT,
            "expires_at": _or_null(_MOMENT),
            "tool_version": _STRING,
            "report": _ref("Report"),
            "delete_token": _STRING,
        },
        optional=("delete_token",),
    ),
    "Rule": _object(dict.fromkeys(("slug", "title", "text", "before", "after", "guide", "url"), _STRING)),
    "Problem": _object(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _STRING,
            "status": _INTEGER,
            "detail": _STRING,
            "kind": _STRING,
            "range": _ref("Range"),
            "errors": _array(_object({"field": _STRING, "message": _STRING})),
        },
        optional=("kind", "range", "errors"),
    ),
}
