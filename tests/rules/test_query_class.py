"""Methods of an application's own Query classes, in one file."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import Options, translate

HEAD = (
    "from app.models import User\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import Query, Session\n\n\n"
    "class UserQuery(Query):\n"
)
TAIL = "\n\nsession = Session(engine, query_cls=UserQuery)\n"


def test_a_method_that_never_looks_at_its_query_takes_none() -> None:
    """What it was called on did nothing; where making that may do something, it is still given."""
    body = "    def _named(self, name):\n        return session.query(User).filter(User.name == name).one()\n"
    done = (
        "    @staticmethod\n    def _named(name):\n"
        "        return session.scalars(select(User).where(User.name == name)).one()\n"
    )
    plain = "q = session.query(User)\n"
    transformed(
        HEAD + body + TAIL + plain + "found = q._named('x')\n",
        HEAD + done + TAIL + "q = select(User)\nfound = UserQuery._named('x')\n",
    )
    kept = done.replace("(name)", "(statement, name)")
    transformed(
        HEAD + body + TAIL + "found = session.query(User).filter(f())._named('x')\n",
        HEAD + kept + TAIL + "found = UserQuery._named(select(User).where(f()), 'x')\n",
    )


def test_methods_that_call_each_other() -> None:
    """They stay methods of whichever class they are called on; lambdas and loops inside keep their meaning."""
    transformed(
        HEAD + "    def _a(self, *, n=1):\n        return self.limit(n)\n\n"
        "    def _b(self):\n        for user in self:\n            print(user)\n"
        "        return (lambda: self._a(n=2).all())()\n" + TAIL + "found = session.query(User)._b()\n",
        HEAD + "    @staticmethod\n    def _a(statement, *, n=1):\n        return statement.limit(n)\n\n"
        "    @classmethod\n    def _b(cls, statement):\n        for user in session.scalars(statement):\n"
        "            print(user)\n        return (lambda: session.scalars(cls._a(statement, n=2)).all())()\n"
        + TAIL + "found = UserQuery._b(select(User))\n",
    )  # fmt: skip


def test_the_layout_of_a_chain_stays() -> None:
    """A chain over several lines stays one."""
    transformed(
        HEAD + "    def _a(self):\n        return self.filter(User.x)\n" + TAIL
        + "found = (\n    session.query(User)\n    .filter(User.y)\n    ._a()\n    .all()\n)\n",
        HEAD + "    @staticmethod\n    def _a(statement):\n        return statement.where(User.x)\n" + TAIL
        + "found = session.scalars(\n    UserQuery._a(\n        select(User)\n        .where(User.y)\n    )\n).all()\n",
    )  # fmt: skip


def test_a_public_method_is_converted_on_demand() -> None:
    """Others may call it on a query of that class, so that it stays in a file; a paste is converted, with a note."""
    source = (
        HEAD
        + "    def named(self):\n        return self.filter(User.x)\n"
        + TAIL
        + "a = session.query(User).named()[0]\n"
    )
    left(source, "`named()` of its class `UserQuery` may be called elsewhere, too")
    translation = translate(source, Options(convert_escaping=True))
    assert "    @staticmethod\n    def named(statement):\n" in translation.output
    assert {d.slug for d in translation.diagnostics} == {"query-escapes"}


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("    @cached\n    def _a(self):\n        return self.limit(1)\n", "is a method of its class"),
        ("    def _a(self):\n        return walk(self)\n", "it is passed to `walk()`, which is not in sight"),
        ("    def _a(self):\n        return self._entities\n", "`_entities` is not of SQLAlchemy's Query"),
        ("    def _a(self):\n        cls = self\n        return cls._a()\n", "something called `cls` already"),
        ("    def _a(self):\n        return [lambda self: self, self.limit(1)]\n", "a parameter `self` of its own"),
        (
            "    size = 3\n\n    def _a(self):\n        return self.limit(self.size)\n",
            "`size` is not of SQLAlchemy's Query",
        ),
    ],
)
def test_what_a_statement_does_not_have_leaves_all_of_it(body: str, cause: str) -> None:
    """The method and every query that it is called on stay as they are."""
    left(HEAD + body + TAIL + "found = session.query(User)._a()\n", cause)


FLASK = (
    "from flask_sqlalchemy import SQLAlchemy as _SQLAlchemy\nfrom flask_sqlalchemy.query import Query as _Query\n\n\n"
    "class BaseQuery(_Query):\n{body}\n\n"
)


def test_a_class_of_the_name_of_the_extension_s() -> None:
    """What a class is decides, not how it is called: this one is the application's own."""
    body = "    def get(self, ident):\n        return self.filter_by(id=ident, gone=0).first()\n"
    source = FLASK.format(body=body) + (
        "db = _SQLAlchemy(query_class=BaseQuery)\n\n\nclass User(db.Model):\n    pass\n\n\n"
        "a = User.query.get(3)\nb = db.session.query(User).get(3)\n"
    )
    left(source, "`get()` of its class `BaseQuery` may be called elsewhere")


def test_a_base_out_of_sight_may_change_every_query() -> None:
    """Not e.g. `from flask_sqlalchemy.query import Query`."""
    left(
        "from app.core import BaseQuery\nfrom flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
        "class Small(BaseQuery):\n    pass\n\n\nclass User(db.Model):\n    query_class = Small\n\n\na = User.query.all()\n",
        "whose base `BaseQuery` is not in sight",
    )


def test_a_class_for_query_classes_to_extend() -> None:
    """Its methods are those of Query classes, too; what `super()` means in one is not told."""
    mixin = "class Mixin:\n    def _x(self):\n        return {}.filter(User.x)\n\n\n"
    start, _ = HEAD.split("class UserQuery(Query):\n")
    body = "    def _y(self):\n        return self._x().limit(1)\n"
    use = TAIL + "found = session.query(User)._x()._y().all()\n"
    source = start + mixin + "class UserQuery(Mixin, Query):\n" + body + use
    done = start + mixin.replace("    def _x(self)", "    @staticmethod\n    def _x(statement)").replace(
        ".filter", ".where"
    )
    transformed(
        source.format("self"),
        done.format("statement")
        + "class UserQuery(Mixin, Query):\n    @classmethod\n    def _y(cls, statement):\n"
        + "        return cls._x(statement).limit(1)\n"
        + TAIL
        + "found = session.scalars(UserQuery._y(UserQuery._x(select(User)))).all()\n",
    )
    alone = start + mixin + "class UserQuery(Mixin, Query):\n    pass\n" + TAIL + "found = session.query(User)._x()\n"
    left(alone.format("super()"), "which class `super()` means here can't be told")


SEVERAL = (
    "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.query import Query\n\ndb = SQLAlchemy()\n\n\n"
    "class Living(Query):\n{body}\n\n\nclass User(db.Model):\n    query_class = Living\n\n\nclass Note(db.Model):\n    pass\n\n\n"
    "def f(cls):\n    return {use}\n\n\nprint(f(User), f(Note))\n"
)


def test_a_class_that_may_be_any_of_several() -> None:
    """It is asked as one is; not where a Query class in sight would do something else."""
    harmless = "    size = 3"
    transformed(
        SEVERAL.format(body=harmless, use="[x for x in cls.query]"),
        SEVERAL.format(body=harmless, use="[x for x in db.session.scalars(db.select(cls))]"),
    )
    left(
        SEVERAL.format(body="    def __iter__(self):\n        return iter(())", use="cls.query.all()"),
        "changes them all",
    )
    own = "    def count(self):\n        return 0"
    left(SEVERAL.format(body=own, use="cls.query.count()"), "methods of their own in the place of Query's")


def test_a_base_whose_subclasses_ask_query_classes_that_only_add_methods() -> None:
    """What Query's own methods do is the same for all of them."""
    source = (
        "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.query import Query\n\ndb = SQLAlchemy()\n\n\n"
        "class Base(db.Model):\n    __abstract__ = True\n\n    @classmethod\n    def every(cls):\n        return {}.all()\n\n\n"
        "class Living(Query):\n    def {}(self):\n        return self.limit(1)\n\n\n"
        "class User(Base):\n    query_class = Living\n"
    )
    transformed(source.format("cls.query", "_few"), source.format("db.session.scalars(db.select(cls))", "_few"))
    left(source.format("cls.query", "all"), "`User` extends the class and has a query class of its own")
