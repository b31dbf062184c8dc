"""Recognises Python 2, also where a Python 3 parser takes it for something else.

Reads tokens; every form here is either an error in Python 3 or, like `print >>file`, pointless there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from translator.findings import SourceError, SourceErrorKind
from translator.prepare.layout import Layout
from translator.prepare.lexer import Token

_OPERATORS = frozenset({"in", "is", "and", "or", "if", "not", "else", "for", "as", "from", "import"})
_END = Token("newline", "\n", 0)


def check_python2(tokens: Sequence[Token], layout: Layout) -> None:
    """Refuse Python 2 with the place and what to do about it."""
    significant = [token for token in tokens if token.kind != "comment"]
    begins = True
    depth = 0
    for index, token in enumerate(significant):
        kind, text, _ = token
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        check = _ANYWHERE.get(text) or (_STATEMENTS.get(text) if begins else None)
        if check is None and (kind == "number" or (kind == "name" and len(text) == 2)):
            check = _literal
        seen = check(significant, index) if check else ""
        if seen:
            raise SourceError(
                SourceErrorKind.PYTHON_2,
                f"This is Python 2 ({seen}). Convert it to Python 3 first, for instance with 2to3 or python-modernize, "
                "and translate the result.",
                layout.span_of(token.start, len(token.text)),
            )
        begins = depth == 0 and (kind == "newline" or text in (";", ":"))


def _next(tokens: Sequence[Token], index: int) -> Token:
    return tokens[index] if index < len(tokens) else _END


def _starts_operand(token: Token) -> bool:
    return token.kind in ("string", "fstring", "number") or (token.kind == "name" and token.text not in _OPERATORS)


def _print(tokens: Sequence[Token], index: int) -> str:
    after = _next(tokens, index + 1)
    return "the print statement" if after.text == ">>" or _starts_operand(after) else ""


def _exec(tokens: Sequence[Token], index: int) -> str:
    return "the exec statement" if _starts_operand(_next(tokens, index + 1)) else ""


def _statement(tokens: Sequence[Token], index: int) -> tuple[list[Token], list[Token]]:
    """The tokens outside brackets from here up to the end of line or `:`, in front of and after the first comma."""
    sides: tuple[list[Token], list[Token]] = ([], [])
    depth = side = 0
    for token in tokens[index + 1 : index + 256]:
        if token.kind == "close":
            depth -= 1
        if depth == 0:
            if token.kind == "newline" or token.text in (":", ";"):
                return sides
            if token.text == "," and side == 0:
                side = 1
                continue
            sides[side].append(token)
        if token.kind == "open":
            depth += 1
    return sides if index + 256 > len(tokens) else ([], [])


def _raise(tokens: Sequence[Token], index: int) -> str:
    before, after = _statement(tokens, index)
    return "raise with a comma" if before and after else ""


def _except(tokens: Sequence[Token], index: int) -> str:
    """`except E, error:`; but `except A, B:` catches both since Python 3.14, so the name must look like a variable."""
    before, after = _statement(tokens, index)
    named = len(after) == 1 and after[0].kind == "name" and after[0].text.islower()
    return "except with a comma" if before and named else ""


def _def(tokens: Sequence[Token], index: int) -> str:
    opening = _next(tokens, index + 2)
    tupled = opening.text == "(" and _next(tokens, index + 3).text == "("
    return "a tuple as parameter" if tupled and _next(tokens, index + 1).kind == "name" else ""


def _lambda(tokens: Sequence[Token], index: int) -> str:
    return "a tuple as parameter" if _next(tokens, index + 1).text == "(" else ""


def _diamond(tokens: Sequence[Token], index: int) -> str:
    return "the operator <>" if tokens[index].kind == "op" else ""


def _backtick(tokens: Sequence[Token], index: int) -> str:
    """A pair of backticks on one line; one alone is a slip of the keyboard."""
    if tokens[index].kind != "odd":
        return ""
    for token in tokens[index + 1 : index + 64]:
        if token.kind == "newline":
            return ""
        if token.text == "`":
            return "backticks for repr"
    return ""


def _literal(tokens: Sequence[Token], index: int) -> str:
    kind, text, start = tokens[index]
    if kind == "number":
        if text[-1] in "lL" and text[:-1].isdigit():
            return "a long integer literal"
        if len(text) > 1 and text[0] == "0" and text.isdigit() and text.strip("0"):
            return "an octal literal without 0o"
    elif kind == "name" and len(text) == 2 and text.lower() == "ur":
        after = _next(tokens, index + 1)
        return "a ur string" if after.kind == "string" and after.start == start + 2 else ""
    return ""


_Check = Callable[[Sequence[Token], int], str]
_ANYWHERE: dict[str, _Check] = {"<>": _diamond, "`": _backtick, "lambda": _lambda}
_STATEMENTS: dict[str, _Check] = {"print": _print, "exec": _exec, "raise": _raise, "except": _except, "def": _def}
