"""A statement that stands for a column says so: `column_property(stmt.scalar_subquery())`.

A bare `select()` is made a scalar subquery by SQLAlchemy itself, with a warning, in 1.x and in 2.x; type checkers refuse it.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.sites import Site
from translator.model.types import Select
from translator.rules import contract
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call
from translator.syntax import chains
from translator.syntax.chains import Link

GUIDE = f"{contract.GUIDE}#migration-core-usage"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    orders = column_property(select(func.count(Order.id)).where(Order.id > id))"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(Integer, primary_key=True)\n"
    "    orders = column_property(select(func.count(Order.id)).where(Order.id > id).scalar_subquery())"
)
ON = on_call("column_property", "with_expression")

_TAKES = {"column_property": 0, "with_expression": 1}


def rewrite(site: Site, here: Context) -> Outcome:
    """Make the statement a scalar subquery where a column is wanted."""
    at = _TAKES[site.name.rpartition(".")[2]]
    kind = site.arguments[at] if at < len(site.arguments) else None
    if not isinstance(kind, Select) or kind.kind != "select":
        return None

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)
        args[at] = args[at].with_changes(value=chains.attach(args[at].value, [Link("scalar_subquery")]))
        return updated.with_changes(args=args)

    return Rewrite((edit(site, build),), "1.x made a scalar subquery of a statement by itself, with a warning")
