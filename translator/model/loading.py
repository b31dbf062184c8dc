"""How a `relationship()` loads, read off its call: whether its attribute is a query, and in which order."""

from __future__ import annotations

import libcst as cst

from translator.syntax import names


def is_dynamic(call: cst.Call, annotation: cst.BaseExpression | None = None) -> bool:
    """Whether its attribute is a Query: `lazy="dynamic"`, the function that meant it, or `DynamicMapped[…]`."""
    if annotation is not None and names.code(annotation).startswith("DynamicMapped["):
        return True
    lazy = names.keyword(call, "lazy")
    loader = (names.dotted(call.func) or "").rpartition(".")[2] == "dynamic_loader"
    return loader or (lazy is not None and names.literal_string(lazy) == "dynamic")


def order(call: cst.Call) -> str | None:
    """The `order_by` of a relationship, as an expression."""
    value = names.keyword(call, "order_by")
    if isinstance(value, cst.Lambda):
        value = value.body
    if value is None:
        return None
    return names.literal_string(value) or names.code(value)


def of_backref(call: cst.Call | None) -> tuple[bool, str | None]:
    """Whether the other side, as `backref(…)` says, is a Query, and in which order."""
    return (is_dynamic(call), order(call)) if call is not None else (False, None)
