"""Chooses the dynamic relationships that become write-only, before any rule is asked.

What the rules then can't rewrite takes its relationship out again: see who asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import libcst as cst

from translator.findings import Severity
from translator.model.module import ModuleModel
from translator.options import Dynamic, Models, Options
from translator.rules.contract import Collection, Decline, WriteOnly
from translator.rules.write_only import candidates, lives, uses
from translator.rules.write_only.candidates import Candidate
from translator.rules.write_only.uses import Around, Met, Obstacle

Beside = Callable[[str], Sequence[str]]
"""Which files beside the program say an attribute of a name."""
_RULES = frozenset({"model-relationship", "model-backref", "dynamic-relationship", "dynamic-append"})
"""What has to be done together."""


def choose(models: Sequence[ModuleModel], options: Options, beside: Beside | None) -> WriteOnly:
    """The relationships all of whose uses are in sight, and why others stay."""
    if options.dynamic is not Dynamic.WRITE_ONLY or options.models is Models.NONE:
        return WriteOnly()
    if _RULES & set(options.skip) or (options.only and not set(options.only) >= _RULES):
        return WriteOnly()
    found = candidates.found(models)
    if not found:
        return WriteOnly()
    kept: dict[Collection, Decline] = {}
    for one in found.values():
        if one.kept:
            kept[one.key] = stays(one.key, one.kept)
    for place in _obstacles(models, [one for one in found.values() if not one.kept]):
        if place.candidate.key not in kept:
            kept[place.candidate.key] = _kept_by(place)
    for key in found.keys() - kept.keys():
        files = beside(key[1]) if beside is not None else ()
        if files:
            kept[key] = stays(key, f"`.{key[1]}` stands in {files[0]}, which is not translated")
    return WriteOnly(frozenset(found.keys() - kept.keys()), kept)


def _obstacles(models: Sequence[ModuleModel], found: Sequence[Candidate]) -> Iterable[Obstacle]:
    wanted: dict[str, list[Candidate]] = {}
    for one in found:
        wanted.setdefault(one.key[1], []).append(one)
    modules = frozenset(model.name for model in models if model.name)
    met = {id(model): _met(model, wanted) for model in models}
    spoken = frozenset(name for model in models for name in uses.spoken(met[id(model)], wanted))
    for model in models:
        yield from uses.obstacles(model, met[id(model)], wanted, modules, spoken)
        yield from lives.obstacles(model, met[id(model)], found, modules)


def _met(model: ModuleModel, wanted: dict[str, list[Candidate]]) -> Met:
    look = Around(lambda node: uses.may_matter(node, wanted) or lives.may_matter(node, model))
    model.tree.visit(look)
    return look.met


def stays(key: Collection, why: str, related: tuple[tuple[cst.CSTNode, str], ...] = ()) -> Decline:
    """What is said of a relationship that stays."""
    said = f"{key[1]} of {key[0]} stays lazy='dynamic', which is legacy in 2.x: {why}; once that is gone it can be write-only"
    return Decline(said, Severity.NOTE, related)


def _kept_by(place: Obstacle) -> Decline:
    one = place.candidate
    if place.home is one.home:
        return stays(one.key, place.why, ((place.node, place.why),))
    return stays(one.key, f"{place.why} (in {place.home.name})")


def without(chosen: WriteOnly, taken: dict[Collection, str]) -> WriteOnly:
    """The same choice without some relationships, whose queries stay for a reason."""
    kept = {**chosen.kept, **{key: stays(key, why) for key, why in taken.items()}}
    return WriteOnly(chosen.chosen - taken.keys(), kept)
