"""`create_all()`, `drop_all()`, `reflect()`, `create()` and `drop()` are given the engine they work on.

In 1.x they found it through a bound MetaData. Given a Connection outside a transaction, DDL was committed by itself; in
2.0 `commit()` does that.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Connection, MetaDataValue, TableValue
from translator.rules import contract
from translator.rules.autocommit import committed_after
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#implicit-and-connectionless-execution-bound-metadata-removed"
BEFORE = "engine = create_engine('sqlite://')\nmeta = MetaData(engine)\nmeta.drop_all()"
AFTER = "engine = create_engine('sqlite://')\nmeta = MetaData()\nmeta.drop_all(engine)"
BOUND = Decline(
    "a MetaData is bound to no engine in 2.0, so that sessions, create_all() and statements find none through it: "
    "give it to Session(engine), sessionmaker(engine), create_all(engine), and execute on a connection",
    Severity.REMOVED,
)
"""What to say of a MetaData whose engine is asked for, or set where not all that finds it is in sight."""
UNBOUND = Decline(
    "tables and statements know no engine in 2.0, and have no `bind`: write the engine that the MetaData was given, and "
    "execute on a connection of it",
    Severity.REMOVED,
)
_WRITES = ("create_all", "drop_all", "create", "drop")
ON = on_member(
    "MetaData.create_all",
    "MetaData.drop_all",
    "MetaData.reflect",
    "MetaData.is_bound",
    "MetaData.bind",
    "Table.bind",
    "Select.bind",
    "Table.create",
    "Table.drop",
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the engine, or commit."""
    owner = site.receiver
    member = site.name.partition(".")[2]
    if member == "bind":
        return BOUND if isinstance(owner, MetaDataValue) else UNBOUND
    if not isinstance(site.node, cst.Call) or not isinstance(owner, (MetaDataValue, TableValue)):
        return None
    if member == "is_bound":
        return Decline("a MetaData is never bound in 2.0", Severity.REMOVED)
    if isinstance(owner, TableValue) and not owner.is_table:
        return None
    given = _given(site.node)
    if given is not None:
        position = next(i for i, arg in enumerate(site.node.args) if arg.value is given)
        kind = site.arguments[position]
        return _committed(site, here, given, kind) if isinstance(kind, Connection) and member in _WRITES else None
    if names.starred(site.node):
        return None
    if owner.bind is None or not owner.bind.stable:
        return Decline(f"{member}() finds no engine by itself in 2.0: give it one, {member}(engine)", Severity.REMOVED)
    bind = cst.parse_expression(owner.bind.text)

    def build(updated: cst.Call) -> Replacement:
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if updated.args else cst.MaybeSentinel.DEFAULT
        return updated.with_changes(args=[cst.Arg(bind, comma=comma), *updated.args])

    reason = "the engine that the MetaData was bound to is given"
    opened = owner.bind.connection
    if opened is None or member not in _WRITES:
        return Rewrite((edit(site, build),), reason, Need.REQUIRED)
    found = committed_after(site, here, opened, owner.bind.text, does=True)
    return Rewrite(
        (edit(site, build),),
        reason,
        Need.REQUIRED,
        insertions=(found,) if isinstance(found, Insertion) else (),
        remarks=(found,) if isinstance(found, Decline) else (),
    )


def _given(call: cst.Call) -> cst.BaseExpression | None:
    positional = names.positional(call)
    return positional[0].value if positional else names.keyword(call, "bind")


def _committed(site: Site, here: Context, given: cst.BaseExpression, kind: Connection) -> Outcome:
    found = committed_after(site, here, kind, names.dotted(given), does=True)
    if found is None or isinstance(found, Decline):
        return found
    reason = "1.x committed DDL by itself, 2.0 does not"
    safety = Safety.SAFE if here.model.proven(kind) else Safety.REVIEW
    return Rewrite((), reason, Need.REQUIRED, safety, insertions=(found,))
