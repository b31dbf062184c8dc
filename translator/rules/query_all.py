"""`Query.all()` becomes `Session.scalars(…).all()` or `Session.execute(…).all()`.

One mapped class gives objects (`scalars`), anything else gives rows (`execute`). Query gives each entity once even where
a join repeats it, so `unique()` is added there, and only there. Where an annotation says that a list comes of it, it is put in
`list(…)`: type checkers take it for a Sequence.
"""

from __future__ import annotations

from dataclasses import replace

from translator.model.sites import Site
from translator.rules import contract, listed, terminals
from translator.rules.contract import Context, Outcome, Rewrite, on_query

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).filter(User.name == 'ada').all()"
AFTER = "users = session.scalars(select(User).where(User.name == 'ada')).all()"
ON = on_query("all")


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute the statement and fetch everything."""
    found = terminals.fetch(site, here, "all", "a select() is executed by the session, then fetched with all()")
    if not isinstance(found, Rewrite) or not listed.said(site, here):
        return found
    return replace(found, edits=tuple(listed.as_list(one) for one in found.edits))
