"""Selecting from a statement as from a subquery, where a Query re-pointed what followed: shared by the rules for that.

Decides whether what follows can be kept, and writes `select(aliased(Entity, statement.subquery()))`. No rule itself.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from translator.model import queries
from translator.model.sites import Site, SiteKind
from translator.model.types import Fact, Query
from translator.rules import terminals
from translator.rules.contract import Context
from translator.syntax import chains, names
from translator.syntax.chains import Link

COMBINING = frozenset({"union", "union_all", "intersect", "intersect_all", "except_", "except_all"})
_ALLOWED = frozenset(
    {"order_by", "limit", "offset", "slice", "all", "first", "one", "one_or_none", "count", "subquery", "cte",
     "scalar_subquery", "as_scalar", "exists", *COMBINING, "from_self"}
)  # fmt: skip


def kept(site: Site, here: Context) -> bool:
    """Whether all that is done with compound statements in this web can be done with the function's."""
    result = site.result
    if not isinstance(result, Query) or Fact.PAST_COMPOUND in result.may or result.session is None:
        return False
    entity = queries.single_entity(result)
    if entity is not None and not names.is_class_name(entity.rpartition(".")[2]):
        return False
    for other in here.web.sites if here.web is not None else ():
        for kind in (other.receiver, other.result):
            # a compound on one path only would need two different ORDER BYs and the like
            if isinstance(kind, Query) and (
                Fact.PAST_COMPOUND in kind.may or (Fact.COMPOUND in kind.may) != (Fact.COMPOUND in kind.must)
            ):
                return False
        on_compound = isinstance(other.receiver, Query) and Fact.COMPOUND in other.receiver.may
        if on_compound and other.kind is SiteKind.METHOD and other.name not in _ALLOWED:
            return False
    return True


def selecting(site: Site, here: Context) -> Callable[[cst.BaseExpression], cst.BaseExpression]:
    """Puts `select(…)` around a statement as a subquery: its entity as an alias, or its columns as they are."""
    select = here.name("sqlalchemy", "select")
    entity = queries.single_entity(terminals.query_of(site))
    aliased = here.name("sqlalchemy.orm", "aliased") if entity is not None else None
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))

    def around(statement: cst.BaseExpression) -> cst.BaseExpression:
        inner = chains.attach(statement, [Link("subquery")])
        if aliased is not None and entity is not None:
            inner = cst.Call(aliased, [cst.Arg(names.expression(entity), comma=comma), cst.Arg(inner)])
        return cst.Call(select, [cst.Arg(inner)])

    return around
