"""`Query.scalar()` becomes `scalar_one_or_none()`, or `Session.scalar()` where there is certainly one row.

`Query.scalar()` raises on several rows; `Session.scalar()` silently takes the first. Both are the same for an aggregate
without GROUP BY and for EXISTS, and there the short form is written; with `style=concise`
it is written everywhere. In functions with annotations a count is `scalar_one()`: `Session.scalar()` says that it may be None.
"""

from __future__ import annotations

import re

from translator.model import queries
from translator.model.sites import Site
from translator.model.types import Fact, Query
from translator.options import Style
from translator.rules import checked, contract, terminals
from translator.rules.contract import Context, Outcome, Rewrite, on_query
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "newest = session.query(func.max(Order.placed)).scalar()"
AFTER = "newest = session.scalar(select(func.max(Order.placed)))"
ON = on_query("scalar")

_COUNT = re.compile(r"(?:\w+\.)*func\.count\(")


def rewrite(site: Site, here: Context) -> Outcome:
    """Take the first element of the only row."""
    query = terminals.query_of(site)
    single_unknown = query.shape is not None and len(query.shape) == 1 and not queries.repeats(query)
    declined = terminals.obstacle(site, here, rows=not single_unknown)
    if declined is not None:
        return declined
    if queries.one_row(query) and _gives_value(query) and checked.wants_value(site, here):
        change = terminals.run(site, here, method="execute", tail=(Link("scalar_one"),))
        reason = "the statement gives one row, which holds a value, as scalar_one() says to type checkers"
    elif queries.one_row(query):
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


def _gives_value(query: Query) -> bool:
    """Whether what it gives is never NULL: a count, or whether there is something."""
    element = query.shape[0] if query.shape is not None and len(query.shape) == 1 else None
    return element is not None and (element.exists or _COUNT.match(element.name) is not None)
