"""`Query.with_entities()` becomes `Select.with_only_columns()`.

Both take away what was selected, and with it what only that drew into FROM; criteria and joins stay.
"""

from __future__ import annotations

import libcst as cst

from translator.model import queries
from translator.model.sites import Site
from translator.model.types import Fact, Query
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "ids = session.query(User).filter(User.active).with_entities(User.id).all()"
AFTER = "ids = session.execute(select(User).where(User.active).with_only_columns(User.id)).all()"
ON = on_query("with_entities")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the link its 2.0 name."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args:
        return Decline("with_entities() is called without arguments")
    reason = "with_only_columns() is the name of the method on a select()"
    if _replaces_all(call, site):
        reason = "select() is given what with_entities() selects"
        return Rewrite((edit(site, _selected),), reason)
    return Rewrite((edit(site, lambda c: chains.renamed(cst.ensure_type(c, cst.Call), "with_only_columns")),), reason)


def _replaces_all(call: cst.Call, site: Site) -> bool:
    """Whether it stands on what makes the query, whose class its arguments name: nothing is left of what was selected."""
    made = cst.ensure_type(call.func, cst.Attribute)
    query = site.receiver
    if not isinstance(query, Query) or id(made.value) not in query.origins or len(query.origins) != 1:
        return False
    if Fact.FILTERED in query.may:
        return False  # a collection, which is a query of its owner's objects from the start
    named = {entity for kind in site.arguments for entity in queries.mentions(kind)}
    commented = "#" in names.code(made.value) or chains.comment_before(call)
    return query.froms <= named and not commented and len(query.froms) == 1


def _selected(node: cst.CSTNode) -> cst.BaseExpression:
    call = cst.ensure_type(node, cst.Call)
    statement = cst.ensure_type(cst.ensure_type(call.func, cst.Attribute).value, cst.Call)
    return call.with_changes(func=statement.func)
