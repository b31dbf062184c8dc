"""Chooses the dynamic relationships that become write-only, before any rule is asked.

What the rules then can't rewrite takes its relationship out again: see who asks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import libcst as cst

from translator.findings import Severity
from translator.model.module import ModuleModel
from translator.options import Dynamic, Models, Options
from translator.rules.contract import Collection, Decline, WriteOnly
from translator.rules.write_only import candidates, lives, uses, walkers
from translator.rules.write_only.candidates import Candidate
from translator.rules.write_only.uses import Around, Met, Obstacle


class Beside(Protocol):
    """The files that stand beside the program and may use it."""

    def asking(self, name: str) -> Sequence[str]:
        """Which of them ask for an attribute of a name."""

    def walking(self, name: str) -> Sequence[str]:
        """Which of them speak of a class and may look at every attribute of it."""


_RULES = frozenset({"model-relationship", "model-backref", "dynamic-relationship", "dynamic-append"})
"""What has to be done together."""


def choose(models: Sequence[ModuleModel], options: Options, beside: Beside | None) -> WriteOnly:
    """The relationships all of whose uses are in sight, and why others stay."""
    if options.dynamic is Dynamic.KEEP or options.models is Models.NONE:
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
    certain = options.dynamic is Dynamic.CERTAIN
    names_of_all = _by_name(tuple(found.values()))
    met = {id(model): _met(model, names_of_all) for model in models}
    if certain:
        used = {key for model in models for key in uses.used(model)}
        unused = [one for one in found.values() if one.key not in kept and one.key not in used]
        kept |= _without_uses(models, unused, met, beside)
    left = [one for one in found.values() if one.key not in kept]
    for place in _obstacles(models, left, met, certain=certain):
        if place.candidate.key not in kept:
            kept[place.candidate.key] = _kept_by(place)
    for key in found.keys() - kept.keys():
        if (asked := _asked_beside(key, beside)) is not None:
            kept[key] = asked
            continue
        files = beside.walking(key[0]) if beside is not None and certain else ()
        if files:
            kept[key] = stays(key, f"{files[0]}, which is not translated, may look at every attribute of {key[0]}")
    return WriteOnly(frozenset(found.keys() - kept.keys()), kept)


def _obstacles(
    models: Sequence[ModuleModel], found: Sequence[Candidate], met: Mapping[int, Met], *, certain: bool
) -> Iterable[Obstacle]:
    """The places that keep relationships; `certain`: also where an attribute may be asked for by a name of no file.

    `met` is what `_met` gives of each module, for these relationships or for more.
    """
    wanted = _by_name(found)
    modules = frozenset(model.name for model in models if model.name)
    halves = lives.halves(models)
    spoken = frozenset(name for model in models for name in uses.spoken(met[id(model)], wanted))
    for model in models:
        yield from uses.obstacles(model, met[id(model)], wanted, modules, None if certain else spoken)
        yield from lives.obstacles(model, met[id(model)], found, modules, halves)
        if certain:
            yield from walkers.obstacles(model, met[id(model)], found, modules)


def _without_uses(
    models: Sequence[ModuleModel], unused: Sequence[Candidate], met: Mapping[int, Met], beside: Beside | None
) -> Mapping[Collection, Decline]:
    """What is said of relationships that have no use that is known to be one.

    First what may be one: `chain(user.posts, …)` of a user of whom nothing is known, or a template.
    """
    perhaps: dict[Collection, Decline] = {}
    held: dict[Collection, str] = {}
    for place in _obstacles(models, unused, met, certain=False):
        if isinstance(place.node, cst.Attribute):
            perhaps.setdefault(place.candidate.key, _kept_by(place))
        else:
            held.setdefault(
                place.candidate.key, f"{place.why} (in {place.home.name})" if place.home.name else place.why
            )
    return {
        one.key: perhaps.get(one.key) or _asked_beside(one.key, beside) or _unused(one.key, held.get(one.key))
        for one in unused
    }


def _asked_beside(key: Collection, beside: Beside | None) -> Decline | None:
    files = beside.asking(key[1]) if beside is not None else ()
    return stays(key, f"`.{key[1]}` stands in {files[0]}, which is not translated") if files else None


def _by_name(found: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    wanted: dict[str, list[Candidate]] = {}
    for one in found:
        wanted.setdefault(one.key[1], []).append(one)
    return wanted


def _met(model: ModuleModel, wanted: dict[str, list[Candidate]]) -> Met:
    asked = (uses.may_matter, lives.may_matter, walkers.may_matter)
    look = Around(lambda node: any(each(node, model, wanted) for each in asked))
    model.tree.visit(look)
    return look.met


def _unused(key: Collection, held: str | None) -> Decline:
    """What is said of a relationship that is declared, and no more; `held`: what would keep it all the same."""
    option = f"leaves it, too: {held}" if held else "makes it write-only all the same"
    said = (
        f"{key[1]} of {key[0]} stays lazy='dynamic', which is legacy in 2.x: no use of it is in sight that would have to "
        f"follow; the option dynamic=write_only {option}"
    )
    return Decline(said, Severity.NOTE)


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
