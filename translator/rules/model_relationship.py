"""`children = relationship("Child")` says what it holds: `children: Mapped[list["Child"]] = relationship()`.

The annotation decides whether there is one object or a list of them, so it is written only where the call, its
collection or the foreign keys in sight decide that, too. 2.x refuses annotations of relationships that are not `Mapped`.
"""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.sites import Site
from translator.options import Models
from translator.rules import dropping
from translator.rules.contract import BuildCall, Context, Decline, Outcome, Rewrite, edit, on_call
from translator.rules.mapped import annotating, calling, elsewhere, holding, lineages, relating, writing
from translator.rules.mapped.bodies import Body, becomes_dataclass, body_of
from translator.rules.mapped.places import Place, place_of
from translator.rules.mapped.relating import Holds, Relation
from translator.syntax import names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#declarative-vs-imperative-forms"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    items = relationship('Item')\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    items: Mapped[list['Item']] = relationship()\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    shelf_id: Mapped[int | None] = mapped_column(ForeignKey('shelf.id'))"
)
ON = on_call("relationship", "relation", "dynamic_loader")

_REASON = "the annotation says which class the relationship is to, and whether it holds one object or many"
_REFUSED = "2.x refuses annotations of relationships other than Mapped[…], and takes from it whether there are many"


def rewrite(site: Site, here: Context) -> Outcome:
    """Annotate the attribute; take out what the annotation says."""
    place = place_of(site)
    if here.options.models is Models.NONE and not _is_refused(place):
        return None  # 2.x reads what is annotated, also below __allow_unmapped__: a text that says List is one object
    if place is None or place.wrapper is not None:
        return _elsewhere(site, here)
    refused = _is_refused(place)
    if place.annotation is not None and not refused:
        return None
    key = (place.owner.name.value, place.name)
    chosen = key in here.write_only.chosen
    if here.options.models is not Models.TYPED and not refused:
        return _renamed(site, place, here) if chosen else here.write_only.kept.get(key)
    body = body_of(place.owner, here.model)
    if body.obstacle is not None and chosen:
        return _renamed(site, place, here)
    if body.obstacle is not None:
        allowed = becomes_dataclass(place.owner) and _is_read_as_meant(site, place, here)  # by __allow_unmapped__, then
        return _left(place, body.obstacle, here) if refused and not allowed else None
    call = cst.ensure_type(site.node, cst.Call)
    relation = relating.read(relating.by_own_name(call, here.model), place.owner.name.value, here.model.mapping)
    relation = replace(relation, target=relating.target_name(call))
    if chosen:
        relation = replace(relation, holds=Holds.WRITE_ONLY)
    if relation.holds is None:
        return _own(place, body, here) if refused else _left(place, relation.why, here)
    written = holding.annotation(relation, call, body, here, place)
    if written is None and chosen:
        return _renamed(site, place, here)
    if written is None:
        return _left(place, "its class can't be named in this class", here)
    kind, text = written
    edits = [Edit(place.statement, place.ancestors, annotating.statement(place, kind, text, body, here))]
    implied = _names(text, relation.target) and _implied(call, relation, place, here)
    plain = cst.Call(call.func, dropping.without(call.args, {"lazy"})) if chosen else call
    own = calling.own(call.func, plain, body, here, here)
    if implied or chosen or own is not None:
        edits.insert(0, edit(site, _shortened(implied, chosen, own)))
    remarks: tuple[Decline, ...] = ()
    if chosen:
        remarks = (writing.remark(place.name),)
    elif relation.holds is Holds.DYNAMIC:
        remarks = (here.write_only.kept.get(key) or _dynamic(place),)
    if refused:
        return Rewrite(tuple(edits), _REFUSED, Need.REQUIRED, Safety.REVIEW if chosen else Safety.SAFE, remarks=remarks)
    if chosen:
        return Rewrite(tuple(edits), writing.REASON, safety=Safety.REVIEW, remarks=remarks)
    return Rewrite(tuple(edits), _REASON, remarks=remarks)


def _dynamic(place: Place) -> Decline:
    """What a write-only collection would do otherwise: as it was found by running both on 2.x.

    It raises where a dynamic one loads; what is selected, added and removed is the same.
    """
    return Decline(
        f"{place.name} stays lazy='dynamic', which is legacy in 2.x: WriteOnlyMapped has select(), add() and remove() "
        "instead, but raises where the collection is walked or replaced, and where its owner is merged with it or deleted, "
        "unless passive_deletes= leaves the deletion to the database",
        Severity.NOTE,
    )


def _renamed(site: Site, place: Place, here: Context) -> Outcome:
    """The same call with `lazy="write_only"`, where no annotation says so."""
    renamed = edit(site, lambda updated: updated.with_changes(args=[writing.lazily(arg) for arg in updated.args]))
    return Rewrite((renamed,), writing.REASON, safety=Safety.REVIEW, remarks=(writing.remark(place.name),))


def _shortened(implied: bool, chosen: bool, own: calling.Own | None) -> BuildCall:
    """The call without what the annotation says: the class, that it is write-only; by another name, if there is one."""

    def build(updated: cst.Call) -> Replacement:
        args = _without_target(updated) if implied else list(updated.args)
        args = dropping.without(args, {"lazy"}) if chosen else args
        made = updated.with_changes(args=args)
        return own.call(made) if own is not None else made

    return build


def _elsewhere(site: Site, here: Context) -> Outcome:
    """A relationship that has no place for an annotation."""
    place = elsewhere.found(site, here.model) if here.options.models is Models.TYPED else None
    if place is None:
        return None
    return Decline(place.unannotated, Severity.NOTE)


def _is_read_as_meant(site: Site, place: Place, here: Context) -> bool:
    """Whether 2.x takes an annotation below `__allow_unmapped__` for what there is: a text is one object to it."""
    call = cst.ensure_type(site.node, cst.Call)
    one = relating.read(call, place.owner.name.value, here.model.mapping).holds in {Holds.ONE, Holds.MAYBE}
    return one or isinstance(place.annotation, cst.Subscript)


def _is_refused(place: Place | None) -> bool:
    """Whether a relationship has an annotation that is not Mapped[…]."""
    plain = place is not None and place.wrapper is None and place.annotation is not None
    return plain and place is not None and place.annotation is not None and not _is_modern(place.annotation)


def _is_modern(annotation: cst.BaseExpression) -> bool:
    text = names.literal_string(annotation) or names.code(annotation)
    return "Mapped[" in text or "AssociationProxy" in text


def _left(place: Place, why: str, here: Context) -> Decline:
    if place.annotation is not None:
        said = (
            f"2.x refuses the annotation of {place.name}, and below __allow_unmapped__ takes it for one object, unless it is "
            f"List[…] without quotes: write Mapped[…], or leave it out; {why}"
        )
        return Decline(said, Severity.REMOVED)
    return Decline(f"{place.name} gets no annotation, which 2.x takes: {why}", Severity.NOTE)


def _own(place: Place, body: Body, here: Context) -> Outcome:
    """The author's annotation inside Mapped[…], where nothing else tells what there is."""
    assert place.annotation is not None
    if isinstance(place.annotation, (cst.SimpleString, cst.ConcatenatedString)):
        return _left(place, "what it holds can't be told from what is in sight", here)
    build = annotating.statement(place, "Mapped", names.code(place.annotation), body, here)
    return Rewrite((Edit(place.statement, place.ancestors, build),), _REFUSED, Need.REQUIRED, Safety.REVIEW)


def _names(text: str, target: str | None) -> bool:
    """Whether an annotation names the class: not e.g. `Any`, where the body has something else of that name."""
    return target in re.findall(r"\w+", text)


def _implied(call: cst.Call, relation: Relation, place: Place, here: Context) -> bool:
    """Whether the annotation alone leads to the class: it is that, or stands in this text where nothing else has its name."""
    value = relating.target_of(call)
    evaluated = holding.is_evaluated(call, place, here)
    if not evaluated and (value is None or (names.literal_string(value) or names.dotted(value)) != relation.target):
        return False
    first = call.args[0] if call.args[0].keyword is None else None
    space = first.comma.whitespace_after if first is not None and isinstance(first.comma, cst.Comma) else None
    commented = isinstance(space, cst.ParenthesizedWhitespace) and "#" in names.code(space)
    defined = here.model.mapping.defines(relation.target or "") and relation.target not in here.model.imports.aliases
    leads = defined and lineages.leads(relation.target or "", (place.owner, here.model), here.model, here.program)
    return first is not None and (evaluated or leads) and not commented and len(names.positional(call)) == 1


def _without_target(call: cst.Call) -> list[cst.Arg]:
    return dropping.only(call.args, [False, *[True] * (len(call.args) - 1)])
