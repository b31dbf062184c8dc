"""Functions that run a query which they are given, and have no name for its session: `def page(query, number): …`.

A select() does not know its session, so such a function has to be given that, too: it gets a parameter, and every call an
argument. Which functions that are is found once everything else is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import libcst as cst

from translator.model import orlists
from translator.model.functions import FunctionInfo, Functions
from translator.model.lattice import held
from translator.model.signatures import QUERY_METHODS, Effect
from translator.model.sites import OR_LIST, Site, SiteKind
from translator.model.types import Query

_WISHES = ("session", "db_session", "query_session")
_WORD = re.compile(r"[^\W\d]\w*")
_RUNNING = frozenset({SiteKind.ITERATION, SiteKind.SUBSCRIPT, SiteKind.PASSED})


def find(functions: Functions, sites: Mapping[int, Iterable[Site]]) -> bool:
    """Note which functions need the session of a query that they are given; tells whether any is new."""
    news = False
    for found in sites.values():
        for site in found:
            info = function_of(site, functions)
            if info is None or info.carries or info.uncarried or not suits(info, functions) or not _needs(site):
                continue
            parameter = parameter_of(site, info)
            name = free_name(info.node, _WISHES)
            if parameter is not None and name is not None:
                info.carries, info.session_name = parameter, name
                functions.changed_signature(info)
                news = True
    return news


def function_of(site: Site, functions: Functions) -> FunctionInfo | None:
    """The function that a site stands in, where nothing else stands between."""
    around = (node for node in reversed(site.around) if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef)))
    inner = next(around, None)
    return functions.known(id(inner)) if isinstance(inner, cst.FunctionDef) else None


def suits(info: FunctionInfo, functions: Functions) -> bool:
    """Whether the function can get a parameter: it is called by its name, and stands for no other one."""
    if not info.plain or info.is_property or info.leaks or (info.name.startswith("__") and info.name != "__init__"):
        return False
    if info.owner is None:
        return True
    above = functions.classes.member(info.owner, info.name, above=True)
    return not functions.classes.overriding(info.owner, info.name) and not any(held(above)) and _alone(info, functions)


def _alone(info: FunctionInfo, functions: Functions) -> bool:
    assert info.owner is not None
    bases = functions.classes.family(info.owner)[1:]
    return not any(info.name in base.members for base in bases)


def _needs(site: Site) -> bool:
    """Whether a query is run here, and no name for its session is at hand."""
    query = site.receiver
    if not isinstance(query, Query) or orlists.is_one(query):
        return False
    if site.kind is SiteKind.METHOD:
        method = QUERY_METHODS.get(site.name)
        if method is None or method.effect is not Effect.EXECUTES:
            return False
    elif site.kind not in _RUNNING or (
        site.kind is SiteKind.PASSED and not isinstance(site.node, cst.Call) and site.name != OR_LIST
    ):
        return False
    if query.session is None:
        return True
    bound = site.session.binding if site.session is not None else -1
    return not query.session.stable or bound != query.session.binding or bound == -1


def parameter_of(site: Site, info: FunctionInfo) -> str | None:
    """The only parameter that holds the query which is run at a site."""
    assert isinstance(site.receiver, Query)
    found = [
        name
        for name, kind in info.parameters.items()
        if isinstance(kind, Query) and not kind.origins.isdisjoint(site.receiver.origins)
    ]
    return found[0] if len(found) == 1 else None


def free_name(node: cst.FunctionDef, wishes: Iterable[str]) -> str | None:
    """The first of some names that a function does not use."""
    words = {inner.value for inner in _names(node)}
    return next((wish for wish in wishes if wish not in words), None)


def _names(node: cst.CSTNode) -> Iterable[cst.Name]:
    if isinstance(node, cst.Name):
        yield node
    for child in node.children:
        yield from _names(child)
