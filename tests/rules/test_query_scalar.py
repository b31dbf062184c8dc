"""Query.scalar() in both styles."""

from __future__ import annotations

from tests.rules.checks import transformed
from translator import Options, Style


def test_several_rows_raise() -> None:
    """Session.scalar() would take the first."""
    transformed("v = session.query(User.a).scalar()", "v = session.execute(select(User.a)).scalar_one_or_none()")


def test_concise_takes_the_short_form() -> None:
    """They differ only where several rows come back."""
    transformed(
        "v = session.query(User.a).scalar()", "v = session.scalar(select(User.a))", Options(style=Style.CONCISE)
    )
