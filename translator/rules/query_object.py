"""`Query([User], session)` becomes `select(User)`, executed on the session."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site, SiteKind
from translator.model.types import Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite, edit

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = Query([User], session=session).filter(User.active).all()"
AFTER = "users = session.scalars(select(User).where(User.active)).all()"
ON = On(SiteKind.CREATION, frozenset({"Query"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Put select() in the place of the class, with what is selected as its arguments."""
    query = site.result
    assert isinstance(query, Query)
    if query.shape is None:
        return Decline("what this Query selects is not in sight")
    select = here.name("sqlalchemy", "select")

    def build(updated: cst.Call) -> Replacement:
        first = updated.args[0].value
        nodes = [e.value for e in first.elements] if isinstance(first, (cst.List, cst.Tuple)) else [first]
        return updated.with_changes(func=select, args=[cst.Arg(node) for node in nodes])

    reason = "a statement is built apart from the session that executes it"
    return Rewrite((edit(site, build),), reason, safety=terminals.safety(query, here))
