"""get_or_404, first_or_404 and one_or_404."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import translate


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


KEY = "    id = db.Column(db.Integer, primary_key=True)\n"
TEAM = (
    f"class Team(db.Model):\n{KEY}    users = db.relationship('User', lazy='joined'){{}}\n\n\n"
    f"class User(db.Model):\n{KEY}    team_id = db.Column(db.ForeignKey('team.id'))\n\n\n"
)
FIRST = "team = Team.query.filter_by(id=1).first_or_404()\n"


def test_an_object_that_may_be_false_is_left() -> None:
    """`or abort(404)` would refuse an empty team, and one of a class whose base is not in sight may be empty."""
    head = "from app import db\n\n\n"
    left(head + TEAM.format("\n\n    def __len__(self):\n        return 0") + FIRST, "does not make unique")
    left(head + TEAM.format("").replace("Team(db.Model)", "Team(Sized, db.Model)") + FIRST, "does not make unique")
    output = translate(head + TEAM.format("") + FIRST).output
    assert ").unique().first() or abort(404)\n" in output
    assert "from flask import abort\n" in output
