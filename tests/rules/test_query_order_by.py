"""Query.order_by() and its kin."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

MODELS = """class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    first_name = Column(String)
"""


def test_a_label_in_text_is_named() -> None:
    """`users_first_name` was a label of Query; `first_name` is a column."""
    transformed(
        MODELS + "u = session.query(User).order_by(text('users_first_name desc'), text('first_name')).all()",
        MODELS + "u = session.scalars(\n    select(User).order_by(User.first_name.desc(), text('first_name'))\n).all()",
    )


def test_an_unknown_label_is_left() -> None:
    """It may be a label or a column."""
    left("u = session.query(User).order_by(text('users_name')).all()", "label that only Query prints")


@pytest.mark.parametrize(
    "clause", ['filter("age > 10")', 'order_by("name desc")', 'having("count(id) > 1")', 'filter("active")']
)
def test_sql_in_a_plain_string_is_flagged(clause: str) -> None:
    """1.4 refuses it, earlier ones took it for text()."""
    left(f"from sqlalchemy.orm import Session\nusers = Session().query(User).{clause}.all()\n", "write text(")


def test_a_label_may_be_named_by_a_string() -> None:
    """ORDER BY a label is the same in 2.0."""
    transformed(
        "users = session.query(User.name.label('n')).order_by('n').all()",
        "users = session.execute(select(User.name.label('n')).order_by('n')).all()",
    )


def test_text_may_name_a_label_that_the_query_gives() -> None:
    """Both know it."""
    transformed(
        "u = session.query(User.id, func.count().label('count_1')).order_by(text('count_1 desc')).all()",
        "u = session.execute(\n    select(User.id, func.count().label('count_1')).order_by(text('count_1 desc'))\n).all()",
    )
