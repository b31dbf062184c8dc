"""Values that are a query on one path and a list on another: `return query` beside `return []`, `query if ids else []`.

Whoever is given one can only walk it, so that the query can be executed where it becomes one of the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.lattice import held, join
from translator.model.scopes import Binding
from translator.model.sites import OR_LIST, SiteKind
from translator.model.types import UNKNOWN, Fact, Many, NoneValue, Query, Type

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def joined(left: Type, right: Type) -> Type:
    """What covers both; a query that may be a list instead is one on every path from there on."""
    for query, other in ((left, right), (right, left)):
        if isinstance(query, Query) and isinstance(other, Many) and not any(held(other)):
            return query.with_facts(Fact.OR_LIST)
    found = join(left, right)
    return found.with_facts(Fact.OR_LIST) if isinstance(found, Query) and is_one(found) else found


def is_one(kind: Type | None) -> bool:
    """Whether a value is a query on one path and may be a list on another."""
    return isinstance(kind, Query) and Fact.OR_LIST in kind.may


def becomes(walk: Expressions, node: cst.BaseExpression, kind: Type, whole: Type | None) -> None:
    """Note where a value comes to be taken for one of the two, `whole`."""
    if isinstance(kind, Query) and is_one(whole):
        walk.site(SiteKind.PASSED, node, OR_LIST, kind, result=kind)


def met(walk: Expressions, bindings: Iterable[Binding]) -> Query | None:
    """What a name holds where a branch that gives it a query meets one that gives it a list; None where none does."""
    sides = [side for side in bindings if not isinstance(side.type, NoneValue)]
    both = joined(*(side.type for side in sides)) if len(sides) > 1 else UNKNOWN
    if not isinstance(both, Query) or not is_one(both):
        return None
    for side in sides:
        if isinstance(side.type, Query) and not is_one(side.type):
            if side.bound_by not in walk.given:
                return None
            value, path = walk.given[side.bound_by]
            around, walk.path = walk.path, list(path)
            becomes(walk, value, side.type, both)
            walk.path = around
    return both
