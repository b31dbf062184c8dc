"""Once all webs are known: which methods of Query classes may run where nobody sees it, and which classes can go.

Such methods have names of Query's, so that who calls them is told by where their queries go, not by the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from translator.model.functions import Functions
from translator.model.querymethods import ATTACHED, CLASS, DEFINITION, Place, last, overrides
from translator.model.sites import Escape, Site, SiteKind
from translator.model.types import Query
from translator.model.webs import Web


def held_back(webs: Sequence[Web], functions: Functions) -> Iterator[Web]:
    """The webs, each with what speaks against changing the methods in it that have names of Query's.

    Such a method may run wherever a query of its class goes that is not followed. Only what files call that are not
    translated is known not to: none of them has a word of that name.
    """
    leaving: dict[str, str] = {}
    taken = {name: who for found in functions.handed_classes.values() for name, who in found.items()}
    for web in webs:
        together = any(site.kind is SiteKind.OWN and site.name == DEFINITION for site in web.sites)
        outwards = [] if together else [e for e in web.escapes if not _harmless(e, functions)]
        for made in web.creations:
            if not isinstance(made.result, Query) or made.result.query_class is None:
                continue
            spelled = last(made.result.query_class)
            for lost in outwards[:1]:
                leaving.setdefault(
                    spelled, f"a query of its class goes where nobody sees what is called: {lost.reason}"
                )
            for model in taken.keys() & set(map(last, made.result.model_queries)):
                leaving.setdefault(
                    spelled, f"`{model}` is passed to `{taken[model]}()`, which may ask its query for more"
                )
    for web in webs:
        added = []
        for site in web.sites:
            if site.kind is not SiteKind.OWN or site.name != DEFINITION or not leaving:
                continue
            place = site.arguments[0]
            info = functions.known(place.key) if isinstance(place, Place) else None
            if info is None or info.owner is None or not overrides(info.name):
                continue
            owners = [info.owner, *(one.key for one in functions.classes.extending(info.owner))]
            found = (functions.classes.info(key) for key in owners)
            why = next((leaving[one.name] for one in found if one is not None and one.name in leaving), None)
            if why is not None:
                reason = f"`{info.name}()` is called as one of Query's, and {why}"
                added.append(Escape(site.origins, site.node, reason, convertible=True, home=site.home))
        sites = tuple(_settled(site, functions) for site in web.sites)
        yield replace(web, sites=sites, escapes=(*web.escapes, *added))


def _settled(site: Site, functions: Functions) -> Site:
    """The site of a class with what the look at the whole program found of it."""
    place = site.arguments[0] if site.kind is SiteKind.OWN and site.name in {CLASS, ATTACHED} else None
    info = functions.classes.info(place.key) if isinstance(place, Place) else None
    if not isinstance(place, Place) or info is None:
        return site
    return replace(site, arguments=(replace(place, alone=info.accounted),))


def _harmless(escape: Escape, functions: Functions) -> bool:
    info = functions.known(escape.returned_by)
    return info is not None and info.elsewhere
