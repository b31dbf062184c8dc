"""`select([a, b], where, …)` becomes `select(a, b).where(…)`.

2.0 takes the columns as arguments; a criterion, FROM and the keywords of 1.x are methods. A criterion that stays an
argument would silently become a column.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import UNKNOWN, Many, TableValue
from translator.rules import clauses, contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "stmt = select([User.id, User.name], User.id > 1, order_by=[User.id])"
AFTER = "stmt = select(User.id, User.name).where(User.id > 1).order_by(User.id)"
ON = on_call("select")

_POSITIONS = ("columns", "whereclause", "from_obj")
_REASON = "2.0 takes the columns as arguments, not as a list, and clauses by methods"


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the columns out of their list, and the clauses out of the arguments."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or call.args[0].star:
        return None
    first, rest = call.args[0], call.args[1:]
    listed = isinstance(first.value, (cst.List, cst.Tuple, cst.ListComp, cst.GeneratorExp))
    listed = listed or (bool(rest) and (_is_list(site) or _made_list(first.value)))
    columns = first.keyword is None or first.keyword.value == "columns"
    keywords = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value != "columns"]
    if not columns:
        listed = True
    if not listed and not keywords:
        return _ambiguous(site, here) if rest else _spread(site, here, call)
    if not listed and len(rest) > len(keywords):
        return Decline(
            "select() has a keyword beside several arguments, so that it can't be told whether they are columns or a "
            "list, a criterion and FROM; use methods",
            Severity.REMOVED,
        )
    given = rest if columns else call.args
    found = clauses.read(given, _POSITIONS[1:], clauses.SELECT, here)
    if isinstance(found, Decline):
        return found
    if not listed and not _is_list(site):
        return Decline(
            f"it can't be told whether `{names.code(first.value)}` is a column or a list of them; write select(*columns)",
            Severity.REMOVED,
        )

    def build(updated: cst.Call) -> Replacement:
        rewritten = updated.args[1:] if columns else updated.args
        again = clauses.read(rewritten, _POSITIONS[1:], clauses.SELECT, here, given)
        assert isinstance(again, clauses.Clauses)
        bare = _flattened(updated) if columns else updated.with_changes(args=[])
        if not again.links:
            return bare
        made = chains.attach(bare.with_changes(lpar=[], rpar=[]), again.links)
        return made.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), _REASON, need=Need.REQUIRED)


def _is_list(site: Site) -> bool:
    kind = site.arguments[0]
    return isinstance(kind, Many) or (isinstance(kind, TableValue) and kind.collection)


def _spread(site: Site, here: Context, call: cst.Call) -> Outcome:
    """`select(columns)` for a variable that certainly is a list."""
    if not (_is_list(site) or _made_list(call.args[0].value)):
        return None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[updated.args[0].with_changes(star="*")])

    return Rewrite((edit(site, build),), _REASON, need=Need.REQUIRED, safety=Safety.SAFE)


def _ambiguous(site: Site, here: Context) -> Outcome:
    """`select(columns, criterion)`, where what comes first may be a list of 1.x's or a column of 2.0's."""
    call = cst.ensure_type(site.node, cst.Call)
    first, second = (arg.value for arg in call.args[:2])
    unknown = names.dotted(first) is not None and here.model.type_of(first) is UNKNOWN
    if not unknown or len(call.args) > len(_POSITIONS) or any(arg.star for arg in call.args):
        return None
    criterion = isinstance(second, (cst.Comparison, cst.BinaryOperation)) or names.code(second) == "None"
    function = names.dotted(second.func) or "" if isinstance(second, cst.Call) else ""
    if not criterion and function.rpartition(".")[2] not in {"and_", "or_", "not_"}:
        return None
    spelled = names.code(first)
    return Decline(
        f"it can't be told whether `{spelled}` is a column or a list of them: if a list, `{names.code(second)}` is a "
        f"criterion; write select(*{spelled}).where(…)",
        Severity.REMOVED,
    )


def _made_list(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return any(isinstance(side, (cst.List, cst.ListComp)) or _made_list(side) for side in (node.left, node.right))
    return isinstance(node, cst.Call) and (names.dotted(node.func) or "") in {"list", "tuple", "sorted"}


def _flattened(call: cst.Call) -> cst.Call:
    only = call.args[0]
    sequence = only.value
    if not isinstance(sequence, (cst.List, cst.Tuple)):
        bare = only.with_changes(
            star="*", keyword=None, equal=cst.MaybeSentinel.DEFAULT, comma=cst.MaybeSentinel.DEFAULT
        )
        return call.with_changes(args=[bare])
    broken = isinstance(sequence, cst.List) and chains.breaks(sequence.rbracket.whitespace_before)
    args = [
        _argument(element, last=index == len(sequence.elements) - 1 and not broken)
        for index, element in enumerate(sequence.elements)
    ]
    opening = sequence.lbracket.whitespace_after if isinstance(sequence, cst.List) else call.whitespace_before_args
    closing = sequence.rbracket.whitespace_before if isinstance(sequence, cst.List) else only.whitespace_after_arg
    outer = call.whitespace_before_args
    if not chains.breaks(opening):
        args = [chains.shifted(arg, -1) for arg in args]  # what stood under the first column still does
    if chains.breaks(outer):
        columns = _column(outer) - _column(opening) if chains.breaks(opening) else 0
        args = [chains.shifted(arg, columns) for arg in args]
        opening = outer
        if len(call.args) == 1:
            closing = only.whitespace_after_arg
            if isinstance(only.comma, cst.Comma) and chains.breaks(only.comma.whitespace_after):
                closing = only.comma.whitespace_after
        elif chains.breaks(closing) and not chains.commented(closing):
            closing = chains.newline(" " * max(_column(closing) + columns, 0))
    if args and chains.breaks(closing):
        args[-1] = args[-1].with_changes(whitespace_after_arg=closing)
    return call.with_changes(args=args, whitespace_before_args=opening)


def _column(space: cst.BaseParenthesizableWhitespace) -> int:
    """The indentation of the line that a line break leads to."""
    return len(space.last_line.value) if isinstance(space, cst.ParenthesizedWhitespace) else 0


def _argument(element: cst.BaseElement, *, last: bool) -> cst.Arg:
    comma = element.comma if isinstance(element.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
    if last and isinstance(comma, cst.Comma) and not isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace):
        comma = cst.MaybeSentinel.DEFAULT
    return cst.Arg(element.value, star="*" if isinstance(element, cst.StarredElement) else "", comma=comma)
