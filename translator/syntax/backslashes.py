"""Takes the backslashes out of a chain that a rewrite put into brackets, where they only held lines together.

Knows the layout of chains, nothing of their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from translator.syntax import names
from translator.syntax.chains import breaks, newline, shifted

_CONTINUED = "\\\n"


def relaid(call: cst.Call, margin: str, indent: str) -> cst.Call:
    """`session.scalars(select(X)\\ .where(…))` with the chain on lines of its own, one level deeper than `margin`."""
    if len(call.args) != 1 or call.args[0].keyword is not None or call.args[0].star:
        return call
    inner = margin + indent
    value = call.args[0].value
    if _continued(value):
        already = len(indent.expandtabs(4)) if breaks(call.whitespace_before_args) else 0
        value, _ = _Chain(inner, already).moved(value, len(indent.expandtabs(4)) - already)
    elif isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        wrapped = relaid(value, inner, indent)  # a count: select(func.count()).select_from(…)
        if wrapped is value:
            return call
        value = wrapped
    else:
        return call
    arg = call.args[0].with_changes(value=value, whitespace_after_arg=newline(margin), comma=cst.MaybeSentinel.DEFAULT)
    return call.with_changes(args=[arg], whitespace_before_args=newline(inner))


def _continued(node: cst.BaseExpression) -> bool:
    """Whether a chain is broken by backslashes before or after its dots."""
    if node.lpar:
        return False
    while isinstance(node, (cst.Call, cst.Attribute, cst.Subscript)):
        if isinstance(node, cst.Attribute) and _break(node.dot) is not None:
            return True
        node = node.func if isinstance(node, cst.Call) else node.value
    return False


def _break(dot: cst.Dot) -> str | None:
    """The text between a backslash and what follows it, on either side of a dot."""
    for space in (dot.whitespace_before, dot.whitespace_after):
        if isinstance(space, cst.SimpleWhitespace) and _CONTINUED in space.value:
            return space.value.rpartition("\n")[2]
    return None


@dataclass(frozen=True, slots=True)
class _Chain:
    """How a chain moves: where its links begin from now on, and the columns that its brackets moved by before."""

    margin: str
    already: int

    def moved(self, node: cst.BaseExpression, columns: int) -> tuple[cst.BaseExpression, int]:
        """The chain with a plain newline for each backslash, and the columns that its last line moved by."""
        if isinstance(node, cst.Call):
            func, columns = self.moved(node.func, columns)
            return shifted(node.with_changes(func=names.path("_")), columns).with_changes(func=func), columns
        if isinstance(node, cst.Subscript):
            value, columns = self.moved(node.value, columns)
            return shifted(node.with_changes(value=names.path("_")), columns).with_changes(value=value), columns
        if not isinstance(node, cst.Attribute):
            return shifted(node, columns), columns
        value, columns = self.moved(node.value, columns)
        before = _break(node.dot)
        if before is None:
            return node.with_changes(value=value, dot=shifted(node.dot, columns)), columns
        columns = len(self.margin.expandtabs(4)) - len(before.expandtabs(4)) - self.already
        return node.with_changes(value=value, dot=cst.Dot(whitespace_before=newline(self.margin))), columns
