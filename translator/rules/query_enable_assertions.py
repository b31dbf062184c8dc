"""Methods that only a Query needs are dropped.

`enable_assertions()`, `only_return_tuples()`, `reset_joinpoint()` and `with_session()`: a Select never refuses a clause,
says by `execute()` or `scalars()` what comes back, names its entities in every criterion, and is bound to no session.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.model.types import Session
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_query
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).limit(2).enable_assertions(False).filter(User.id > 1).all()"
AFTER = "users = session.scalars(select(User).limit(2).where(User.id > 1)).all()"
ON = on_query("enable_assertions", "only_return_tuples", "reset_joinpoint", "with_session")

_FLAGS = {"enable_assertions": "False", "only_return_tuples": "True"}
_WHY = {
    "enable_assertions": "a select() has no assertions to switch off",
    "only_return_tuples": "execute() gives rows, scalars() gives objects",
    "reset_joinpoint": "criteria name their entity, so there is no joinpoint to go back to",
    "with_session": "a statement is bound to no session; the session executes it",
}


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the link away."""
    call = cst.ensure_type(site.node, cst.Call)
    flag = _FLAGS.get(site.name)
    if flag is not None and (len(call.args) != 1 or names.code(call.args[0].value) != flag):
        return Decline(f"{site.name}() is given something else than {flag}")
    if site.name == "with_session" and not (site.arguments and isinstance(site.arguments[0], Session)):
        return Decline("what with_session() is given is not known to be a session", Severity.LEGACY)
    if chains.comment_before(call):
        return Decline(f"a comment stands before {site.name}(), which a select() has no place for; move it first")
    return Rewrite((edit(site, chains.unlinked),), _WHY[site.name])
