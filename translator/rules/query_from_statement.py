"""`Query.from_statement()` and `params()` stay on the statement.

A statement made with `from_statement()` takes no further clauses in either style.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.model.types import Plain
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).from_statement(text('SELECT * FROM users WHERE id < :n')).params(n=3).all()"
AFTER = (
    "users = session.scalars(\n"
    "    select(User).from_statement(text('SELECT * FROM users WHERE id < :n')).params(n=3)\n"
    ").unique().all()"
)
ON = on_query("from_statement", "params")


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the method, under the name that it has on a select()."""
    call = cst.ensure_type(site.node, cst.Call)
    if site.name == "from_statement" and site.arguments and isinstance(site.arguments[0], Plain):
        return Decline("from_statement() takes a statement, not a string; wrap it in text()", Severity.REMOVED)
    if not call.args:
        return Decline(f"{site.name}() is called without arguments")
    return Rewrite((), f"{site.name}() is the same on a select()")
