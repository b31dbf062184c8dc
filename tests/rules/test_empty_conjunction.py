"""and_() of a list: where it may be empty it gets a criterion that says nothing."""

from __future__ import annotations

from tests.rules.checks import transformed


def test_a_guarded_list_is_never_empty() -> None:
    """By a conditional expression or an if around it; the else has the empty one."""
    for source in (
        "stmt = users.select().where(and_(*found)) if found else users.select()",
        "if found:\n    stmt = users.select().where(and_(*found))",
    ):
        transformed(source, source)
    transformed(
        "if found:\n    pass\nelse:\n    stmt = users.select().where(and_(*found))",
        "if found:\n    pass\nelse:\n    stmt = users.select().where(and_(true(), *found))",
    )
