"""Functions that an engine calls with a connection."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_a_lambda_is_written_out() -> None:
    """Its arguments take the places of its parameters; what reads needs no commit."""
    transformed(
        "n = engine.run_callable(lambda c, k: c.execute(select(User.id).where(User.id == k)).scalar(), 5)",
        "with engine.connect() as c:\n    n = c.execute(select(User.id).where(User.id == 5)).scalar()",
    )


def test_names_of_attributes_and_keywords_stay() -> None:
    """Only the parameter itself is replaced."""
    transformed(
        "engine.transaction(lambda c, name: c.execute(users.insert().values(name=name)), 'x')",
        "with engine.begin() as c:\n    c.execute(users.insert().values(name='x'))",
    )


def test_a_lambda_whose_arguments_are_computed_is_left() -> None:
    """They would be computed elsewhere, or more than once."""
    left("engine.transaction(lambda c, k: c.execute(k, k), f())\n", "Engine.transaction() is gone")


def test_a_connection_that_closed_itself_is_closed() -> None:
    """After the one statement that reads all of its result."""
    transformed(
        "c = engine.connect(close_with_result=True)\nrows = c.execute(select(User.id)).fetchall()",
        "c = engine.connect()\nrows = c.execute(select(User.id)).fetchall()\nc.close()",
    )


def test_a_connection_that_closed_itself_and_is_used_twice() -> None:
    """Nothing says when it is done with."""
    left(
        "c = engine.connect(close_with_result=True)\nrows = c.execute(select(User.id))\nprint(c)\n",
        "close_with_result is gone",
    )
