"""Webs: the sites of one builder value that flow into each other. A web changes as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from translator.model.sites import Escape, Site, SiteKind


@dataclass(frozen=True, slots=True, eq=False)
class Web:
    """All sites of the queries that flow into each other, in the order of the text, with the places they escape at."""

    creations: tuple[Site, ...]
    sites: tuple[Site, ...]
    """Every site but the creations."""
    escapes: tuple[Escape, ...]

    @property
    def terminals(self) -> tuple[Site, ...]:
        """The sites whose value is no query any more."""
        return tuple(
            site
            for site in self.sites
            if site.kind in {SiteKind.ITERATION, SiteKind.SUBSCRIPT} or getattr(site.result, "origins", None) is None
        )


def weave(sites: Iterable[Site], escapes: Iterable[Escape]) -> list[Web]:
    """Group sites and escapes by the creations that flow to them."""
    everything = list(sites)
    leaving = list(escapes)
    parent: dict[int, int] = {}

    def find(key: int) -> int:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for origins in (*(s.origins for s in everything), *(e.origins for e in leaving)):
        first, *rest = origins or (0,)
        for other in rest:
            parent[find(other)] = find(first)
    groups: dict[int, tuple[list[Site], list[Site], list[Escape]]] = {}
    for site in everything:
        if site.origins:
            creations, others, _ = groups.setdefault(find(next(iter(site.origins))), ([], [], []))
            (creations if site.kind is SiteKind.CREATION else others).append(site)
    for escape in leaving:
        if escape.origins:
            groups.setdefault(find(next(iter(escape.origins))), ([], [], []))[2].append(escape)
    return [Web(tuple(c), tuple(s), tuple(_said(e))) for c, s, e in groups.values()]


def _said(escapes: Sequence[Escape]) -> Sequence[Escape]:
    """What is said of where a query goes: that there is one, only where there is nothing else to say."""
    return [escape for escape in escapes if not escape.shown] or escapes
