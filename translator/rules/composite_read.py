"""A composite that is asked of a new object is None in 1.x and 2.0 while its columns are; 2.1 gives an object instead.

No form does the same on both, so the place is told: what asks whether the composite is None has to ask a column.
"""

from __future__ import annotations

import libcst as cst

from translator.model.sites import Site
from translator.options import Target
from translator.rules.contract import Context, Decline, Outcome, on_member
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"
_SPOT = (
    "class Spot:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n"
    "    def __composite_values__(self):\n        return self.x, self.y\n\n\n"
)
_READ = "    spot = composite(Spot, x, y)\n\n\nshelf = Shelf(id=3, x=1, y=2)\nprint(shelf.spot.x)"
BEFORE = (
    f"{_SPOT}class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    f"    x = Column(Integer)\n    y = Column(Integer)\n{_READ}"
)
AFTER = (
    f"{_SPOT}class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    f"    x: Mapped[int | None] = mapped_column()\n    y: Mapped[int | None] = mapped_column()\n{_READ}"
)
ON = on_member("composite.read")


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of the place, unless the object is given the composite."""
    node = cst.ensure_type(site.node, cst.Attribute)
    if here.options.target is Target.SA20 or _is_given(node, site, here):
        return None
    text = names.code(node)
    return Decline(
        f"`{text}` of a new object whose columns of it are all None is None in 1.x and 2.0, an object in 2.1: ask one of the "
        "columns instead"
    )


def _is_given(node: cst.Attribute, site: Site, here: Context) -> bool:
    """Whether the composite is set on the object, where that is made or later."""
    name, owner = node.attr.value, names.code(node.value)
    if isinstance(node.value, cst.Call) and names.keyword(node.value, name) is not None:
        return True
    functions = (n for n in reversed(site.around) if isinstance(n, cst.FunctionDef))
    for inner in names.below(next(functions, here.model.tree)):
        match inner:
            case cst.AssignTarget(target=cst.Attribute() as target) if names.code(target) == f"{owner}.{name}":
                return True
            case cst.Assign(targets=[cst.AssignTarget(target=target)], value=cst.Call() as made):
                if names.code(target) == owner and names.keyword(made, name) is not None:
                    return True
    return False
