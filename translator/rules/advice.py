"""What to say about the methods of Query that no rule rewrites: why not, and what a person can do. Data only."""

from __future__ import annotations

from translator.findings import Severity
from translator.rules.contract import Decline

_REMOVED = Severity.REMOVED

METHODS: dict[str, Decline] = {
    "instances": Decline(
        "instances() read a cursor's rows as objects; give the statement to select(Entity).from_statement() instead"
    ),
    "merge_result": Decline(
        "merge_result() needs another kind of cached value; store session.execute(stmt).freeze() and use "
        "merge_frozen_result()"
    ),
    "selectable": Decline("Query.selectable is the statement itself; use the select() in its place"),
    "lazy_loaded_from": Decline("Query.lazy_loaded_from is gone; read it off ORMExecuteState in do_orm_execute"),
    "with_transformation": Decline("with_transformation(f) has no place on a select(); write f(stmt)"),
    "execute_with_options": Decline("use execution_options()"),
    "add_criteria": Decline("add_criteria() belongs to baked queries; build the select() in place", _REMOVED),
    "cancel_autoflush": Decline("use execution_options(autoflush=False)"),
    "tuples": Decline("tuples() is for typing only; drop it, and use execute()"),
    "is_single_entity": Decline("is_single_entity has no place on a select(); look at column_descriptions"),
    "get_execution_options": Decline("get_execution_options() is the same on a select(); move it after the conversion"),
}
"""By the name of the method or attribute."""
