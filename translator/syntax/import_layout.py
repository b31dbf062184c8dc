"""Breaks an import over lines where new names made it longer than its author's lines are."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.syntax import names


def wrapped(before: cst.ImportFrom, after: cst.ImportFrom, limit: int, indent: str) -> cst.ImportFrom:
    """The import with each name on a line of its own, in brackets, if it stood on one line and is too long for it now."""
    text = names.code(after)
    if after.lpar is not None or isinstance(after.names, cst.ImportStar) or "\n" in text or "\\" in text:
        return after
    if len(text) <= max(limit, len(names.code(before))):
        return after
    return after.with_changes(
        lpar=cst.LeftParen(whitespace_after=_line(indent)),
        names=_listed(after.names, indent),
        rpar=cst.RightParen(),
    )


def _listed(aliases: Sequence[cst.ImportAlias], indent: str) -> list[cst.ImportAlias]:
    found = [alias.with_changes(comma=cst.Comma(whitespace_after=_line(indent))) for alias in aliases]
    return [*found[:-1], found[-1].with_changes(comma=cst.Comma(whitespace_after=_line("")))]


def _line(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(indent))
