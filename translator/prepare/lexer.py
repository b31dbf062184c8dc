"""Cuts text into rough tokens in linear time, before any parser sees it.

Tolerant of anything: whatever is not Python comes out as `odd`. It knows where strings, comments and f-string
braces begin and end, and nothing about grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of text that is not white space; `kind` is a group of `_CODE`, or `text` inside an f-string."""

    kind: str
    text: str
    start: int


# Nothing is ever tried twice, so hostile text can't make this slow: single characters repeat possessively, and what
# follows a repeated group always matches. (Possessive groups themselves match wrongly in CPython before 3.11.5.)
# A string that is not closed runs to the end of its line (or of the text, when triple-quoted).
_CODE = re.compile(
    r"""
    (?:[ \t\f]|\\\n)*
    (?: (?P<name>[^\W\d]\w*+(?!["']))
      | (?P<op><> | \*\*=? | //=? | >>=? | <<=? | -> | := | [-+*/%@&|^<>=!]=? | \.\.\. | [~,:;] | \.(?!\d))
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<newline>\n)
      | (?P<string>(?:[rR][bB]|[bB][rR]|[rRuUbB])?
            (?: \"{3} (?:[^"\\]++|\\.?+|"(?!""))* (?:\"{3}|\Z)
              | '{3} (?:[^'\\]++|\\.?+|'(?!''))* (?:'{3}|\Z)
              | " (?:[^"\\\n]++|\\.?+)* "?
              | ' (?:[^'\\\n]++|\\.?+)* '? ))
      | (?P<fstring>(?:[fFtT]|[fFtT][rR]|[rR][fFtT])(?:\"{3}|'{3}|"|'))
      | (?P<word>[^\W\d]\w*+)
      | (?P<number>(?:\d\w*+(?:\.(?!\.)\w*+)? | \.\d\w*+)(?:(?<=[eE])[-+]\d\w*+)?)
      | (?P<comment>\#[^\n]*+)
      | (?P<smart>\u201c[^\u201c\u201d\n]*+\u201d|\u2018[^\u2018\u2019\n]*+\u2019)
      | (?P<odd>[^ \t\f\n])
      | (?P<end>\Z)
    )
    """,
    re.VERBOSE | re.DOTALL,
)


def _literal(quote: str, *, raw: bool, spec: bool) -> re.Pattern[str]:
    """The text of an f-string up to its next brace or its end; in a format spec doubled braces are no escape."""
    mark = quote[0]
    triple = len(quote) == 3
    plain = rf"[^{mark}\\{{}}]" if triple else rf"[^{mark}\\{{}}\n]"
    parts = [rf"{plain}++", r"\\(?:[^{}]|(?=[{}])|\Z)"]
    if triple:
        parts.append(rf"{mark}(?!{mark}{mark})")
    if not raw:
        parts.insert(1, r"\\N\{[^{}\n]*+\}")
    if not spec:
        parts += [r"\{\{", r"\}\}"]
    return re.compile(f"(?:{'|'.join(parts)})*", re.DOTALL)


_STRUCTURE = frozenset({"open", "close", "fstring", "op"})

_LITERALS = {
    (quote, raw, spec): _literal(quote, raw=raw, spec=spec)
    for quote in ('"""', "'''", '"', "'")
    for raw in (False, True)
    for spec in (False, True)
}


@dataclass(slots=True)
class _Frame:
    """What the reader is inside of: an open bracket, the text of an f-string, or an expression in its braces."""

    kind: str
    quote: str = ""
    raw: bool = False
    spec: bool = False


def lex(text: str) -> list[Token]:
    """All tokens of a text whose lines end in newlines only."""
    tokens: list[Token] = []
    stack: list[_Frame] = []
    position = 0
    while position < len(text):
        if stack and (stack[-1].kind == "fstring" or stack[-1].spec):
            position = _literal_part(text, position, tokens, stack)
        else:
            position = _code_part(text, position, tokens, stack)
    return tokens


def _code_part(text: str, position: int, tokens: list[Token], stack: list[_Frame]) -> int:
    """Read code until an f-string's text begins or goes on; returns where it does."""
    for match in _CODE.finditer(text, position):
        kind = match.lastgroup or "end"
        if kind == "end":
            break
        token = Token(kind if kind != "word" else "name", match[kind], match.start(kind))
        tokens.append(token)
        if kind not in _STRUCTURE:
            continue
        if kind == "open":
            stack.append(_Frame("bracket"))
        elif kind == "fstring":
            prefix = token.text.rstrip("\"'")
            stack.append(_Frame("fstring", token.text[len(prefix) :], "r" in prefix.lower()))
            return match.end()
        elif kind == "close" and stack:
            if stack[-1].kind == "bracket":
                stack.pop()
            elif token.text == "}":
                stack.pop()
                return match.end()
        elif kind == "op" and stack and stack[-1].kind == "braces" and token.text[0] == ":":
            stack[-1].spec = True
            return token.start + 1
    return len(text)


def _literal_part(text: str, position: int, tokens: list[Token], stack: list[_Frame]) -> int:
    """Read text of an f-string until code begins or goes on; returns where it does."""
    frame = stack[-1]
    match = _LITERALS[frame.quote, frame.raw, frame.spec].match(text, position)
    end = match.end() if match else position
    if end > position:
        tokens.append(Token("text", text[position:end], position))
    if text[end : end + 1] == "{":
        tokens.append(Token("open", "{", end))
        stack.append(_Frame("braces", frame.quote, frame.raw))
        return end + 1
    if text[end : end + 1] == "}":
        tokens.append(Token("close", "}", end))
        if frame.spec:
            stack.pop()
        return end + 1
    # The closing quote, or an end of line that breaks the string off: everything inside it is over.
    while stack and stack[-1].kind != "fstring":
        stack.pop()
    if stack:
        stack.pop()
    return end + len(frame.quote) if text.startswith(frame.quote, end) else max(end, position)


def lines_inside_strings(tokens: Sequence[Token], text: str) -> frozenset[int]:
    """The lines (from 0) that begin inside a string, whose white space therefore is part of a value."""
    inside: set[int] = set()
    line = 0
    position = 0
    for token in tokens:
        if token.kind in ("string", "text") and "\n" in token.text:
            line += text.count("\n", position, token.start)
            position = token.start
            inside.update(range(line + 1, line + 1 + token.text.count("\n")))
    return frozenset(inside)
