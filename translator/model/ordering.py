"""DISTINCT that meets an ORDER BY on something that is not selected, which 1.x silently added to the columns.

Works on types alone.
"""

from __future__ import annotations

from dataclasses import replace

from translator.model.types import ElementKind, Fact, Query

_KEEPING = frozenset(
    {"filter", "where", "filter_by", "limit", "offset", "slice", "options", "join", "outerjoin", "execution_options",
     "with_for_update", "populate_existing", "yield_per", "params", "autoflush"}
)  # fmt: skip
"""Methods that change neither DISTINCT nor ORDER BY nor what is selected."""


def hidden(query: Query) -> bool:
    """Whether DISTINCT meets an ORDER BY on something not selected."""
    if Fact.DISTINCT not in query.may or Fact.ORDERED_APART in query.may or not query.order:
        return False
    if query.shape is None:
        return True
    columns = {e.name for e in query.shape}
    wholes = {e.entity or e.name for e in query.shape if e.kind is ElementKind.ENTITY}
    for item in query.order:
        owner, _, attribute = item.rpartition(".")
        if item in columns or (owner in wholes and attribute.isidentifier()):
            continue
        return True
    return False


def met(left: Query, right: Query, both: Query) -> Query:
    """What covers two queries, where the ORDER BY of one does not meet the DISTINCT of the other."""
    if hidden(left) or hidden(right):
        return replace(both, may=both.may - {Fact.ORDERED_APART})
    return replace(both, may=both.may | {Fact.ORDERED_APART}) if hidden(both) else both


def extended(query: Query, method: str) -> Query:
    """The query before a method of it that may bring together what stood on different paths."""
    if Fact.ORDERED_APART not in query.may or method in _KEEPING:
        return query
    return replace(query, may=query.may - {Fact.ORDERED_APART})
