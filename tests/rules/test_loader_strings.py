"""Loader options that name attributes by strings."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import translate

MODELS = """class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    orders = relationship("Order")
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User")
"""


def test_a_dotted_path_loads_its_last_step() -> None:
    """The steps before keep their default."""
    transformed(
        MODELS + "u = session.query(Order).options(subqueryload('user.orders')).all()",
        MODELS
        + "u = session.scalars(\n    select(Order).options(defaultload(Order.user).subqueryload(User.orders))\n).all()",
    )


def test_all_means_every_step() -> None:
    """joinedload_all() joined each."""
    transformed(
        MODELS + "u = session.query(Order).options(joinedload_all('user.orders')).all()",
        MODELS
        + "u = session.scalars(\n    select(Order).options(joinedload(Order.user).joinedload(User.orders))\n).unique().all()",
    )


def test_a_chain_knows_where_it_is() -> None:
    """Load() and the links before tell the class; statements of their own repeat nothing."""
    transformed(
        MODELS + "u = session.query(User).options(Load(User).selectinload('orders').joinedload('user')).all()",
        MODELS
        + "u = session.scalars(\n    select(User).options(Load(User).selectinload(User.orders).joinedload(Order.user))\n).all()",
    )


def test_load_only_names_columns_of_one_class() -> None:
    """They are no path."""
    transformed(
        "u = session.query(User).options(load_only('a', 'b')).all()",
        "u = session.scalars(select(User).options(load_only(User.a, User.b))).all()",
    )


def test_wildcards_and_groups_stay_strings() -> None:
    """2.0 takes them as strings."""
    transformed(
        "u = session.query(User).options(lazyload('*'), undefer_group('g')).all()",
        "u = session.scalars(select(User).options(lazyload('*'), undefer_group('g'))).all()",
    )


def test_an_unknown_class_is_left() -> None:
    """An option on its own does not tell what it is for."""
    left("o = joinedload('orders')", "class they belong to can't be told")


def test_options_within_go_on_from_the_class_that_was_reached() -> None:
    """What `options()` of a loader is given names attributes of where that loader ends, never of where it begins."""
    transformed(
        MODELS + "u = session.query(Order).options(joinedload(Order.user).options(load_only('id'))).all()",
        MODELS
        + "u = session.scalars(\n    select(Order).options(joinedload(Order.user).options(load_only(User.id)))\n).all()",
    )
    unseen = translate(
        "u = session.query(Author).options(joinedload(Author.book).options(load_only('summary'))).all()\n"
    )
    assert "load_only('summary')" in unseen.output
    assert "class they belong to can't be told" in unseen.diagnostics[0].message


def test_a_collection_within_options_multiplies_the_rows() -> None:
    """As it does in a chain."""
    transformed(
        MODELS + "u = session.query(Order).options(joinedload(Order.user).options(joinedload(User.orders))).all()",
        MODELS
        + "u = session.scalars(\n    select(Order).options(joinedload(Order.user).options(joinedload(User.orders)))\n"
        ").unique().all()",
    )


def test_strings_of_options_of_a_statement() -> None:
    """They name attributes of what the select() selects."""
    transformed(
        "found = session.scalars(select(User).options(selectinload('orders'), load_only('name')).limit(2))",
        "found = session.scalars(select(User).options(selectinload(User.orders), load_only(User.name)).limit(2))",
    )
