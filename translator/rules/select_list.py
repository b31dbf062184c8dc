"""`select([a, b])` becomes `select(a, b)`.

2.0 takes the columns as arguments. A criterion or keywords beside the list become clauses.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "stmt = select([users.c.id, users.c.name])"
AFTER = "stmt = select(users.c.id, users.c.name)"
ON = on_call("select")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the columns out of their list."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args:
        return None
    first = call.args[0]
    listed = isinstance(first.value, (cst.List, cst.Tuple)) and not first.star
    if first.keyword is None and not listed:
        if len(call.args) > 1 and any(arg.keyword is not None for arg in call.args):
            return Decline("select() has keyword arguments, which 2.0 has no more; use its methods", Severity.REMOVED)
        if isinstance(first.value, (cst.ListComp, cst.Call)) and _hidden_list(first.value):
            return Decline("select() is given a list that is made elsewhere; write select(*columns)", Severity.REMOVED)
        return None
    if first.keyword is not None or len(call.args) > 1:
        return Decline(
            "select() has a criterion or keyword arguments beside its list, which 2.0 has no more; use where() and its kin",
            Severity.REMOVED,
        )

    def build(updated: cst.Call) -> Replacement:
        only = updated.args[0]
        sequence = only.value
        assert isinstance(sequence, (cst.List, cst.Tuple))
        args = [
            _argument(element, index == len(sequence.elements) - 1) for index, element in enumerate(sequence.elements)
        ]
        opening = (
            sequence.lbracket.whitespace_after if isinstance(sequence, cst.List) else updated.whitespace_before_args
        )
        closing = sequence.rbracket.whitespace_before if isinstance(sequence, cst.List) else only.whitespace_after_arg
        if isinstance(updated.whitespace_before_args, cst.ParenthesizedWhitespace):
            opening, closing = updated.whitespace_before_args, only.whitespace_after_arg
        if args and isinstance(closing, cst.ParenthesizedWhitespace) and not isinstance(args[-1].comma, cst.Comma):
            args[-1] = args[-1].with_changes(whitespace_after_arg=closing)
        return updated.with_changes(args=args, whitespace_before_args=opening)

    return Rewrite((edit(site, build),), "2.0 takes the columns as arguments, not as a list", need=Need.REQUIRED)


def _argument(element: cst.BaseElement, last: bool) -> cst.Arg:
    comma = element.comma if isinstance(element.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
    if last and isinstance(comma, cst.Comma) and not isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace):
        comma = cst.MaybeSentinel.DEFAULT
    return cst.Arg(element.value, star="*" if isinstance(element, cst.StarredElement) else "", comma=comma)


def _hidden_list(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.ListComp) or (
        isinstance(node, cst.Call) and (names.dotted(node.func) or "").rpartition(".")[2] in {"list", "values"}
    )
