"""`params()` of a part of a statement is deprecated in 2.1: values belong to the whole statement.

`select(…).where(criterion).params(r=5)`, or the parameters that are given to `execute()`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model.sites import Site
from translator.model.types import Select, Text
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/whatsnew_21.html"
BEFORE = "stmt = select(User.id).where((User.id > bindparam('least')).params(least=2))"
AFTER = "stmt = select(User.id).where(User.id > bindparam('least')).params(least=2)"
ON = on_member("Column.params", "Column.unique_params")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the values to the statement around the criterion."""
    if not isinstance(site.node, cst.Call) or isinstance(site.receiver, Text):
        return None
    method = site.parent
    alone = isinstance(method, cst.Call) and isinstance(method.func, cst.Attribute) and len(method.args) == 1
    if (
        not alone
        or not isinstance(method, cst.Call)
        or site.name.endswith("unique_params")
        or not isinstance(here.model.type_of(method), Select)
        or not _named_once(site, site.node)
    ):
        return Decline(
            "params() of a part of a statement is deprecated in 2.1: call it on the statement, or give the values to "
            "execute()"
        )

    def build(node: cst.CSTNode) -> Replacement:
        outer = cst.ensure_type(node, cst.Call)
        inner = cst.ensure_type(outer.args[0].value, cst.Call)
        criterion = cst.ensure_type(inner.func, cst.Attribute).value.with_changes(lpar=[], rpar=[])
        bare = outer.with_changes(args=[outer.args[0].with_changes(value=criterion)], lpar=[], rpar=[])
        link = Link("params", tuple(inner.args))
        return chains.attach(bare, [link]).with_changes(lpar=outer.lpar, rpar=outer.rpar)

    change = Edit(method, site.ancestors[:-1], build)
    return Rewrite((change,), "params() of a part of a statement is deprecated in 2.1", Need.STYLE)


def _named_once(site: Site, call: cst.Call) -> bool:
    """Whether the statement has no other parameters of these names, which would get the values too."""
    outermost = next((node for node in site.around if isinstance(node, cst.BaseSmallStatement)), None)
    text = names.code(outermost) if outermost is not None else ""
    given = [arg.keyword.value for arg in call.args if arg.keyword is not None]
    return len(given) == len(call.args) and all(
        text.count(f"'{name}'") + text.count(f'"{name}"') == 1 for name in given
    )
