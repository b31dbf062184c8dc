"""What the engine reports: diagnostics, changes as applied, and the finished translation.

Plain frozen data. Knows nothing of libcst, of rules or of how a finding came about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How serious a legacy site is that stays as it was."""

    REMOVED = "removed"
    """2.0 refuses it: the code raises or behaves differently until someone mends it."""
    LEGACY = "legacy"
    """2.0 still runs it, as legacy API."""
    NOTE = "note"
    """Nothing wrong in the text, but something to know about it."""


class Safety(StrEnum):
    """Whether a change may be applied without being read."""

    SAFE = "safe"
    REVIEW = "review"


class Need(StrEnum):
    """Why a change is made."""

    REQUIRED = "required"
    """The old form no longer runs on 2.x."""
    STYLE = "style"
    """The old form still runs on 2.x as legacy API."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of text. Lines count from 1, columns from 0 in code points; the end is exclusive.

    Positions are positions in the text as it was pasted.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a diagnostic, e.g. where a query escapes."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A legacy site that stays as it was, or something to know: what was seen, why it was left, what to do."""

    slug: str
    severity: Severity
    span: Span
    message: str
    cause: str | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """One change as it was made; `span` is in the source, `output_span` in the output."""

    rule: str
    span: Span
    output_span: Span | None
    safety: Safety
    need: Need
    reason: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The result of translating one source text.

    `source` is the text as given, `output` the text given back. `code_before` and `code_after` are the plain
    Python that was parsed and printed (prompts, fences and a common indentation taken off): what the proof runs.
    `lines_before[i]` is the line of `source` (from 1) that line i + 1 of `code_before` stands on; `lines_after` the
    same for `output` and `code_after`.
    """

    source: str
    output: str
    code_before: str
    code_after: str
    lines_before: tuple[int, ...]
    lines_after: tuple[int, ...]
    changes: tuple[AppliedChange, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def changed(self) -> bool:
        """Whether the output differs from the source."""
        return self.source != self.output


class SourceErrorKind(StrEnum):
    """Why a source was refused."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_COMPLEX = "too-complex"
    NOT_PYTHON = "not-python"
    PYTHON_2 = "python-2"
    ENCODING = "encoding"


class SourceError(ValueError):
    """The given text can't be translated at all; says where and what to do. Never carries the source itself."""

    def __init__(self, kind: SourceErrorKind, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.span = span
