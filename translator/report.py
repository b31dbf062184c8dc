"""The one dict that page, API and command line show; and a translation as JSON, to cross the jail's wall.

Pure data in, pure data out: no rendering, nothing run. `load` is given what a jailed process said and trusts none of it.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from translator.findings import (
    AppliedChange,
    Diagnostic,
    Need,
    Related,
    Safety,
    Severity,
    SourceError,
    SourceErrorKind,
    Span,
    Translation,
)
from translator.options import Options
from translator.verify.trace import Pair, Statement, Verdict, Verification

SCHEMA_VERSION = 1

Json = dict[str, Any]


class MalformedAnswer(ValueError):
    """What should be a translation isn't one."""


@functools.cache
def tool_version() -> str:
    """The version of this package, as installed."""
    try:
        return version("requery")
    except PackageNotFoundError:
        return "0+unknown"


def report(
    translation: Translation,
    verification: Verification | None,
    options: Options,
    *,
    milliseconds: Mapping[str, float] | None = None,
) -> Json:
    """The report, schema 1. Lines and columns count from 1, columns in code points and in UTF-16 units."""
    source, output = _Places(translation.source), _Places(translation.output)
    doubted = _doubted(translation, verification)
    return {
        "schema": SCHEMA_VERSION,
        "tool_version": tool_version(),
        "options": options.to_dict(),
        "source": translation.source,
        "output": translation.output,
        "changed": translation.changed,
        "changes": [_change(change, source, output, change in doubted) for change in translation.changes],
        "diagnostics": [_diagnostic(found, source) for found in translation.diagnostics],
        "verification": None if verification is None else _verification(verification),
        "milliseconds": dict(milliseconds or {}),
    }


def unified_diff(before: str, after: str, name: str) -> str:
    """The difference as `patch` reads it; empty if there is none. Keeps each line's own ending."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    shown = []
    for line in lines:
        shown.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(shown)


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


class _Places:
    """Turns spans of one text into ranges."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def range(self, span: Span) -> Json:
        return {
            "start": self._point(span.start_line, span.start_column),
            "end": self._point(span.end_line, span.end_column),
        }

    def _point(self, line: int, column: int) -> Json:
        text = self._lines[line - 1][:column] if 0 < line <= len(self._lines) else ""
        wide = sum(1 for character in text if ord(character) > 0xFFFF)
        return {"line": line, "column": column + 1, "utf16": column + wide + 1}


def _doubted(translation: Translation, verification: Verification | None) -> tuple[AppliedChange, ...]:
    """The changes to be reviewed because the proof found a difference: those of its lines, or all if it names none.

    Not all where something is left to the user: that is the likelier cause.
    """
    if verification is None or verification.verdict is not Verdict.DIFFERENT:
        return ()
    wrong = [pair for pair in verification.statements if pair.verdict is Verdict.DIFFERENT]
    lines = {pair.before.line for pair in wrong if pair.before is not None}
    named = tuple(c for c in translation.changes if not lines.isdisjoint(range(c.span.start_line, c.span.end_line + 1)))
    left = any(found.severity is not Severity.NOTE for found in translation.diagnostics)
    return named if named or left else translation.changes


def _change(change: AppliedChange, source: _Places, output: _Places, doubted: bool) -> Json:
    return {
        "rule": change.rule,
        "safety": str(Safety.REVIEW if doubted else change.safety),
        "need": str(change.need),
        "reason": change.reason,
        "range": source.range(change.span),
        "output_range": None if change.output_span is None else output.range(change.output_span),
    }


def _diagnostic(found: Diagnostic, source: _Places) -> Json:
    return {
        "slug": found.slug,
        "severity": str(found.severity),
        "message": found.message,
        "cause": found.cause,
        "range": source.range(found.span),
        "related": [{"range": source.range(item.span), "message": item.message} for item in found.related],
    }


def _verification(found: Verification) -> Json:
    return {
        "verdict": str(found.verdict),
        "reason": found.reason,
        "runtimes": {"before": found.runtimes.before, "after": found.runtimes.after},
        "dialect": found.dialect,
        "statements": [_pair(pair) for pair in found.statements],
        "assumed": list(found.assumed),
        "not_run_lines": list(found.not_run_lines),
        "schema": found.schema,
        "ddl": list(found.ddl),
        "server": None
        if found.server is None
        else {"name": found.server.name, "verdict": str(found.server.verdict), "reason": found.server.reason},
    }


def _pair(pair: Pair) -> Json:
    return {
        "before": _statement(pair.before),
        "after": _statement(pair.after),
        "verdict": str(pair.verdict),
        "sql_match": str(pair.sql_match),
        "reason": pair.reason,
    }


def _statement(statement: Statement | None) -> Json | None:
    if statement is None:
        return None
    rows = None if statement.rows is None else [[plain(value) for value in row] for row in statement.rows]
    return {
        "sql": statement.sql,
        "inline": statement.inline,
        "parameters": _parameters(statement.parameters),
        "line": statement.line,
        "rows": rows,
    }


def _parameters(encoded: Any) -> Any:
    """Parameters as a list of values, or of such lists where a statement was executed with many."""
    if isinstance(encoded, dict) and "tuple" in encoded:
        return [plain(value) for value in encoded["tuple"]]
    if isinstance(encoded, list):
        return [_parameters(item) for item in encoded]
    return plain(encoded)


def plain(value: Any) -> Any:
    """A tagged value of a trace as a reader of JSON expects it: text for dates and decimals."""
    if isinstance(value, dict) and len(value) == 1:
        return next(iter(value.values()))
    return value


def dump(translation: Translation) -> Json:
    """A translation as JSON."""
    return {
        "source": translation.source,
        "output": translation.output,
        "code_before": translation.code_before,
        "code_after": translation.code_after,
        "lines_before": list(translation.lines_before),
        "lines_after": list(translation.lines_after),
        "changes": [
            [
                item.rule,
                _dump_span(item.span),
                _dump_span(item.output_span),
                str(item.safety),
                str(item.need),
                item.reason,
            ]
            for item in translation.changes
        ],
        "diagnostics": [
            [
                item.slug,
                str(item.severity),
                _dump_span(item.span),
                item.message,
                item.cause,
                [[_dump_span(related.span), related.message] for related in item.related],
            ]
            for item in translation.diagnostics
        ],
    }


def load(raw: Mapping[str, Any]) -> Translation:
    """Read back what `dump` gave. Raises MalformedAnswer for anything else."""
    try:
        return Translation(
            source=_text(raw["source"]),
            output=_text(raw["output"]),
            code_before=_text(raw["code_before"]),
            code_after=_text(raw["code_after"]),
            lines_before=_numbers(raw["lines_before"]),
            lines_after=_numbers(raw["lines_after"]),
            changes=tuple(_load_change(item) for item in raw["changes"]),
            diagnostics=tuple(_load_diagnostic(item) for item in raw["diagnostics"]),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise MalformedAnswer(str(error)) from None


def load_error(raw: Mapping[str, Any]) -> SourceError:
    """Read back a refusal: `kind`, `message`, `span`."""
    try:
        span = raw.get("span")
        return SourceError(
            SourceErrorKind(raw["kind"]), _text(raw["message"]), None if span is None else _load_span(span)
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedAnswer(str(error)) from None


def _load_change(item: Sequence[Any]) -> AppliedChange:
    rule, span, output_span, safety, need, reason = item
    return AppliedChange(
        rule=_text(rule),
        span=_load_span(span),
        output_span=None if output_span is None else _load_span(output_span),
        safety=Safety(safety),
        need=Need(need),
        reason=_text(reason),
    )


def _load_diagnostic(item: Sequence[Any]) -> Diagnostic:
    slug, severity, span, message, cause, related = item
    return Diagnostic(
        slug=_text(slug),
        severity=Severity(severity),
        span=_load_span(span),
        message=_text(message),
        cause=None if cause is None else _text(cause),
        related=tuple(Related(_load_span(place), _text(words)) for place, words in related),
    )


def _dump_span(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start_line, span.start_column, span.end_line, span.end_column]


def _load_span(raw: Any) -> Span:
    if isinstance(raw, Mapping):
        raw = [raw["start_line"], raw["start_column"], raw["end_line"], raw["end_column"]]
    start_line, start_column, end_line, end_column = _numbers(raw)
    return Span(start_line, start_column, end_line, end_column)


def _numbers(raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, int) and item >= 0 for item in raw):
        raise TypeError("not a list of numbers")
    return tuple(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError("not a text")
    return raw
