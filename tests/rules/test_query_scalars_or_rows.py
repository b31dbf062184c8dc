"""Functions that run queries of objects for some callers and of rows for others are told which: all calls, or none."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import translate

HEAD = "from app.models import User, Order\nfrom sqlalchemy import select\n\n\n"
USERS = "\n\ndef users(s):\n    return _run(s, s.query(User))\n"
NAMES = "\n\ndef names(s):\n    return _run(s, s.query(User.id, User.name))\n"
IDS = "\n\ndef ids(s):\n    return _run(s, s.query(User.id))\n"
PAIRS = "\n\ndef pairs(s):\n    return _run(s, s.query(User, Order).join(Order.lines))\n"
BUYERS = "\n\ndef buyers(s):\n    return _run(s, s.query(User).join(User.orders))\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("q.all()", "(s.scalars if scalars else s.execute)(q).all()"),
        ("q.order_by(x).one()", "(s.scalars if scalars else s.execute)(q.order_by(x)).one()"),
        ("q.first()", "(s.scalars if scalars else s.execute)(q.limit(1)).first()"),
        ("[r for r in q]", "[r for r in (s.scalars if scalars else s.execute)(q)]"),
    ],
)
def test_what_runs_it_is_chosen(body: str, expected: str) -> None:
    """The parameter chooses between the methods of the session, wherever the query is run."""
    transformed(
        HEAD + f"def _run(s, q):\n    return {body}\n" + USERS + NAMES,
        HEAD + f"def _run(s, q, *, scalars=False):\n    return {expected}\n"
        "\n\ndef users(s):\n    return _run(s, select(User), scalars=True)\n"
        "\n\ndef names(s):\n    return _run(s, select(User.id, User.name))\n",
    )


def test_a_function_that_hands_it_on() -> None:
    """What it was told it tells the next function, with the session that both need."""
    transformed(
        HEAD + "def _run(q, n, **more):\n    return _narrowed(q).limit(n).all()\n\n\n"
        "def _narrowed(q):\n    return q.filter(User.id > 3)\n\n\n"
        "def _page(\n    q: object,\n    n: int,\n):\n    print(q.count())\n    return _run(q, n)\n\n\n"
        "def f(db):\n    return _page(db.query(User), 1), _page(\n        db.query(User.id),\n        2,\n    )\n",
        HEAD.replace("select", "func, select") + "def _run(session, q, n, *, scalars=False, **more):\n"
        "    return (session.scalars if scalars else session.execute)(_narrowed(q).limit(n)).all()\n\n\n"
        "def _narrowed(q):\n    return q.where(User.id > 3)\n\n\n"
        "def _page(\n    session,\n    q: object,\n    n: int,\n    *,\n    scalars: bool = False,\n):\n"
        "    print(session.scalar(select(func.count()).select_from(q.subquery())))\n"
        "    return _run(session, q, n, scalars=scalars)\n\n\n"
        "def f(db):\n    return _page(db, select(User), 1, scalars=True), _page(\n        db,\n        select(User.id),\n"
        "        2,\n    )\n",
    )


def test_objects_are_given_once_and_rows_of_columns_all() -> None:
    """A join repeats objects, which Query gave once; of equal rows of columns it gave all."""
    output = translate(HEAD + "def _run(s, q):\n    return q.all()\n" + BUYERS + NAMES).output
    assert "return (s.scalars(q).unique() if scalars else s.execute(q)).all()" in output


def test_rows_of_objects_beside_rows_of_columns() -> None:
    """A second parameter says which rows hold objects; nothing else is said where there is no third kind."""
    source = HEAD + "def _run(s, q, *more):\n    return q.all()\n" + PAIRS + NAMES + IDS
    output = translate(source).output
    assert (
        "def _run(s, q, *more, unique=False):\n    return (s.execute(q).unique() if unique else s.execute(q)).all()"
        in output
    )
    assert "_run(s, select(User, Order).join(Order.lines), unique=True)" in output
    assert "_run(s, select(User.id, User.name))" in output
    output = translate(source + BUYERS).output
    assert "_run(s, select(User).join(User.orders), scalars=True)" in output
    assert "def _run(s, q, *more, scalars=False, unique=False):" in output
    assert " ".join(output.split("return ")[1].split("\n\n")[0].split()) == (
        "( s.scalars(q).unique() if scalars else s.execute(q).unique() if unique else s.execute(q) ).all()"
    )


def test_rows_of_any_length_need_no_word() -> None:
    """What all callers want is rows of columns: there is nothing to tell."""
    transformed(
        HEAD + "def _run(s, q):\n    return q.all()\n" + NAMES + IDS,
        HEAD + "def _run(s, q):\n    return s.execute(q).all()\n"
        "\n\ndef names(s):\n    return _run(s, select(User.id, User.name))\n"
        "\n\ndef ids(s):\n    return _run(s, select(User.id))\n",
    )


def test_a_name_that_is_taken() -> None:
    """The parameter is called otherwise where the function uses the word."""
    output = translate(HEAD + "def _run(s, q):\n    return s.scalars(x), q.all()\n" + USERS + NAMES).output
    assert "(s.as_scalars if" not in output
    assert (
        "def _run(s, q, *, as_scalars=False):\n    return s.scalars(x), (s.scalars if as_scalars else s.execute)(q).all()"
        in output
    )


@pytest.mark.parametrize(
    "rest",
    [
        "\n\ndef f(s, *a):\n    return _run(*a)\n",
        "\n\ndef f(s, what):\n    return _run(s, s.query(*what))\n",
        "\n\ndef f(s, x):\n    q = s.query(User) if x else s.query(User.id)\n    return _run(s, q)\n",
        "\n\nruns = {1: _run}\n",
    ],
    ids=["starred", "not in sight", "either", "handed on"],
)
def test_a_call_that_can_not_tell_leaves_all_of_them(rest: str) -> None:
    """One caller of whose query it is not known what it selects keeps the function, and all its callers."""
    source = HEAD + "def _run(s, q):\n    return q.all()\n" + USERS + NAMES + rest
    translation = translate(source)
    assert translation.output == source
    assert len(translation.diagnostics) >= 2


@pytest.mark.parametrize("body", ["q.order_by(User.id).all()", "[r for r in q]"])
def test_what_has_no_name_is_not_run_in_two_ways(body: str) -> None:
    """Where objects need what rows must not have, the query has to have a name; it is not written twice."""
    left(HEAD + f"def _run(s, q):\n    return {body}\n" + BUYERS + NAMES, "whose equal rows have to stay")


def test_a_function_inside() -> None:
    """A function in a function is told by the outer one, as any other is."""
    transformed(
        HEAD
        + "def _run(s, q):\n    def inner(q):\n        return q.all()\n\n    return inner(q), q.first()\n"
        + USERS
        + NAMES,
        HEAD + "def _run(s, q, *, scalars=False):\n    def inner(q, *, scalars=False):\n"
        "        return (s.scalars if scalars else s.execute)(q).all()\n\n"
        "    return inner(q, scalars=scalars), (s.scalars if scalars else s.execute)(q.limit(1)).first()\n"
        "\n\ndef users(s):\n    return _run(s, select(User), scalars=True)\n"
        "\n\ndef names(s):\n    return _run(s, select(User.id, User.name))\n",
    )


def test_a_class_that_a_registry_keeps() -> None:
    """What stands under a key of an attribute of a class that is not in sight may be a class as well as JSON."""
    head = "from app.registry import Registry\nfrom sqlalchemy import select\n\n\n"
    for key in ("kind", "'table'"):
        left(f"{head}def f(session, kind):\n    return session.query(Registry.kept[{key}]).first()\n", "a mapped class")
    left(
        f"{head}def f(session, kind):\n    chosen = Registry.kept[kind]\n    return session.query(chosen).first()\n",
        "a mapped class",
    )
    transformed(
        f"{head}def f(session):\n    return session.query(User.data['x'].astext).all()\n",
        f"{head}def f(session):\n    return session.execute(select(User.data['x'].astext)).all()\n",
    )


def test_what_a_mapped_class_leaves_open() -> None:
    """A None in a mapped class may become a class in one that extends it: no column is selected for certain."""
    head = "from sqlalchemy import Column, Integer\nfrom app import Base\n\n\nclass User(Base):\n    __tablename__ = 'user'\n"
    body = "    @classmethod\n    def of(cls, session):\n        return session.query(cls.helper).all()\n"
    kept = f"{head}    id = Column(Integer, primary_key=True)\n    helper = None\n\n{body}"
    left(kept, "it can't be told whether `cls.helper` is a mapped class")
