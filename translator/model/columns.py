"""Typing of columns and other SQL expressions by their methods. Knows nothing of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import binds, core, guesses, queries
from translator.model.types import UNKNOWN, Attribute, Expression, Result, Row, Select, TableValue, Text, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_NOTED = frozenset(
    {"copy", "execute", "scalar", "select", "alias", "subquery", "columns", "execution_options", "params",
     "unique_params"}
)  # fmt: skip
"""Methods that 2.x has no more, or with other arguments."""


def method(walk: Expressions, node: cst.Call, name: str, owner: Attribute | Expression, *, used: bool) -> Type:
    """The type of a method of a column or of another SQL expression."""
    if isinstance(owner, Attribute) and name in guesses.BUILDERS and isinstance(node.func, cst.Attribute):
        return guesses.built(walk, node, node.func)  # an object's, which is called like a class: `package.Base.votes`
    kinds = walk.arguments(node, walk.operand)
    if isinstance(owner, Attribute) and name in guesses.TERMINALS - _NOTED:
        return UNKNOWN  # likewise; no column has these
    if name in _NOTED:
        core.member(walk, node, name, binds.still_bound(walk, owner), arguments=kinds, used=used)
    if name == "of_type" and isinstance(owner, Attribute):
        return owner
    if isinstance(owner, Text) and name in {"bindparams", "execution_options"}:
        return owner
    if isinstance(owner, Text) and name == "columns":
        return Select("text")
    if isinstance(owner, Text) and name == "execute":
        return Result(Row(None))
    drawn = queries.mentions(owner)
    if name in {"any", "has"}:
        return Expression(drawn)
    aggregate = isinstance(owner, Expression) and owner.aggregate
    exists = isinstance(owner, Expression) and owner.exists
    if name == "label":
        label = names.literal_string(node.args[0].value) if node.args else None
        return Expression(drawn, aggregate, exists, label)
    if exists:
        return Expression(exists=True)
    if name in {"in_", "notin_", "not_in"}:  # a subquery there is nested, not drawn into FROM
        kinds = [kind for kind in kinds if not isinstance(kind, TableValue)]
    found = drawn.union(*map(queries.mentions, kinds))
    return Expression(found, aggregate and name in {"cast", "filter", "op"})
