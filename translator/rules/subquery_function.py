"""The function `subquery(name, columns, …)` is gone: it is `select(…).subquery(name)`.

Its arguments after the name are those of 1.x's `select()`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import clauses, contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#select-no-longer-accepts-varied-constructor-arguments-columns-are-passed-positionally"
BEFORE = "import sqlalchemy as sa\n\nones = sa.sql.expression.subquery('ones', [User.id], User.id < 2)"
AFTER = "import sqlalchemy as sa\n\nones = sa.select(User.id).where(User.id < 2).subquery('ones')"
ON = on_call("subquery")


def rewrite(site: Site, here: Context) -> Outcome:
    """Select, then name the subquery."""
    call = cst.ensure_type(site.node, cst.Call)
    given = call.args
    plain = len(given) > 1 and not any(arg.star for arg in given) and all(arg.keyword is None for arg in given[:2])
    if not plain or not isinstance(given[1].value, (cst.List, cst.Tuple)):
        return Decline("subquery() is gone from 2.0: write select(…).subquery(name)", Severity.REMOVED)
    found = clauses.read(given[2:], ("whereclause", "from_obj"), clauses.SELECT, here)
    if isinstance(found, Decline):
        return found
    select = here.name("sqlalchemy", "select")

    def build(updated: cst.Call) -> Replacement:
        name, columns, *rest = updated.args
        again = clauses.read(rest, ("whereclause", "from_obj"), clauses.SELECT, here, given[2:])
        assert isinstance(again, clauses.Clauses)
        assert isinstance(columns.value, (cst.List, cst.Tuple))
        selected = cst.Call(select, clauses.flattened(columns.value))
        named = Link("subquery", (cst.Arg(name.value),))
        return chains.attach(selected, [*again.links, named]).with_changes(lpar=updated.lpar, rpar=updated.rpar)

    return Rewrite((edit(site, build),), "subquery() is a method of select() in 2.0", Need.REQUIRED)
