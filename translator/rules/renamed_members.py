"""Members that have another name in 2.0: `tometadata()`, `raw_connection().connection`, `Result.tuples()`.

Each does the same by its new name, or is left out where it did nothing.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.model.types import TableValue
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member

GUIDE = f"{contract.GUIDE}#behavioral-changes"
BEFORE = "copied = User.__table__.tometadata(MetaData())"
AFTER = "copied = User.__table__.to_metadata(MetaData())"
_NAMES = {"tometadata": "to_metadata", "connection": "driver_connection"}
ON = on_member("Table.tometadata", "RawConnection.connection", "Result.tuples", "Column.copy")


def rewrite(site: Site, here: Context) -> Outcome:
    """Use the new name."""
    member = site.name.partition(".")[2]
    if member == "copy":
        return Decline(
            "Column.copy() is deprecated without a public replacement: make the column anew, copy its table with "
            "to_metadata(), or use declared_attr"
        )
    if member == "tuples":
        return Rewrite((Edit(site.node, site.ancestors, _left_out),), "rows are tuples; tuples() is deprecated in 2.1")
    if isinstance(site.receiver, TableValue) and not site.receiver.is_table:
        return None

    def build(node: cst.CSTNode) -> Replacement:
        if isinstance(node, cst.Call):
            return node.with_changes(func=_renamed(cst.ensure_type(node.func, cst.Attribute), member))
        return _renamed(cst.ensure_type(node, cst.Attribute), member)

    return Rewrite((Edit(site.node, site.ancestors, build),), f"{member} is called {_NAMES[member]} now")


def _renamed(attribute: cst.Attribute, member: str) -> cst.Attribute:
    return attribute.with_changes(attr=attribute.attr.with_changes(value=_NAMES[member]))


def _left_out(node: cst.CSTNode) -> Replacement:
    return cst.ensure_type(cst.ensure_type(node, cst.Call).func, cst.Attribute).value
