"""`update(table, where, values)`, `insert(table, values)` and `delete(table, where)`: clauses are methods.

The functions take the table alone in 2.0.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Safety
from translator.model.sites import Site
from translator.rules import clauses, contract
from translator.rules.contract import Context, Outcome, on_call
from translator.rules.table_statements import as_methods

GUIDE = f"{contract.GUIDE}#insert-update-delete-dml-no-longer-accept-keyword-constructor-arguments"
BEFORE = "stmt = update(User, User.id == 1, {'name': 'x'})"
AFTER = "stmt = update(User).where(User.id == 1).values({'name': 'x'})"
ON = on_call("insert", "update", "delete")


def rewrite(site: Site, here: Context) -> Outcome:
    """Turn the arguments after the table into methods."""
    call = cst.ensure_type(site.node, cst.Call)
    if not call.args or call.args[0].star or call.args[0].keyword is not None:
        return None
    return as_methods(site, here, site.name.rpartition(".")[2], 1, clauses.DML, Safety.SAFE)
