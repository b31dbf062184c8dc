"""Functions that run a query which gives objects for some of their callers and rows for others.

A Query gave either by itself, and each row that holds objects once. `Session.scalars()` gives objects, `Session.execute()`
rows, and `unique()` drops equal rows of columns, too. So such a function has to be told which: it gets a parameter, and
those callers an argument that do not give rows of columns. Found once everything else is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import carried, orlists, queries
from translator.model.functions import FunctionInfo, Functions
from translator.model.sites import FLAG, OR_LIST, SCALARS, UNIQUE, Site, SiteKind
from translator.model.types import PLAIN, Pending, Query, Told, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_SCALARS = ("scalars", "as_scalars", "give_scalars")
_UNIQUE = ("unique", "unique_rows", "give_unique")
_RUNNING = frozenset({"all", "first", "one", "one_or_none"})
"""Methods that can be written for several kinds of rows where a parameter tells which."""


def find(functions: Functions, sites: Mapping[int, Iterable[Site]]) -> bool:
    """Note which functions have to be told what the query gives that they are given; tells whether anything is new."""
    news = False
    for found in sites.values():
        for site in found:
            query = site.receiver
            if not isinstance(query, Query) or not query.variants or not _runs(site):
                continue
            info = carried.function_of(site, functions)
            if info is not None and not info.unsorted and carried.suits(info, functions):
                news = _noted(info, site, query, functions) or news
    return news


def _noted(info: FunctionInfo, site: Site, query: Query, functions: Functions) -> bool:
    """Whether a function has to be told more than it is."""
    told = info.told or Told("", "", info.key)
    scalars = queries.is_mixed(query) and not told.scalars
    unique = queries.keeps_some(query) and not told.unique
    parameter = carried.parameter_of(site, info)
    if not (scalars or unique) or parameter is None or info.sorts not in {"", parameter}:
        return False
    wished = [
        carried.free_name(info.node, wishes) if new else known
        for new, known, wishes in ((scalars, told.scalars, _SCALARS), (unique, told.unique, _UNIQUE))
    ]
    if None in wished:
        return False
    info.sorts, info.told = parameter, Told(wished[0] or "", wished[1] or "", info.key)
    functions.changed_signature(info)
    return True


def _runs(site: Site) -> bool:
    """Whether a query is run here, or handed on to a function that has to be told."""
    if site.kind is SiteKind.METHOD:
        return site.name in _RUNNING
    if orlists.is_one(site.receiver):
        return False
    told = site.name == OR_LIST or site.name.startswith((f"{SCALARS}:", f"{UNIQUE}:"))
    return site.kind is SiteKind.ITERATION or (site.kind is SiteKind.PASSED and told)


def tell(walk: Expressions, info: FunctionInfo, told: Told) -> None:
    """Give a function names for what the query gives that it is handed."""
    kind = info.parameters.get(info.sorts)
    for name in filter(None, (told.scalars, told.unique)):
        walk.bind(name, PLAIN, id(info))
        if isinstance(kind, Query):
            walk.site(SiteKind.PASSED, info.node, f"{FLAG}:{name}", kind, result=kind)


def telling(walk: Expressions, node: cst.Call, info: FunctionInfo, told: Told, given: Type | None) -> None:
    """Note a call that has to tell what its query gives; one that can't spoils it."""
    if isinstance(given, Query) and not names.starred(node):
        if told.scalars:
            walk.site(SiteKind.PASSED, node, f"{SCALARS}:{told.scalars}", given, result=given)
        if told.unique:
            walk.site(SiteKind.PASSED, node, f"{UNIQUE}:{told.unique}", given, result=given)
    elif not isinstance(given, Pending):
        info.sorts, info.told, info.unsorted = "", None, True
        walk.functions.stir("function", info.key)
        walk.functions.stir("module", info.home.index)
