"""Divisions in SQL: what stands on both sides of `/`, also where a hybrid computes with the columns of its class.

Records sites; knows nothing of rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import core
from translator.model.types import Attribute, Expression, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_HYBRIDS = frozenset({"hybrid_property", "hybrid_method"})


def divided(walk: Expressions, node: cst.BinaryOperation, kinds: list[Type]) -> None:
    """Record that something of SQL is divided."""
    owner = _of_sql(kinds)
    if owner is not None:
        core.member(walk, node, "/", owner, arguments=tuple(kinds))
    elif any(map(_is_of_hybrid(walk), (node.left, node.right))):
        core.member(walk, node, "/hybrid", Expression(frozenset()), arguments=tuple(kinds))


def divided_in_place(walk: Expressions, node: cst.AugAssign, kind: Type) -> None:
    """Record `column /= 2`."""
    if isinstance(node.operator, cst.DivideAssign):
        kinds = [walk.expression(node.target), kind]
        owner = _of_sql(kinds)
        if owner is not None:
            core.member(walk, node.value, "/=", owner, arguments=tuple(kinds))


def _of_sql(kinds: list[Type]) -> Attribute | Expression | None:
    return next((kind for kind in kinds if isinstance(kind, (Attribute, Expression))), None)


class _is_of_hybrid:
    """Whether an expression is a column of integers, as a hybrid has it of an object or of its class: `self.size`."""

    def __init__(self, walk: Expressions) -> None:
        info = walk.function
        hybrid = info is not None and info.owner is not None and bool(info.decorators & _HYBRIDS)
        owner = walk.functions.classes.info(info.owner) if hybrid and info is not None and info.owner else None
        self._name = info.parameter_nodes[0].name.value if owner and info and info.parameter_nodes else ""
        self._entity = owner.name if owner is not None else ""
        self._mapping = walk.mapping

    def __call__(self, node: cst.BaseExpression) -> bool:
        match node:
            case cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value=column)):
                return name == self._name and self._mapping.is_integer(self._entity, column) is True
        return False
