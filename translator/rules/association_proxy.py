"""`words = association_proxy("kinds", "word")` says what it gives: `words: AssociationProxy[list[str]]`.

By the relationship that it goes through and the column it asks for, where both are in sight; else type checkers take what
it gives for anything.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit
from translator.model.sites import Site
from translator.options import Models
from translator.rules.contract import Context, Outcome, Rewrite, on_call
from translator.rules.mapped import annotating, arguments, bodies, holding, making, pythontypes, relating, spelling
from translator.rules.mapped.bodies import Body
from translator.rules.mapped.places import place_of
from translator.rules.mapped.pythontypes import PythonType
from translator.rules.mapped.relating import Holds, Relation
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/extensions/associationproxy.html#simplifying-scalar-collections"
BEFORE = (
    "from sqlalchemy.ext.associationproxy import association_proxy\n"
    "from sqlalchemy import Column, ForeignKey, Integer, String\nfrom sqlalchemy.orm import declarative_base, relationship\n\n"
    "Base = declarative_base()\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    labels = relationship('Label')\n    words = association_proxy('labels', 'word')\n\n\n"
    "class Label(Base):\n    __tablename__ = 'label'\n    id = Column(Integer, primary_key=True)\n"
    "    word = Column(String(20), nullable=False)\n    shelf_id = Column(ForeignKey('shelf.id'))\n"
)
AFTER = (
    "from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy\n"
    "from sqlalchemy import ForeignKey, String\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n"
    "\n\nclass Base(DeclarativeBase):\n    pass\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    labels: Mapped[list['Label']] = relationship()\n"
    "    words: AssociationProxy[list[str]] = association_proxy('labels', 'word')\n\n\n"
    "class Label(Base):\n    __tablename__ = 'label'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    word: Mapped[str] = mapped_column(String(20))\n"
    "    shelf_id: Mapped[int | None] = mapped_column(ForeignKey('shelf.id'))\n"
)
ON = on_call("association_proxy")

_REASON = "the annotation says what the proxy gives, which type checkers can't find out"
_MODULE = "sqlalchemy.ext.associationproxy"
_OUTER = {Holds.LIST: "list", Holds.SET: "set"}
_HARMLESS = frozenset({"creator", "cascade_scalar_deletes", "info"})


def rewrite(site: Site, here: Context) -> Outcome:
    """Annotate the attribute."""
    place, call = place_of(site), cst.ensure_type(site.node, cst.Call)
    if here.options.models is not Models.TYPED or place is None or place.wrapper is not None:
        return None
    body = bodies.body_of(place.owner, here.model)
    given = [names.literal_string(arg.value) for arg in names.positional(call)]
    plain = all(arg.keyword is None or arg.keyword.value in _HARMLESS for arg in call.args)
    if place.annotation is not None or body.obstacle is not None or len(given) != 2 or not plain or not all(given):
        return None
    through = dict(bodies.assignments(place.owner)).get(given[0] or "")
    if not isinstance(through, cst.Call) or not (names.dotted(through.func) or "").endswith("relationship"):
        return None
    relation = relating.read(through, place.owner.name.value, here.model.mapping)
    text = _text(relation, given[1] or "", body, here)
    if text is None:
        return None
    written = annotating.statement(place, "AssociationProxy", text, body, here, module=_MODULE)
    return Rewrite((Edit(place.statement, place.ancestors, written),), _REASON)


def _text(relation: Relation, attribute: str, body: Body, here: Context) -> str | None:
    """What the proxy gives; None where it is not in sight."""
    goal = bodies.class_named(relation.target or "", here.model)
    value = dict(bodies.assignments(goal)).get(attribute) if goal is not None else None
    if goal is None or not isinstance(value, cst.Call) or not making.is_column(value, here):
        return None
    column = arguments.read(value, here.model)
    theirs = bodies.body_of(goal, here.model)
    if column is None or column.type is None or column.without_type or theirs.obstacle is not None:
        return None
    python, null = pythontypes.of_column(column.type, here.model), annotating.nullable(attribute, column, theirs)
    if python == pythontypes.UNKNOWN or null is None or (python.local and not _is_seen(python, here)):
        return None
    inner = spelling.type_name(python, body, here)
    if inner is not None and (null or relation.holds is Holds.MAYBE):
        inner = spelling.optional(inner, body, here)
    if inner is None or relation.holds in {Holds.ONE, Holds.MAYBE}:
        return inner
    if relation.holds is Holds.DICT:
        key = holding.key_type(relation, here)
        found = [spelling.type_name(kind, body, here) for kind in (PythonType("dict"), key)]
        return f"{found[0]}[{found[1]}, {inner}]" if None not in found else None
    outer = _OUTER.get(relation.holds) if relation.holds is not None else ""
    spelled = spelling.type_name(PythonType(outer), body, here) if outer else None
    return f"{spelled}[{inner}]" if spelled is not None else None


def _is_seen(python: PythonType, here: Context) -> bool:
    """Whether a type that the text defines can be named outside of the class that uses it."""
    return names.root(python.name) in bodies.top_names(here.model)
