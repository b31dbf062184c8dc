"""`Query.count()` becomes a count over the statement as a subquery.

Query wraps the whole query, so that joins, DISTINCT, LIMIT and GROUP BY count as they stand. `func.count(User.id)` over
the same clauses is another number. In functions with annotations it is `scalar_one()` where None would be refused by type
checkers: `Session.scalar()` says that it may give that.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.model.types import Fact
from translator.rules import checked, contract, terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query
from translator.syntax import chains
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "n = session.query(User).filter(User.active).count()"
AFTER = "n = session.scalar(\n    select(func.count()).select_from(select(User).where(User.active).subquery())\n)"
ON = on_query("count")


def rewrite(site: Site, here: Context) -> Outcome:
    """Count the rows of the statement in a subquery."""
    query = terminals.query_of(site)
    declined = terminals.obstacle(site, here, rows=False)
    if Fact.FROM_STATEMENT in query.may:
        return Decline(
            "count() of a query made by from_statement() counts nothing of it; count in the statement itself"
        )
    if Fact.AUTOFLUSH in query.may:
        return Decline(
            "count() of a query made with autoflush() would flush first: options of a statement don't reach out of the "
            "subquery that it becomes; count in `with session.no_autoflush:`"
        )
    if declined is not None:
        return declined
    select, func = here.name("sqlalchemy", "select"), here.name("sqlalchemy", "func")
    count = cst.Call(select, [cst.Arg(cst.Call(cst.Attribute(func, cst.Name("count"))))])

    def wrap(arg: cst.Arg, opening: chains.Whitespace) -> cst.BaseExpression:
        outer = cst.Attribute(count.deep_clone(), cst.Name("select_from"))
        return cst.Call(outer, [arg], whitespace_before_args=opening)

    certain = checked.wants_value(site, here)

    def build(node: cst.CSTNode) -> Replacement:
        call = cst.ensure_type(node, cst.Call)
        return chains.execute(
            cst.ensure_type(call.func, cst.Attribute).value,
            terminals.frame_of(call, site),
            session=terminals.session_of(query),
            method="execute" if certain else "scalar",
            suffix=(Link("subquery"),),
            tail=(Link("scalar_one"),) if certain else (),
            wrap=wrap,
            indent=here.indent,
        )

    reason = "Query.count() counts the rows of the whole query as a subquery"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, safety=terminals.safety(query, here))
