"""What a Session of 1.x could do with transactions, and 2.0 can't.

Subtransactions, `session.transaction`, a partial `flush()`, `prune()`: each is flagged with what to do instead.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#session-subtransaction-behavior-removed"
BEFORE = "Session.close_all()"
AFTER = "close_all_sessions()"
ON = on_member(
    "Session.begin", "Session.begin_nested", "Session.transaction", "Session.prune", "Session.flush",
    "Session.close_all", "sessionmaker.close_all", "Session.autocommit", "Session.expire_all_transactions",
    "Session.enable_relationship_loading", "Session._autoflush",
)  # fmt: skip

_SUBTRANSACTIONS = (
    "subtransactions are gone from 2.0: an inner commit() did nothing. Begin in one place only, or only "
    "`if not session.in_transaction()`; begin_nested() is a savepoint, which is something else"
)


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the replacement of `close_all()`; flag the others."""
    member = site.name.partition(".")[2]
    if not isinstance(site.node, cst.Call):
        if member == "transaction":
            return Decline(
                "session.transaction is gone from 2.0: use session.begin() as a context manager, "
                "session.in_transaction() to ask, session.get_transaction() for the object",
                Severity.REMOVED,
            )
        if member == "autocommit":
            return Decline(
                "session.autocommit is gone from 2.0: a session is always in a transaction", Severity.REMOVED
            )
        return None
    match member:
        case "begin":
            return _begin(site.node)
        case "begin_nested" if not site.used:
            return Decline(
                "session.commit() after this commits the whole transaction in 2.0, not the savepoint; keep what "
                "begin_nested() gives and commit that, or use `with session.begin_nested():`",
                Severity.REMOVED,
            )
        case "flush" if site.node.args:
            return Decline("flush() of chosen objects is deprecated: flush() writes all that has changed")
        case "prune":
            return Decline("session.prune() is gone: the session refers to objects weakly", Severity.REMOVED)
        case "close_all":
            return _close_all(site, here)
    return None


def _begin(call: cst.Call) -> Outcome:
    nested = names.keyword(call, "subtransactions")
    given = names.positional(call)
    value = nested if nested is not None else (given[0].value if given else None)
    if value is None or names.code(value) == "False":
        return None
    return Decline(_SUBTRANSACTIONS, Severity.REMOVED)


def _close_all(site: Site, here: Context) -> Outcome:
    function = here.name("sqlalchemy.orm", "close_all_sessions")

    def build(updated: cst.Call) -> Replacement:
        return cst.Call(function, lpar=updated.lpar, rpar=updated.rpar)

    safety = Safety.SAFE if here.model.proven(site.receiver) else Safety.REVIEW
    return Rewrite((edit(site, build),), "close_all() is a function of its own in 2.0", Need.REQUIRED, safety)
