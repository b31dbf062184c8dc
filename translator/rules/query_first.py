"""`Query.first()` becomes `Session.scalars(….limit(1)).first()`.

`Query.first()` puts LIMIT 1 into the SQL; `Result.first()` does not. A statement made with `from_statement()` takes no
limit in either style.
"""

from __future__ import annotations

import libcst as cst

from translator.model.queries import repeats
from translator.model.sites import Site
from translator.model.types import Fact
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query
from translator.syntax.chains import Link, argument

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "user = session.query(User).filter(User.name == 'ada').first()"
AFTER = "user = session.scalars(select(User).where(User.name == 'ada').limit(1)).first()"
ON = on_query("first")


def rewrite(site: Site, here: Context) -> Outcome:
    """Limit the statement to one row, as Query does, then fetch it."""
    query = terminals.query_of(site)
    declined = terminals.obstacle(site, here, either=True)
    if declined is not None:
        return declined
    textual = Fact.FROM_STATEMENT in query.may
    if textual and Fact.FROM_STATEMENT not in query.must:
        return Decline("from_statement() is used on some paths only, and such a statement takes no LIMIT")
    suffix = () if textual else (Link("limit", (argument(cst.Integer("1")),)),)
    # One row can't repeat; a collection that is loaded by a join spreads its first object over several rows.
    eager = Fact.EAGER_COLLECTION in query.may and repeats(query)
    if eager and not terminals.alike(query):
        return terminals.UNALIKE
    tail = (*((Link("unique"),) if eager else ()), Link("first"))
    change = terminals.run(
        site, here, method=terminals.method_for(query), flag=terminals.scalars_of(query), suffix=suffix, tail=tail
    )
    reason = "Result.first() does not limit the SQL as Query.first() does, so the LIMIT is written out"
    return Rewrite((change,), reason, safety=terminals.safety(query, here))
