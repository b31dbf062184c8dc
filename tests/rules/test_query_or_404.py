"""get_or_404, first_or_404 and one_or_404."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_a_description_is_given_by_name() -> None:
    """Version 3 takes it by name only."""
    transformed("a = User.query.get_or_404(1, 'none')", "a = db.get_or_404(User, 1, description='none')")


def test_one_or_404_counts_as_it_did() -> None:
    """No limit is added."""
    transformed("a = User.query.filter_by(x=1).one_or_404()", "a = db.one_or_404(db.select(User).filter_by(x=1))")


def test_several_columns_are_left() -> None:
    """The extension gives the first column only."""
    left("a = db.session.query(User.id, User.name).first_or_404()\n", "the first column only")


def test_a_join_that_repeats_is_left_for_one() -> None:
    """The extension counts rows before repeated ones are dropped."""
    left("a = User.query.join(User.orders).one_or_404()\n", "repeat")
