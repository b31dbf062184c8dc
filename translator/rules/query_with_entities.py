"""`Query.with_entities()` becomes `Select.with_only_columns()`.

Both take away what was selected, and with it what only that drew into FROM; criteria and joins stay.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains

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
    return Rewrite((edit(site, lambda c: chains.renamed(cst.ensure_type(c, cst.Call), "with_only_columns")),), reason)
