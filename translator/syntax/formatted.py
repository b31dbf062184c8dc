"""What is edited inside an f-string: before Python 3.12 it holds neither the string's own quotes nor, mostly, new lines."""

from __future__ import annotations

import libcst as cst

from translator.syntax import names

_OTHER = {'"': "'", "'": '"'}


def requoted(original: cst.FormattedString, updated: cst.FormattedString) -> cst.FormattedString:
    """The f-string with strings that came into its expressions in the quotes that it leaves free."""
    quote = updated.end
    if len(quote) > 1 or any(quote in _expressions(part) for part in original.parts):
        return updated  # three quotes, or text for 3.12 and later
    parts = [part.visit(_Swap(quote)) if quote in _expressions(part) else part for part in updated.parts]
    return updated.with_changes(parts=parts)


def _expressions(part: cst.BaseFormattedStringContent) -> str:
    return names.code(part) if isinstance(part, cst.FormattedStringExpression) else ""


class _Swap(cst.CSTTransformer):
    def __init__(self, quote: str) -> None:
        super().__init__()
        self._quote = quote

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        del original_node
        other = _OTHER[self._quote]
        if updated_node.quote != self._quote or other in updated_node.raw_value:
            return updated_node
        return updated_node.with_changes(value=f"{updated_node.prefix}{other}{updated_node.raw_value}{other}")
