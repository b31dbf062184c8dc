"""Values given to a part of a statement."""

from __future__ import annotations

from tests.rules.checks import left, untouched


def test_another_parameter_of_that_name_keeps_it_apart() -> None:
    """The statement's params() would set both."""
    left(
        "s = select(User.id).where((User.id > bindparam('n')).params(n=2)).where(User.age < bindparam('n'))\n",
        "on the statement",
    )


def test_out_of_a_statement() -> None:
    """Where the statement is not in sight there is nowhere to put it."""
    left("criterion = (User.id > bindparam('n')).params(n=2)\n", "on the statement")


def test_text_keeps_it() -> None:
    """A text() is a statement."""
    untouched("import sqlalchemy as sa\n\ns = sa.text('SELECT :n').params(n=2)\n")
