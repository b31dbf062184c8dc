"""Where a query becomes a statement."""

from __future__ import annotations

import pytest

from translator import translate


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "for n in names:\n    if not session.query(exists().where(Tag.name == n)).scalar():\n        session.add(Tag(n))",
            True,
        ),
        ("session.add_all(tags)\nn = session.query(Tag.__table__).count()", True),
        ("session.add_all(tags)\nn = session.query(Tag).count()", False),
        ("session.add_all(tags)\nn = session.query(func.count()).select_from(Tag).scalar()", False),
        ("session.add_all(tags)\nn = session.query(literal(True)).filter(session.query(Tag).exists()).scalar()", False),
        ("n = session.query(exists().where(Tag.name == n)).scalar()", False),
    ],
)
def test_a_statement_before_which_2_0_does_not_flush_is_told_of(source: str, told: bool) -> None:
    """2.0 takes what selects no mapped class for a statement of Core, where something was put into the session."""
    translation = translate(source)
    assert ".query(" not in translation.output
    assert any("call session.flush() first" in found.message for found in translation.diagnostics) is told


def test_columns_show_a_session() -> None:
    """Whatever it is called: a list of columns is what query() takes."""
    given = "from sqlalchemy import func\n\n\ndef f(s):\n    found = [User.id, func.now()]\n    return s.query(*found).all()\n"
    assert "s.execute(select(*found)).all()" in translate(given).output
