"""Queries whose classes come to mean a subquery: what follows is named by it, and does the same when it is run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.checks import left, transformed
from translator import Options, Workbench

PROGRAMS = {
    "a join": "x = session.query(Customer).order_by(Customer.id.desc()).limit(2).from_self().join(Customer.orders)"
    ".filter(Order.total > 1).order_by(Customer.name).all()",
    "a criterion of a class that is inside, too": "x = session.query(Customer).join(Customer.orders).limit(3).from_self()"
    ".filter(Order.total > 1).all()",
    "keywords": "x = session.query(Customer).join(Customer.orders).limit(3).from_self().filter_by(id=1).count()",
    "an EXISTS": "x = session.query(Order).limit(9).from_self().filter(exists().where(Order.customer_id == Customer.id))"
    ".filter(Order.total > 1).all()",
    "a relationship that is asked": "x = session.query(Customer).limit(9).from_self()"
    ".filter(Customer.orders.any(Order.total > 1)).all()",
    "an outer join that is loaded": "x = session.query(Customer).limit(5).from_self().outerjoin(Customer.orders)"
    ".options(contains_eager(Customer.orders)).order_by(Customer.id).all()",
    "groups": "x = session.query(Customer.name, Order.total).join(Customer.orders).order_by(Order.id).limit(5)"
    ".from_self(Customer.name, func.sum(Order.total)).group_by(Customer.name).order_by(Customer.name).all()",
    "a slice": "x = session.query(Customer).order_by(Customer.id).limit(5).from_self().filter(Customer.id > 0)[1:3]",
    "a self join": "x = session.query(Order).limit(9).from_self().join(Customer, Customer.id == Order.customer_id)"
    ".group_by(Order.id).having(func.count(Customer.id) > 0).all()",
    "other columns": "x = session.query(Customer).limit(3).from_self(func.count(Customer.id), func.max(Customer.name)).one()",
    "a count": "x = session.query(Order.status, Order.total).distinct().from_self(func.count()).scalar()",
    "columns": "x = session.query(Order.status, Order.total).limit(4).from_self().filter(Order.total > 1)"
    ".order_by(Order.total.desc()).all()",
    "several classes": "x = [(row.Customer, row.Order) for row in session.query(Customer, Order).join(Customer.orders)"
    ".order_by(Order.id).limit(3).from_self().filter(Customer.id > 0).order_by(Order.id)]",
    "columns that are added": "x = [(row.Order.id, row[1]) for row in session.query(Order).limit(3).from_self()"
    ".add_columns(Order.total).order_by(Order.id)]",
    "a union": "x = session.query(Order).filter(Order.id < 3).union(session.query(Order).filter(Order.total > 2))"
    ".filter(Order.status != 'x').order_by(Order.id).all()",
    "a variable": "q = session.query(Order).filter(Order.id < 3).union_all(session.query(Order))\n"
    "q = q.filter(Order.total > 1)\nx = q.order_by(Order.id).first()\nn = q.count()",
    "a loop": "x = []\nfor o in session.query(Order).limit(3).from_self().filter(Order.total > 1):\n    x.append(o.id)",
    "a selectable": "s = session.query(Order).filter(Order.total > 1).subquery()\n"
    "x = session.query(Order).select_entity_from(s).filter(Order.id < 9).order_by(Order.id.desc()).all()",
    "a subclass": "x = session.query(Employee).with_polymorphic([Engineer]).filter(or_(Engineer.language != 'C',"
    " Employee.id > 1)).order_by(Employee.id).all()",
    "one subclass": "x = session.query(Employee).with_polymorphic(Engineer).order_by(Employee.id).all()",
}


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_does_the_same(name: str, workbench: Workbench) -> None:
    """Translated whole, run on 1.4 and on 2.x."""
    report = workbench.convert(PROGRAMS[name] + "\n", Options(), verify=True)
    assert not [d for d in report["diagnostics"] if d["severity"] != "note"], report["diagnostics"]
    assert report["verification"]["verdict"] == "same", (report["output"], report["verification"]["reason"])


def test_the_alias_stands_before_its_statement() -> None:
    """Long ones hang; a name that is taken is not used."""
    transformed(
        "def f(user):\n    return session.query(User).limit(3).from_self().filter(User.a > user).all()",
        "def f(user):\n    user_alias = aliased(User, select(User).limit(3).subquery())\n"
        "    return session.scalars(select(user_alias).where(user_alias.a > user)).all()",
    )


def test_two_of_them_get_two_names() -> None:
    """The second alias must not take the first one's place."""
    transformed(
        "a = session.query(User).limit(3).from_self().filter(User.a).all()\n"
        "b = session.query(User).limit(4).from_self().filter(User.a).all()",
        "user = aliased(User, select(User).limit(3).subquery())\na = session.scalars(select(user).where(user.a)).all()\n"
        "user_2 = aliased(User, select(User).limit(4).subquery())\n"
        "b = session.scalars(select(user_2).where(user_2.a)).all()",
    )


@pytest.mark.parametrize(
    "source",
    [
        "x = session.query(User).limit(3).from_self().filter(criterion).all()",
        "x = session.query(User).limit(3).from_self().filter(*criteria).all()",
        "x = session.query(User).limit(3).from_self().order_by(text('name')).filter(User.a == 1).all()",
        "x = session.query(User).limit(3).from_self().options(joinedload(name)).filter(User.a == 1).all()",
        "x = session.query(User).limit(3).from_self().join('orders').all()",
        "x = session.query(User).limit(3).from_self().filter(User.orders.any(Order.a > User.a)).all()",
        "x = session.query(User).limit(3).from_self().filter(User.a == 1).exists()",
        "x = session.query(User).limit(3).from_self().filter(User.a == 1).subquery()",
        "x = session.query(User).limit(3).from_self().subquery()",
        "x = session.query(User).limit(3).from_self().filter(users.c.a == 1).all()",
        "x = go and session.query(User).limit(3).from_self().filter(User.a == 1).all()",
        "x = [session.query(User).limit(i).from_self().filter(User.a == 1).all() for i in n]",
        "x = session.query(func.max(User.a)).from_self().filter(User.a == 1).all()",
        "x = session.query(User).limit(3).from_self().limit(2).from_self().filter(User.a == 1).all()",
    ],
)
def test_what_may_mention_the_class_out_of_sight_is_left(source: str) -> None:
    """A variable, a string, a table, another path, another scope."""
    left(source, "from_self() is gone")


def test_a_selectable_that_is_not_known_is_left() -> None:
    """A table, a join: an alias of the class over them is something else."""
    left("x = session.query(User).select_entity_from(thing).all()", "select_entity_from() is gone")


def test_subclasses_out_of_sight_are_left() -> None:
    """Which are asked for, or which are named."""
    left("x = session.query(Base).with_polymorphic(subs).all()", "with_polymorphic() is gone")
    left("x = session.query(A).with_polymorphic([B]).filter(crit).all()", "with_polymorphic() is gone")


@pytest.mark.parametrize(
    "source",
    [
        "x = session.query(A, B).join(B, B.a == A.b).limit(3).from_self().filter_by(name='x').all()",
        "x = session.query(A.b, A.c).limit(3).from_self().filter_by(b='x').all()",
        "x = session.query(A).limit(3).from_self().join(B, B.a == A.b).filter_by(name='x').all()",
        "x = session.query(A).limit(3).from_self().join(B, B.a == A.b).join(A, A.b == 1).filter_by(name='x').all()",
        "class C:\n    x = session.query(A).limit(3).from_self().filter(A.b == 1).all()\n",
    ],
)
def test_keywords_that_would_be_spelled_out_are_left(source: str) -> None:
    """filter_by() is written out where there are several classes, and would then name the class, not its alias."""
    left(source, "from_self() is gone")


def test_keywords_on_a_polymorphic_query_are_left() -> None:
    """They would name the class beside its polymorphic alias: a cross product."""
    left("x = session.query(A).with_polymorphic([B]).filter_by(id=1).all()", "with_polymorphic() is gone")
