"""Functions that run a query which they are given get its session as well: all their calls, or none."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import Options, translate

HEAD = "from app.models import User, Order\nfrom sqlalchemy import select\n\n\n"
PAGE = "def _page(query, number):\n    return query.limit(number).all()\n"


def test_two_functions_that_hand_it_on() -> None:
    """Both get the parameter; each caller hands over its own session."""
    transformed(
        HEAD + PAGE + "\n\ndef _both(q, *, n=1):\n    return _page(q, n), _page(number=n, query=q)\n\n\n"
        "def f(session):\n    return _both(session.query(User))\n\n\ndef g(db):\n    q = db.query(Order)\n    return _both(q)\n",
        HEAD + "def _page(session, query, number):\n    return session.scalars(query.limit(number)).all()\n\n\n"
        "def _both(session, q, *, n=1):\n    return _page(session, q, n), _page(session, number=n, query=q)\n\n\n"
        "def f(session):\n    return _both(session, select(User))\n\n\n"
        "def g(db):\n    q = select(Order)\n    return _both(db, q)\n",
    )


def test_what_it_returns_runs_on_the_session_of_the_caller() -> None:
    """A function that runs its query and gives it back, too."""
    output = translate(
        HEAD + "def _log(query):\n    print(query.count())\n    return query.limit(3)\n\n\n"
        "def f(session):\n    return _log(session.query(User)).all()\n\n\ndef g(s):\n    return _log(s.query(User)).all()\n"
    ).output
    assert "session.scalars(_log(session, select(User))).all()" in output
    assert "s.scalars(_log(s, select(User))).all()" in output


def test_a_method_gets_it_after_self() -> None:
    """Bound calls have the object before their arguments."""
    transformed(
        HEAD + "class A:\n    def _n(self, query):\n        return query.first()\n\n    def f(self, session):\n"
        "        return self._n(session.query(User))\n",
        HEAD + "class A:\n    def _n(self, session, query):\n        return session.scalars(query.limit(1)).first()\n\n"
        "    def f(self, session):\n        return self._n(session, select(User))\n",
    )


def test_a_name_that_is_taken() -> None:
    """The parameter is called otherwise where the function uses the word."""
    output = translate(
        HEAD
        + "def _n(query):\n    session = query.first()\n    return session\n\n\ndef f(s):\n    return _n(s.query(User))\n"
    ).output
    assert "def _n(db_session, query):" in output
    assert "session = db_session.scalars(query.limit(1)).first()" in output


@pytest.mark.parametrize(
    "call",
    ["_page(None, 2)", "_page(*args)", "_page(make().query(User), 1) if _page(x, 2) else 0", "map(_page, queries)"],
    ids=["no query", "starred", "something else", "handed on"],
)
def test_a_call_without_a_session_leaves_all_of_them(call: str) -> None:
    """One call that has no session to hand over keeps the function as it is, and so every query that it is given."""
    source = HEAD + PAGE + f"\n\ndef f(session):\n    return _page(session.query(User), 1)\n\n\nother = {call}\n"
    translation = translate(source)
    assert translation.output == source
    assert translation.diagnostics


def test_a_session_that_is_made_for_the_query_alone() -> None:
    """It is made once, where the session is handed over."""
    transformed(
        HEAD + PAGE + "\n\nusers = _page(make_session().query(User), 1)\n",
        HEAD + "def _page(session, query, number):\n    return session.scalars(query.limit(number)).all()\n\n\n"
        "users = _page(make_session(), select(User), 1)\n",
    )


def test_a_function_that_others_may_call() -> None:
    """It changes on demand only, and the place is named."""
    source = HEAD + PAGE.replace("_page", "page") + "\n\ndef f(s):\n    return page(s.query(User), 1)\n"
    left(source, "which others may call too")
    pasted = translate(source, Options(convert_escaping=True))
    assert "return page(s, select(User), 1)" in pasted.output
    assert "def page(session, query, number):" in pasted.output
    assert any("others may call" in d.message for d in pasted.diagnostics)
