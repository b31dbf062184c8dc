"""The columns of a mixin or an abstract class come after the class's own in 2.x; in 1.x they came first.

It matters where rows are written or read without naming columns, and to a column's default that looks at others, which
`context.get_current_parameters()` has not got yet. The option `keep_column_order` writes `sort_order`, which puts them
first again.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.rules.contract import ON_CLASS, Context, Decline, Outcome
from translator.rules.mapped import bodies, making
from translator.syntax import names

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
_MATTERS = "in CREATE TABLE, in SELECT *, and for a default that looks at other columns"
_PARAMETERS = frozenset({"current_parameters", "get_current_parameters"})
_ABOVE = "columns that are made above classes"
_LOOKS = "defaults that look at other columns"


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of the order; the columns themselves are another rule's."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if not here.model.about_sqlalchemy:
        return None
    if (first := _ordered_otherwise(node)) is not None:
        return Decline(
            f"2.x puts the columns of {node.name.value} in the order of its annotations ({first} first), 1.x in that of the "
            f"assignments ({_MATTERS}): put the annotations into that order, too",
            Severity.NOTE,
        )
    if (made := _made_above(node, here)) is not None:
        return Decline(
            f"2.x puts {made} where {node.name.value} assigns it, 1.x where it was made, before the columns of the class "
            f"({_MATTERS}): make the column in the class, or move its line to the top of it",
            Severity.NOTE,
        )
    if _is_extended_by_fields(node, here):
        return Decline(
            f"2.x puts the columns in fields of {node.name.value} after those of the classes that extend it, where 1.x put "
            f"them before ({_MATTERS}): name the columns where rows are written or read without",
            Severity.NOTE,
        )
    if making.order_of(node, here.model) is None or here.options.keep_column_order:
        return None
    if bodies.body_of(node, here.model).obstacle is not None:
        return None
    return Decline(
        f"2.x puts the columns of {node.name.value} after those of the classes that extend it, where 1.x put them before "
        f"({_MATTERS}{_here(here)}); the option keep_column_order writes sort_order= for the order of 1.x",
        Severity.REMOVED if _here(here) else Severity.NOTE,
    )


def _here(here: Context) -> str:
    """Where defaults of this text look at other columns: the values that they ask for may be None now."""
    found = here.model.memo.get(_LOOKS)
    if not isinstance(found, str):
        looks = any(
            isinstance(each, cst.Attribute) and each.attr.value in _PARAMETERS for each in names.below(here.model.tree)
        )
        found = ": one here asks get_current_parameters(), which lacks their defaults by then" if looks else ""
        here.model.memo[_LOOKS] = found
    return found


def _ordered_otherwise(node: cst.ClassDef) -> str | None:
    """The column that comes first in 2.x, where annotations without values stand in another order than the columns."""
    lines = (line for line in node.body.body if isinstance(line, cst.SimpleStatementLine))
    said = [each for line in lines for each in line.body if isinstance(each, cst.AnnAssign) and each.value is None]
    annotated = [each.target.value for each in said if isinstance(each.target, cst.Name)]
    assigned = [name for name, value in bodies.assignments(node) if _is_column(value)]
    first = [name for name in annotated if name in assigned]
    return first[0] if first != [name for name in assigned if name in first] else None


def _made_above(node: cst.ClassDef, here: Context) -> str | None:
    """A column that stands above the class and is assigned below one of the class's own: `created = created_column`."""
    own = False
    for name, value in bodies.assignments(node):
        if own and isinstance(value, cst.Name) and value.value in _columns_above(here):
            return name
        own = own or _is_column(value)
    return None


def _columns_above(here: Context) -> frozenset[str]:
    """The names of columns that the text makes at its top."""
    found = here.model.memo.get(_ABOVE)
    if not isinstance(found, frozenset):
        lines = (line for line in here.model.tree.body if isinstance(line, cst.SimpleStatementLine))
        made = [
            small for line in lines for small in line.body if isinstance(small, cst.Assign) and _is_column(small.value)
        ]
        found = frozenset(names.code(target.target) for each in made for target in each.targets)
        here.model.memo[_ABOVE] = found
    return found


def _is_column(value: cst.BaseExpression) -> bool:
    called = names.dotted(value.func) if isinstance(value, cst.Call) else None
    return (called or "").rpartition(".")[2] == "Column"


def _is_extended_by_fields(node: cst.ClassDef, here: Context) -> bool:
    """Whether a class that is not mapped has columns in fields of a dataclass: `field(metadata={"sa": Column(…)})`."""
    assigned = dict(bodies.assignments(node))
    if {"__tablename__", "__table__"} & assigned.keys() or not node.decorators:
        return False
    fields = [v for v in assigned.values() if isinstance(v, cst.Call) and names.keyword(v, "metadata") is not None]
    extended = any(
        names.dotted(base.value) == node.name.value for each in bodies.every_class(here.model) for base in each.bases
    )
    return extended and any(
        _is_column(inner) for v in fields for inner in names.below(v) if isinstance(inner, cst.Call)
    )
