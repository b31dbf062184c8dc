"""A `synonym()` has the type of the column that it stands for: `login: Mapped[str] = synonym("name")`.

Without it type checkers take what it gives for anything.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit
from translator.model.sites import Site
from translator.options import Models
from translator.rules.contract import Context, Outcome, Rewrite, on_call
from translator.rules.mapped import annotating, arguments, bodies, making
from translator.rules.mapped.places import Place, place_of
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/mapped_attributes.html#synonyms"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    name = Column(String(20))\n    label = synonym('name')"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    name: Mapped[str | None] = mapped_column(String(20))\n    label: Mapped[str | None] = synonym('name')"
)
ON = on_call("synonym")


def rewrite(site: Site, here: Context) -> Outcome:
    """Annotate it as its column, which the same class has."""
    place = place_of(site)
    if (
        here.options.models is not Models.TYPED
        or place is None
        or place.wrapper is not None
        or place.annotation is not None
    ):
        return None
    body = bodies.body_of(place.owner, here.model)
    named = names.positional(cst.ensure_type(site.node, cst.Call))
    target = names.literal_string(named[0].value) if named else None
    value = dict(bodies.assignments(place.owner)).get(target or "")
    value = _inside(value) if isinstance(value, cst.Call) else None
    column = arguments.read(value, here.model) if value is not None and making.is_column(value, here) else None
    if body.obstacle is not None or target is None or column is None or _is_method(place.name, place.owner):
        return None
    own = Place(place.owner, target, place.statement, place.ancestors, None)
    annotation = annotating.of_column(own, column, body, here)
    if annotation is None:
        return None
    build = annotating.statement(place, "Mapped", annotation.text, body, here)
    return Rewrite((Edit(place.statement, place.ancestors, build),), "type checkers take a synonym for anything")


def _inside(call: cst.Call) -> cst.Call:
    """The column in `deferred(Column(…))`."""
    first = call.args[0].value if call.args else None
    return first if isinstance(first, cst.Call) and (names.dotted(call.func) or "").endswith("deferred") else call


def _is_method(name: str, owner: cst.ClassDef) -> bool:
    """Whether the class has a method of that name, which the synonym is given: one name may not be annotated, too."""
    return any(isinstance(line, cst.FunctionDef) and line.name.value == name for line in owner.body.body)
