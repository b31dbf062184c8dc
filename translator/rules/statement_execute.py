"""A statement executes itself no more: `stmt.execute()` becomes an execution on a connection of the engine it was bound to.

Where the engine is not in sight, the place is flagged.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import Expression, Select, SessionRef, TableValue
from translator.rules import contract, executions, with_blocks
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.rules.engine_execute import NAMES

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = (
    "engine = create_engine('sqlite://')\nmeta = MetaData(engine)\n"
    "things = Table('things', meta, Column('id', Integer, primary_key=True))\nmeta.create_all()\n"
    "things.insert().execute(id=5)\nrows = things.select().execute().fetchall()"
)
AFTER = (
    "engine = create_engine('sqlite://')\nmeta = MetaData()\n"
    "things = Table('things', meta, Column('id', Integer, primary_key=True))\nmeta.create_all(engine)\n"
    'with engine.begin() as conn:\n    conn.execute(things.insert(), {"id": 5})\n'
    "with engine.connect() as conn:\n    rows = conn.execute(things.select()).fetchall()"
)
ON = on_member(
    "Select.execute", "Select.scalar", "Text.execute", "Text.scalar", "Column.execute", "Column.scalar", "Table.execute"
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute it on a connection."""
    if not isinstance(site.node, cst.Call):
        return None
    call = site.node
    statement = site.receiver
    bind: SessionRef | None = statement.bind if isinstance(statement, (Select, TableValue)) else None
    member = site.name.partition(".")[2]
    if bind is None or not bind.stable or (isinstance(statement, Select) and statement.kind == "ddl"):
        if isinstance(statement, Expression) and site.name.startswith("Column") and not _called(call):
            return None
        return Decline(
            f"{member}() of a statement is gone from 2.0, and the engine it was bound to is not in sight; use "
            "`with engine.begin() as conn: conn.execute(statement)`",
            Severity.REMOVED,
        )
    as_if = call.with_changes(args=[cst.Arg(cst.Name("statement")), *call.args])
    found = executions.plan(as_if, [statement, *site.arguments])
    if isinstance(found, Decline):
        return found
    name = here.fresh(site, *NAMES)
    writes = core.writes(statement) is not False
    block = with_blocks.wrap(site, here, engine=bind.text, name=name, writes=writes, scalar=member == "scalar")
    if isinstance(block, Decline):
        return Decline(f"{member}() of a statement is gone from 2.0, and {block.cause}", block.severity)
    method = cst.Attribute(cst.Name(name), cst.Name(member))

    def build(updated: cst.Call) -> Replacement:
        first = cst.Arg(cst.ensure_type(updated.func, cst.Attribute).value)
        return updated.with_changes(func=method, args=executions.arguments(found, [first, *updated.args]))

    reason = "a statement is executed on a connection; its MetaData knows no engine in 2.0"
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, Safety.SAFE, wraps=(block,))


def _called(call: cst.Call) -> bool:
    """Whether the receiver is a call, as in `func.now().execute()`: not e.g. a column that is called so."""
    return isinstance(cst.ensure_type(call.func, cst.Attribute).value, cst.Call)
