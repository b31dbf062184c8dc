"""`Engine.has_table()`, `Engine.table_names()` and `Table.exists()` are the Inspector's affair.

2.0 looks at the database through `inspect(engine)`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Engine, TableValue
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names

GUIDE = "https://docs.sqlalchemy.org/en/20/core/reflection.html#fine-grained-reflection-with-inspector"
BEFORE = "known = engine.has_table('users')\nnames = engine.table_names()"
AFTER = "known = inspect(engine).has_table('users')\nnames = inspect(engine).get_table_names()"
_NAMES = {"has_table": "has_table", "table_names": "get_table_names"}
ON = on_member("Engine.has_table", "Engine.table_names", "Table.exists")


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask the inspector."""
    if not isinstance(site.node, cst.Call):
        return None
    call = site.node
    if isinstance(site.receiver, TableValue):
        return _table(site, here, call)
    assert isinstance(site.receiver, Engine)
    connection = names.keyword(call, "connection")
    if names.starred(call) or connection is not None:
        return Decline("it is gone from 2.0; use inspect(connection) instead", Severity.REMOVED)
    inspect = here.name("sqlalchemy", "inspect")

    def build(updated: cst.Call) -> Replacement:
        func = cst.ensure_type(updated.func, cst.Attribute)
        inspector = cst.Call(inspect, [cst.Arg(func.value)])
        renamed = chains.renamed(updated, _NAMES[func.attr.value])
        return renamed.with_changes(func=cst.ensure_type(renamed.func, cst.Attribute).with_changes(value=inspector))

    safety = Safety.SAFE if here.model.proven(site.receiver) else Safety.REVIEW
    return Rewrite((edit(site, build),), "the Inspector looks at the database in 2.0", Need.REQUIRED, safety)


def _table(site: Site, here: Context, call: cst.Call) -> Outcome:
    func = cst.ensure_type(call.func, cst.Attribute)
    path = names.dotted(func.value)
    bind = names.keyword(call, "bind") or (call.args[0].value if call.args else None)
    table = site.receiver
    assert isinstance(table, TableValue)
    known = table.bind.text if table.bind is not None and table.bind.stable else ""
    if path is None or not table.is_table or (bind is None and not known):
        return Decline("Table.exists() is gone from 2.0; use inspect(engine).has_table(name)", Severity.REMOVED)
    inspect = here.name("sqlalchemy", "inspect")
    spelled = names.code(bind) if bind is not None else known

    def build(updated: cst.Call) -> Replacement:
        inspector = cst.Call(inspect, [cst.Arg(cst.parse_expression(spelled))])
        asked = cst.Call(
            cst.Attribute(inspector, cst.Name("has_table")),
            [chains.argument(f"{path}.name"), chains.argument(f"{path}.schema", "schema")],
        )
        return asked.with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "the Inspector looks at the database in 2.0", Need.REQUIRED)
