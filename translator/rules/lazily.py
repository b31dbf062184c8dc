"""Queries that are not walked where they are handed to be walked, but where somebody asks for the first row.

`m = map(f, query)` and `names = (u.name for u in query)` only keep the query: a Query ran when `m` or `names` was walked, and
the statement that is executed in its place runs at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.findings import Severity
from translator.model.sites import Site
from translator.rules.contract import Decline
from translator.syntax import names

EARLIER = Decline(
    "the statement runs here, and the Query ran when this was first walked: what is written in between is not found any more",
    Severity.NOTE,
)
_WAITING = frozenset(
    {"map", "filter", "zip", "enumerate", "iter"}
    | {"chain", "islice", "takewhile", "dropwhile", "zip_longest", "groupby", "starmap", "accumulate", "filterfalse"}
)
"""What keeps an iterable and walks it when it is walked itself."""
_TAKING = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "any", "all", "dict", "next", "join"}
    | {"OrderedDict", "Counter", "deque"}
)
"""What walks at once whatever it is given."""


def waits(site: Site) -> bool:
    """Whether the query of a site is walked by something that itself waits to be walked, later than the site's statement."""
    waiting = False
    inner: cst.CSTNode = site.node
    for outer in reversed(site.around):
        match outer:
            case cst.Call():
                name = _called(outer)
                if name in _WAITING:
                    waiting = True
                elif inner is not outer.func:
                    return waiting and name not in _TAKING and not _starred(outer.args, inner)
            case cst.GeneratorExp():
                waiting = waiting or outer.for_in.iter is inner
            case cst.BaseComp():
                return waiting and outer.for_in.iter is not inner
            case cst.For():
                return waiting and outer.iter is not inner
            case cst.Comparison() | cst.Yield(value=cst.From()):
                return False
            case cst.List() | cst.Tuple() | cst.Set() if _starred(outer.elements, inner):
                return False
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple() | cst.List())]):
                return False
            case cst.BaseStatement() | cst.BaseSmallStatement():
                return waiting
        inner = outer if isinstance(outer, cst.BaseExpression) else inner
    return waiting


def _starred(among: Sequence[cst.Arg | cst.BaseElement], value: cst.CSTNode) -> bool:
    return any(
        one.value is value and (isinstance(one, cst.StarredElement) or getattr(one, "star", "")) for one in among
    )


def _called(call: cst.Call) -> str:
    return names.code(call.func).rpartition(".")[2]
