"""`Join.alias()` became private: a join is aliased as the subquery of what it selects.

The names of the columns stay as they were, with the table's name before each.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import TableValue, Unknown
from translator.rules.contract import GUIDE as MIGRATION
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{MIGRATION}#join-onclause-attributes-no-longer-private"
BEFORE = "users = User.__table__\njoined = users.join(Order.__table__).alias('joined')"
AFTER = (
    "users = User.__table__\njoined = users.join(Order.__table__).select()"
    ".set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery('joined')"
)
ON = on_member("Table.alias")


def rewrite(site: Site, here: Context) -> Outcome:
    """Alias the join's own SELECT."""
    table, call = site.receiver, site.node
    if not isinstance(table, TableValue) or not table.joined or not isinstance(call, cst.Call):
        return None
    flat = names.keyword(call, "flat") or (call.args[1].value if len(call.args) > 1 else None)
    certain = not isinstance(here.model.type_of(cst.ensure_type(call.func, cst.Attribute).value), Unknown)
    if not certain or (flat is not None and names.code(flat) != "False"):
        return Decline(
            "if this is a join of tables, its alias() is gone from 2.0: alias the tables before they are joined, or write "
            "join.select().set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()",
            Severity.REMOVED,
        )
    style = here.name("sqlalchemy", "LABEL_STYLE_TABLENAME_PLUS_COL")

    def build(updated: cst.Call) -> Replacement:
        name = [arg for arg in updated.args if arg.keyword is None or arg.keyword.value == "name"][:1]
        links = [Link("select"), Link("set_label_style", (cst.Arg(style),)), Link("subquery", tuple(name))]
        joined = cst.ensure_type(updated.func, cst.Attribute).value
        return chains.attach(joined, links).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "a join is aliased as the subquery of what it selects", Need.REQUIRED)
