"""Typing of strings: how they begin, and whether values are put into them. Knows nothing of SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import rows
from translator.model.types import UNKNOWN, Expression, Many, Plain, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

START = 48
"""How many characters of a string are kept."""
_FIELD = re.compile(r"(?<!\{)\{(?P<key>\w*)(?P<rest>[^{}:!]*)[^{}]*\}")
"""A replacement field of `format()`."""
_BY_NAME = re.compile(r"\[[^\d\]][^\]]*\]")


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


def method(walk: Expressions, node: cst.Call, name: str, owner: Plain) -> Type:
    """The type of a method of a string or another plain value; rows that `format()` looks names up in."""
    kinds = walk.arguments(node, lambda value: walk.consume(value, f"it is passed to `{name}()`"))
    text = names.literal_string(node.func.value) if isinstance(node.func, cst.Attribute) else None
    for index, (arg, kind) in enumerate(zip(node.args, kinds, strict=True)):
        if name == "format_map" or (name == "format" and _asks_by_name(text, arg, index)):
            rows.put_in(walk, arg.value, kind)
    return replace(owner, composed=id(node)) if owner.text and name == "format" else owner


def _asks_by_name(text: str | None, arg: cst.Arg, index: int) -> bool:
    """Whether a text asks a value that is put into it for names, `{0[name]}`, and for nothing else."""
    key = arg.keyword.value if arg.keyword is not None else str(index)
    asked = [
        found["rest"]
        for number, found in enumerate(_FIELD.finditer(text or ""))
        if (found["key"] or str(number)) == key
    ]
    return bool(asked) and all(_BY_NAME.fullmatch(rest) for rest in asked)


def augmented(walk: Expressions, node: cst.AugAssign, added: Type) -> Type:
    """The type of a name after `sql += "…"`."""
    if not isinstance(node.target, cst.Name) or not isinstance(node.operator, (cst.AddAssign, cst.ModuloAssign)):
        return UNKNOWN
    before = walk.type_of_name(node.target.value)
    if isinstance(before, Many) and before == added and isinstance(before.of, Expression):
        return before  # a list of columns, with those that were added
    if not isinstance(before, Plain) or not before.text:
        return UNKNOWN
    after = joined(node.target, [before, added])
    return (
        after if isinstance(node.operator, cst.AddAssign) or after.composed else joined(node.target, [before, UNKNOWN])
    )
