"""`Query.options()` stays on the statement; loader options that name relationships by strings are spelled out.

`joinedload('orders')` becomes `joinedload(User.orders)` where the query selects one class; the string is gone from 2.0.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model import queries
from translator.model.signatures import LOADER_OPTIONS
from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#orm-query-joining-loading-on-relationships-uses-attributes-not-strings"
BEFORE = "users = session.query(User).options(joinedload('orders')).all()"
AFTER = "users = session.scalars(select(User).options(joinedload(User.orders))).unique().all()"
ON = on_query("options")

_GONE = frozenset(
    {"joinedload_all", "subqueryload_all", "eagerload", "eagerload_all", "contains_eager_all", "lazyload_all"}
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave options that name attributes; give those that name strings their attributes."""
    call = cst.ensure_type(site.node, cst.Call)
    entity = queries.single_entity(terminals.query_of(site))
    named = False
    for arg in call.args:
        first = _innermost(arg.value)
        if first is None:
            continue
        last = (names.dotted(first.func) or "").rpartition(".")[2]
        if last in _GONE:
            return Decline(
                f"{last}() is gone from 2.0; chain joinedload(A.b).joinedload(B.c) instead", Severity.REMOVED
            )
        strings = [a for a in first.args if names.literal_string(a.value) is not None]
        if last in LOADER_OPTIONS and last != "undefer_group" and strings:
            spelled = names.literal_string(first.args[0].value) or ""
            if entity is None or len(first.args) > 1 or first is not arg.value or not spelled.isidentifier():
                return Decline(
                    f"{last}() names a path by strings, which are gone from 2.0, and the classes on the path can't be "
                    "told here; name the attributes",
                    Severity.REMOVED,
                )
            named = True
    if not named or entity is None:
        return Rewrite((), "options are the same on a select()")
    owner = entity

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(
            args=[arg.with_changes(value=_spelled_out(arg.value, owner)) for arg in updated.args]
        )

    return Rewrite((edit(site, build),), "2.0 takes relationships as attributes, not as strings", need=Need.REQUIRED)


def _innermost(node: cst.BaseExpression) -> cst.Call | None:
    """The first call of `joinedload(A.b).joinedload(B.c)`."""
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and isinstance(node.func.value, cst.Call):
        node = node.func.value
    return node if isinstance(node, cst.Call) else None


def _spelled_out(node: cst.BaseExpression, owner: str) -> cst.BaseExpression:
    if not isinstance(node, cst.Call) or not node.args:
        return node
    name = names.literal_string(node.args[0].value)
    last = (names.dotted(node.func) or "").rpartition(".")[2]
    if name is None or last not in LOADER_OPTIONS or last == "undefer_group":
        return node
    attribute = cst.Attribute(names.expression(owner), cst.Name(name))
    return node.with_changes(args=[node.args[0].with_changes(value=attribute), *node.args[1:]])
