"""`Query.add_column()` and `Query.add_entity()` become `Select.add_columns()`; `add_columns()` stays.

`add_entity(User, alias=a)` adds the alias.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "rows = session.query(User.id).add_column(User.name).all()"
AFTER = "rows = session.execute(select(User.id).add_columns(User.name)).all()"
ON = on_query("add_column", "add_columns", "add_entity")


def rewrite(site: Site, here: Context) -> Outcome:
    """Add columns under the one name that a select() has for it."""
    call = cst.ensure_type(site.node, cst.Call)
    if site.name == "add_columns":
        return Rewrite((), "add_columns() is the same on a select()")
    if not only_arguments(call, "entity", "alias", "column") or not call.args:
        return Decline(f"the arguments of {site.name}() are not in sight")
    alias = names.keyword(call, "alias") or (call.args[1].value if len(call.args) > 1 else None)

    def build(updated: cst.Call) -> Replacement:
        added = alias if alias is not None else updated.args[0].value
        return chains.renamed(updated, "add_columns").with_changes(args=[cst.Arg(added)])

    return Rewrite((edit(site, build),), "a select() has add_columns() for columns and entities alike")
