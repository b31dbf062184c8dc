"""Typing of strings: how they begin, and whether values are put into them. Knows nothing of SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.types import UNKNOWN, Plain, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

START = 48
"""How many characters of a string are kept."""


def start_of(text: str) -> str:
    """The beginning of a text, as much as tells what it does."""
    return text[:START]


def joined(node: cst.BaseExpression, kinds: Sequence[Type]) -> Plain:
    """The type of strings put together, one of which may be no literal: `"…" + name`, `"… %s" % name`."""
    first = kinds[0]
    known = [kind.composed for kind in kinds if isinstance(kind, Plain) and kind.composed]
    percent = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo)
    added = not all(isinstance(kind, Plain) and kind.text for kind in kinds)
    composed = known[0] if known else (id(node) if percent or added else 0)
    return Plain(text=True, start=first.start if isinstance(first, Plain) else None, composed=composed)


def formatted(node: cst.BaseExpression) -> Plain:
    """The type of an f-string."""
    if not isinstance(node, cst.FormattedString) or not node.parts:
        return Plain(text=True)
    first = node.parts[0]
    start = start_of(first.value) if isinstance(first, cst.FormattedStringText) else None
    values = any(isinstance(part, cst.FormattedStringExpression) for part in node.parts)
    return Plain(text=True, start=start, composed=id(node) if values else 0)


def augmented(walk: Expressions, node: cst.AugAssign, added: Type) -> Type:
    """The type of a name after `sql += "…"`."""
    if not isinstance(node.target, cst.Name) or not isinstance(node.operator, (cst.AddAssign, cst.ModuloAssign)):
        return UNKNOWN
    before = walk.type_of_name(node.target.value)
    if not isinstance(before, Plain) or not before.text:
        return UNKNOWN
    after = joined(node.target, [before, added])
    return (
        after if isinstance(node.operator, cst.AddAssign) or after.composed else joined(node.target, [before, UNKNOWN])
    )
