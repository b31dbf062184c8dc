"""Which entity `filter_by()` means on a query that comes by several ways: told by the class that it selects first.

Repositories whose classes each build a query, some with a join, hand it to one method of their base that filters it.
Works on types alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from translator.model.types import ElementKind, Fact, Query

KEEPING = frozenset(
    {"filter", "where", "filter_by", "order_by", "group_by", "having", "distinct", "limit", "offset", "options",
     "execution_options", "with_for_update", "populate_existing", "yield_per", "params"}
)  # fmt: skip
"""Methods that leave alone what is selected, and what is joined."""


def meant(query: Query) -> frozenset[tuple[str, str]]:
    """Pairs of what is selected first and what filter_by() means then; nothing where it can't be told on some way."""
    if query.meant:
        return query.meant
    first = query.shape[0] if query.shape else None
    if first is None or first.kind is not ElementKind.ENTITY or not first.entity or query.root is not None:
        return frozenset()
    if Fact.COMPOUND in query.may or Fact.FROM_STATEMENT in query.may:
        return frozenset()
    target = query.joinpoint if Fact.JOINED in query.may else first.entity
    return frozenset({(first.entity, target)}) if target else frozenset()


def met(left: Query, right: Query) -> frozenset[tuple[str, str]]:
    """The pairs of two ways, where each class tells one entity."""
    one, other = meant(left), meant(right)
    both = one | other
    return both if one and other and len(dict(both)) == len(both) else frozenset()


def extended(query: Query, method: str) -> Query:
    """The query before a method of it that may change what is selected or joined."""
    return query if not query.meant or method in KEEPING else replace(query, meant=frozenset())


def renamed(query: Query, name: Callable[[str], str]) -> frozenset[tuple[str, str]]:
    """The pairs in the words of another function or module; nothing where two classes get one name."""
    pairs = frozenset((name(first), name(target)) for first, target in query.meant)
    return pairs if len(dict(pairs)) == len(query.meant) else frozenset()


def words(query: Query) -> frozenset[str]:
    """Every name that the pairs are spelled with."""
    return frozenset(word for pair in query.meant for word in pair)
