"""append_*() changed a statement for everyone who held it; an assignment is the same where nobody else does."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import translate

HEAD = "from sqlalchemy import select\n\n"
CAUSE = "whoever else holds it"


def test_a_statement_of_its_own_is_assigned() -> None:
    """In a branch and in a loop, too."""
    transformed(
        "def f(ids):\n    stmt = select(t.c.id)\n    if ids:\n        stmt.append_whereclause(t.c.id > 1)\n"
        "    for i in ids:\n        stmt.append_order_by(t.c.id)\n    return stmt",
        "def f(ids):\n    stmt = select(t.c.id)\n    if ids:\n        stmt = stmt.where(t.c.id > 1)\n"
        "    for i in ids:\n        stmt = stmt.order_by(t.c.id)\n    return stmt",
    )


def test_an_attribute_is_assigned_where_it_was_just_made() -> None:
    """Nobody has seen it yet; in another method somebody may have."""
    transformed(
        "class Q:\n    def __init__(self):\n        self.q = select(t.c.id)\n        self.q.append_whereclause(t.c.id > 1)",
        "class Q:\n    def __init__(self):\n        self.q = select(t.c.id)\n        self.q = self.q.where(t.c.id > 1)",
    )


def test_a_parameter_is_the_callers() -> None:
    """The caller's statement would stay without the criterion: a silent loss of it."""
    source = HEAD + "def _only(stmt):\n    stmt.append_whereclause(t.c.id > 1)\n\n\ns = select(t.c.id)\n_only(s)\n"
    left(source, CAUSE)


def test_a_second_name_sees_the_change() -> None:
    """An alias, a list, a closure or a subquery of it was changed as well."""
    for other in ("other = s", "kept = [s]", "sub = s.cte()", "def g():\n        return s"):
        source = (
            f"{HEAD}def f():\n    s = select(t.c.id)\n    {other}\n    s.append_whereclause(t.c.id > 1)\n    return s\n"
        )
        found = translate(source)
        assert "append_whereclause" in found.output
        assert any(CAUSE in d.message for d in found.diagnostics)


def test_in_a_loop_what_follows_comes_before() -> None:
    """Each round handed the same statement on."""
    left(
        HEAD
        + "def f(ids, kept):\n    s = select(t.c.id)\n    for i in ids:\n        s.append_whereclause(t.c.id > i)\n"
        "        kept.append(s)\n",
        CAUSE,
    )


def test_the_statement_of_what_is_called_a_query() -> None:
    """Whoever made it, its `statement` is one."""
    transformed(
        "n = session.execute(query.statement.with_only_columns([func.count()])).scalar()",
        "n = session.execute(query.statement.with_only_columns(func.count())).scalar()",
    )
