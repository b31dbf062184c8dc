"""A composite whose columns are all None is an object in 2.1; 1.x and 2.0 give None until the row is in the database.

`composite(…, return_none_on=…)` of 2.1 decides it for rows that were loaded, too, where 1.x gave an object: nothing there
does as 1.x did. So code that asks `if point.start is None` before the flush has to ask a column.
"""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.options import Target
from translator.rules.contract import Context, Decline, Outcome, on_call
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"
BEFORE = (
    "class Spot:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n"
    "    def __composite_values__(self):\n        return self.x, self.y\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    x = Column(Integer)\n    y = Column(Integer)\n    spot = composite(Spot, x, y)"
)
AFTER = (
    "class Spot:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n\n"
    "    def __composite_values__(self):\n        return self.x, self.y\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    x: Mapped[int | None] = mapped_column()\n    y: Mapped[int | None] = mapped_column()\n    spot = composite(Spot, x, y)"
)
ON = on_call("composite")


def rewrite(site: Site, here: Context) -> Outcome:
    """Tell of it; there is no form that does the same."""
    call = cst.ensure_type(site.node, cst.Call)
    said = names.keyword(call, "return_none_on") is not None
    if here.options.target is Target.SA20 or not here.model.about_sqlalchemy or said or not call.args:
        return None
    return Decline(
        "while all of its columns are None, a new object has None here in 1.x and 2.0, an object in 2.1: ask one of the "
        "columns for None instead (return_none_on= of 2.1 makes it None for loaded rows, too, where 1.x gave an object)",
        Severity.NOTE,
    )
