"""paginate() of Flask-SQLAlchemy."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_arguments_keep_their_lines() -> None:
    """The statement goes before the arguments, which stay as they were."""
    transformed(
        "p = User.query.order_by(User.id).paginate(\n    page=1, per_page=n,\n    error_out=False)",
        "p = db.paginate(\n    db.select(User).order_by(User.id),\n    page=1, per_page=n,\n    error_out=False)",
    )


def test_no_arguments() -> None:
    """The page and its size come from the request."""
    transformed("p = User.query.paginate()", "p = db.paginate(db.select(User))")


def test_several_columns_are_left() -> None:
    """db.paginate() keeps the first column only."""
    left("p = db.session.query(User.id, User.name).paginate(page=1)\n", "the first column only")
