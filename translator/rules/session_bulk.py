"""`Session.bulk_insert_mappings()` with a list in sight becomes `Session.execute(insert(Model), […])`.

An empty list inserts nothing there and a row of defaults here, so that a list which is made elsewhere is left, as are
`bulk_update_mappings()` and `bulk_save_objects()`: they are legacy API that 2.x still has.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.model.types import Entity, Session
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#legacy-session-bulk-insert-methods"
BEFORE = "session.bulk_insert_mappings(Tag, [{'name': 'x'}, {'name': 'y'}])"
AFTER = "session.execute(insert(Tag), [{'name': 'x'}, {'name': 'y'}])"
ON = on_member("Session.bulk_insert_mappings", "Session.bulk_update_mappings", "Session.bulk_save_objects")

_INSTEAD = {
    "bulk_insert_mappings": "`if rows: session.execute(insert(Model), rows)`: an empty list would insert a row of defaults",
    "bulk_update_mappings": "`if rows: session.execute(update(Model), rows)`, each row with its primary key",
    "bulk_save_objects": "add_all(), which runs cascades and events and attaches the objects to the session",
}


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute an insert() with the rows as parameters."""
    name = site.name.rpartition(".")[2]
    if not isinstance(site.receiver, Session) or not isinstance(site.node, cst.Call):
        return None
    call = site.node
    if name != "bulk_insert_mappings" or site.used or len(call.args) != 2 or not _in_sight(call, site):
        return Decline(f"{name}() is legacy API; write {_INSTEAD[name]}")
    insert = here.name("sqlalchemy", "insert")

    def build(updated: cst.Call) -> Replacement:
        model = updated.args[0]
        statement = cst.Call(insert, [cst.Arg(model.value)])
        return chains.renamed(updated, "execute").with_changes(
            args=[model.with_changes(value=statement), updated.args[1]]
        )

    return Rewrite((edit(site, build),), "an insert() with a list of rows is the bulk insert of 2.0 style")


def _in_sight(call: cst.Call, site: Site) -> bool:
    """Whether the rows are a list of dicts in sight, and the model is a class."""
    rows = call.args[1].value
    return (
        isinstance(site.arguments[0], Entity)
        and not names.starred(call)
        and all(arg.keyword is None for arg in call.args)
        and isinstance(rows, cst.List)
        and bool(rows.elements)
        and all(isinstance(e.value, cst.Dict) and not isinstance(e, cst.StarredElement) for e in rows.elements)
    )
