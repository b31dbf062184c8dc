"""A statement executes itself no more: `stmt.execute()` becomes an execution on a connection of the engine it was bound to.

Where the engine is not in sight, the place is flagged.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model import binds, core
from translator.model.sites import Site
from translator.model.types import Connection, Engine, Expression, Select, TableValue, Text, Type
from translator.rules import contract, executions, heads, with_blocks
from translator.rules.autocommit import committed_after
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.rules.engine_execute import NAMES
from translator.syntax import names

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
    "Select.execute", "Select.scalar", "Text.execute", "Text.scalar", "Column.execute", "Column.scalar", "Table.execute",
    "Select.execute_at",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute it on a connection."""
    if not isinstance(site.node, cst.Call):
        return None
    call, statement = site.node, site.receiver
    member = site.name.partition(".")[2]
    if member == "execute_at":
        return Decline("execute_at() is gone: event.listen(table, 'after_create', DDL(…)) does the same", _GONE)
    if isinstance(statement, Expression) and site.name.startswith("Column") and not _called(call):
        return None
    ddl = isinstance(statement, Select) and statement.kind == "ddl"
    given = _given(call) if ddl else None
    if given is not None and isinstance(kind := here.model.type_of(given), Connection):
        return _on_connection(
            site, here, names.code(given), kind, executions.Plan(False, executions.Shape.KEEP), ddl=True
        )
    engine = _engine(statement, given, here)
    if engine is None or (ddl and len(call.args) > (given is not None)):
        return Decline(
            f"{member}() of a statement is gone from 2.0, and the engine it was bound to is not in sight; use "
            "`with engine.begin() as conn: conn.execute(statement)`",
            _GONE,
        )
    as_if = call.with_changes(args=[cst.Arg(cst.Name("statement")), *([] if ddl else call.args)])
    found = executions.plan(as_if, [statement, *([] if ddl else site.arguments)])
    if isinstance(found, Decline):
        return found
    bind = binds.bind_of(statement)
    if given is None and bind is not None and bind.connection is not None:
        return _on_connection(site, here, bind.text, bind.connection, found, ddl=ddl)
    name = here.fresh(site, *NAMES)
    writes = core.writes(statement) is not False
    scalar = member == "scalar"
    lifted = heads.lift(site, here, engine=engine, name=name, writes=writes, scalar=scalar)
    block = lifted or with_blocks.wrap(site, here, engine=engine, name=name, writes=writes, scalar=scalar)
    if isinstance(block, Decline):
        return Decline(f"{member}() of a statement is gone from 2.0, and {block.cause}", block.severity)
    method = cst.Attribute(cst.Name(name), cst.Name(member))

    def build(updated: cst.Call) -> Replacement:
        first = cst.Arg(cst.ensure_type(updated.func, cst.Attribute).value)
        rest = [] if ddl else updated.args
        return updated.with_changes(func=method, args=executions.arguments(found, [first, *rest]))

    reason = "a statement is executed on a connection; its MetaData knows no engine in 2.0"
    if isinstance(block, heads.Lift):
        edits = (edit(site, build), block.edit)
        return Rewrite(edits, reason, Need.REQUIRED, Safety.SAFE, insertions=(block.insertion,))
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, Safety.SAFE, wraps=(block,))


_GONE = Severity.REMOVED


def _given(call: cst.Call) -> cst.BaseExpression | None:
    """The engine or the connection that DDL is executed on: `DDL(…).execute(engine)`."""
    if len(call.args) != 1 or call.args[0].star:
        return None
    arg = call.args[0]
    return arg.value if arg.keyword is None or arg.keyword.value == "bind" else None


def _engine(statement: Type, given: cst.BaseExpression | None, here: Context) -> str | None:
    """The engine as the text spells it here."""
    if given is not None:
        return names.dotted(given) if isinstance(here.model.type_of(given), Engine) else None
    bind = statement.bind if isinstance(statement, (Select, TableValue, Text)) else None
    return bind.text if bind is not None and bind.stable else None


def _on_connection(
    site: Site, here: Context, path: str, connection: Connection, found: executions.Plan, *, ddl: bool
) -> Outcome:
    """Execute it on a connection that is open: `ddl.execute(conn)`."""
    committed = committed_after(site, here, connection, path, does=core.writes(site.receiver))
    function = cst.parse_expression(f"{path}.{site.name.partition('.')[2]}")

    def build(updated: cst.Call) -> Replacement:
        first = cst.Arg(cst.ensure_type(updated.func, cst.Attribute).value)
        rest = [] if ddl else updated.args
        return updated.with_changes(func=function, args=executions.arguments(found, [first, *rest]))

    return Rewrite(
        (edit(site, build),),
        "a statement is executed on a connection",
        Need.REQUIRED,
        Safety.SAFE if here.model.proven(connection) else Safety.REVIEW,
        insertions=(committed,) if isinstance(committed, Insertion) else (),
        remarks=(committed,) if isinstance(committed, Decline) else (),
    )


def _called(call: cst.Call) -> bool:
    """Whether the receiver is a call, as in `func.now().execute()`: not e.g. a column that is called so."""
    return isinstance(cst.ensure_type(call.func, cst.Attribute).value, cst.Call)
