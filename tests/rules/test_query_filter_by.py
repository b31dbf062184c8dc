"""filter_by() where no class can be named for it: it stays on a statement for 2.0, and on a Query for 2.1."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import Options, Target, translate

FOR_20 = Options(target=Target.SA20)
HEAD = "from app.models import User, Order\nfrom sqlalchemy import select\n\n\n"
PATHS = (
    "def f(session, wanted):\n    q = session.query(User)\n    if wanted:\n        q = q.join(Order)\n"
    "    return q.filter_by(state='open').all()\n"
)


def test_it_stays_for_21() -> None:
    """2.1 refuses a name that several entities have, and the entity differs between paths."""
    left(HEAD + PATHS, "choose 2.0 as the target")


def test_it_is_the_same_for_20() -> None:
    """Both mean the entity that was joined last."""
    transformed(
        HEAD + PATHS,
        HEAD + "def f(session, wanted):\n    q = select(User)\n    if wanted:\n        q = q.join(Order)\n"
        "    return session.scalars(q.filter_by(state='open')).unique().all()\n",
        FOR_20,
    )


@pytest.mark.parametrize("change", ["if wanted > 1:\n        q = q.reset_joinpoint()", "q = q.select_from(Order)"])
def test_what_points_elsewhere_leaves_it(change: str) -> None:
    """After these a statement may mean another entity than Query did."""
    source = HEAD + PATHS.replace("    return", f"    {change}\n    return")
    assert "session.query(User)" in translate(source, FOR_20).output
