"""`Table.append_column()` replaces a column of the same name only where it is told to.

1.x replaced it with a warning, 2.0 raises.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import TableValue
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Table.append_column"
BEFORE = (
    "things = Table('things', MetaData(), Column('id', Integer), Column('size', Integer))\n"
    "things.append_column(Column('size', String))"
)
AFTER = (
    "things = Table('things', MetaData(), Column('id', Integer), Column('size', Integer))\n"
    "things.append_column(Column('size', String), replace_existing=True)"
)
ON = on_member("Table.append_column")


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask for the replacement where the column is there already."""
    table, call = site.receiver, site.node
    if not isinstance(table, TableValue) or not isinstance(call, cst.Call) or len(call.args) != 1:
        return None
    value = call.args[0].value
    first = value.args[0].value if isinstance(value, cst.Call) and value.args else None
    name = names.literal_string(first) if first is not None else None
    if table.columns is None or name is None:
        return Decline(
            "if the table has a column of this name, 2.0 refuses what replaced it in 1.x: add replace_existing=True",
            Severity.NOTE,
        )
    if name not in table.columns:
        return None

    def build(updated: cst.Call) -> Replacement:
        space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        first = updated.args[0]
        comma = first.comma if isinstance(first.comma, cst.Comma) else space
        return updated.with_changes(args=[first.with_changes(comma=comma), chains.argument("True", "replace_existing")])

    return Rewrite((edit(site, build),), "a column is replaced only with replace_existing=True", Need.REQUIRED)
