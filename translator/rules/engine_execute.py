"""`Engine.execute()` becomes an execution on a connection of its own.

1.x took a connection, executed, committed what wrote and gave the connection back once the result was read. 2.0 says so:
`with engine.begin() as conn:` for what writes, `with engine.connect() as conn:` for what reads, around all that reads the
result.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.edits import Edit, Replacement, Wrap
from translator.findings import Need, Safety, Severity
from translator.model import core
from translator.model.sites import Site
from translator.model.types import UNKNOWN, Engine, Type
from translator.rules import composed_sql, contract, executions, heads, with_blocks
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains, names
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = (
    "engine.execute(text(\"UPDATE users SET name = 'x' WHERE id = 1\"))\nn = engine.execute(text('SELECT 1')).scalar()"
)
AFTER = (
    "with engine.begin() as conn:\n"
    "    conn.execute(text(\"UPDATE users SET name = 'x' WHERE id = 1\"))\n"
    "with engine.connect() as conn:\n"
    "    n = conn.execute(text('SELECT 1')).scalar()"
)
ON = on_member("Engine.execute", "Engine.scalar")
NAMES = ("conn", "connection", "db_conn")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take a connection from the engine and execute on it."""
    engine = site.receiver
    if not isinstance(engine, Engine) or not isinstance(site.node, cst.Call):
        return None
    if engine.is_async:
        return Decline("an AsyncEngine has no execute(): use `async with engine.connect() as conn:`", Severity.REMOVED)
    spelled = names.code(cst.ensure_type(site.node.func, cst.Attribute).value).strip()
    found = executions.plan(site.node, site.arguments)
    if isinstance(found, Decline):
        return found
    does = core.writes(site.arguments[0])
    if does is None and with_blocks.use_of(site, scalar=site.name.endswith("scalar")).returned:
        return Decline(
            "Engine.execute() is gone from 2.0, and it can't be told whether rows are read from the result that is returned: "
            "they can't be once the connection is closed; return what is read from it, e.g. with .all()",
            Severity.REMOVED,
        )
    name = here.fresh(site, *NAMES)
    scalar = site.name.endswith("scalar")
    writes = does is not False
    lifted = heads.lift(site, here, engine=spelled, name=name, writes=writes, scalar=scalar)
    block = lifted or with_blocks.wrap(site, here, engine=spelled, name=name, writes=writes, scalar=scalar)
    # What only walks the result, and leaves, walks a list of the rows as well.
    fetched = isinstance(block, Decline) and does is False and with_blocks.use_of(site, scalar=scalar).walked
    if fetched:
        block = with_blocks.wrap(site, here, engine=spelled, name=name, writes=False, read=True)
    if isinstance(block, Decline):
        return Decline(
            f"Engine.{'scalar' if scalar else 'execute'}() is gone from 2.0, and {block.cause}", block.severity
        )
    if "\n" in spelled:
        return Decline("Engine.execute() is gone from 2.0; give the engine a name first", Severity.REMOVED)
    known = here.model.proven(engine) and does is not None and found.safety is Safety.SAFE
    edits: tuple[Edit, ...] = (edit(site, on_connection(found, name, here, site.node, scalar=scalar)),)
    if fetched:
        edits = (*edits, edit(site, lambda updated: chains.attach(updated, [Link("fetchall")])))
    return Rewrite(
        (*edits, block.edit) if isinstance(block, heads.Lift) else edits,
        _reason(does),
        Need.REQUIRED,
        Safety.SAFE if known else Safety.REVIEW,
        wraps=(block,) if isinstance(block, Wrap) else (),
        insertions=(block.insertion,) if isinstance(block, heads.Lift) else (),
        remarks=(
            *composed_sql.remarks(site.node, site.arguments),
            *_unread(site, here, does=does, scalar=scalar),
            *_perhaps_text(site.node, site.arguments),
        ),
    )


def _unread(site: Site, here: Context, *, does: bool | None, scalar: bool) -> tuple[Decline, ...]:
    """A remark where the result is kept for code that is not in sight."""
    name = "" if does or scalar else with_blocks.unread(site, here)
    if not name:
        return ()
    said = f"`{name}` can only be read inside the block, as long as the connection is open: read it there, e.g. with .all()"
    return (Decline(said, Severity.NOTE),)


_OF_STRINGS = frozenset({"strip", "lstrip", "rstrip", "decode", "format", "getvalue", "read", "read_text"})
"""Methods that give strings, whatever they are called on: `engine.execute(line.strip())`."""


def _perhaps_text(call: cst.Call, kinds: Sequence[Type]) -> tuple[Decline, ...]:
    """A remark where what is executed came from elsewhere, and may be a string."""
    given = call.args[0].value if call.args else None
    path = names.dotted(given) if given is not None else None
    match given:
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))) if method in _OF_STRINGS:
            path = names.code(given)
    if kinds[0] is not UNKNOWN or path is None:
        return ()
    return (Decline(f"if `{path}` is a string, it has to be text({path}) here, or exec_driver_sql()", Severity.NOTE),)


def on_connection(
    found: executions.Plan, name: str, here: Context, call: cst.Call, *, scalar: bool
) -> contract.BuildCall:
    """The call on a connection in the place of one on an engine."""
    handed = executions.handed(found, call, here, scalar=scalar)

    def build(updated: cst.Call) -> Replacement:
        func = cst.ensure_type(updated.func, cst.Attribute)
        return handed(updated.with_changes(func=func.with_changes(value=cst.Name(name))))

    return build


def _reason(does: bool | None) -> str:
    if does is None:
        return (
            "Engine.execute() is gone; it can't be told whether this statement writes, so it is committed by "
            "engine.begin(): use connect() if it only reads"
        )
    if does:
        return "Engine.execute() is gone; it committed this write by itself, as engine.begin() does"
    return "Engine.execute() is gone; a connection is open as long as the result is read"
