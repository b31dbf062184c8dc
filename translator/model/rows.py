"""Rows that leave the place where they are known to be rows: who else may look names up in them.

Records sites; knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import core
from translator.model.functions import FunctionInfo, Functions
from translator.model.lattice import rows_in
from translator.model.sites import Site, SiteKind
from translator.model.types import UNKNOWN, Function, Query, Row, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


_PLACES = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)


def handed(walk: Expressions, node: cst.BaseExpression, kind: Type, info: FunctionInfo, name: str) -> None:
    """Record that a row is handed to a function of the text."""
    if isinstance(kind, Row) and kind.keyed is not False and isinstance(node, _PLACES):
        walk.path.append(node)
        walk.site(SiteKind.MEMBER, node, "Row.handed", kind, result=Function(info.key, name))
        walk.path.pop()


def unpacked(walk: Expressions, arg: cst.Arg, kind: Type) -> Type:
    """Record that a row is unpacked into the keywords of a call, `User(**row)`, or a query into its arguments.

    Gives what is left of it: nothing of such a query.
    """
    if arg.star == "**" and isinstance(kind, Row):
        walk.site(SiteKind.MEMBER, arg.value, "Row.**", kind)
    if arg.star == "*" and isinstance(kind, Query):
        walk.site(SiteKind.ITERATION, arg.value, "*", kind, result=kind)
        return UNKNOWN
    return kind


def returned(walk: Expressions, node: cst.Return, kind: Type) -> None:
    """Record that a function returns rows."""
    if walk.function is not None and (row := rows_in(kind)) is not None:
        walk.site(SiteKind.MEMBER, node, "Row.returned", row, result=Function(walk.function.key, walk.function.name))


def put_in(walk: Expressions, node: cst.BaseExpression, kind: Type) -> None:
    """Record that a row gives a text what it names: `"%(name)s" % row`, `"{0[name]}".format(row)`."""
    if isinstance(kind, Row) and kind.keyed is not False:
        core.member(walk, node, "dict", kind)


def kept(walk: Expressions, node: cst.BaseExpression, kind: Type) -> None:
    """Record that rows are kept in an attribute, or in a container that is not followed, for whoever reads it."""
    if (row := rows_in(kind)) is not None:
        walk.site(SiteKind.MEMBER, node, "Row.kept", row)


def passed(walk: Expressions, node: cst.Call, kinds: Iterable[Type]) -> None:
    """Record that rows are passed to a function of the application that is not in sight."""
    if (row := next(filter(None, map(rows_in, kinds)), None)) is not None:
        walk.site(SiteKind.MEMBER, node, "Row.passed", row)


_BY_NAME = frozenset({"Row.[]", "Row.dict", "Row.**", "Row.keys", "Row.values", "Row.items", "Row.has_key", "Row.in"})


def leaving(found: Iterable[Site], functions: Functions, *, alone: bool) -> Iterator[Site]:
    """The sites without those where rows arrive as rows, once all summaries are known.

    In a text that looks up no names in rows nothing is said of rows that leave it: it may be in 2.0 style already.
    """
    sites = list(found)
    by_name = any(site.name in _BY_NAME for site in sites)
    for site in sites:
        if site.name in {"Row.kept", "Row.returned", "Row.passed"} and not by_name:
            continue
        info = functions.info(site.result.key) if isinstance(site.result, Function) else None
        if info is None or site.name not in {"Row.handed", "Row.returned"}:
            yield site
        elif site.name == "Row.handed":
            name = site.result.name if isinstance(site.result, Function) else ""
            if not isinstance(info.parameters.get(name), Row):
                yield site
        elif rows_in(info.returns) is None:
            yield replace(site, name="Row.mixed")
        elif alone and not info.callers_in_sight:
            yield site
