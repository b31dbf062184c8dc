"""Lines of Python and SQL as HTML: Pygments' token classes, with the changed parts inside a line marked.

Knows nothing of reports or pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import escape

from markupsafe import Markup
from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.sql import SqlLexer
from pygments.token import STANDARD_TYPES, _TokenType

Token = tuple[str, str]
"""A token's CSS class (may be empty) and its text."""

Marks = list[tuple[int, int]]
"""Changed stretches of one line, as columns, in order."""

WORD_AREA = 40_000
"""Two lines with more pairs of words than this are marked as wholes."""

_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)
_PYTHON = PythonLexer(stripnl=False, ensurenl=False)
_SQL = SqlLexer(stripnl=False, ensurenl=False)


def split_lines(text: str) -> list[str]:
    """Lines as Python counts them: ended by newline, carriage return, or both."""
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[:-1] if lines and not lines[-1] else lines


def python_lines(text: str) -> list[list[Token]]:
    """The tokens of each line of Python."""
    return _token_lines(text, _PYTHON)


def sql_lines(text: str) -> list[list[Token]]:
    """The tokens of each line of SQL."""
    return _token_lines(text, _SQL)


def plain_lines(text: str) -> list[list[Token]]:
    """Each line as one token without a class: for what is too long to be coloured."""
    return [[("", line)] for line in split_lines(text)]


def marked(before: str, after: str) -> tuple[Marks, Marks]:
    """Which columns of two lines differ, by whole words."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > WORD_AREA:
        return [(0, len(before))], [(0, len(after))]
    old_starts, new_starts = _starts(old), _starts(new)
    left: Marks = []
    right: Marks = []
    for tag, b1, b2, a1, a2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            left.append((old_starts[b1], old_starts[b2]))
            right.append((new_starts[a1], new_starts[a2]))
    return _joined(left, before), _joined(right, after)


def render(tokens: Sequence[Token], marks: Marks, tag: str) -> Markup:
    """One line as HTML, the marked columns inside `tag` (``ins`` or ``del``)."""
    # Plain strings with one escape each: Markup's own formatting costs ten times as much over a whole file.
    parts: list[str] = []
    pending = [mark for mark in marks if mark[0] < mark[1]]
    column, inside = 0, False
    for css, text in tokens:
        start = 0
        while start < len(text):
            now_inside, length = _piece(pending, column, len(text) - start)
            if now_inside != inside:
                parts.append(f"<{tag}>" if now_inside else f"</{tag}>")
                inside = now_inside
            parts.append(_span(css, text[start : start + length]))
            start += length
            column += length
            if pending and pending[0][1] <= column:
                pending.pop(0)
    if inside:
        parts.append(f"</{tag}>")
    return Markup("".join(parts))  # noqa: S704  # every text in it went through escape()


def html(lines: Sequence[Sequence[Token]]) -> Markup:
    """Lines without marks, joined by newlines."""
    return Markup("\n").join(render(tokens, [], "ins") for tokens in lines)


def _piece(pending: Marks, column: int, available: int) -> tuple[bool, int]:
    """Whether the text at `column` is marked, and how far that stays so."""
    if not pending:
        return False, available
    start, end = pending[0]
    if column < start:
        return False, min(available, start - column)
    return True, min(available, end - column)


def _span(css: str, text: str) -> str:
    shown = escape(text, quote=False)
    return f'<span class="{css}">{shown}</span>' if css else shown


def _token_lines(text: str, lexer: Lexer) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for kind, value in lexer.get_tokens("\n".join(split_lines(text))):
        css = _css(kind)
        first, *rest = value.split("\n")
        if first:
            lines[-1].append((css, first))
        for part in rest:
            lines.append([(css, part)] if part else [])
    return lines


def _css(kind: _TokenType) -> str:
    current: _TokenType | None = kind
    while current is not None and current not in STANDARD_TYPES:
        current = current.parent
    css = STANDARD_TYPES.get(current, "") if current is not None else ""
    # Plain names, operators, punctuation and space need no colour, so they need no element either.
    return "" if css in {"", "n", "p", "w", "o"} else css


def _starts(words: Sequence[str]) -> list[int]:
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word))
    return starts


def _joined(marks: Marks, text: str) -> Marks:
    """Marks that only a gap of punctuation or space divides become one: easier to read than confetti."""
    joined: Marks = []
    for start, end in marks:
        # Space at the ends of a mark says nothing; a changed indentation shows by the line's own colour.
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        if start >= end:
            continue
        if joined and start - joined[-1][1] <= 2 and not re.search(r"\w", text[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
