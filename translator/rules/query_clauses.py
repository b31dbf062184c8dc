"""Clauses that `Select` has under the same name, with the same meaning: they stay as they are.

`limit`, `offset`, `slice`, `distinct`, `select_from`, `correlate`, `execution_options`, `where`, `prefix_with`,
`suffix_with`.
"""

from __future__ import annotations

from translator.model.sites import Site
from translator.rules import contract
from translator.rules.contract import Context, Outcome, Rewrite, on_query

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = session.query(User).limit(5).offset(10).all()"
AFTER = "users = session.scalars(select(User).limit(5).offset(10)).all()"
ON = on_query(
    "limit", "offset", "slice", "distinct", "select_from", "correlate", "execution_options", "where", "prefix_with",
    "suffix_with",
)  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Leave the clause."""
    return Rewrite((), "the clause is the same on a select()")
