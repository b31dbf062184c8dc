"""`Query.all()` becomes `Session.scalars(…).all()` or `Session.execute(…).all()`.

One mapped class gives objects (`scalars`), anything else gives rows (`execute`). Query gives each entity once even where
a join repeats it, so `unique()` is added there, and only there.
"""

from __future__ import annotations

from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Outcome, on_query

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).filter(User.name == 'ada').all()"
AFTER = "users = session.scalars(select(User).where(User.name == 'ada')).all()"
ON = on_query("all")


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute the statement and fetch everything."""
    return terminals.fetch(site, here, "all", "a select() is executed by the session, then fetched with all()")
