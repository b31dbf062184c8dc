"""Query.enable_eagerloads()."""

from __future__ import annotations

from tests.rules.checks import left, transformed


def test_in_a_count_it_goes() -> None:
    """Nothing is loaded there."""
    transformed(
        "n = session.query(User).enable_eagerloads(False).count()",
        "n = session.scalar(select(func.count()).select_from(select(User).subquery()))",
    )


def test_beside_other_options_it_is_left() -> None:
    """lazyload('*') would not override them."""
    left(
        "u = session.query(User).options(joinedload(User.a)).enable_eagerloads(False).all()",
        "beside other loader options",
    )
