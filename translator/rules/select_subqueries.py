"""A statement that stands for a table is made a subquery: `select_from(stmt.subquery())`.

1.x did so by itself, with a warning; 2.1 refuses a bare statement in FROM, and has no `stmt.c`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Select
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_member
from translator.syntax import chains
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#select-statements-are-no-longer-implicitly-considered-to-be-from-clauses"
BEFORE = "n = session.scalar(select(func.count()).select_from(select(User).where(User.id > 1)))"
AFTER = "n = session.scalar(select(func.count()).select_from(select(User).where(User.id > 1).subquery()))"
ON = on_member("Select.select_from", "Select.join", "Select.outerjoin", "Select.c", "Select.columns")


def rewrite(site: Site, here: Context) -> Outcome:
    """Make the statement a subquery where it stands in FROM."""
    if site.name.endswith((".c", ".columns")):
        if isinstance(site.node, cst.Call):
            return None
        return Decline(
            "a statement has no columns of its own to select from: keep stmt.subquery() in one variable and use its .c "
            "everywhere (each subquery() is another one), or selected_columns for the statement's own",
            Severity.REMOVED,
        )
    if not isinstance(site.node, cst.Call):
        return None
    places = [i for i, kind in enumerate(site.arguments) if isinstance(kind, Select) and kind.kind == "select"]
    if not places:
        return None

    def build(updated: cst.Call) -> Replacement:
        args = [
            arg.with_changes(value=chains.attach(arg.value, [Link("subquery")])) if index in places else arg
            for index, arg in enumerate(updated.args)
        ]
        return updated.with_changes(args=args)

    return Rewrite((edit(site, build),), "2.0 wants a subquery where a statement stands for a table", Need.REQUIRED)
