"""`name = Column(String(20))` of a mapped class is `name: Mapped[str | None] = mapped_column(String(20))`.

The annotation says what 1.x had: a column may be NULL unless `nullable=False` or a primary key says otherwise. A type
that the annotation implies is left out, others stay, and so does a type whose Python type is not known, with `Any`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit
from translator.findings import Severity
from translator.model.sites import Site
from translator.model.types import Imported
from translator.options import Models
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.rules.mapped import annotating, arguments, bodies, elsewhere, introspecting, making
from translator.rules.mapped.bodies import body_of
from translator.rules.mapped.places import Place, place_of

GUIDE = (
    "https://docs.sqlalchemy.org/en/20/changelog/whatsnew_20.html#step-three-apply-exact-python-types-using-orm-mapped"
)
BEFORE = (
    "class Shop(Base):\n    __tablename__ = 'shop'\n    id = Column(Integer, primary_key=True)\n"
    "    name = Column(String(20), nullable=False)\n    opened = Column(Integer)"
)
AFTER = (
    "class Shop(Base):\n    __tablename__ = 'shop'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    name: Mapped[str] = mapped_column(String(20))\n    opened: Mapped[int | None] = mapped_column()"
)
ON = on_call("Column")

_TAKING = frozenset({"sqlalchemy.orm.deferred", "sqlalchemy.orm.column_property"})
_REASON = "declarative classes of 2.0 say the Python type, and whether it may be None, in an annotation"
_TYPELESS = "it has no type, without which there is no mapped_column()"
_UNTYPED = "mapped_column() is the Column of declarative classes"


def rewrite(site: Site, here: Context) -> Outcome:
    """Annotate the attribute; take out what the annotation says."""
    if here.options.models is Models.NONE or not site.name.startswith("sqlalchemy."):
        return None
    place = place_of(site)
    if place is None or (place.wrapper is not None and not _takes_column(place.wrapper, here)):
        return _elsewhere(site, here) if here.model.about_sqlalchemy else None
    if not here.model.about_sqlalchemy:
        return None
    body = body_of(place.owner, here.model)
    obstacle = body.obstacle or bodies.asked(place.name, place.owner, here.model)
    obstacle = obstacle or introspecting.asked(place.name, place.owner, here.model, here.program)
    if obstacle is not None:
        return Decline(f"{place.name} stays a Column, which 2.x still takes: {obstacle}", Severity.NOTE)
    call = cst.ensure_type(site.node, cst.Call)
    column = arguments.read(call, here.model)
    if column is not None and column.untyped:
        return Decline(f"{place.name} stays a Column, which 2.x still takes: {_TYPELESS}", Severity.NOTE)
    annotation = None
    if (here.options.models is Models.TYPED or place.annotation is not None) and column is not None:
        annotation = annotating.of_column(place, column, body, here)
    if annotation is None and place.annotation is not None:
        return Decline(
            f"{place.name} stays a Column: a mapped_column() takes no annotation but Mapped[…]", Severity.NOTE
        )
    made = making.mapped_column(call, column, annotation, here, _order(place, here))
    if annotation is None:
        return Rewrite((edit(site, made),), _UNTYPED)
    mapped = annotating.statement(place, "Mapped", annotation.text, body, here)
    return Rewrite(
        (edit(site, made), Edit(place.statement, place.ancestors, mapped)),
        _REASON,
    )


def _order(place: Place, here: Context) -> int | None:
    """The `sort_order` of a mixin's column, where it is asked for."""
    return making.order_of(place.owner, here.model) if here.options.keep_column_order else None


def _elsewhere(site: Site, here: Context) -> Outcome:
    """A column that has no place for an annotation."""
    place = elsewhere.found(site, here.model)
    if place is None:
        return None
    if not place.mapped:
        return Decline(place.unchanged, Severity.NOTE)
    call = cst.ensure_type(site.node, cst.Call)
    column = arguments.read(call, here.model)
    if column is not None and column.untyped:
        return Decline(f"a Column stays, which 2.x still takes: {_TYPELESS}", Severity.NOTE)
    made = making.mapped_column(call, column, None, here)
    remarks = (Decline(place.unannotated, Severity.NOTE),) if here.options.models is Models.TYPED and place.why else ()
    return Rewrite((edit(site, made),), _UNTYPED, remarks=remarks)


def _takes_column(wrapper: cst.Call, here: Context) -> bool:
    """Whether a call makes an attribute of the column that it is given, as it does of a mapped_column()."""
    kind = here.model.type_of(wrapper.func)
    return isinstance(kind, Imported) and kind.name in _TAKING
