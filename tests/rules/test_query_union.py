"""Query.union() and its kin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.checks import left, transformed
from translator import Options, Workbench


def test_objects_come_through_an_alias() -> None:
    """The SQL is that of Query: a select from the combined statements."""
    transformed(
        "q = session.query(User)\nu = q.union(q).first()",
        "q = select(User)\nu = session.scalars(select(aliased(User, union(q, q).subquery())).limit(1)).first()",
    )


def test_union_all_repeats_objects() -> None:
    """Query gave each once."""
    transformed(
        "q = session.query(User)\nu = q.union_all(q).all()",
        "q = select(User)\nu = session.scalars(select(aliased(User, union_all(q, q).subquery()))).unique().all()",
    )


def test_one_after_another_is_one() -> None:
    """The rows are the same; not of two different ones, nor of what is not associative."""
    for before, after in (
        ("q.union(a)\n    .union(b)\n", "select(union(q, a, b).subquery())\n"),
        ("q.union_all(a).union_all(b, c)", "select(union_all(q, a, b, c).subquery())"),
        ("q.union_all(a).union(b)", "select(union(select(union_all(q, a).subquery()), b).subquery())"),
        ("q.except_(a).except_(b)", "select(except_(select(except_(q, a).subquery()), b).subquery())"),
    ):
        made = "q, a, b, c = {0}, {0}, {0}, {0}\n"
        transformed(
            f"{made.format('session.query(User.a)')}u = ({before})\nr = u.all()",
            f"{made.format('select(User.a)')}u = ({after})\nr = session.execute(u).all()",
        )


def test_an_order_names_columns() -> None:
    """The attribute would name the table inside."""
    transformed(
        "q = session.query(User.a)\nu = q.union(q).order_by(User.a.desc()).all()",
        'q = select(User.a)\nu = session.execute(select(union(q, q).subquery()).order_by(desc("a"))).all()',
    )


def test_a_criterion_after_it_names_the_alias() -> None:
    """It means the subquery; on one path only there is no name for both."""
    transformed(
        "q = session.query(User)\nu = q.union(q).filter(User.a).all()",
        "q = select(User)\nuser = aliased(User, union(q, q).subquery())\n"
        "u = session.scalars(select(user).where(user.a)).all()",
    )
    left("q = session.query(User)\nif x:\n    q = q.union(q)\nu = q.order_by(User.a).all()", "as a subquery")


def test_a_subquery_whose_columns_may_be_named_is_left() -> None:
    """They were called `table_column`; where nobody can name them, that is no matter."""
    left("q = session.query(User.a)\ns = q.union(q).subquery()", "as a subquery")
    transformed(
        "q = session.query(User.a)\nx = session.query(User).filter(User.a.in_(q.union(q).subquery())).all()",
        "q = select(User.a)\nx = session.scalars(\n    select(User).where(User.a.in_(select(union(q, q).subquery())))\n).all()",
    )


ONE_PATH = """
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, create_engine, or_
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    deleted = Column(Boolean)


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))


def page(session, everyone, first):
    if everyone:
        buyers = session.query(User).join(Order)
        others = session.query(User).filter(User.id > 2)
        query = buyers.union(others)
    else:
        query = session.query(User).filter(User.name != "bob")
    query = query.order_by(User.name.desc()).filter_by(deleted=False)
    if first:
        query = query.filter(or_(User.name.is_(None), User.name < first))
    return query.count(), [u.id for u in query.offset(1).limit(3).all()]


def names(session, more):
    query = session.query(User).filter(User.id < 2)
    if more == 1:
        query = query.union(session.query(User).filter(User.id > 3))
    elif more == 2:
        query = query.filter(User.id > 0)
    return [user.name for user in query.filter(User.name != "x").order_by(User.id.desc())]


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
session = Session(engine)
for n, name in enumerate(["ada", "bob", "cyd", "dan", "eva"], 1):
    session.add(User(id=n, name=name, deleted=False))
    session.flush()
    session.add(Order(user_id=n % 3 + 1))
session.commit()
found = [page(session, a, b) for a in (True, False) for b in (None, "dan")], [names(session, n) for n in range(3)]
"""


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


def test_a_union_on_one_path(workbench: Workbench) -> None:
    """A name holds the class, and on the path of the union its alias: what follows means the right one on both."""
    done = workbench.convert(ONE_PATH, Options(), verify=True)
    assert [d["message"] for d in done["diagnostics"] if "Query" in d["message"]] == []
    assert (
        "    user = User\n    if everyone:\n        buyers = select(User).join(Order)\n"
        "        others = select(User).where(User.id > 2)\n"
        "        user = aliased(User, union(buyers, others).subquery())\n        query = select(user)\n    else:\n"
        '        query = select(User).where(User.name != "bob")\n'
        "    query = query.order_by(user.name.desc()).filter_by(deleted=False)\n"
    ) in done["output"]
    assert ".query(" not in done["output"]
    assert done["verification"]["verdict"] == "same", done["verification"]["reason"]


PATH = "def f(q, x):\n    q = session.query(User)\n    {}\n    return q.filter(User.id == 3).all()\n"


@pytest.mark.parametrize(
    "body",
    [
        "for i in x:\n        if i:\n            q = q.union(q)",
        "if x:\n        p = q.union(q)\n    if x > 3:\n        q = p",
        "if x:\n        q = q.union(q)\n    if x > 3:\n        q = session.query(User)",
        "if x:\n        q = q.union(q)\n    if x > 3:\n        q = p = session.query(User)",
        "if x:\n        try:\n            q = q.union(q)\n        except ValueError:\n            pass",
        "if x:\n        q = q.union(q)\n        q = q.filter(User.a) if x > 2 else session.query(User)",
        "if x:\n        q = q.union(q).filter(User.b)\n    r = q\n    print(r.order_by(User.id).first())",
    ],
    ids=["a loop", "another name", "made anew", "two names", "a handler", "conditional", "copied"],
)
def test_what_the_name_holds_has_to_be_certain(body: str) -> None:
    """Where the variable may hold another query than the branch left in it, all stays."""
    left(PATH.format(body), "as a subquery")


def test_columns_on_one_path_have_no_such_name() -> None:
    """A subquery's column is written otherwise than the class's attribute."""
    left(PATH.format("if x:\n        q = q.union(q)").replace("query(User)", "query(User.id)"), "as a subquery")


def test_a_label_that_only_query_prints_is_not_named() -> None:
    """Query called the columns of a union `users_name`; a label of one's own is there on both sides."""
    left("a = session.query(User)\nb = a.union(a).order_by('users_name').all()\n", "name the attribute")
