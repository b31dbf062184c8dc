"""alias() of statements."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched

HEAD = "t = sa.table('t', sa.column('a'))\nstmt = sa.select(t.c.a)\n"
START = "import sqlalchemy as sa\n\n" + HEAD


def test_a_statement_becomes_its_subquery() -> None:
    """A Table has no other way."""
    transformed(f"{START}x = sa.alias(stmt, 'x')\n", f"{HEAD}x = stmt.subquery('x')\n")
    transformed(f"{START}x = sa.alias(stmt.limit(1), name='x')\n", f"{HEAD}x = stmt.limit(1).subquery(name='x')\n")
    untouched(f"{START}x = sa.alias(t, 'x')\n")


def test_what_has_no_exact_form_is_flagged() -> None:
    """A broken chain keeps the brackets that it stands in; a subquery is not flat."""
    left(f"{START}x = sa.alias(stmt\n             .limit(1))\n", "2.1 refuses alias()")
    left(f"{START}x = sa.alias(stmt, flat=True)\n", "2.1 refuses alias()")


def test_what_comes_from_elsewhere_may_be_a_statement() -> None:
    """2.1 refuses that."""
    left("import sqlalchemy as sa\n\ndef f(base):\n    return sa.alias(base, 's')\n", "if `base` is a select()")
