"""`case([(condition, value), …])` becomes `case((condition, value), …)`.

2.0 takes the pairs as arguments; with `value=` it takes one dict, first.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Many
from translator.rules import contract, dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "grade = case([(User.id > 3, 'high'), (User.id > 1, 'mid')], else_='low')"
AFTER = "grade = case((User.id > 3, 'high'), (User.id > 1, 'mid'), else_='low')"
ON = on_call("case")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the pairs out of their list."""
    call = cst.ensure_type(site.node, cst.Call)
    given = names.positional(call)
    whens = names.keyword(call, "whens")
    value = whens if whens is not None else (given[0].value if given else None)
    if value is None or (whens is None and (given[0].star or len(given) > 1)):
        return None
    if isinstance(value, cst.Tuple):
        return None if whens is None and not isinstance(value.elements[0].value, cst.Tuple) else _rewritten(site)
    if isinstance(value, (cst.List, cst.ListComp)):
        return _rewritten(site)
    if isinstance(value, (cst.Dict, cst.DictComp)) or names.keyword(call, "value") is not None:
        return _rewritten(site) if whens is not None else None
    kind = site.arguments[list(call.args).index(next(a for a in call.args if a.value is value))]
    if isinstance(kind, Many):
        return _rewritten(site)
    return Decline(
        f"it can't be told whether `{names.code(value)}` is a list of pairs, which 2.0 takes as case(*pairs), or a dict",
        Severity.REMOVED,
    )


def _rewritten(site: Site) -> Rewrite:
    def build(updated: cst.Call) -> Replacement:
        whens = next((a for a in updated.args if a.keyword is not None and a.keyword.value == "whens"), None)
        first = whens if whens is not None else updated.args[0]
        others = [arg for arg in updated.args if arg is not first]
        pairs = _pairs(first.value)
        if others and whens is not None:
            others = dropping.without(updated.args, {"whens"})
        space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        last = updated.args[-1]
        if others:
            pairs[-1] = pairs[-1].with_changes(comma=first.comma if isinstance(first.comma, cst.Comma) else space)
        else:
            pairs[-1] = pairs[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
        return updated.with_changes(args=[*pairs, *others])

    return Rewrite((edit(site, build),), "2.0 takes the pairs of case() as arguments", Need.REQUIRED)


def _pairs(value: cst.BaseExpression) -> list[cst.Arg]:
    if isinstance(value, (cst.Dict, cst.DictComp)):
        return [cst.Arg(value)]
    if isinstance(value, (cst.List, cst.Tuple)) and value.elements:
        return [
            cst.Arg(
                element.value,
                star="*" if isinstance(element, cst.StarredElement) else "",
                comma=element.comma,
            )
            for element in value.elements
        ]
    return [cst.Arg(value, star="*")]
