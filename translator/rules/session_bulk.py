"""`Session.bulk_insert_mappings()` with a list in sight becomes `Session.execute(insert(Model), […])`.

2.x still has the bulk operations, as legacy API. With the option `convert_bulk` the others become `add_all()`,
`insert()` and `update()` too, for review: `add_all()` runs cascades and events and waits for the flush. An empty list did
nothing, but inserts a row of defaults in 2.0 style: rows that are made elsewhere are asked for first.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Safety, Severity
from translator.model.sites import Site
from translator.model.types import Entity, Session
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member, only_arguments
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#legacy-session-bulk-insert-methods"
BEFORE = "session.bulk_insert_mappings(Tag, [{'name': 'x'}, {'name': 'y'}])"
AFTER = "session.execute(insert(Tag), [{'name': 'x'}, {'name': 'y'}])"
ON = on_member("Session.bulk_insert_mappings", "Session.bulk_update_mappings", "Session.bulk_save_objects")

_FUNCTION = {"bulk_insert_mappings": "insert", "bulk_update_mappings": "update"}
_INSTEAD = {
    "bulk_insert_mappings": "`if rows: session.execute(insert(Model), rows)`: an empty list would insert a row of defaults",
    "bulk_update_mappings": "`if rows: session.execute(update(Model), rows)`, each row with its primary key",
    "bulk_save_objects": "add_all(), which runs cascades and events and attaches the objects to the session",
}


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute an insert() or update() with the rows as parameters, or add the objects."""
    name = site.name.rpartition(".")[2]
    if not isinstance(site.receiver, Session) or not isinstance(site.node, cst.Call):
        return None
    call = site.node
    plain = not site.used and not names.starred(call)
    wanted = here.options.convert_bulk and plain
    if wanted and name == "bulk_save_objects" and len(names.positional(call)) == 1 and _ordinary(call):
        return _added(site)
    if plain and len(call.args) == 2 and only_arguments(call) and isinstance(site.arguments[0], Entity):
        if name == "bulk_insert_mappings" and _in_sight(call):
            reason = "an insert() with a list of rows is the bulk insert of 2.0 style"
            return Rewrite((_executed(site, here, name),), reason)
        if wanted and names.dotted(call.args[1].value) and (guard := _guarded(site)) is not None:
            reason = (
                f"{_FUNCTION[name]}() with a list of rows is the bulk operation of 2.0 style; no rows, no statement"
            )
            return Rewrite((_executed(site, here, name), guard), reason, safety=Safety.REVIEW)
    return Decline(f"{name}() is legacy API that 2.x still has; in 2.0 style it is {_INSTEAD[name]}", Severity.NOTE)


def _executed(site: Site, here: Context, name: str) -> Edit:
    function = here.name("sqlalchemy", _FUNCTION[name])

    def build(updated: cst.Call) -> Replacement:
        model = updated.args[0]
        statement = cst.Call(function, [cst.Arg(model.value)])
        args = [model.with_changes(value=statement), updated.args[1]]
        return chains.renamed(updated, "execute").with_changes(args=args)

    return edit(site, build)


def _guarded(site: Site) -> Edit | None:
    """`if rows:` around the statement; None where it is not a statement on a line of its own."""
    line = site.around[-2] if len(site.around) > 1 else None
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1 or not isinstance(site.node, cst.Call):
        return None
    rows = site.node.args[1].value

    def build(node: cst.CSTNode) -> Replacement:
        inner = cst.ensure_type(node, cst.SimpleStatementLine)
        body = cst.IndentedBlock([inner.with_changes(leading_lines=[])])
        return cst.If(rows.with_changes(lpar=[], rpar=[]), body, leading_lines=inner.leading_lines)

    return Edit(line, site.ancestors[:-2], build)


def _added(site: Site) -> Rewrite:
    def build(updated: cst.Call) -> Replacement:
        objects = updated.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        return chains.renamed(updated, "add_all").with_changes(args=[objects])

    reason = "add_all() inserts in bulk in 2.x, at the next flush and with cascades and events"
    return Rewrite((edit(site, build),), reason, safety=Safety.REVIEW)


def _ordinary(call: cst.Call) -> bool:
    """Whether nothing but how rows are grouped and returned is asked for, which a flush does as it does."""
    return only_arguments(call, "return_defaults", "preserve_order")


def _in_sight(call: cst.Call) -> bool:
    """Whether the rows are a list of dicts in sight."""
    rows = call.args[1].value
    return (
        isinstance(rows, cst.List)
        and bool(rows.elements)
        and all(isinstance(e.value, cst.Dict) and not isinstance(e, cst.StarredElement) for e in rows.elements)
    )
