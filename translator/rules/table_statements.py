"""`table.update(where, values)`, `insert(table, values)` and their kin: clauses are methods.

2.0 takes no criteria, values or options as arguments. A criterion that got lost would change every row, so all of them
are written out, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site, SiteKind
from translator.model.types import TableValue
from translator.rules import clauses, contract
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite, edit
from translator.syntax import chains

GUIDE = f"{contract.GUIDE}#insert-update-delete-dml-no-longer-accept-keyword-constructor-arguments"
BEFORE = "stmt = User.__table__.update(User.__table__.c.id == 1, {'name': 'x'})"
AFTER = "stmt = User.__table__.update().where(User.__table__.c.id == 1).values({'name': 'x'})"
ON = On(SiteKind.MEMBER, frozenset({"Table.select", "Table.insert", "Table.update", "Table.delete"}))

POSITIONS = {
    "select": ("whereclause",),
    "insert": ("values", "inline"),
    "update": ("whereclause", "values", "inline"),
    "delete": ("whereclause",),
}
REASON = "criteria, values and options of a statement are methods in 2.0"


def rewrite(site: Site, here: Context) -> Outcome:
    """Turn the arguments into methods."""
    if not isinstance(site.node, cst.Call):
        return None
    member = site.name.partition(".")[2]
    table = clauses.SELECT if member == "select" else clauses.DML
    assert isinstance(site.receiver, TableValue)
    safety = Safety.SAFE if here.model.about_sqlalchemy else Safety.REVIEW
    return as_methods(site, here, member, 0, table, safety)


def as_methods(site: Site, here: Context, member: str, skip: int, table: Mapping[str, str], safety: Safety) -> Outcome:
    """The call with its arguments from the one at `skip` on turned into methods."""
    call = cst.ensure_type(site.node, cst.Call)
    given = call.args[skip:]
    if not given:
        return None
    found = clauses.read(given, POSITIONS[member], table, here)
    if isinstance(found, Decline):
        return Decline(f"{member}() takes no clauses as arguments in 2.0, and {found.cause}", Severity.REMOVED)
    ordered = any(a.keyword is not None and a.keyword.value == "preserve_parameter_order" for a in given)
    if ordered:
        return Decline(
            "preserve_parameter_order is gone from 2.0: give the pairs to ordered_values() in the place of values()",
            Severity.REMOVED,
        )

    def build(updated: cst.Call) -> Replacement:
        again = clauses.read(updated.args[skip:], POSITIONS[member], table, here, given)
        assert isinstance(again, clauses.Clauses)
        kept = list(updated.args[:skip])
        if kept:
            kept[-1] = kept[-1].with_changes(
                comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace("")
            )
        inline = cst.SimpleWhitespace("")
        bare = updated.with_changes(args=kept, lpar=[], rpar=[], whitespace_before_args=inline)
        return chains.attach(bare, again.links).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), REASON, Need.REQUIRED, safety)
