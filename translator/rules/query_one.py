"""`Query.one()` and `Query.one_or_none()` become the same methods of the result of `Session.scalars()` or `execute()`.

Query counts rows after it has dropped repeated entities, so `unique()` comes first where a join repeats them. Neither
style puts a LIMIT into the SQL.
"""

from __future__ import annotations

from translator.model.sites import Site
from translator.rules import contract, terminals
from translator.rules.contract import Context, Outcome, on_query

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.query(User).filter_by(id=2).one()"
AFTER = "user = session.scalars(select(User).filter_by(id=2)).one()"
ON = on_query("one", "one_or_none")


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute the statement and fetch exactly one row."""
    return terminals.fetch(site, here, site.name, f"the result of the executed statement has {site.name}()")
