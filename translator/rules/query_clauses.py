"""Clauses that `Select` has under the same name, with the same meaning: they stay as they are.

`order_by`, `group_by`, `having`, `limit`, `offset`, `slice`, `distinct`, `select_from`, `correlate`, `with_for_update`,
`execution_options`, `where`, `with_hint`, `with_statement_hint`, `prefix_with`, `suffix_with`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).order_by(User.name).limit(5).all()"
AFTER = "users = session.scalars(select(User).order_by(User.name).limit(5)).all()"
ON = on_query(
    "order_by", "group_by", "having", "limit", "offset", "slice", "distinct", "select_from", "correlate",
    "with_for_update", "execution_options", "where", "with_hint", "with_statement_hint", "prefix_with", "suffix_with",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the clause, unless its argument meant something else to Query."""
    call = cst.ensure_type(site.node, cst.Call)
    first = call.args[0].value if call.args else None
    if site.name in {"order_by", "group_by"} and first is not None and names.code(first) == "False":
        return Rewrite((edit(site, _reset),), f"{site.name}(None) takes the clause away; False would be one more of it")
    if any(_relies_on_labels(arg.value) for arg in call.args) and site.name in {"order_by", "group_by", "having"}:
        return Decline(
            "text() in this clause may name a label that only Query prints (`table_column`); name the attribute instead"
        )
    return Rewrite((), "the clause is the same on a select()")


def _reset(call: cst.Call) -> Replacement:
    return call.with_changes(args=[call.args[0].with_changes(value=cst.Name("None"))])


def _relies_on_labels(node: cst.BaseExpression) -> bool:
    """Whether a text() holds a word with an underscore and no dot, as Query's labels have."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _relies_on_labels(node.func.value)
    if not isinstance(node, cst.Call) or (names.dotted(node.func) or "").rpartition(".")[2] != "text" or not node.args:
        return False
    words = (names.literal_string(node.args[0].value) or "_").replace("(", " ").replace(")", " ").replace(",", " ")
    return any("_" in word.strip("\"'`:") and "." not in word for word in words.split())
