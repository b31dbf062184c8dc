"""Which attributes of an object certainly hold no query with a LIMIT, as the walk goes along. Data and its algebra only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from translator.model.facts import Fact
from translator.model.types import Query, Type

_CUT = frozenset({Fact.LIMITED, Fact.CLAUSE_AFTER_LIMIT})


@dataclass(frozen=True, slots=True)
class Uncut(Type):
    """What is known of an object at one point: its attributes without a LIMIT, or (`others`) all but those with one."""

    attributes: frozenset[str]
    others: bool

    def has(self, name: str) -> bool:
        """Whether an attribute certainly holds no query with a LIMIT."""
        return (name in self.attributes) is not self.others

    def given(self, name: str, *, free: bool) -> Uncut:
        """The same object after an attribute got a value."""
        alone = {name}
        return Uncut(self.attributes | alone if free is not self.others else self.attributes - alone, self.others)

    def met(self, other: Uncut) -> Uncut:
        """What is known where two paths come together."""
        if self.others and other.others:
            return Uncut(self.attributes | other.attributes, others=True)
        known, cut = (self, other) if other.others else (other, self)
        if cut.others:
            return Uncut(known.attributes - cut.attributes, others=False)
        return Uncut(known.attributes & cut.attributes, others=False)


@dataclass(slots=True)
class Stages:
    """What is known of methods by which the queries of their objects get a LIMIT, or other clauses."""

    leaving: dict[int, Type] = field(default_factory=dict)
    """What each makes of the object that it is called on."""
    closed: dict[int, bool] = field(default_factory=dict)
    """Whether every mention of its name in the program is a call that is followed."""


NOTHING = Uncut(frozenset(), others=False)
"""Nothing is known of an object."""


def is_free(query: Query) -> bool:
    """Whether a query has no LIMIT on any path, and never had a clause after one."""
    return not query.may & _CUT and all(map(is_free, query.variants))


def freed(query: Query) -> Query:
    """The query of an attribute where that certainly holds none with a LIMIT."""
    variants = frozenset(map(freed, query.variants))
    return replace(query, may=query.may - _CUT, must=query.must - _CUT, variants=variants)
