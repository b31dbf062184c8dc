"""The columns of a mixin or an abstract class come after the class's own in 2.x; in 1.x they came first.

It matters where rows are written or read without naming columns, and to nobody else. The option `keep_column_order`
writes `sort_order`, which puts them first again.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome
from translator.rules.mapped import bodies, making

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#declarative-table-with-mapped-column"
BEFORE = (
    "class Stamped:\n    created = Column(Integer)\n\nclass Shelf(Stamped, Base):\n    __tablename__ = 'shelf'\n"
    "    id = Column(Integer, primary_key=True)"
)
AFTER = (
    "class Stamped:\n    created: Mapped[int | None] = mapped_column()\n\nclass Shelf(Stamped, Base):\n"
    "    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)"
)
ON = ON_CLASS


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of the order; the columns themselves are another rule's."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if not here.model.about_sqlalchemy or making.order_of(node, here.model) is None or here.options.keep_column_order:
        return None
    if bodies.body_of(node, here.model).obstacle is not None:
        return None
    return Decline(
        f"2.x puts the columns of {node.name.value} after those of the classes that extend it, where 1.x put them before "
        "(in CREATE TABLE and SELECT *); the option keep_column_order writes sort_order= for the order of 1.x",
        Severity.NOTE,
    )
