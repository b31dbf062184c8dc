"""`NotNull = partial(Column, nullable=False)` is a `partial()` of `mapped_column`, and what it makes is annotated.

So it is where it makes attributes of classes and nothing else. Columns that a function makes, or a class that extends
`Column`, stay: they may be asked what a `mapped_column()` has not.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Severity
from translator.model.makers import MADE, ColumnMaker
from translator.model.sites import Site
from translator.model.types import Entity
from translator.options import Models
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.rules.mapped import annotating, arguments, bodies, making
from translator.rules.mapped.places import Place, place_of
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#declarative-table-with-mapped-column"
BEFORE = (
    "from functools import partial\n\nfrom sqlalchemy import Column, Integer, String\n"
    "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\nNotNull = partial(Column, nullable=False)\n\n\n"
    "class Shop(Base):\n    __tablename__ = 'shop'\n    id = NotNull(Integer, primary_key=True)\n    name = NotNull(String(20))\n"
)
AFTER = (
    "from functools import partial\n\nfrom sqlalchemy import Integer, String\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n"
    "NotNull = partial(mapped_column, nullable=False)\n\n\n"
    "class Shop(Base):\n    __tablename__ = 'shop'\n    id: Mapped[int] = NotNull(Integer, primary_key=True)\n"
    "    name: Mapped[str] = NotNull(String(20))\n"
)
ON = on_call("Column", "partial")

_NAMED = 3
"""So many of the columns that one note is of are named."""
_REASON = "declarative classes of 2.0 say the Python type, and whether it may be None, in an annotation"
_MADE = "what makes nothing but attributes of classes makes mapped_column()s"


def rewrite(site: Site, here: Context) -> Outcome:
    """Let the `partial()` make mapped columns; annotate what it makes."""
    if here.options.models is Models.NONE or not here.model.about_sqlalchemy:
        return None
    if site.name == "functools.partial":
        return _partial(site, here)
    if site.name != MADE:
        return None
    place = place_of(site)
    if place is None or place.wrapper is not None or not bodies.is_mapped(place.owner, here.model):
        return None
    family = here.model.mapping.family(place.owner.name.value)
    if isinstance(site.receiver, Entity) and not any(mapped.table for mapped in family):
        return None  # not e.g. `name = tables.Column()` of something that shows tables
    made_by = names.code(cst.ensure_type(site.node, cst.Call).func)
    body = bodies.body_of(place.owner, here.model)
    maker = here.model.makers.get(site.receiver.key) if isinstance(site.receiver, ColumnMaker) else None
    if maker is None:
        return _stays(site, place, made_by, here)
    if body.obstacle is not None:
        return Decline(f"{place.name} gets no annotation, which 2.x takes: {body.obstacle}", Severity.NOTE)
    return _annotated(site, place, maker, here) if here.options.models is Models.TYPED else None


def _stays(site: Site, place: Place, made_by: str, here: Context) -> Decline | None:
    """That columns get no annotation; said of the first that a maker makes in a module, for all of them."""
    found = [
        (each.node, made)
        for each in here.model.sites
        if each.kind is site.kind and each.name == MADE and each.receiver == site.receiver
        if (made := _made(each, made_by)) is not None
    ]
    if found and found[0][0] is not site.node:
        return None
    listed = [made for _, made in found] or [place.name]
    rest = f"{len(listed) - _NAMED} more" if len(listed) > _NAMED + 1 else ""
    said = [*listed[:_NAMED], rest] if rest else listed
    several = len(said) > 1
    told = f"{', '.join(said[:-1])} and {said[-1]} get" if several else f"{said[0]} gets"
    why = f"{made_by}() makes {'them' if several else 'it'}, and what else that is used for is not certain"
    return Decline(f"{told} no annotation, which 2.x takes: {why}; call mapped_column() there", Severity.NOTE)


def _made(site: Site, made_by: str) -> str | None:
    """The attribute of a class that a call of a maker makes."""
    place = place_of(site)
    return place.name if place and names.code(cst.ensure_type(site.node, cst.Call).func) == made_by else None


def _partial(site: Site, here: Context) -> Outcome:
    """`partial(Column, …)` where all that it makes are attributes of classes."""
    call = cst.ensure_type(site.node, cst.Call)
    if id(call) not in here.model.makers:
        return None
    spelled = making.spelled(call.args[0].value, here)

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[updated.args[0].with_changes(value=spelled), *updated.args[1:]])

    return Rewrite((edit(site, build),), _MADE)


def _annotated(site: Site, place: Place, maker: cst.Call, here: Context) -> Outcome:
    """The attribute with the annotation that `Column()` with all these arguments would get."""
    call = cst.ensure_type(site.node, cst.Call)
    own = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    before = [arg for arg in maker.args[1:] if arg.keyword is None]
    after = [arg for arg in maker.args[1:] if arg.keyword is not None and arg.keyword.value not in own]
    column = arguments.read(call.with_changes(args=[*before, *call.args, *after]), here.model)
    body = bodies.body_of(place.owner, here.model)
    annotation = annotating.of_column(place, column, body, here) if column is not None else None
    asked = any(name == place.name and attr not in bodies.OPERATORS for name, attr in body.asked)
    if annotation is None or asked or before:
        why = "what it is can't be told from its arguments" if not asked else "the class body asks it for something"
        return Decline(f"{place.name} gets no annotation, which 2.x takes: {why}", Severity.NOTE)
    written = annotating.statement(place, "Mapped", annotation.text, body, here)
    return Rewrite((Edit(place.statement, place.ancestors, written),), _REASON)
