"""Values that are strings, or may be, where 2.x takes attributes and no longer their names."""

from __future__ import annotations

import re

import libcst as cst

from translator.findings import Severity
from translator.model.types import UNKNOWN, Many, Plain, Type
from translator.rules.contract import Decline
from translator.syntax import names

_CLASS = re.compile(r"^_*[A-Z]|(?i:model|cls|class|entity|table|alias|select|subq|cte)")
"""What something is called that holds a class or a table."""


def is_string(node: cst.BaseExpression, kind: Type) -> bool:
    """Whether something holds a string, but is none that is written out."""
    text = isinstance(kind, Plain) and kind.text
    return text and not isinstance(node, (cst.SimpleString, cst.ConcatenatedString))


def may_be(node: cst.BaseExpression, kind: Type) -> bool:
    """Whether nothing tells what something holds: a parameter, what a loop gives."""
    if isinstance(kind, Many):
        return is_string(node, kind.of) or may_be(node, kind.of)
    path = names.dotted(node)
    if path is None and isinstance(node, cst.Subscript):
        path = names.dotted(node.value)
    return kind is UNKNOWN and path is not None and not _CLASS.search(path.rpartition(".")[2])


def remark(node: cst.BaseExpression, function: str) -> Decline:
    """What to know of something that may be one."""
    name = names.code(node)
    said = f"if `{name}` is a string, 2.0 refuses it: {function}() takes the attribute, e.g. getattr(Model, {name})"
    return Decline(said, Severity.NOTE)


def refusal(node: cst.BaseExpression, function: str, *, several: bool = False) -> Decline:
    """What to do about something that is one, or holds several."""
    name = names.code(node)
    instead = f"*[getattr(Model, name) for name in {name}]" if several else f"getattr(Model, {name})"
    said = f"`{name}` holds {'strings' if several else 'a string'}, and 2.0's {function}() takes attributes; write {instead}"
    return Decline(said, Severity.REMOVED)
