"""An execution in the head of an `if` is put before it, where there is place for a `with` block. No rule itself.

Only what the head evaluates first, and always, may move: not e.g. the right side of an `and`, an `elif`, a `while`.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from translator.edits import Edit, Insertion, Replacement
from translator.model.sites import Site
from translator.rules import with_blocks
from translator.rules.contract import Context
from translator.syntax import blocks, names

_NAMED = {
    "fetchall": "rows", "all": "rows", "fetchmany": "rows", "first": "row", "fetchone": "row", "one": "row",
    "one_or_none": "row", "scalar": "value", "scalar_one": "value", "scalar_one_or_none": "value", "rowcount": "count",
    "inserted_primary_key": "key", "lastrowid": "key",
}  # fmt: skip
"""What a variable is called that holds what a member of a result gives; else it is called as the member."""


@dataclass(frozen=True, slots=True)
class Lift:
    """The value that moves out of a head, and the statements that it moves to."""

    edit: Edit
    insertion: Insertion


def lift(site: Site, here: Context, *, engine: str, name: str, writes: bool, scalar: bool) -> Lift | None:
    """The execution at a site on a connection before the `if` in whose head it stands; None where it stands elsewhere."""
    at = next((i for i in reversed(range(len(site.around))) if isinstance(site.around[i], cst.BaseStatement)), None)
    if at is None or not isinstance(line := site.around[at], cst.If):
        return None
    if not blocks.siblings(site.around[at - 1] if at else None, line, here.model.tree):
        return None  # an elif
    inner = [*site.around[at + 1 :], site.node]
    read = _read(inner, scalar=scalar)
    if read is None or not _first(line.test, inner[read]) or not _stands_alone(inner[read]):
        return None
    value = inner[read]
    wished = _name(value, scalar=scalar)
    variable = here.fresh(site, wished, f"found_{wished}")
    moved: list[str] = []

    def taken(updated: cst.CSTNode) -> Replacement:
        moved.append(names.code(updated))
        return cst.Name(variable)

    def block() -> str:
        method = "begin" if writes else "connect"
        return f"with {engine}.{method}() as {name}:\n    {variable} = {moved[-1]}\n"

    around = tuple(map(id, site.around[:at]))
    target = Edit(value, tuple(map(id, site.around[: at + 1 + read])), taken)
    return Lift(target, Insertion(line, around, block, before=True))


def _read(inner: list[cst.CSTNode], *, scalar: bool) -> int | None:
    """Which of the nodes around a site, the outermost first, is what is read from the result."""
    if scalar:
        return len(inner) - 1
    for at in reversed(range(len(inner) - 1)):
        node, below = inner[at], inner[at + 1]
        if not isinstance(node, cst.Attribute) or node.value is not below:
            return None
        member, called = node.attr.value, at > 0 and isinstance(inner[at - 1], cst.Call)
        if member in with_blocks.AFTERWARDS and not called:
            return at
        if called and member in with_blocks.FETCHES:
            return at - 1
        return None
    return None


def _first(test: cst.BaseExpression, value: cst.CSTNode) -> bool:
    """Whether a value is what a condition evaluates first, and always."""
    node: cst.CSTNode = test
    while node is not value:
        match node:
            case cst.UnaryOperation():
                node = node.expression
            case cst.Comparison() | cst.BooleanOperation() | cst.BinaryOperation():
                node = node.left
            case cst.Subscript() | cst.Attribute():
                node = node.value
            case cst.Call(func=cst.Name(), args=[cst.Arg(keyword=None, star="")]):
                node = node.args[0].value
            case cst.Call(func=cst.Attribute()):
                node = cst.ensure_type(node.func, cst.Attribute).value
            case _:
                return False
    return True


def _stands_alone(node: cst.CSTNode) -> bool:
    """Whether the text of an expression is one without the brackets around it: no line break outside its own."""
    try:
        cst.parse_expression(names.code(node))
    except cst.ParserSyntaxError:
        return False
    return True


def _name(value: cst.CSTNode, *, scalar: bool) -> str:
    if scalar:
        return "value"
    attribute = value.func if isinstance(value, cst.Call) else value
    member = cst.ensure_type(attribute, cst.Attribute).attr.value
    return _NAMED.get(member, member)
