"""and_() of a list: where it may be empty it gets a criterion that says nothing."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed


def test_a_guarded_list_is_never_empty() -> None:
    """By a conditional expression or an if around it; the else has the empty one."""
    for source in (
        "stmt = users.select().where(and_(*found)) if found else users.select()",
        "if found:\n    stmt = users.select().where(and_(*found))",
        "if len(found) > 0:\n    stmt = users.select().where(or_(*found))",
        "if len(found) >= 2:\n    stmt = users.select().where(or_(*found))",
        "stmt = users.select().where(or_(*found)) if found != [] else None",
        "if found:\n    stmt = users.select().where(or_(*[users.c.id == x for x in found]))",
        "stmt = users.select().where(or_(*[users.c.id == 1, *found]))",
    ):
        transformed(source, source)
    transformed(
        "if found:\n    pass\nelse:\n    stmt = users.select().where(and_(*found))",
        "if found:\n    pass\nelse:\n    stmt = users.select().where(and_(true(), *found))",
    )


def test_a_condition_that_an_empty_list_meets_is_no_guard() -> None:
    """`>= 0` is true of every list, and `< 3` of an empty one."""
    left(
        "if found:\n    stmt = users.select().where(or_(*[users.c.id == x for x in found if x]))", "an or_() of nothing"
    )
    for condition in ("len(found) >= 0", "len(found) < 3", "found == []"):
        left(f"if {condition}:\n    stmt = users.select().where(or_(*found))", "an or_() of nothing")


@pytest.mark.parametrize(
    "use",
    [
        "users.select().having(and_(*found))",
        "users.select().where(or_(users.c.id == 1, and_(*found)))",
        "users.select().where(~and_(*found))",
        "and_(*found)",
    ],
)
def test_where_true_would_not_say_the_same(use: str) -> None:
    """Nothing is left out of the statement, but true() groups all rows, or makes an OR true of all of them."""
    left(f"stmt = {use}", "an and_() of nothing")


def test_one_of_several_that_have_to_be_met() -> None:
    """By and_() or by `&`."""
    transformed(
        "stmt = users.select().where(and_(users.c.id == 1, and_(*found) & (users.c.id < 3)))",
        "stmt = users.select().where(and_(users.c.id == 1, and_(true(), *found) & (users.c.id < 3)))",
    )
