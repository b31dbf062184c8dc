"""`Query.filter()` becomes `Select.where()`.

`Select.filter()` exists as a synonym; `where()` is the convention of 2.0, and Update and Delete have nothing else.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_query
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.query(User).filter(User.id == 5).one()"
AFTER = "user = session.scalars(select(User).where(User.id == 5)).one()"
ON = on_query("filter")


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the link its 2.0 name."""
    if (declined := terminals.plain_sql(cst.ensure_type(site.node, cst.Call), labels=False)) is not None:
        return declined
    reason = "where() is the name of the clause in 2.0 style"
    return Rewrite((edit(site, lambda call: chains.renamed(cst.ensure_type(call, cst.Call), "where")),), reason)
