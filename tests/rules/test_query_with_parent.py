"""Query.with_parent()."""

from __future__ import annotations

from tests.rules.checks import left, transformed

MODELS = """class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    orders = relationship("Order")
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
u = session.get(User, 1)
"""


def test_the_only_relationship_is_found() -> None:
    """A parent in sight with one relationship to the class; a foreign key repeats nothing."""
    transformed(
        MODELS + "o = session.query(Order).with_parent(u).all()",
        MODELS + "o = session.scalars(select(Order).where(with_parent(u, User.orders))).all()",
    )


def test_an_unknown_parent_is_left() -> None:
    """The function wants the relationship."""
    left("o = session.query(Order).with_parent(x).all()", "parent's class can't be told")
