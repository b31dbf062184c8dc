"""`Query.populate_existing()`, `yield_per()` and `autoflush()` become execution options of the statement."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model import queries
from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query, only_arguments
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.query(User).populate_existing().filter(User.id == 1).one()"
AFTER = (
    "user = session.scalars(\n    select(User).execution_options(populate_existing=True).where(User.id == 1)\n).one()"
)
ON = on_query("populate_existing", "yield_per", "autoflush")

_KEYWORDS = {"yield_per": "count", "autoflush": "setting"}


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the option of the same name."""
    call = cst.ensure_type(site.node, cst.Call)
    wanted = 0 if site.name == "populate_existing" else 1
    if not only_arguments(call, _KEYWORDS.get(site.name, "")) or len(call.args) != wanted:
        return Decline(f"{site.name}() is called with other arguments than it takes")

    if site.name == "autoflush" and queries.selects_no_class(terminals.query_of(site)):
        return Decline(
            "a statement that selects no mapped class does not hear it; execute it in `with session.no_autoflush:`"
        )

    def build(updated: cst.Call) -> Replacement:
        value = updated.args[0].value if updated.args else cst.Name("True")
        option = chains.argument(value, site.name)
        return chains.relinked(updated, "execution_options", (option,))

    return Rewrite((edit(site, build),), f"{site.name} is an execution option of a statement")
