"""How the mapping of a row is spelled: shared by the rules for rows. No rule itself."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement


def mapping(node: cst.BaseExpression) -> cst.Attribute:
    """`row._mapping`."""
    if not isinstance(node, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)) and not node.lpar:
        node = node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.Attribute(node, cst.Name("_mapping"))


def mapping_of_either(node: cst.BaseExpression) -> cst.Call:
    """`getattr(row, "_mapping", row)`, for what is a row or something else that has names; the path is read twice."""
    plain = node.with_changes(lpar=[], rpar=[])
    arguments = [cst.Arg(plain), cst.Arg(cst.SimpleString('"_mapping"')), cst.Arg(plain.deep_clone())]
    return cst.Call(cst.Name("getattr"), arguments)


def as_mapping(node: cst.CSTNode) -> Replacement:
    """The mapping where an expression stands."""
    return mapping(cst.ensure_type(node, cst.BaseExpression))  # type: ignore[type-abstract]


def as_mapping_of_either(node: cst.CSTNode) -> Replacement:
    """The same for what may be no row."""
    return mapping_of_either(cst.ensure_type(node, cst.BaseExpression))  # type: ignore[type-abstract]
