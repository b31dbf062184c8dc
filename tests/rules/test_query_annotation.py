"""Annotations that say Query say what becomes of the value; where that stays a Query, so do they."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import translate

HEAD = (
    "from typing import Any, List, Optional, Union\nfrom sqlalchemy import orm\nfrom sqlalchemy.orm import Query\n\n\n"
)
USE = "\n\ndef f(session):\n    return _f(session.query(User)).all()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Query", "Select"),
        ("Query[User]", "Select[Any]"),
        ('"Query[User]"', '"Select[Any]"'),
        ("'Query'", "'Select'"),
        ("Optional[Query]", "Optional[Select]"),
        ("Union[None, Query[User]]", "Union[None, Select[Any]]"),
        ("Query | None", "Select | None"),
        ('Optional["orm.Query"]', 'Optional["Select"]'),
        ("orm.Query", "Select"),
        ("orm.query.Query", "Select"),
    ],
)
def test_a_parameter_and_what_is_returned(before: str, after: str) -> None:
    """In every form that holds a query, or None."""
    output = translate(f"{HEAD}def _f(q: {before}) -> {before}:\n    return q.filter(User.id > 3)\n{USE}").output
    assert f"def _f(q: {after}) -> {after}:\n    return q.where(User.id > 3)" in output
    assert "import Query" not in output


def test_variables_and_lists() -> None:
    """A variable is annotated where it is bound; a list holds what it is said to hold."""
    transformed(
        HEAD + "def f(session):\n    q: Query = session.query(User)\n    qs: List[Query] = [q]\n"
        "    return [q.all() for q in qs]\n",
        HEAD.replace(
            "from sqlalchemy import orm\nfrom sqlalchemy.orm import Query\n",
            "from sqlalchemy import Select, orm, select\n",
        )
        + "def f(session):\n    q: Select = select(User)\n    qs: List[Select] = [q]\n"
        "    return [session.scalars(q).all() for q in qs]\n",
    )


def test_what_is_executed_as_a_deletion() -> None:
    """It is no Select."""
    output = translate(
        HEAD + "def _f(session, q: Query) -> int:\n    return q.delete()\n\n\n"
        "def f(session):\n    return _f(session, session.query(User).filter(User.id == 3))\n"
    ).output
    assert "def _f(session, q: Delete) -> int:" in output


@pytest.mark.parametrize(
    "said", ["Union[Query, str]", "Query | int", "Any", "dict[Query, Query]", "app.Query", '"no ( code"']
)
def test_other_annotations_stay(said: str) -> None:
    """What may be something else, too, is not known to be a statement; what is no Query of SQLAlchemy is none."""
    output = translate(f"{HEAD}def _f(q: {said}):\n    return q.filter(User.id > 3)\n{USE}").output
    assert f"def _f(q: {said}):\n    return q.where(User.id > 3)" in output


def test_a_query_that_stays() -> None:
    """Annotations stay with the query."""
    left(
        HEAD + "def g(q: Query) -> Query:\n    return q.filter(User.id > 3)\n\n\ng(session.query(User))\n",
        "others may call too",
    )


def test_the_name_is_still_used() -> None:
    """It stays imported where anything uses it."""
    output = translate(
        f"{HEAD}def _f(q: Query):\n    return q.filter(User.id > 3)\n\n\ndef other(x: Query):\n    return x\n{USE}"
    ).output
    assert "def _f(q: Select):" in output
    assert "def other(x: Query):" in output
    assert "from sqlalchemy.orm import Query\n" in output


def test_a_name_that_is_taken() -> None:
    """A class of the text that is called so is not meant."""
    source = f"{HEAD}class Select:\n    pass\n\n\ndef _f(q: Query):\n    return q.filter(User.id > 3)\n{USE}"
    assert "def _f(q: sa_Select):" in translate(source).output


def test_a_union_is_followed_past_annotations() -> None:
    """An annotation mentions no class that comes out of the subquery."""
    transformed(
        "from sqlalchemy.orm import Query, aliased\nfrom sqlalchemy import select, union\n\n\n"
        "def f(session):\n    q: Query = session.query(User)\n    q = q.union(q)\n"
        "    r: Query = q.filter(User.a)\n    return r.filter(User.b).all()\n",
        "def f(session):\n    q: Select = select(User)\n    user = aliased(User, union(q, q).subquery())\n    q = select(user)\n"
        "    r: Select = q.where(user.a)\n    return session.scalars(r.where(user.b)).all()\n",
    )
