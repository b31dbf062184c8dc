"""`postgresql.UUID()` and `mssql.UNIQUEIDENTIFIER()` say `as_uuid=False`, which 1.x meant where nothing was said.

2.0 gives UUID objects by default, 1.x gave strings.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety
from translator.model import conventions
from translator.model.sites import Site
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.UUID"
BEFORE = "from sqlalchemy.dialects.postgresql import UUID\n\nkind = UUID()"
AFTER = "from sqlalchemy.dialects.postgresql import UUID\n\nkind = UUID(as_uuid=False)"
ON = on_call("UUID", "UNIQUEIDENTIFIER")
_MODERN = frozenset({"mapped_column", "DeclarativeBase", "Mapped"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the old default out."""
    call = cst.ensure_type(site.node, cst.Call)
    if not conventions.gave_strings(site.name) or call.args:
        return None
    if is_modern(here):
        return None
    assert names.dotted(call.func) is not None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[chains.argument("False", "as_uuid")])

    reason = f"{site.name.rpartition('.')[2]}() gave strings in 1.x and gives UUID objects in 2.0"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, Safety.REVIEW)


def is_modern(here: Context) -> bool:
    """Whether a text is written for 2.0, whose default it means."""
    return any(full.rpartition(".")[2] in _MODERN for full in here.model.imports.aliases.values())
