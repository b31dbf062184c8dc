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


def test_a_criterion_that_may_be_none_is_no_null() -> None:
    """1.x took None for no criterion; where(None) is WHERE NULL."""
    transformed(
        "def f(crit):\n    return select([t.c.a], crit)",
        "def f(crit):\n    return select(t.c.a).where(*[] if crit is None else [crit])",
    )
    transformed(
        "def f(x):\n    return select([t.c.a], wanted(x))",
        "def f(x):\n    return select(t.c.a).where(*[c for c in [wanted(x)] if c is not None])",
    )


def test_a_criterion_that_is_certainly_one_stays_plain() -> None:
    """As what its name was given shows."""
    transformed(
        "def f(x):\n    crit = and_(t.c.a == 1, t.c.b == x)\n    if x:\n        crit = crit & (t.c.c == x)\n"
        "    return select([t.c.a], crit)",
        "def f(x):\n    crit = and_(t.c.a == 1, t.c.b == x)\n    if x:\n        crit = crit & (t.c.c == x)\n"
        "    return select(t.c.a).where(crit)",
    )


def test_distinct_that_is_decided_at_run_time_is_flagged() -> None:
    """distinct(False) is DISTINCT."""
    left("def f(flag):\n    return select([t.c.a], distinct=flag)", "decided at run time")


def test_columns_that_may_be_a_list_beside_a_criterion_are_flagged() -> None:
    """2.0 would take the criterion for a column."""
    left("def f(cols, x):\n    return select(cols, t.c.a == x)", "criterion")


def test_the_layout_of_a_list_beside_clauses() -> None:
    """The columns keep their lines, the bracket its place."""
    transformed(
        "s = select(\n    [\n        t.c.a,\n        t.c.b,\n    ],\n    t.c.a == 1)",
        "s = select(\n    t.c.a,\n    t.c.b,\n).where(t.c.a == 1)",
    )
    transformed(
        "s = select(\n    [t.c.a,\n     t.c.b],\n    t.c.a == 1)",
        "s = select(\n    t.c.a,\n    t.c.b).where(t.c.a == 1)",
    )
