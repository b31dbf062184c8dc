"""What can have happened to a statement while it was built: facts that a query carries along. Data only."""

from __future__ import annotations

from enum import StrEnum


class Fact(StrEnum):
    """Something that happened to a statement while it was built, on some path (`may`) or on every path (`must`)."""

    FILTERED = "filtered"
    ORDERED = "ordered"
    GROUPED = "grouped"
    GROUPED_ELSEWHERE = "grouped by something that is not an attribute of what is selected"
    HAVING = "having"
    DISTINCT = "distinct"
    DISTINCT_ON = "distinct on"
    LIMITED = "limited"
    CLAUSE_AFTER_LIMIT = "a clause after LIMIT or OFFSET, which Query refuses"
    JOINED = "joined"
    REPEATS = "a join or an implicit cross product can repeat what is selected"
    CROSSED = "FROM may hold several tables that no join joins, which a statement around it would take for its own"
    EAGER_COLLECTION = "a collection may be loaded by a join"
    OPTIONS = "options"
    YIELD_PER = "yield_per"
    FROM_STATEMENT = "from_statement"
    FOREIGN_ORDER = "ordered by something that is not selected"
    ORDERED_APART = "ordered by something not selected on one path, and made distinct on another"
    LOCKED = "with_for_update"
    POPULATED = "populate_existing"
    AUTOFLUSH = "autoflush"
    LABELLED = "with_labels"
    COMPOUND = "made of several statements by union() or its kin"
    PAST_COMPOUND = "a clause on a compound statement that means what is inside it"
    UNNESTABLE = "combined or nested from what a subquery can't take along"
    TUPLES = "only_return_tuples"
    UNCHECKED = "enable_assertions(False)"
    NO_EAGER_LOADS = "enable_eagerloads(False)"
    HINTED = "with_hint"
    OR_LIST = "a list on another path, so that it is executed where the two meet"
    OTHER = "another clause"
    ELSEWHERE = "over classes that stand in another file and are not imported here"
