"""The relationships with `lazy="dynamic"` of a program, and the class names that lead to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from translator.model import loading
from translator.model.mapping import Mapping
from translator.model.module import ModuleModel
from translator.model.sites import SiteKind
from translator.rules.contract import Collection
from translator.rules.mapped import bodies, places, relating, reversing
from translator.syntax import names

_CALLS = frozenset({"relationship", "relation", "dynamic_loader"})
_DELETED_BELOW = frozenset({"True", "'all'", '"all"'})
"""Values of `passive_deletes` that leave it to the database to delete what belongs to an object."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One dynamic relationship."""

    key: Collection
    home: ModuleModel
    """The module that it is declared in."""
    call: cst.Call
    """What declares it: its own `relationship()`, or the one that it is the backref of."""
    passive: bool
    """Whether an object is deleted without a look at what belongs to it."""
    kept: str = ""
    """Why it stays as it is whatever is done with it; ends a sentence."""


def found(models: Sequence[ModuleModel]) -> dict[Collection, Candidate]:
    """Every dynamic relationship that stands in the body of a class, or is the backref of one that does."""
    classes = Counter(node.name.value for model in models for node in bodies.every_class(model))
    made: dict[Collection, Candidate] = {}
    for model in models:
        for site in model.sites:
            if site.kind is not SiteKind.CALL or site.name.rpartition(".")[2] not in _CALLS:
                continue
            call, place = cst.ensure_type(site.node, cst.Call), places.place_of(site)
            if place is None or place.wrapper is not None:
                continue
            owner = place.owner.name.value
            for one in (_own(call, place, model), _behind(call, owner, model)):
                if one is None:
                    continue
                several = classes[one.key[0]] != 1 or one.key in made
                why = f"several classes are called {one.key[0]}" if several else one.kept
                made[one.key] = Candidate(one.key, model, call, one.passive, why)
    return made


def _own(call: cst.Call, place: places.Place, model: ModuleModel) -> Candidate | None:
    if not loading.is_dynamic(call, place.annotation):
        return None
    key = (place.owner.name.value, place.name)
    return Candidate(key, model, call, _is_passive(call), _told(call, place.annotation, "lazy"))


def _told(call: cst.Call, annotation: cst.BaseExpression | None, argument: str) -> str:
    """What in the declaration itself keeps a relationship."""
    lazy = names.keyword(call, argument)
    if names.starred(call) or lazy is None or names.literal_string(lazy) != "dynamic":
        return 'it is not plainly said to be lazy="dynamic"'
    if names.keyword(call, "query_class") is not None:
        return "its queries are of a class of its own"
    if annotation is not None:
        return "its annotation says what it is"
    return ""


def _behind(call: cst.Call, owner: str, model: ModuleModel) -> Candidate | None:
    """The dynamic relationship of the other class that `backref=` makes."""
    value = names.keyword(call, "backref")
    target = relating.target_name(call)
    if not isinstance(value, cst.Call) or target is None or not loading.is_dynamic(value):
        return None
    try:
        backref = reversing.backref_of(call)
    except reversing.Kept:
        return None
    known = model.mapping.get(target)
    relation = known.relationships.get(backref.name) if known is not None and backref is not None else None
    if backref is None or relation is None or relation.target != owner:
        return None
    return Candidate((target, backref.name), model, call, _is_passive(value), _told(value, None, "lazy"))


def _is_passive(call: cst.Call) -> bool:
    value = names.keyword(call, "passive_deletes")
    return value is not None and names.code(value) in _DELETED_BELOW


def is_of(mapping: Mapping, entity: str, candidate: Candidate) -> bool:
    """Whether an object that is known to be of a class may be of the one that a relationship stands in.

    So it is where the class is that, extends it or is extended by it; and where nothing is known of the class.
    """
    owner = candidate.key[0]
    if mapping.get(entity) is None or mapping.get(owner) is None:
        return True
    return mapping.related(entity, owner)
