"""Queries wherever they live: in containers, behind functions and methods, kept by objects."""

from __future__ import annotations

import pytest

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


def test_a_function_that_a_decorator_wraps_is_left() -> None:
    """Its callers have not the session that the decorator hands over."""
    body = "def _every(s):\n    return s.query(User)\n\n\na = _every().all()\n"
    left(f"{HEAD}@connected\n{body}", "who calls that gets what `@connected` makes of it; execute it in `_every()`")


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


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "def _n(q):\n    return q.all()\n\n\na = _n(session.query(User))\nb = _n(thing())\n",
            "is given something else",
        ),
        (
            "def _p(session, x):\n    if x:\n        return session.query(User)\n    return thing()\n\n\n"
            "def f(session):\n    return _p(session, 1).all()\n",
            "returns something else",
        ),
        (
            "def _g(session):\n    yield session.query(User)\n    yield thing()\n\n\n"
            "def f(session):\n    return [q.all() for q in _g(session)]\n",
            "yields something else",
        ),
        (
            "class A:\n    def __init__(self, session):\n        self._q = session.query(User)\n\n"
            "    def change(self):\n        self._q = thing()\n\n    def all(self):\n        return self._q.all()\n",
            "holds something else",
        ),
        (
            "class A:\n    def _q(self):\n        return self.session.query(User)\n\n    def n(self):\n"
            "        return self._q().all()\n\n\nclass B(A):\n    def _q(self):\n        return thing()\n",
            "gives something else",
        ),
    ],
    ids=["parameter", "return", "yield", "attribute", "override"],
)
def test_what_is_a_query_on_one_path_only_is_left(source: str, reason: str) -> None:
    """Where a name may hold a query or something that is not in sight, a select() could not take the query's place."""
    left(HEAD + source, reason)


@pytest.mark.parametrize("again", ["_walk(session)", "_turn(session)"])
def test_a_function_that_hands_its_session_to_itself(again: str) -> None:
    """The call inside says nothing of what the parameter is, directly or by way of another function."""
    source = (
        f"def _walk(session):\n    for user in {{}}:\n        {again}\n\n\ndef _turn(session):\n    _walk(session)\n"
    )
    transformed(HEAD + source.format("session.query(User)"), HEAD + source.format("session.scalars(select(User))"))


def test_more_functions_than_rounds_hide_no_query_elsewhere() -> None:
    """What is still open when the walks of a file end is unknown: the query of another function is found all the same."""
    chain = (
        "".join(f"def _f{n}(x):\n    return [_f{n + 1}(x)]\n\n\n" for n in range(12))
        + "def _f12(x):\n    return x\n\n\n"
    )
    source = "def walk(session):\n    walk(session)\n    return {}.all()\n\n\nfound = _f0(1)\n"
    transformed(
        HEAD + chain + source.format("session.query(User)"),
        HEAD + chain + source.format("session.scalars(select(User))"),
    )


def test_a_session_under_a_local_name_of_an_attribute() -> None:
    """A query that leaves the function runs on the attribute that the local name was taken from."""
    transformed(
        HEAD
        + "class A:\n    def __init__(self, db):\n        self.db = db\n\n    def _of(self, x):\n        db = self.db\n"
        "        return db.query(User).filter(User.x == x)\n\n    def f(self, x):\n        return self._of(x).all()\n",
        HEAD
        + "class A:\n    def __init__(self, db):\n        self.db = db\n\n    def _of(self, x):\n        db = self.db\n"
        "        return select(User).where(User.x == x)\n\n    def f(self, x):\n"
        "        return self.db.scalars(self._of(x)).all()\n",
    )


def test_a_function_extends_queries_that_select_different_things() -> None:
    """What comes back selects what was handed in: objects to one caller, rows to the other."""
    body = "    if wanted:\n        query = query.order_by(User.id)\n    return query.limit(3)\n\n\n"
    function = f"def _page(query, wanted):\n{body}"
    transformed(
        HEAD + function + "a = _page(s.query(User), 1).all()\nb = _page(s.query(User.id), 1).all()\n",
        HEAD
        + function
        + "a = s.scalars(_page(select(User), 1)).all()\nb = s.execute(_page(select(User.id), 1)).all()\n",
    )


def test_a_function_that_may_select_more_is_no_such() -> None:
    """Only a function that is seen to extend its query and nothing else gives back what it was given."""
    calls = "a = _page(s.query(User)).all()\nb = _page(s.query(User.id)).all()\n"
    left(f"{HEAD}def _page(query):\n    rows = [query]\n    return rows[0]\n\n\n{calls}", "stays a legacy Query")


@pytest.mark.parametrize("body", ["query.add_columns(User.name)", "_other(query)"])
def test_a_function_that_selects_more_of_either(body: str) -> None:
    """Objects with a column beside them are rows, as columns with one are."""
    other = "def _other(query):\n    return query.add_columns(User.id)\n\n\n"
    transformed(
        f"{HEAD}{other}def _page(query):\n    return {body}\n\n\n"
        "a = _page(s.query(User)).all()\nb = _page(s.query(User.id)).all()\n",
        f"{HEAD}{other}def _page(query):\n    return {body}\n\n\n"
        "a = s.execute(_page(select(User))).all()\nb = s.execute(_page(select(User.id))).all()\n",
    )


def test_a_repository_that_is_made_for_one_query() -> None:
    """The session that it is made with is the one that it keeps."""
    transformed(
        HEAD + "class A:\n    def __init__(self, x, session):\n        self._s = session\n\n    def _all(self):\n"
        "        return self._s.query(User)\n\n\ndef f(db):\n    return A(1, session=db)._all().first()\n",
        HEAD + "class A:\n    def __init__(self, x, session):\n        self._s = session\n\n    def _all(self):\n"
        "        return select(User)\n\n\ndef f(db):\n    return db.scalars(A(1, session=db)._all().limit(1)).first()\n",
    )


def test_a_function_that_extends_queries_of_several_sessions() -> None:
    """What it gives each caller runs on the session of that caller's query."""
    transformed(
        HEAD + 'def _x(q, x):\n    """Narrow q: to x."""\n    q = q.filter(User.x == x)\n    return q\n\n\ndef f(s):\n'
        "    q = _x(s.query(User), 1)\n    return q.all()\n\n\ndef g(db):\n    return _x(db.query(User), 2).first()\n",
        HEAD + 'def _x(q, x):\n    """Narrow q: to x."""\n    q = q.where(User.x == x)\n    return q\n\n\ndef f(s):\n'
        "    q = _x(select(User), 1)\n    return s.scalars(q).all()\n\n\n"
        "def g(db):\n    return db.scalars(_x(select(User), 2).limit(1)).first()\n",
    )


def test_what_a_unittest_keeps() -> None:
    """Nobody but the test itself reads its attributes; those of other classes may be read elsewhere."""
    source = (
        "class A({base}):\n    def setUp(self):\n        self.s = make_session()\n        self.query = {made}(User)\n\n"
        "    def test(self):\n        assert {all}\n"
    )
    old = {"made": "self.s.query", "all": "self.query.all()"}
    new = {"made": "select", "all": "self.s.scalars(self.query).all()"}
    transformed(
        HEAD + source.format(base="testtools.TestCase", **old), HEAD + source.format(base="testtools.TestCase", **new)
    )
    left(HEAD + source.format(base="Base", **old), "it is stored in `self.query`")


@pytest.mark.parametrize(
    "body",
    [
        "        self.session = session\n        self.session = pick(session)\n\n    def _all(self):\n"
        "        return self.session.query(User)\n\n\ndef f(s):\n    return A(s)._all().first()\n",
        "        self.session = session\n\n    def change(self, other):\n        self.session = other\n        return self\n\n"
        "    def _all(self):\n        return self.session.query(User)\n\n\ndef f(s, t):\n    a = A(s)\n    q = a._all()\n"
        "    a.change(t)\n    return q.all()\n",
        "        self.session = session\n        self._q = self.session.query(User)\n\n    def change(self, other):\n"
        "        self.session = other\n\n    def f(self):\n        return self._q.all()\n",
        "        self.session = session\n\n    def f(self, other):\n        q = self.session.query(User)\n"
        "        self.session = other\n        return q.all()\n",
    ],
    ids=["twice", "by another method", "while a query is kept", "between"],
)
def test_an_attribute_that_is_given_another_session(body: str) -> None:
    """A query goes on running on the session that it was made with, which the attribute no longer is."""
    left(HEAD + "class A:\n    def __init__(self, session):\n" + body, "not certainly the one bound here")


def test_the_method_query_under_a_name_of_its_own() -> None:
    """`query = session.query`: what it makes is a query of that session."""
    transformed(
        HEAD + "def f(session):\n    query = session.query\n    for user in query(User):\n        print(user)\n"
        "    return query(User.x).filter(User.y).all(), query(User).get(1)",
        HEAD
        + "def f(session):\n    query = session.query\n    for user in session.scalars(select(User)):\n        print(user)\n"
        "    return session.execute(select(User.x).where(User.y)).all(), session.get(User, 1)",
    )


KEEPER = "class A:\n    def __init__(self, session):\n{}\n    def f(self):\n        return {}\n"


def test_the_method_query_that_an_object_keeps() -> None:
    """It runs on the session that the object keeps as well."""
    kept = "        self.session = session\n        self.query = session.query\n"
    transformed(
        HEAD + KEEPER.format(kept, "self.query(User).filter(User.x).all()"),
        HEAD + KEEPER.format(kept, "self.session.scalars(select(User).where(User.x)).all()"),
    )


@pytest.mark.parametrize(
    ("kept", "cause"),
    [
        ("        self.query = session.query\n", "is the query() of a session that has no name here"),
        ("        self.query = session.query\n        self.session = other\n", "that has no name here"),
        ("        self.query = session.context.query\n", "which session that asks is not in sight"),
    ],
)
@pytest.mark.parametrize("use", ["[x for x in self.query(User)]", "self.query(User).get(1)"])
def test_the_method_query_of_a_session_without_a_name(kept: str, cause: str, use: str) -> None:
    """What is asked there is left, and said, whether it is walked or fetched."""
    left(HEAD + KEEPER.format(kept, use), cause)


def test_the_method_query_that_is_handed_on() -> None:
    """Whoever calls it is told where it came from."""
    left(
        HEAD + "def g(query):\n    return [x for x in query(User)]\n\n\ndef f(session):\n    return g(session.query)\n",
        "handed on",
    )


def test_one_of_two_of_which_nobody_knows_what_they_are() -> None:
    """A class or a column, on either path: what comes back is not told, but it can be counted."""
    source = (
        "from sqlalchemy import func, select\n\n\ndef f(session, a, b, x):\n    if x:\n        q = {0}(a)\n    else:\n"
        "        q = {0}(b)\n    return {1}\n"
    )
    count = "session.scalar(select(func.count()).select_from(q.subquery()))"
    head = "import this\n"
    transformed(head + source.format("session.query", "q.count()"), head + source.format("select", count))
    left(head + source.format("session.query", "q.all()"), "differs between paths")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("found = getattr(query, name)()", "getattr() looks its methods up"),
        ("found = getattr(User, name, query)", "it is passed to `getattr()`"),
        ("found = Query.all(query)", "it is passed to the class's `all()`"),
        ("found = Schema(many=True).dump(query)", "it is passed to `Schema(many=True).dump()`, which is not in sight"),
        ("found = handlers[name](query)", "it is passed to `handlers[name]()`, which is not in sight"),
        ("found = reduce(add, criteria, query)", "it is passed to `reduce()`"),
        ("found = reduce(lambda q, c: c(q), criteria, query)", "it is passed to `c()`"),
        ("found = reduce(lambda q, c: q.filter(c) if c else 0, criteria, query)", "`reduce()` gives something else"),
    ],
)
def test_a_query_goes_where_its_methods_are_not_seen(line: str, reason: str) -> None:
    """A Select has not what may be asked for there."""
    left(
        "from functools import reduce\nfrom sqlalchemy.orm import Query\n\n"
        f"def f(session, name, criteria, add, handlers):\n    query = session.query(User)\n    {line}\n    return list(found)\n",
        reason,
    )


GIVING = (
    "class Manager:\n    def __init__(self, app):\n        self.app = app\n\n    def session(self{more}):\n        {gives}\n\n"
    "    def users(self):\n        query = {made}.filter_by(id=1)\n        return {run}\n"
)


def test_a_method_that_gives_the_session_that_is_kept() -> None:
    """Called again it gives the same one."""
    old = {"more": "", "made": "self.session().query(User)", "run": "query.all()"}
    new = {"more": "", "made": "select(User)", "run": "self.session().scalars(query).all()"}
    for gives in ("return self.app.session", '"""The session."""\n        return self.app.session'):
        transformed(HEAD + GIVING.format(gives=gives, **old), HEAD + GIVING.format(gives=gives, **new))


@pytest.mark.parametrize(
    ("more", "gives"),
    [
        ("", "return Session(self.app.engine)"),
        ("", "return self.app.session()"),
        ("", "self.count += 1\n        return self.app.session"),
        (", app=None", "return app.session"),
    ],
)
def test_a_method_that_may_give_another_session(more: str, gives: str) -> None:
    """It makes one, or what it gives depends on more than what is kept."""
    given = GIVING.format(more=more, gives=gives, made="self.session().query(User)", run="query.all()")
    left("from sqlalchemy.orm import Session\n" + HEAD + given, "not certainly the one bound here")


def test_a_method_that_a_subclass_overrides() -> None:
    """The object may be one of that."""
    given = GIVING.format(
        more="", gives="return self.app.session", made="self.session().query(User)", run="query.all()"
    )
    more = "\n\nclass Other(Manager):\n    def session(self):\n        return Session(self.app.engine)\n"
    left("from sqlalchemy.orm import Session\n" + HEAD + given + more, "not certainly the one bound here")


LISTS = (
    "class Names(list):\n    kind = None\n\n    def __init__(self, *args):\n        {init}\n\n\n"
    "def f(session):\n    return Names({query})\n"
)


def test_a_class_that_is_a_list() -> None:
    """It walks what it is given, as a list does, where it hands all of that on."""
    for init in ("list.__init__(self, *args)", "super().__init__(*args)", "super(Names, self).__init__(*args)"):
        transformed(
            HEAD + LISTS.format(init=init, query="session.query(User).filter(User.a)"),
            HEAD + LISTS.format(init=init, query="session.scalars(select(User).where(User.a))"),
        )
    for init in (
        "self.given = args",
        "if args:\n            list.__init__(self, *args)",
        "pass; list.__init__(self, *args)",
    ):
        left(HEAD + LISTS.format(init=init, query="session.query(User)"), "in a way that is not followed")


def test_a_class_of_a_module_that_is_called_as_classes_are() -> None:
    """`import app.model as model`: `model` is no mapped class then."""
    transformed(
        "import app.model as model\nfrom sqlalchemy import delete, select\n\n"
        "a = db.session.query(model.task.Task).all()\nb = db.session.query(model.task.Task.id).all()\n"
        "db.session.query(model.run.TaskRun).filter_by(x=1).delete()",
        "import app.model as model\nfrom sqlalchemy import delete, select\n\n"
        "a = db.session.scalars(select(model.task.Task)).all()\nb = db.session.execute(select(model.task.Task.id)).all()\n"
        "db.session.execute(delete(model.run.TaskRun).filter_by(x=1))",
    )
