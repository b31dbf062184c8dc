"""From a source and options to a report, through the one workbench of this process.

The only module that talks to the engine. Turns everything the engine refuses into a `Problem`.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import Any

from translator import Busy, JobFailed, OptionError, Options, SourceError, SourceErrorKind, Span, Workbench
from webapp.config import SOURCE_LIMIT
from webapp.problems import Problem

Report = dict[str, Any]
"""The engine's report: JSON values, as the API gives them out."""

_REFUSED = {
    SourceErrorKind.EMPTY: "source-empty",
    SourceErrorKind.TOO_LARGE: "source-too-large",
    SourceErrorKind.TOO_COMPLEX: "source-too-complex",
    SourceErrorKind.NOT_PYTHON: "source-not-python",
    SourceErrorKind.PYTHON_2: "source-python-2",
    SourceErrorKind.ENCODING: "source-encoding",
}
_OUR_FAULT = {"no-start"}
"""Kinds of failed jobs that say nothing about the source: the same request may pass a moment later."""


class Converter:
    """Owns the workbench; made on first use, because its processes must be started after the server has forked."""

    def __init__(self, server: str = "") -> None:
        self._server = server
        self._lock = threading.Lock()
        self._workbench: Workbench | None = None

    def convert(self, source: str, options: Options, *, verify: bool) -> Report:
        """Translate, and prove if asked; raises `Problem`."""
        check_size(source)
        try:
            return self._bench().convert(source, options, verify=verify)
        except SourceError as error:
            raise _refusal(source, error) from None
        except Busy as error:
            wait = str(max(1, math.ceil(error.retry_after)))
            raise Problem("busy", "Other requests are being worked on.", headers={"Retry-After": wait}) from None
        except JobFailed as error:
            if error.kind in _OUR_FAULT:
                raise Problem("unavailable", error.message, headers={"Retry-After": "2"}) from None
            raise Problem("job-failed", error.message, extra={"kind": error.kind}) from None

    def status(self) -> Mapping[str, Any]:
        """What the workbench says of itself: layers of the jail, runtimes."""
        return self._bench().status()

    def close(self) -> None:
        """End the workbench's processes."""
        with self._lock:
            bench, self._workbench = self._workbench, None
        if bench is not None:
            bench.close()

    def _bench(self) -> Workbench:
        with self._lock:
            if self._workbench is None:
                self._workbench = Workbench(server=self._server)
            return self._workbench


def parse_options(raw: Mapping[str, object]) -> Options:
    """Options of a paste: like the engine's, but a query that leaves the snippet is converted unless told not to."""
    try:
        return Options.parse({"convert_escaping": True, **raw})
    except OptionError as error:
        errors = [{"field": f"options.{error.field}", "message": error.message}]
        raise Problem("invalid-field", f"{error.field}: {error.message}.", extra={"errors": errors}) from None


def check_size(source: str) -> None:
    """Refuse what is larger than any source may be, before it is handed on."""
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > SOURCE_LIMIT:
        raise Problem(
            "source-too-large",
            f"The source has {size:,} bytes; at most {SOURCE_LIMIT:,} (64 KiB) are taken. "
            "Send a part of it, or use the command line for whole files.",
            extra={"limit": SOURCE_LIMIT, "size": size},
        )


def _refusal(source: str, error: SourceError) -> Problem:
    extra: dict[str, object] = {"kind": str(error.kind)}
    if error.span is not None:
        extra["range"] = _range(source, error.span)
    return Problem(_REFUSED.get(error.kind, "source-not-python"), error.message, extra=extra)


def _range(source: str, span: Span) -> dict[str, dict[str, int]]:
    lines = source.split("\n")

    def place(line: int, column: int) -> dict[str, int]:
        text = lines[line - 1][:column] if 0 < line <= len(lines) else ""
        wide = sum(character > "\uffff" for character in text)
        return {"line": line, "column": column + 1, "utf16": column + 1 + wide}

    return {"start": place(span.start_line, span.start_column), "end": place(span.end_line, span.end_column)}
