"""`if query:` becomes `if query is not None:`.

A Query has no truth of its own, so the test asks whether there is one; the truth of a Select raises in 2.x.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model.conditions import FALSEHOOD, TRUTH
from translator.model.sites import Site, SiteKind
from translator.rules import contract
from translator.rules.contract import Context, On, Outcome, Rewrite

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "q = None\nif wanted:\n    q = session.query(User).filter(User.name == wanted)\nusers = q.all() if q else []"
AFTER = (
    "q = None\nif wanted:\n    q = select(User).where(User.name == wanted)\n"
    "users = session.scalars(q).all() if q is not None else []"
)
ON = On(SiteKind.TEST, frozenset({TRUTH, FALSEHOOD}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask for None by name."""

    def build(node: cst.CSTNode) -> Replacement:
        tested = cst.ensure_type(node, cst.BaseExpression)  # type: ignore[type-abstract]
        lpar, rpar = tested.lpar, tested.rpar
        operator: cst.BaseCompOp = cst.IsNot()
        if site.name == FALSEHOOD:
            tested, operator = cst.ensure_type(tested, cst.UnaryOperation).expression, cst.Is()
        binds = isinstance(tested, cst.NamedExpr)  # `(q := …) is not None`, with its parentheses
        if binds and lpar:
            lpar, rpar = (), ()
        return cst.Comparison(
            tested.with_changes(lpar=[], rpar=[]) if site.name == TRUTH and not binds else tested,
            [cst.ComparisonTarget(operator, cst.Name("None"))],
            lpar=lpar,
            rpar=rpar,
        )

    reason = "the truth of a Select raises; a Query always was true, so the test asked for None"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, need=Need.REQUIRED)
