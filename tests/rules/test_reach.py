"""Queries wherever they live: in containers, behind functions and methods, kept by objects."""

from __future__ import annotations

from tests.rules.checks import left, transformed
from translator import Options, translate

HEAD = "from app.models import User, Order\nfrom sqlalchemy import select\n\n\n"


def test_a_private_function_and_its_callers_change_together() -> None:
    """The caller executes on the session that it handed in."""
    transformed(
        HEAD + "def _all(s, model):\n    return s.query(model)\n\n\na = _all(db.session, User).filter(User.x).first()",
        HEAD + "def _all(s, model):\n    return select(model)\n\n\n"
        "a = db.session.scalars(_all(db.session, User).where(User.x).limit(1)).first()",
    )


def test_a_public_function_is_left_in_a_file() -> None:
    """Its callers may be elsewhere; all uses in sight stay with it."""
    left(HEAD + "def every(s):\n    return s.query(User)\n\n\na = every(session).all()\n", "returned by")


def test_a_public_function_is_converted_on_demand() -> None:
    """A paste's callers are never in sight: the uses in sight follow, and a note stands at the place."""
    source = HEAD + "def every(s):\n    return s.query(User)\n\n\na = every(session).all()\n"
    translation = translate(source, Options(convert_escaping=True))
    assert "a = session.scalars(every(session)).all()" in translation.output
    assert [d.slug for d in translation.diagnostics] == ["query-escapes"]


def test_a_query_handed_to_a_function_that_has_its_session() -> None:
    """The parameter's own name for the session is written."""
    transformed(
        HEAD + "def _n(session, q):\n    return q.limit(2).all()\n\n\ndef f(s):\n    return _n(s, s.query(User))",
        HEAD + "def _n(session, q):\n    return session.scalars(q.limit(2)).all()\n\n\n"
        "def f(s):\n    return _n(s, select(User))",
    )


def test_a_query_handed_to_a_function_without_its_session_is_left() -> None:
    """There is no name for the session where it would be executed."""
    source = HEAD + "def _n(q):\n    return q.all()\n\n\ndef f(s):\n    return _n(s.query(User))\n"
    left(source, "not certainly the one bound here")


def test_methods_properties_and_overriding_ones() -> None:
    """self.session is the object's session in every method of the family."""
    transformed(
        HEAD + "class A:\n    def _q(self):\n        return self.session.query(User)\n\n    @property\n"
        "    def _p(self):\n        return self._q().filter(User.x)\n\n    def n(self):\n        return self._p.all()\n\n\n"
        "class B(A):\n    def _q(self):\n        return super()._q().filter(User.y)",
        HEAD + "class A:\n    def _q(self):\n        return select(User)\n\n    @property\n"
        "    def _p(self):\n        return self._q().where(User.x)\n\n    def n(self):\n"
        "        return self.session.scalars(self._p).all()\n\n\n"
        "class B(A):\n    def _q(self):\n        return super()._q().where(User.y)",
    )


def test_containers() -> None:
    """Lists, dicts and pairs give their queries back."""
    transformed(
        HEAD + "qs = [session.query(User)]\nqs.append(session.query(Order))\nfor q in qs:\n    q.all()\n"
        "d = {1: session.query(User)}\nd[1].all()\na, b = session.query(User), 1\na.all()",
        HEAD + "qs = [select(User)]\nqs.append(select(Order))\nfor q in qs:\n    session.scalars(q).all()\n"
        "d = {1: select(User)}\nsession.scalars(d[1]).all()\na, b = select(User), 1\nsession.scalars(a).all()",
    )


def test_a_session_that_a_context_manager_yields() -> None:
    """What a generator of the text yields is what `with` binds."""
    head = (
        "from contextlib import contextmanager\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n\n"
    )
    scope = "@contextmanager\ndef scope():\n    with Session() as s:\n        yield s\n\n\n"
    transformed(
        head + scope + "with scope() as x:\n    a = x.query(User).all()",
        head + scope + "with scope() as x:\n    a = x.scalars(select(User)).all()",
    )


def test_a_query_of_elsewhere_is_not_passed_over() -> None:
    """What an unknown function gives stays, and is flagged where it is used as a query."""
    left(HEAD + "a = model_query(ctx, User).filter_by(x=1).first()\n", "`model_query()` gives it")


def test_a_function_that_is_handed_on_may_be_called_elsewhere() -> None:
    """A callback's callers are not in sight."""
    left(HEAD + "def _q(s):\n    return s.query(User)\n\n\nregister(_q)\n", "returned by `_q`")


def test_a_class_is_a_class_whatever_gives_it() -> None:
    """type() and __class__ give classes, and query() takes only mapped ones."""
    transformed("a = session.query(type(user)).all()", "a = session.scalars(select(type(user))).all()")
    transformed("a = session.query(self.__class__).get(1)", "a = session.get(self.__class__, 1)")


def test_a_class_called_by_its_initials_in_a_module_of_models() -> None:
    """`models.RSE.id` is a column of it."""
    transformed(
        "from app.db import models\nfrom sqlalchemy import select\n\na = session.query(models.RSE.id).all()",
        "from app.db import models\nfrom sqlalchemy import select\n\na = session.execute(select(models.RSE.id)).all()",
    )


def test_a_session_is_known_by_what_gives_it() -> None:
    """Flask's current_app reaches everything that an application keeps; a starred list may be columns."""
    head = "from flask import current_app\nfrom sqlalchemy import select\n\n"
    transformed(
        head + "a = current_app.builder.get_session.query(current_app.sm.user_model.id).one()",
        head + "a = current_app.builder.get_session.execute(select(current_app.sm.user_model.id)).one()",
    )
    source = HEAD + "class A:\n    def _session(self):\n        return self.app.context\n\n    def f(self, columns):\n"
    left(source + "        return self._session().query(*columns).all()\n", "what is selected is not in sight")


def test_classes_of_one_name_in_different_functions() -> None:
    """The last one is read; a backref of an earlier one is nothing to stumble over."""
    source = (
        HEAD
        + "def f(db):\n    class A(db.Model):\n        id = db.Column(primary_key=True)\n\n    class B(db.Model):\n"
        "        a = db.relationship('A', backref='bs')\n\n\ndef g(db):\n    class B(db.Model):\n"
        "        id = db.Column(primary_key=True)\n"
    )
    assert translate(source).output == source
