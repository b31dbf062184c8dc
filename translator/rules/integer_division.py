"""`/` between integer columns is true division in 2.0; 1.x left it to the database, which mostly cuts off the fraction.

`//` gives the SQL that 1.x gave on SQLite and PostgreSQL. MySQL and Oracle divided truly before.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.model.types import Attribute, Plain, Type
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member

GUIDE = "https://docs.sqlalchemy.org/en/20/changelog/whatsnew_20.html#python-division-operator-performs-true-division-for-all-backends-added-floor-division"
BEFORE = (
    "class Part(Base):\n    __tablename__ = 'part'\n    id = Column(Integer, primary_key=True)\n    size = Column(Integer)\n\n"
    "halves = select(Part.size / 2)"
)
AFTER = (
    "class Part(Base):\n    __tablename__ = 'part'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    size: Mapped[int | None] = mapped_column()\n\n"
    "halves = select(Part.size // 2)"
)
ON = on_member("Column./", "Column./=", "Column./hybrid")


def rewrite(site: Site, here: Context) -> Outcome:
    """Divide as 1.x did where both sides are integers."""
    left, right = site.arguments
    node = site.node if isinstance(site.node, cst.BinaryOperation) else None
    value = cst.ensure_type(site.node, cst.BaseExpression)  # type: ignore[type-abstract]
    sides = (_integer(left, node.left if node else None, here), _integer(right, node.right if node else value, here))
    if False in sides:
        return None
    if site.name == "Column./hybrid":
        return Decline(
            "of an object this is true division, and of the class it was one of integers in SQL, which 1.x cut off on most "
            "databases and 2.0 does not; give the class an expression of its own that writes // where that is wanted"
        )
    if node is None:
        return Decline("if both sides are integers, 1.x cut off the fraction on most databases; write //= for that")
    if None in sides:
        return Decline(
            "if both sides are integers, this division cut off the fraction in 1.x on most databases and is true division "
            "in 2.0: write // for that",
            Severity.REMOVED if True in sides else Severity.LEGACY,
        )

    def build(found: cst.CSTNode) -> Replacement:
        operation = cst.ensure_type(found, cst.BinaryOperation)
        old = cst.ensure_type(operation.operator, cst.Divide)
        floor = cst.FloorDivide(old.whitespace_before, old.whitespace_after)
        return operation.with_changes(operator=floor)

    reason = "between integers / cut off the fraction on most databases; it is true division in 2.0"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, Need.REQUIRED, Safety.REVIEW)


def _integer(kind: Type, node: cst.BaseExpression | None, here: Context) -> bool | None:
    if isinstance(kind, Attribute):
        return here.model.mapping.is_integer(kind.entity.mapped_name, kind.name)
    if isinstance(node, (cst.Integer, cst.Float)) or (isinstance(kind, Plain) and kind.text):
        return isinstance(node, cst.Integer)
    made = node.func if isinstance(node, cst.Call) else None
    return False if isinstance(made, cst.Name) and made.value == "float" else None
