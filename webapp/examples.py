"""Snippets to try, as the menu of the page offers them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A snippet of 1.x code."""

    slug: str
    title: str
    source: str


EXAMPLES = (
    Example(
        "query-chain",
        "A report with joins",
        """\
from sqlalchemy import func
from sqlalchemy.orm import joinedload


def best_customers(session, country):
    # newest orders first
    return (
        session.query(Customer)
        .options(joinedload(Customer.orders))
        .join(Order)
        .filter(Customer.country == country)
        .order_by(Order.id.desc())
        .all()
    )


customer = session.query(Customer).get(1)
total = session.query(func.sum(OrderLine.quantity)).filter_by(order_id=1).scalar()
""",
    ),
    Example(
        "query-branches",
        "A query built up in branches",
        """\
def find_products(session, name=None, cheap=False):
    query = session.query(Product).order_by(Product.name)
    if name:
        query = query.filter(Product.name.like(f"%{name}%"))
    if cheap:
        query = query.filter(Product.price < 10)
    return query.all()


find_products(session, name="a", cheap=True)
""",
    ),
    Example(
        "update-delete",
        "Bulk update and delete",
        """\
changed = (
    session.query(Product)
    .filter(Product.price < 5)
    .update({"price": Product.price + 1}, synchronize_session=False)
)
session.query(OrderLine).filter(OrderLine.quantity == 0).delete()
session.commit()
""",
    ),
    Example(
        "models",
        "Models and a select with a list",
        """\
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import relationship

Base = declarative_base()


class Author(Base):
    __tablename__ = "authors"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    books = relationship("Book")


class Book(Base):
    __tablename__ = "books"
    id = Column(Integer, primary_key=True)
    title = Column(String(200))
    author_id = Column(ForeignKey("authors.id"))


rows = session.execute(select([Author.name, Book.title]).where(Book.author_id == Author.id)).fetchall()
count = session.query(Book).filter(Book.title != None).count()
session.execute("SELECT count(*) FROM authors")
""",
    ),
)
