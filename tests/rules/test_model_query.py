"""Model.query, of Flask-SQLAlchemy and of query_property()."""

from __future__ import annotations

import pytest

from tests.rules.checks import MODELS_STAY, left, transformed
from translator import translate

FLASK = "from flask import abort\nfrom app import db\nfrom app.models import User, Order\n\ndb.session\n"


def test_the_text_s_own_db_is_used() -> None:
    """Where db is imported, its names are used; no import is added."""
    transformed(
        FLASK + "a = User.query.filter_by(x=1).all()",
        FLASK + "a = db.session.scalars(db.select(User).filter_by(x=1)).all()",
    )


def test_a_key_is_looked_up_by_the_session() -> None:
    """Model.query.get() needs no statement."""
    transformed(FLASK + "a = User.query.get(5)", FLASK + "a = db.session.get(User, 5)")


def test_without_a_session_in_sight_it_is_left() -> None:
    """Nothing says what `db` is where the text has none."""
    left("from flask import abort\nfrom app.models import User\n\na = User.query.all()\n", "import the `db`")


def test_query_property_runs_on_its_session() -> None:
    """The scoped session behind the property executes."""
    head = (
        "import os\nfrom sqlalchemy import select\nfrom sqlalchemy.orm import declarative_base, scoped_session, sessionmaker\n\n"
        "ss = scoped_session(sessionmaker())\nBase = declarative_base()\nBase.query = ss.query_property()\n\n\n"
        'class User(Base):\n    __tablename__ = "user"\n\n\n'
    )
    transformed(head + "a = User.query.first()", head + "a = ss.scalars(select(User).limit(1)).first()")


@pytest.mark.parametrize("made", ["declarative_base(cls=Asked)", "registry().generate_base(cls=Asked)"])
def test_a_base_has_the_query_of_the_class_it_is_made_of(made: str) -> None:
    """`cls=` names what every model extends; without it, or given to a function of the text, it says nothing."""
    head = (
        "from sqlalchemy import select\nfrom sqlalchemy.orm import declarative_base, registry, scoped_session, sessionmaker\n\n"
        "ss = scoped_session(sessionmaker())\n\n\nclass Asked:\n    query = ss.query_property()\n\n\n"
    )
    model = f'Base = {made}\n\n\nclass User(Base):\n    __tablename__ = "user"\n\n\n'
    code = translate(f"{head}{model}a = User.query.first()\n").output
    assert code.endswith("a = ss.scalars(select(User).limit(1)).first()\n")
    for before, base in (
        ("", made.replace("cls=Asked", "")),
        ("def declarative_base(cls):\n    return make(cls)\n\n\n", made),
    ):
        if before and "registry" in made:
            continue
        bare = f"{head}{before}Base = {base}\n\n\n" + model.partition("\n\n\n")[2]
        assert "a = User.query.first()\n" in translate(f"{bare}a = User.query.first()\n").output


def test_a_query_class_with_methods_of_its_own_is_left() -> None:
    """A select() has no method of an application's query class."""
    source = (
        "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.query import Query\n\ndb = SQLAlchemy()\n\n\n"
        "class Alive(Query):\n    def alive(self):\n        return self\n\n\n"
        "class User(db.Model):\n    query_class = Alive\n\n\na = User.query.alive().all()\n"
    )
    left(source, "`alive()` of its class `Alive` may be called elsewhere, too")


def test_arguments_that_query_would_refuse_betray_a_query_class() -> None:
    """get() with two arguments is no get() of Query's; delete() of the same model is no bulk delete then."""
    source = FLASK + "User.query.get(1, 2)\nUser.query.delete(a, b)\n"
    left(source, "does not take")


def test_a_column_of_that_name_is_no_query() -> None:
    """A mapped attribute may be called `query`."""
    source = (
        "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass Search(db.Model):\n"
        "    id = db.Column(db.Integer, primary_key=True)\n    query = db.Column(db.String)\n\n\nc = Search.query.label('x')\n"
    )
    transformed(source, source)


def test_db_that_a_function_gives() -> None:
    """What has a Model is the extension's object, though nobody sees where it is made."""
    transformed(
        "from . import setup\nfrom sqlalchemy import select\n\n\ndef test_it():\n    db, app = setup()\n\n"
        "    class User(db.Model):\n        id = db.Column(db.Integer, primary_key=True)\n\n    return User.query.all()",
        "from . import setup\nfrom sqlalchemy import select\n\n\ndef test_it():\n    db, app = setup()\n\n"
        "    class User(db.Model):\n        id = db.Column(db.Integer, primary_key=True)\n\n"
        "    return db.session.scalars(select(User)).all()",
    )


def test_a_subclass_of_the_extension_is_the_extension() -> None:
    """Its object has the session and the names."""
    transformed(
        "from flask_sqlalchemy import SQLAlchemy\n\n\nclass OurAlchemy(SQLAlchemy):\n    pass\n\n\ndb = OurAlchemy()\n"
        "class User(db.Model):\n    pass\n\n\nfound = User.query.all()\n",
        "from flask_sqlalchemy import SQLAlchemy\n\n\nclass OurAlchemy(SQLAlchemy):\n    pass\n\n\ndb = OurAlchemy()\n"
        "class User(db.Model):\n    pass\n\n\nfound = db.session.scalars(db.select(User)).all()\n",
    )


OBJECTS = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass User(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n\n"
)


def test_the_query_of_an_object_is_that_of_its_class() -> None:
    """`self.query` in a method, and that of an object which was found."""
    source = "    def twins(self):\n        return {}.all()\n\n\ntwins = {}.first().query.get(1)\n"
    output = translate(OBJECTS + source.format("self.query.filter_by(x=self.x)", "User.query"), MODELS_STAY).output
    assert "return db.session.scalars(db.select(User).filter_by(x=self.x)).all()" in output
    assert "twins = db.session.get(User, 1)" in output


@pytest.mark.parametrize(
    "rest",
    [
        "    def f(self):\n        self.query = {}\n        return self.query.get(1)\n",
        "    query = column_property(1)\n\n    def f(self):\n        return self.query.get(1)\n",
    ],
)
def test_an_attribute_of_that_name_leaves_it_open(rest: str) -> None:
    """What the class keeps there is not Flask-SQLAlchemy's."""
    assert "self.query.get(1)" in translate(OBJECTS + rest, MODELS_STAY).output


def test_an_object_of_a_subclass_asks_for_that_subclass() -> None:
    """`self.query` is that of the object's own class, whatever method of it is called, or walked."""
    source = OBJECTS + (
        "    def f(self):\n        for x in {}:\n            pass\n        return {}\n\n    def g(self):\n        return {}\n\n\n"
        "class Admin(User):\n    pass\n"
    )
    before = ("self.query", "self.query.filter_by(x=1).all()", "self.query.get(1)")
    walked, rows = (
        "db.session.scalars(db.select(type(self)))",
        "db.session.scalars(db.select(type(self)).filter_by(x=1))",
    )
    transformed(source.format(*before), source.format(walked, f"{rows}.all()", "db.session.get(type(self), 1)"))


def test_a_subclass_whose_query_is_another_one_leaves_it_open() -> None:
    """What the object's class gives there is not told by the class that the method stands in."""
    method = "    def f(self):\n        return self.query.get(1)\n\n\nclass Admin(User):\n    query_class = Special\n"
    left(OBJECTS + method, "`self.query` gives it, which is not in sight")


MIXIN = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass Named:\n    def twins(self):\n"
    "        return {}\n\n\nclass User(Named, db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n{}"
)


def test_a_mixin_of_models_asks_the_class_of_the_object() -> None:
    """All classes in sight that extend it are models, each with the query that the extension gives it."""
    transformed(
        MIXIN.format("self.query.filter_by(x=self.x).all()", ""),
        MIXIN.format("db.session.scalars(db.select(type(self)).filter_by(x=self.x)).all()", ""),
    )


@pytest.mark.parametrize("other", ["    query_class = Special\n", "\n\nclass Search(Named):\n    pass\n"])
def test_a_mixin_of_something_else_too_is_left(other: str) -> None:
    """Nobody can tell what `self.query` is there."""
    left(MIXIN.format("self.query.filter_by(x=self.x).all()", other), "`self.query` gives it, which is not in sight")


def test_a_broken_chain_stays_evenly_broken() -> None:
    """The first link stood beside `Model.query`; beside select() it would stand out."""
    transformed(
        FLASK + "q = (\n    User.query.filter(User.x)\n    .order_by(User.id)\n    .limit(3)\n)\n",
        FLASK + "q = (\n    db.select(User)\n    .where(User.x)\n    .order_by(User.id)\n    .limit(3)\n)\n",
    )
    transformed(
        FLASK + "p = (\n    User.query.filter(User.x)\n    .order_by(User.id)\n    .paginate(page=2, per_page=9)\n)\n",
        FLASK
        + "p = db.paginate(\n    db.select(User)\n    .where(User.x)\n    .order_by(User.id),\n    page=2,\n    per_page=9,\n)\n",
    )


def test_a_function_of_an_extension_that_something_else_holds() -> None:
    """`app.db.func.count()` counts, whatever `app` is."""
    transformed(
        "from app import Order\n\n\ndef f(app, session):\n    return session.query(app.db.func.count(Order.id)).scalar()\n",
        "from app import Order\nfrom sqlalchemy import select\n\n\ndef f(app, session):\n"
        "    return session.scalar(select(app.db.func.count(Order.id)))\n",
    )


@pytest.mark.parametrize(
    "head", ["from models import *", "from sqlalchemy import func\nfrom app import database", "from models import User"]
)
@pytest.mark.parametrize(
    "use",
    [
        "users = User.query.all()",
        "users = [user for user in User.query]",
        "for user in User.query:\n    print(user)",
        "query = User.query\nif deep:\n    query = query.options(deep)\nusers = query.all()",
    ],
)
def test_a_class_that_nothing_in_sight_binds(head: str, use: str) -> None:
    """It is imported by `*`, or pasted without its import; or nothing else tells of a Query."""
    left(f"{head}\n\n{use}\n", "not in sight")


@pytest.mark.parametrize("imported", ["from app import db", "from app.extensions import db", "from . import db"])
def test_an_imported_db_that_nothing_else_uses(imported: str) -> None:
    """`Model.query` shows what the application calls `db`."""
    head = f"{imported}\nfrom app.models import User\n"
    output = translate(f"{head}users = User.query.all()\n").output
    assert output.endswith("users = db.session.scalars(select(User)).all()\n")


@pytest.mark.parametrize("imported", ["from pymongo import db", "from app import database", "db = connect()"])
def test_what_is_no_db_of_the_application(imported: str) -> None:
    """Another package's name, or a value of something unknown."""
    left(f"{imported}\nfrom app.models import User\n\nusers = User.query.all()\n", "is not in sight")
