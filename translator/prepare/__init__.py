"""The text before the parser: refuses what can't be Python, undoes what pasting does, and remembers every position.

Knows no syntax tree and no rule. Everything here takes linear time, whatever the text is.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from translator.findings import SourceError, SourceErrorKind, Span
from translator.prepare.characters import replace_odd
from translator.prepare.files import decode, encode
from translator.prepare.guard import MAX_DEPTH, MAX_NESTING, MAX_SOURCE_BYTES, check_complexity, check_size
from translator.prepare.layout import Layout, Row, align, common_ending, split_rows
from translator.prepare.lexer import Token, lex, lines_inside_strings
from translator.prepare.line_limits import LineLimit
from translator.prepare.marks import (
    take_off_diff_marks,
    take_off_fences,
    take_off_numbers,
    take_off_prompts,
    take_off_quotes,
)
from translator.prepare.python2 import check_python2

__all__ = [
    "MAX_DEPTH",
    "MAX_NESTING",
    "MAX_SOURCE_BYTES",
    "Prepared",
    "decode",
    "encode",
    "prepare",
    "syntax_error",
]

_BOM = "\ufeff"
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORM_FEED = re.compile(r"[ \t\f]*\f(?=[^\n\s])")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Plain Python ready for a parser, and the way back to the text as it was given."""

    source: str
    code: str
    layout: Layout
    newline: str
    """The line end used most in the source."""
    bom: bool
    indentation: str
    """The common indentation that was taken off."""
    undone: tuple[str, ...]
    """In words, what pasting had done to the code, e.g. "prompts"."""
    line_limit: LineLimit | None = None
    """How long its lines may be, where the project that it is a file of says so."""

    @property
    def lines(self) -> tuple[int, ...]:
        """For each line of the code the line of the source it stands on (from 1); one more where the code ends."""
        return tuple(row.number for row in self.layout.rows)

    def span(self, span: Span) -> Span:
        """A range of the code as a range of the source."""
        start = self.layout.place(span.start_line, span.start_column)
        end = self.layout.place(span.end_line, span.end_column)
        return Span(*start, *max(start, end))

    def output_spans(self, spans: Sequence[Span], code: str) -> list[Span]:
        """Ranges of `code` as ranges of the text that `restore(code)` gives."""
        leads = [len(row.lead) for row in self._rows_for(code)]

        def moved(line: int, column: int) -> tuple[int, int]:
            return line, column + leads[min(line, len(leads)) - 1]

        return [Span(*moved(s.start_line, s.start_column), *moved(s.end_line, s.end_column)) for s in spans]

    def restore(self, code: str) -> tuple[str, tuple[int, ...]]:
        """Translated code laid out as the source was, and for each line of the code its line in that text.

        Line ends, a BOM, form feeds and the common indentation come back. Prompts, fences and marks do not.
        """
        text = "".join(row.lead + row.text + row.ending for row in self._rows_for(code))
        return (_BOM if self.bom else "") + text, tuple(range(1, code.count("\n") + 2))

    def _rows_for(self, code: str) -> list[Row]:
        new = code.split("\n")
        last = len(new) - 1
        old = self.layout.rows
        if not self.indentation and all(row.ending in ("", self.newline) and not row.lead for row in old):
            return [Row(text, number, self.newline if number <= last else "") for number, text in enumerate(new, 1)]
        inside = lines_inside_strings(lex(code), code)
        rows: list[Row] = []
        for index, origin in enumerate(align([row.text for row in old], new)):
            row = None if origin is None else old[origin]
            ending = (row.ending if row else "") or self.newline
            if row and row.text == new[index]:
                lead = row.lead
            elif index in inside or not new[index]:
                lead = ""
            else:
                lead = (row.lead if row else "") or self.indentation
            rows.append(Row(new[index], index + 1, ending if index < last else "", lead=lead))
        return rows


def prepare(source: str, limit: int | None = MAX_SOURCE_BYTES) -> Prepared:
    """Make a text ready for the parser. Raises `SourceError` where that can't be.

    `limit` is in UTF-8 bytes. None stands for a whole file: it may be of any size, and nothing is undone in it.
    """
    _check_characters(source, limit)
    bom = source.startswith(_BOM)
    rows = split_rows(source.removeprefix(_BOM))
    if bom:
        rows[0] = Row(rows[0].text, 1, rows[0].ending)
    newline = common_ending(rows)
    rows, undone = _take_off_marks(rows) if limit is not None else (rows, ())
    layout = Layout.of(rows)
    tokens = lex(layout.code)
    if limit is not None and any(token.kind in ("odd", "smart") for token in tokens):
        layout, replaced = replace_odd(tokens, layout)
        if replaced:
            undone += replaced
            tokens = lex(layout.code)
    if not any(token.kind not in ("newline", "comment") for token in tokens):
        raise SourceError(SourceErrorKind.EMPTY, "There is no code here. Paste some Python that uses SQLAlchemy.")
    check_complexity(tokens, layout)
    check_python2(tokens, layout)
    layout, indentation = _dedent(layout, tokens)
    return Prepared(source, layout.code, layout, newline, bom, indentation, undone)


def syntax_error(prepared: Prepared, line: int = 1, column: int = 0) -> SourceError:
    """What to say about code that the parser refused at this place (line from 1, column from 0).

    The parser that is used takes newer syntax than this Python compiles and says little about errors; so Python is
    asked for the position and the message, but only once the parser has refused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(prepared.code)
    except SyntaxError as error:
        message = (error.msg or "invalid syntax").partition(" (<")[0]
        line = error.lineno or line
        column = max((error.offset or 1) - 1, 0)
    except (ValueError, RecursionError, MemoryError):
        message = "invalid syntax"
    else:
        message = "invalid syntax"
    number, place = prepared.layout.place(line, column)
    return SourceError(
        SourceErrorKind.NOT_PYTHON,
        f"This is not valid Python: {message} (line {number}). Mend it, or paste a part that is complete.",
        Span(number, place, number, place + 1),
    )


def _check_characters(source: str, limit: int | None) -> None:
    check_size(source, limit)
    if not source.strip(_BOM + " \t\r\n\f\v"):
        raise SourceError(SourceErrorKind.EMPTY, "There is no code here. Paste some Python that uses SQLAlchemy.")
    null = source.find("\0")
    if null >= 0:
        raise SourceError(
            SourceErrorKind.ENCODING,
            "There is a null byte in the text, so it is no Python source. Was it copied from a binary file?",
            _place(source, null),
        )
    if surrogate := _SURROGATE.search(source):
        raise SourceError(
            SourceErrorKind.ENCODING,
            f"The character U+{ord(surrogate[0]):04X} is half of a surrogate pair, which no text can hold. Remove it.",
            _place(source, surrogate.start()),
        )


def _place(source: str, offset: int) -> Span:
    rows = split_rows(source[:offset])
    return Span(len(rows), len(rows[-1].text), len(rows), len(rows[-1].text) + 1)


_MARKS: tuple[tuple[str, Callable[[Sequence[Row]], list[Row] | None]], ...] = (
    ("quote marks", take_off_quotes),
    ("Markdown fences", take_off_fences),
    ("line numbers", take_off_numbers),
    ("diff marks", take_off_diff_marks),
    ("prompts", take_off_prompts),
)


def _take_off_marks(rows: list[Row]) -> tuple[list[Row], tuple[str, ...]]:
    undone: list[str] = []
    for what, take_off in _MARKS:
        kept = take_off(rows)
        if kept is not None:
            undone.append(what)
            number = kept[-1].number if kept else 1
            rows = kept if kept and not kept[-1].ending else [*kept, Row("", number, "")]
    return rows, tuple(undone)


def _dedent(layout: Layout, tokens: Sequence[Token]) -> tuple[Layout, str]:
    """Take off the indentation that all statements share, and form feeds, which the parser would lose."""
    inside = lines_inside_strings(tokens, layout.code)
    common = _common_indentation(layout, tokens)
    if not common and "\f" not in layout.code:
        return layout, ""
    rows: list[Row] = []
    for index, row in enumerate(layout.rows):
        if index not in inside:
            if feed := _FORM_FEED.match(row.text):
                row = row.cut(feed.end(), lead=feed[0])
            own = _shared_start(common, row.text)
            row = row.cut(len(own), lead=own) if own else row
        rows.append(row)
    return Layout.of(rows), common


def _common_indentation(layout: Layout, tokens: Sequence[Token]) -> str:
    """The white space in front of all statements; the first one may lack it, when its line was copied in part."""
    depth = 0
    begins = True
    indents: list[str] = []
    previous = ""
    for token in tokens:
        kind, text, start = token
        if kind == "newline":
            if depth == 0 and not begins:
                if previous == ":" and indents == [""]:
                    return ""
                begins = True
            continue
        if kind == "comment":
            continue
        if begins:
            begins = False
            row, column = layout.row_at(start)
            indents.append(layout.rows[row].text[:column].rpartition("\f")[2])
            if len(indents) > 1 and not indents[-1]:
                return ""
        depth += (kind == "open") - (kind == "close")
        depth = max(depth, 0)
        previous = text
    if len(indents) > 1 and not indents[0]:
        indents = indents[1:]
    return reduce(_shared_start, indents) if indents else ""


def _shared_start(one: str, other: str) -> str:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return one[:length]
