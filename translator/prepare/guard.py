"""Refuses, before a parser sees it, what no person writes and what would bring the parser down.

Works on tokens alone. The limits are far above real code: in 4,300 installed files brackets nest 17 deep at most.
"""

from __future__ import annotations

from typing import NoReturn

from translator.findings import SourceError, SourceErrorKind
from translator.prepare.layout import Layout
from translator.prepare.lexer import Token

MAX_SOURCE_BYTES = 64 * 1024
"""The size of a paste; files on the command line may be larger."""
MAX_NESTING = 64
"""Brackets within brackets, the braces of f-strings included, and blocks within blocks."""
MAX_DEPTH = 240
"""Estimated depth of the syntax tree. Beyond it the tree can't be walked within Python's recursion limit."""

# Each bracket costs the parser time in proportion to its depth squared: 64 KiB of calls nested 60 deep took 15 s.
# After `case` and `del` it tries every way of reading a bracket: a mapping pattern nested 10 deep took a second.
_WORK_ALLOWANCE = 4_000_000
_WORK_PER_TOKEN = 60

_BACKTRACKING = frozenset({"case", "del"})
_LINKING_NAMES = frozenset({"not", "and", "or", "lambda", "if", "for", "await", "yield"})
_LINKING_OPS = frozenset({".", "+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^", "~"})
_BRANCHES = frozenset({"elif", "else", "except", "finally", "case"})


def check_size(source: str, limit: int | None) -> None:
    """Refuse a text over the limit in UTF-8 bytes."""
    if limit is None:
        return
    size = len(source) if len(source) > limit else len(source.encode("utf-8", "replace"))
    if size > limit:
        raise SourceError(
            SourceErrorKind.TOO_LARGE,
            f"The text is larger than {limit // 1024} KiB. Translate it in parts, "
            "or run the command line on the file: it takes files of any size.",
        )


def check_complexity(tokens: list[Token], layout: Layout) -> None:
    """Refuse brackets, blocks or chains that nest too deep. One pass, no recursion."""
    _Gauge(layout, _WORK_ALLOWANCE + _WORK_PER_TOKEN * len(tokens)).read(tokens)


class _Gauge:
    """Follows a sum: links of the chains that are open at this point, brackets and blocks around it."""

    def __init__(self, layout: Layout, work_left: int) -> None:
        self.layout = layout
        self.work_left = work_left
        self.depth = 0
        self.links = [0]
        self.blocks = [0]
        self.branches = [0]
        self.backtracks = False

    def read(self, tokens: list[Token]) -> None:
        line_start = 0
        at_start = True
        for token in tokens:
            kind, text, start = token
            if kind == "newline":
                line_start = start + 1
                if len(self.links) == 1:
                    self.reset_links()
                    at_start = True
                continue
            if kind == "comment":
                continue
            if at_start:
                at_start = False
                self.begin_statement(token, start - line_start)
            if kind == "op":
                if text in _LINKING_OPS:
                    self.link(token)
                elif text == "," or (text == ";" and len(self.links) == 1):
                    self.reset_links()
            elif kind == "name":
                if text in _LINKING_NAMES:
                    self.link(token)
            elif kind in ("string", "fstring"):
                self.link(token)
            elif kind == "open":
                self.open(token)
            elif kind == "close" and len(self.links) > 1:
                self.depth -= self.links.pop() + 1

    def begin_statement(self, token: Token, column: int) -> None:
        self.backtracks = token.text in _BACKTRACKING
        while len(self.blocks) > 1 and self.blocks[-1] > column:
            self.blocks.pop()
            self.depth -= 2 + self.branches.pop()
        if self.blocks[-1] < column:
            self.blocks.append(column)
            self.branches.append(0)
            self.depth += 2
            if len(self.blocks) > MAX_NESTING:
                self.refuse(token, f"Blocks are nested more than {MAX_NESTING} deep here.")
        elif token.text == "elif":
            self.branches[-1] += 1
            self.depth += 1
            self.check(token)
        elif token.text not in _BRANCHES:
            self.depth -= self.branches[-1]
            self.branches[-1] = 0

    def open(self, token: Token) -> None:
        self.link(token)
        self.links.append(0)
        self.depth += 1
        nesting = len(self.links) - 1
        self.work_left -= 4**nesting if self.backtracks and nesting < 16 else nesting * nesting
        if nesting > MAX_NESTING:
            self.refuse(token, f"Brackets are nested more than {MAX_NESTING} deep here.")
        if self.work_left < 0:
            self.refuse(token, "There are too many deeply nested brackets up to here.")

    def link(self, token: Token) -> None:
        self.links[-1] += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.check(token)

    def reset_links(self) -> None:
        self.depth -= self.links[-1]
        self.links[-1] = 0

    def check(self, token: Token) -> None:
        if self.depth > MAX_DEPTH:
            self.refuse(token, f"An expression or a chain of branches has more than {MAX_DEPTH} links here.")

    def refuse(self, token: Token, seen: str) -> NoReturn:
        raise SourceError(
            SourceErrorKind.TOO_COMPLEX,
            f"{seen} Code is refused at that point to protect the parser; split it up and translate the parts.",
            self.layout.span_of(token.start, len(token.text)),
        )
