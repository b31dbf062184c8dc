"""`Query.with_labels()` and `apply_labels()` become `set_label_style()`, or go where the query is executed.

The labels `table_column` name the columns of a subquery. In the result of an executed Query they never showed; in that
of a select() they would.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model.sites import Site, SiteKind
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "sub = session.query(User).with_labels().subquery()\nrows = session.query(sub.c.users_name).all()"
AFTER = (
    "sub = select(User).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()\n"
    "rows = session.execute(select(sub.c.users_name)).all()"
)
ON = on_query("with_labels", "apply_labels", "set_label_style")

_STYLE = "LABEL_STYLE_TABLENAME_PLUS_COL"
_STATEMENTS = frozenset({"statement", "subquery", "cte", "exists", "scalar_subquery", "as_scalar", "label", "count"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Set the style of the labels where they can be seen."""
    call = cst.ensure_type(site.node, cst.Call)
    given = (names.dotted(call.args[0].value) or "").rpartition(".")[2] if call.args else _STYLE
    if given != _STYLE:
        return Decline(
            "what an executed Query makes of this style of labels is nothing, where a select() shows them; drop it"
        )
    ends = here.web.terminals if here.web is not None else ()
    named = [s for s in ends if s.kind is SiteKind.METHOD and s.name in _STATEMENTS]
    if isinstance(site.parent, cst.Attribute) and site.parent.attr.value in _STATEMENTS:
        named = list(ends)  # whatever else the query is used for, this is nested
    if not named:
        if chains.comment_before(call):
            return Decline(f"a comment stands before {site.name}(), which is not needed any more; move it first")
        return Rewrite((edit(site, chains.unlinked),), "an executed Query shows no labels", need=Need.REQUIRED)
    if len(named) != len(ends):
        return Decline(
            f"{site.name}() is used for a query that is both executed and nested; rows of an executed select() would show "
            "the labels"
        )
    if call.args:
        return Rewrite((), "set_label_style() is the same on a select()")
    style = here.name("sqlalchemy", _STYLE)

    def build(updated: cst.Call) -> Replacement:
        return chains.relinked(updated, "set_label_style", (cst.Arg(style),))

    reason = "set_label_style() names the columns `table_column`, as the labels of the query did"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED)
