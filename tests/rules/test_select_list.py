"""select([…]) and the clauses that were its arguments."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_every_clause_becomes_a_method() -> None:
    """False and None say nothing."""
    transformed(
        "s = select([t.c.a, func.count()], t.c.b > 1, [t], group_by=[t.c.a], distinct=True, for_update=False, limit=None)",
        "s = select(t.c.a, func.count()).select_from(t).where(t.c.b > 1).group_by(t.c.a).distinct()",
    )


def test_a_list_in_a_variable_is_unpacked() -> None:
    """It is a list for certain."""
    transformed("cols = [t.c.a, t.c.b, x]\ns = select(cols)", "cols = [t.c.a, t.c.b, x]\ns = select(*cols)")


def test_a_criterion_beside_an_unknown_argument_is_flagged() -> None:
    """It may be a column."""
    left("def f(cols, crit):\n    return select(cols, whereclause=crit)", "is a column or a list")


def test_line_breaks_and_comments_stay() -> None:
    """The list's lines are the arguments' lines."""
    transformed("s = select([\n    t.c.a,  # first\n    t.c.b,\n])", "s = select(\n    t.c.a,  # first\n    t.c.b,\n)")
