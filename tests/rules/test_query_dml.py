"""Query.update() and delete() with arguments of their dialects."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_ordered_values() -> None:
    """preserve_parameter_order is ordered_values()."""
    transformed(
        "session.query(User).filter(User.a).update([(User.b, 1), (User.c, 2)], update_args={'preserve_parameter_order': True})",
        "session.execute(update(User).where(User.a).ordered_values((User.b, 1), (User.c, 2)))",
    )


def test_unknown_arguments_are_left() -> None:
    """They are not in sight."""
    left("session.query(User).filter(User.a).update({'b': 1}, update_args=x)", "not in sight")
