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


def through(call: cst.Call, key: str) -> tuple[str, str] | None:
    """A column of the secondary table and the attribute that it equals, as a condition of the relationship says alone.

    `key` is the argument that holds it: `secondaryjoin`, or `primaryjoin` for the other side.
    """
    value, table = names.keyword(call, key), names.keyword(call, "secondary")
    if isinstance(value, cst.Lambda):
        value = value.body
    text = names.literal_string(value) if value is not None else None
    if text is not None:
        try:
            value = cst.parse_expression(text)
        except cst.ParserSyntaxError:
            return None
    if table is None or not isinstance(value, cst.Comparison) or len(value.comparisons) != 1:
        return None
    [compared] = value.comparisons
    sides = [names.dotted(value.left) or "", names.dotted(compared.comparator) or ""]
    start = f"{names.literal_string(table) or names.code(table)}.c."
    columns = [side for side in sides if side.startswith(start)]
    others = [side.rpartition(".")[2] for side in sides if not side.startswith(start)]
    known = isinstance(compared.operator, cst.Equal) and len(columns) == 1 and others != [""]
    return (columns[0], others[0]) if known else None


def of_backref(call: cst.Call | None) -> tuple[bool, str | None]:
    """Whether the other side, as `backref(…)` says, is a Query, and in which order."""
    return (is_dynamic(call), order(call)) if call is not None else (False, None)
