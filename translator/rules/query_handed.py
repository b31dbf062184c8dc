"""A Query that is handed to `Session.execute()` is a select() there.

`Session.execute(query)` runs the query's statement without the eager loads of its options.
"""

from __future__ import annotations

from translator.model.sites import Site, SiteKind
from translator.model.types import Fact
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "names = session.execute(session.query(User.name).order_by(User.id)).scalars().all()"
AFTER = "names = session.execute(select(User.name).order_by(User.id)).scalars().all()"
ON = On(SiteKind.HANDED, frozenset({"execute", "scalar", "scalars"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Let the session execute the statement."""
    query = terminals.query_of(site)
    if Fact.EAGER_COLLECTION in query.may or Fact.OPTIONS in query.may:
        return Decline("execute() ran this query without its eager loads; take the options away, or use all()")
    if Fact.LABELLED in query.may:
        return Decline("execute() of a query with labels names its columns `table_column`; name them by label()")
    return Rewrite((), "the session executes statements")
