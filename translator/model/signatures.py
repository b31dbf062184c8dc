"""What the methods of Query, Session and their kin do to a type: the table that replaces chain-walking. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from translator.model.types import Fact


class Effect(StrEnum):
    """What calling a method of Query gives."""

    BUILDS = "builds"
    """Another Query."""
    EXECUTES = "executes"
    """Runs the statement and gives what it found."""
    NESTS = "nests"
    """A subquery, a CTE, a scalar, an EXISTS: part of another statement."""
    READS = "reads"
    """Something about the query; nothing is run."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of Query: its effect and the facts that it adds."""

    effect: Effect
    facts: tuple[Fact, ...] = ()
    clause: bool = False
    """Whether its arguments are SQL expressions whose entities are drawn into FROM."""


_BUILD = Effect.BUILDS
_RUN = Effect.EXECUTES

QUERY_METHODS: dict[str, Method] = {
    "filter": Method(_BUILD, (Fact.FILTERED,), clause=True),
    "where": Method(_BUILD, (Fact.FILTERED,), clause=True),
    "filter_by": Method(_BUILD, (Fact.FILTERED,)),
    "order_by": Method(_BUILD, (Fact.ORDERED,), clause=True),
    "group_by": Method(_BUILD, (Fact.GROUPED,), clause=True),
    "having": Method(_BUILD, (Fact.HAVING,), clause=True),
    "join": Method(_BUILD, (Fact.JOINED,)),
    "outerjoin": Method(_BUILD, (Fact.JOINED,)),
    "options": Method(_BUILD, (Fact.OPTIONS,)),
    "distinct": Method(_BUILD),
    "limit": Method(_BUILD, (Fact.LIMITED,)),
    "offset": Method(_BUILD, (Fact.LIMITED,)),
    "slice": Method(_BUILD, (Fact.LIMITED,)),
    "select_from": Method(_BUILD, (Fact.OTHER,)),
    "correlate": Method(_BUILD, (Fact.OTHER,)),
    "with_for_update": Method(_BUILD, (Fact.LOCKED,)),
    "populate_existing": Method(_BUILD, (Fact.POPULATED,)),
    "execution_options": Method(_BUILD, (Fact.OTHER,)),
    "autoflush": Method(_BUILD, (Fact.OTHER, Fact.AUTOFLUSH)),
    "yield_per": Method(_BUILD, (Fact.YIELD_PER,)),
    "enable_eagerloads": Method(_BUILD, (Fact.OTHER,)),
    "params": Method(_BUILD, (Fact.OTHER,)),
    "from_statement": Method(_BUILD, (Fact.FROM_STATEMENT,)),
    "with_hint": Method(_BUILD, (Fact.HINTED,)),
    "prefix_with": Method(_BUILD, (Fact.OTHER,)),
    "suffix_with": Method(_BUILD, (Fact.OTHER,)),
    "with_statement_hint": Method(_BUILD, (Fact.HINTED,)),
    "with_entities": Method(_BUILD),
    "add_columns": Method(_BUILD),
    "add_column": Method(_BUILD),
    "add_entity": Method(_BUILD),
    "with_parent": Method(_BUILD, (Fact.FILTERED,)),
    "reset_joinpoint": Method(_BUILD),
    "enable_assertions": Method(_BUILD),
    "only_return_tuples": Method(_BUILD),
    "with_labels": Method(_BUILD, (Fact.LABELLED,)),
    "apply_labels": Method(_BUILD, (Fact.LABELLED,)),
    "set_label_style": Method(_BUILD, (Fact.LABELLED,)),
    "with_lockmode": Method(_BUILD, (Fact.LOCKED,)),
    "with_session": Method(_BUILD),
    "from_self": Method(_BUILD),
    "select_entity_from": Method(_BUILD, (Fact.OTHER,)),
    "with_polymorphic": Method(_BUILD, (Fact.OTHER,)),
    "union": Method(_BUILD),
    "union_all": Method(_BUILD),
    "intersect": Method(_BUILD),
    "intersect_all": Method(_BUILD),
    "except_": Method(_BUILD),
    "except_all": Method(_BUILD),
    "all": Method(_RUN),
    "first": Method(_RUN),
    "one": Method(_RUN),
    "one_or_none": Method(_RUN),
    "scalar": Method(_RUN),
    "count": Method(_RUN),
    "get": Method(_RUN),
    "update": Method(_RUN),
    "delete": Method(_RUN),
    "value": Method(_RUN),
    "values": Method(_RUN),
    "get_or_404": Method(_RUN),
    "first_or_404": Method(_RUN),
    "one_or_404": Method(_RUN),
    "paginate": Method(_RUN),
    "subquery": Method(Effect.NESTS),
    "cte": Method(Effect.NESTS),
    "exists": Method(Effect.NESTS),
    "label": Method(Effect.NESTS),
    "scalar_subquery": Method(Effect.NESTS),
    "as_scalar": Method(Effect.NESTS),
}
"""Methods that the model follows. Any other method of Query stops the web it is in."""

AGGREGATES = frozenset(
    {"count", "sum", "max", "min", "avg", "array_agg", "string_agg", "group_concat", "json_agg", "bool_and", "bool_or",
     "every", "stddev", "variance"}
)  # fmt: skip
"""Functions under `func` that give one row where there is no GROUP BY."""

CONJUNCTIONS = frozenset({"and_", "or_", "not_"})
"""Functions that put criteria together."""

SCALAR_FUNCTIONS = frozenset(
    {"coalesce", "ifnull", "nullif", "isnull", "nvl", "round", "abs", "ceil", "ceiling", "floor", "trunc", "sqrt", "lower",
     "upper", "concat", "greatest", "least", "date", "to_char", "length",
     "cast", "type_coerce"}
)  # fmt: skip
"""Functions that give one value for each row, so that over an aggregate they are as one."""

EXPRESSION_FUNCTIONS = frozenset(
    {"and_", "or_", "not_", "desc", "asc", "case", "cast", "literal", "literal_column", "text", "distinct", "between",
     "collate", "extract", "tuple_", "type_coerce", "over", "nulls_first", "nulls_last", "nullsfirst", "nullslast",
     "column", "bindparam", "null", "true", "false", "any_", "all_", "with_parent", "within_group", "funcfilter"}
)  # fmt: skip
"""Functions of sqlalchemy that give an SQL expression over their arguments."""

LOADER_OPTIONS = frozenset(
    {"joinedload", "contains_eager", "eagerload", "joinedload_all", "eagerload_all", "contains_eager_all",
     "subqueryload_all", "lazyload_all", "selectinload_all", "subqueryload", "selectinload", "lazyload",
     "immediateload", "noload", "raiseload", "defer", "undefer", "load_only", "undefer_group", "defaultload",
     "with_expression", "with_loader_criteria", "selectin_polymorphic"}
)  # fmt: skip
"""Functions of sqlalchemy.orm that make loader options."""

CONSUMERS = frozenset(
    {"list", "set", "tuple", "sorted", "iter", "enumerate", "frozenset", "sum", "min", "max", "any", "all", "map",
     "filter", "zip", "reversed", "next", "dict", "chain", "groupby", "islice", "takewhile", "dropwhile", "zip_longest",
     "from_iterable", "Counter", "deque", "OrderedDict", "reduce"}
)  # fmt: skip
"""Functions of Python and its library that walk an iterable that they are given."""

LIBRARY = frozenset({"itertools", "collections", "chain", "functools"})
"""Modules and names of Python's library under which such functions stand."""


def is_sql_function(full: str) -> bool:
    """Whether a path of the package names a function of the database: `func.max`, `sqlalchemy.sql.functions.max`."""
    above, _, last = f".{full}".rpartition(".")
    generated = ".func." in f"{above}." or above.endswith(".sql.functions")
    return generated and last not in {"func", "register_function"}
