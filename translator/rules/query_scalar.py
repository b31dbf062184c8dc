"""`Query.scalar()` becomes `scalar_one_or_none()`, or `Session.scalar()` where there is certainly one row.

`Query.scalar()` raises on several rows; `Session.scalar()` silently takes the first. Both are the same for an aggregate
without GROUP BY and for EXISTS, and there the short form is written; with `style=concise`
it is written everywhere.
"""

from __future__ import annotations

from translator.model import queries
from translator.model.sites import Site
from translator.model.types import Fact
from translator.options import Style
from translator.rules import contract, terminals
from translator.rules.contract import Context, Outcome, Rewrite, on_query
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "newest = session.query(func.max(Order.placed)).scalar()"
AFTER = "newest = session.scalar(select(func.max(Order.placed)))"
ON = on_query("scalar")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the first element of the only row."""
    query = terminals.query_of(site)
    single_unknown = query.shape is not None and len(query.shape) == 1 and not queries.repeats(query)
    declined = terminals.obstacle(site, here, rows=not single_unknown)
    if declined is not None:
        return declined
    if queries.one_row(query):
        change = terminals.run(site, here, method="scalar")
        reason = "the statement gives one row, so Session.scalar() does the same"
    elif here.options.style is Style.CONCISE and not (queries.repeats(query) and Fact.EAGER_COLLECTION in query.may):
        change = terminals.run(site, here, method="scalar")
        reason = "Session.scalar() takes the first row; Query.scalar() raised where there were several"
    else:
        tail = (*terminals.unique(query), Link("scalar_one_or_none"))
        change = terminals.run(site, here, method="execute", tail=tail)
        reason = "Query.scalar() raises on several rows, as scalar_one_or_none() does and Session.scalar() does not"
    return Rewrite((change,), reason, safety=terminals.safety(query, here))
