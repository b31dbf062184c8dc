"""Walking a Query becomes walking the result of the executed statement.

A Query executes itself when it is walked, each time anew; a Select can't be walked. So the execution is written at each
place where the query is walked, and the variable keeps the statement.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model import rendering
from translator.model.signatures import CONSUMERS
from translator.model.sites import Site, SiteKind
from translator.rules import contract, lazily, terminals
from translator.rules.contract import Context, On, Outcome, Rewrite
from translator.syntax import chains
from translator.syntax.chains import Frame, Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "for user in session.query(User):\n    print(user)"
AFTER = "for user in session.scalars(select(User)):\n    print(user)"
WALKS = (
    frozenset({"for", "comprehension", "unpack", "in", "*", "yield from", "extend", "updated"})
    | {rendering.WALKED, rendering.GIVEN}
    | CONSUMERS
)
_WANTS_LIST = frozenset({"dict", "updated", "OrderedDict", "reversed", rendering.WALKED, rendering.GIVEN})
"""A Result has keys(), so that dict() takes it for a mapping; and it has no end to begin at, which a template may ask for."""
ON = On(SiteKind.ITERATION, WALKS)


def rewrite(site: Site, here: Context) -> Outcome:
    """Execute the statement where it is walked."""
    query = terminals.query_of(site)
    declined = terminals.obstacle(site, here, either=True)
    if declined is not None:
        return declined
    if not terminals.alike(query):
        return terminals.UNALIKE
    tail = (*terminals.unique(query), *((Link("all"),) if site.name in _WANTS_LIST else ()))

    def build(node: cst.CSTNode) -> Replacement:
        statement = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
        bare = statement.with_changes(lpar=[], rpar=[])
        frame = Frame(statement.lpar, statement.rpar, cst.SimpleWhitespace(""), drop_parens=True)
        return chains.execute(
            bare,
            frame,
            session=terminals.session_of(query),
            method=terminals.method_for(query),
            flag=terminals.scalars_of(query),
            tail=tail,
            indent=here.indent,
        )

    reason = "a Select can't be walked, so it is executed where the query was walked"
    remarks = (lazily.EARLIER,) if lazily.waits(site) else ()
    return Rewrite(
        (Edit(site.node, site.ancestors, build),), reason, safety=terminals.safety(query, here), remarks=remarks
    )
