"""Conditions: what is tested for truth. A Query always was true; a Select refuses the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import merging, orlists
from translator.model.lattice import held, join
from translator.model.sites import SiteKind
from translator.model.types import PLAIN, UNKNOWN, Group, Keyed, Many, Query, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

TRUTH = "truth"
FALSEHOOD = "falsehood"
_CONTAINERS = (Many, Keyed, Group)
"""Whether a list is empty says nothing of the queries in it."""
_REASON = "it is tested for truth (a Query always was true, a Select refuses the test)"


def condition(walk: Expressions, node: cst.BaseExpression) -> Type:
    """The type of what a condition looks at; a query there is a site."""
    match node:
        case cst.UnaryOperation(operator=cst.Not()):
            walk.path.append(node)
            kind = negation(walk, node)
            walk.path.pop()
            return kind
        case cst.BooleanOperation():
            walk.path.append(node)
            condition(walk, node.left)
            with merging.perhaps(walk):
                condition(walk, node.right)
            walk.path.pop()
            return UNKNOWN
    return _tested(walk, node, node, TRUTH)


def negation(walk: Expressions, node: cst.UnaryOperation) -> Type:
    """`not x`, which is a condition wherever it stands."""
    inner = node.expression
    if isinstance(inner, (cst.BooleanOperation, cst.UnaryOperation)):
        condition(walk, inner)
        return PLAIN
    _tested(walk, inner, node, FALSEHOOD)
    return PLAIN


def _tested(walk: Expressions, node: cst.BaseExpression, whole: cst.BaseExpression, name: str) -> Type:
    """Look at what is tested; `whole` is the test, which is a site where that is a query."""
    kind = walk.expression(node)
    if isinstance(kind, Query):
        walk.site(SiteKind.TEST, whole, name, kind, result=kind)
    elif not isinstance(kind, _CONTAINERS):
        walk.lose(kind, node, _REASON)
    return kind


def boolean(walk: Expressions, node: cst.BooleanOperation) -> Type:
    """`a and b`, `a or b`, where the value counts and not only its truth."""
    left = walk.consume(node.left, _REASON)
    with merging.perhaps(walk):
        right = walk.expression(node.right)
    if any(held(right)):
        walk.lose(right, node, "it is one side of `and` or `or`")
        return UNKNOWN
    return join(left, right) if left is not right else left


def conditional(walk: Expressions, node: cst.IfExp) -> Type:
    """`a if test else b`."""
    condition(walk, node.test)
    with merging.perhaps(walk):
        body = walk.expression(node.body)
    with merging.perhaps(walk):
        orelse = walk.expression(node.orelse)
    merged = orlists.joined(body, orelse)
    for arm, kind in ((node.body, body), (node.orelse, orelse)):
        orlists.becomes(walk, arm, kind, merged)
    if not any(held(merged)):
        for kind in (body, orelse):
            walk.lose(kind, node, "the other side of a conditional expression is something else")
    return merged
