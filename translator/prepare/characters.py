"""Replaces what word processors and web pages put into code: other spaces, curly quotes, invisible characters.

Only outside strings and comments, where they are no Python at all; inside they are somebody's text.
"""

from __future__ import annotations

from collections.abc import Sequence

from translator.prepare.layout import Layout, Row
from translator.prepare.lexer import Token

_SPACES = frozenset("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
_LOOKALIKES = {"\u2212": "-", "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1a": ":"}


def replace_odd(tokens: Sequence[Token], layout: Layout) -> tuple[Layout, tuple[str, ...]]:
    """The layout with odd characters made plain, and what was done; the same layout where there are none."""
    characters: dict[int, list[str]] = {}
    done: dict[str, None] = {}
    for token in tokens:
        if token.kind not in ("odd", "smart"):
            continue
        put, what = _plain(token)
        if not what:
            continue
        done[what] = None
        row, column = layout.row_at(token.start)
        if row not in characters:
            characters[row] = [*layout.rows[row].text]
        line = characters[row]
        line[column : column + len(token.text)] = put
    rows: list[Row] = list(layout.rows)
    for index, line in characters.items():
        gaps, seen = [], 0
        for character in line:
            if character:
                seen += 1
            else:
                gaps.append(seen)
        rows[index] = rows[index]._replace(text="".join(line), gaps=tuple(gaps))
    return (Layout.of(rows) if characters else layout), tuple(done)


def _plain(token: Token) -> tuple[list[str], str]:
    """The characters in place of a token's, one for one (empty for none), and in words what that is."""
    text = token.text
    if text in _SPACES:
        return [" "], "special spaces"
    if text in _INVISIBLE:
        return [""], "invisible characters"
    if text in _LOOKALIKES:
        return [_LOOKALIKES[text]], "full-width punctuation"
    if token.kind == "smart" and "\\" not in text:
        inside = text[1:-1]
        for quote in ("'", '"') if text[0] == "\u2018" else ('"', "'"):
            if quote not in inside:
                return [quote, *inside, quote], "curly quotes"
    return [], ""
