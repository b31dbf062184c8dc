"""Queries that go from one file to another: read as one program, run before on 1.4 and after on 2.x."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from translator.options import Options
from translator.project import Outcome, translate_all

BANNED = """
import sqlalchemy.orm
from sqlalchemy.orm import Query


def refuse(self, *args, **kwargs):
    raise AssertionError("the legacy Query is used")


if not sqlalchemy.__version__.startswith("1."):
    Query.__init__ = refuse
"""
DATABASE = """
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

engine = create_engine("sqlite://")
Session = scoped_session(sessionmaker(bind=engine))
"""
MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

from .database import Session

Base = declarative_base()
Base.query = Session.query_property()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    orders = relationship("Order")

    @classmethod
    def named(cls, name):
        return cls.query.filter_by(name=name)


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    state = Column(String)
    user_id = Column(ForeignKey("users.id"))
"""
STORE = """
from . import models
from .database import Session


class Base:
    def wanted(self, session, state):
        raise NotImplementedError

    def fetch(self, session, state):
        return self.wanted(session, state).all()


class Users(Base):
    def wanted(self, sess, state):
        return sess.query(models.User).join(models.User.orders).filter(models.Order.state == state)


class Orders(Base):
    def wanted(self, session, state):
        return session.query(models.Order).filter_by(state=state)


def buyers(session):
    return session.query(models.User).join(models.User.orders)


def everyone():
    return Session.query(models.User)


def page(session, query, number):
    return query.order_by("id").limit(2).offset(number * 2).all()


def narrowed(query, name):
    if query and name:
        query = query.filter(models.User.name == name)
    return query
"""
VIEWS = """
from shop import models
from shop.models import Order
from shop.store import Orders, Users, buyers, everyone, narrowed, page


def open_ones(session):
    return [u.name for u in buyers(session).filter_by(state="open").all()]


def second_page(session):
    q = buyers(session).filter(Order.state.in_(["new", "open"]))
    return [u.name for u in page(session, q, 0)], [u.name for u in page(session, q, 1)]


def all_of_them():
    return everyone().order_by("id").count(), narrowed(everyone(), "ada").first().name


def by_class():
    return models.User.named("ada").one().name


def by_override(session):
    return [u.name for u in Users().fetch(session, "open")], [o.id for o in Orders().fetch(session, "open")]
"""
MAIN = """
import ban
from shop import views
from shop.database import Session, engine
from shop.models import Base, Order, User

Base.metadata.create_all(engine)
session = Session()
for number, name in enumerate(["ada", "bob", "cyd"]):
    user = User(name=name, orders=[Order(state="open"), Order(state="open"), Order(state="new")][number:])
    session.add(user)
session.commit()
print(views.open_ones(session), views.second_page(session), views.all_of_them(), views.by_class())
print(views.by_override(session))
"""
FILES = {
    "shop/__init__.py": "",
    "shop/database.py": DATABASE,
    "shop/models.py": MODELS,
    "shop/store.py": STORE,
    "shop/views.py": VIEWS,
    "main.py": MAIN,
}


def write(folder: Path, files: dict[str, str]) -> list[str]:
    """Put a project there; gives the paths of its files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    (folder / "setup.cfg").touch()
    return [str(folder / name) for name in files]


def translated(names: list[str], jobs: int = 1) -> dict[str, Outcome]:
    """What becomes of each file, by its name."""
    return {Path(o.name).name: o for o in translate_all(names, lambda _: Options(), jobs)}


def output(outcome: Outcome) -> str:
    """The translation of one file."""
    assert outcome.translation is not None, outcome.refusal
    return outcome.translation.output


def ran(folder: Path, paths: tuple[Path, ...]) -> str:
    """What the program prints."""
    (folder / "ban.py").write_text(BANNED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (*paths, folder)))}
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_program_does_the_same_without_the_legacy_query(tmp_path: Path) -> None:
    """Every query of the project crosses a file; each is translated on both sides, and the output is the same."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before
    assert "(in shop" not in before
    assert "['ada', 'bob']" in before


def test_worker_processes_give_the_same_program(tmp_path: Path) -> None:
    """The outcome does not depend on how many processes make it."""
    more = {f"shop/more_{n}.py": VIEWS for n in range(8)}
    names = write(tmp_path, {**FILES, **more})
    alone = translated(names)
    assert {n: output(o) for n, o in translated(names, jobs=2).items() if FILES.get(n)} == {
        n: output(o) for n, o in alone.items() if FILES.get(n)
    }


MENTIONS = {
    "shop/unseen.py": "from shop import store\n\nREGISTRY = {'buyers': store.buyers}\n",
    "shop/attribute.py": "def f(thing, session):\n    return thing.buyers(session)\n",
    "shop/renamed.py": "from shop.store import buyers as b\n\nCALLS = [b]\n",
    "shop/dotted.py": "def f(load):\n    return load('shop.store:buyers')\n",
    "templates/page.html": "{% for u in buyers(session) %}{{ u }}{% endfor %}\n",
    "conf/jobs.yaml": "report:\n  run: shop.store.buyers\n",
    "conf/export.ini": "[export]\nquery = buyers\n",
}


@pytest.mark.parametrize("name", MENTIONS)
def test_a_function_that_others_may_call_stays(tmp_path: Path, name: str) -> None:
    """A mention that is not followed leaves the function open, be it in a file that is translated or beside them."""
    names = write(tmp_path, {**FILES, name: MENTIONS[name]})
    for given in (names, [n for n in names if not n.endswith(name)]):
        found = translated([n for n in given if n.endswith(".py")])
        assert "session.query(models.User).join(models.User.orders)\n" in output(found["store.py"])
        assert 'buyers(session).filter_by(state="open").all()' in output(found["views.py"])
        assert "return select(models.User)" in output(found["store.py"])  # everyone() is not concerned


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"templates/page.html": "<p>\n{{ buyers(session).count() }}\n"}, "see line 2 of templates/page.html"),
        ({"more.py": "from shop.store import buyers\n\nALL = [buyers]\n"}, "see more.py"),
        ({"more.py": "X = buyers\n", "zoo.html": "{{ buyers() }}\n"}, "see line 1 of zoo.html"),
        ({"page.html": "<p>\n"}, "whose callers may be elsewhere"),
    ],
)
def test_a_function_that_stays_names_the_place_that_may_call_it(
    tmp_path: Path, more: dict[str, str], place: str
) -> None:
    """A template or a file that is not translated; where none mentions it, no place is made up."""
    names = write(tmp_path, {**FILES, "shop/own.py": "from .store import buyers\n\nOWN = [buyers]\n", **more})
    found = translated([n for n in names if n.endswith(".py") and not n.endswith("more.py")])
    outcome = found["store.py"].translation
    assert outcome is not None
    causes = [d.cause for d in outcome.diagnostics if d.slug == "query-escapes" and "`buyers`" in d.cause]
    assert causes
    assert all(place in cause for cause in causes)


def test_a_function_that_nobody_calls_may_be_called_by_another_package(tmp_path: Path) -> None:
    """A public one stays, as it gives a query; where it is private, nobody is left who could call it."""
    head = "from shop.models import User\n\n\n"
    made = head + "def {0}(session):\n    return session.query(User).filter_by(name='x')\n"
    found = translated(
        write(tmp_path, {**FILES, "shop/a.py": made.format("found"), "shop/b.py": made.format("_found")})
    )
    assert output(found["a.py"]) == made.format("found")
    outcome = found["a.py"].translation
    assert outcome is not None
    assert "whose callers may be elsewhere" in outcome.diagnostics[0].message
    assert "    return select(User).filter_by(name='x')\n" in output(found["b.py"])


def test_words_in_comments_are_no_mentions(tmp_path: Path) -> None:
    """Prose that names a function does not keep it from being translated."""
    names = write(
        tmp_path, {**FILES, "shop/notes.py": '"""See buyers in store."""\n# buyers(session) is slow\nx = f(buyers=1)\n'}
    )
    assert "def buyers(session):\n    return select(" in output(translated(names)["store.py"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pnpm-lock.yaml", "packages:\n  x: buyers\n"),
        ("conf/words.yaml", "# all buyers\nhelp: lists the buyers of a shop\nbuyers: 3\n"),
        ("conf/words.json", '{"buyers": "so many buyers today"}'),
    ],
)
def test_words_of_settings_are_no_mentions(tmp_path: Path, name: str, text: str) -> None:
    """A key, a sentence, and a list of versions name no function that anybody calls."""
    names = write(tmp_path, {**FILES, name: text})
    found = translated([n for n in names if n.endswith(".py")])
    assert "def buyers(session):\n    return select(" in output(found["store.py"])


def test_a_class_that_the_caller_can_not_name_is_not_named(tmp_path: Path) -> None:
    """filter_by() after a join means a class that the caller's file does not import: it stays, with the reason."""
    views = (
        "from shop.store import buyers\n\n\ndef f(session):\n    return buyers(session).filter_by(state='open').all()\n"
    )
    found = translated(write(tmp_path, {**FILES, "shop/views.py": views, "main.py": ""}))
    assert output(found["views.py"]) == views
    outcome = found["store.py"].translation
    assert outcome is not None
    assert any("nothing in sight names it here" in d.message and "shop.views" in d.message for d in outcome.diagnostics)


def test_a_session_of_another_file_is_imported_where_it_is_needed(tmp_path: Path) -> None:
    """A query on a session that only the other file has is executed on that one."""
    views = "from shop.store import everyone\n\n\ndef f():\n    return everyone().all()\n"
    found = translated(write(tmp_path, {**FILES, "shop/views.py": views, "main.py": ""}))
    assert output(found["views.py"]) == (
        "from shop.database import Session\nfrom shop.store import everyone\n\n\n"
        "def f():\n    return Session.scalars(everyone()).all()\n"
    )


def test_modules_that_import_each_other_get_no_import_in_a_circle(tmp_path: Path) -> None:
    """Where an import would close a circle, the query stays and the reason is told."""
    database = DATABASE + "\nfrom shop.views import f\n"
    views = "from shop.store import everyone\n\n\ndef f():\n    return everyone().all()\n"
    found = translated(write(tmp_path, {**FILES, "shop/views.py": views, "shop/database.py": database, "main.py": ""}))
    assert output(found["views.py"]) == views


def test_a_file_that_is_no_python_costs_itself_alone(tmp_path: Path) -> None:
    """The others are read as a program all the same."""
    names = write(tmp_path, {**FILES, "shop/broken.py": "session = (\n"})
    found = translated(names)
    assert found["broken.py"].refusal is not None
    assert "select(models.User)" in output(found["store.py"])


def test_a_function_that_narrows_what_it_is_given_in_a_loop(tmp_path: Path) -> None:
    """What a function gives may depend on what it is given, and that on what it gave the last time."""
    store = STORE + (
        "\n\ndef sorted_by(query, names):\n    for name in names:\n        query = by(query, name)\n    return query\n"
        "\n\ndef by(query, name):\n    return query.order_by(getattr(models.User, name))\n"
    )
    views = (
        "from shop.store import everyone, sorted_by\n\n\ndef f():\n    query = everyone()\n    for name in ('id', 'name'):\n"
        "        query = sorted_by(query, [name])\n    return query.all()\n"
    )
    found = translated(write(tmp_path, {**FILES, "shop/store.py": store, "shop/views.py": views, "main.py": ""}))
    assert "return Session.scalars(query).all()" in output(found["views.py"])


def test_a_package_that_hands_on_everything_of_a_module(tmp_path: Path) -> None:
    """`from .store import *` in a package's `__init__` binds the module's names there."""
    files = {
        **FILES,
        "shop/tools/__init__.py": "from shop.store import *\n",
        "shop/views.py": "from shop import tools\n\n\ndef f(session):\n    return tools.buyers(session).first()\n",
        "main.py": "",
    }
    found = translated(write(tmp_path, files))
    assert "return session.scalars(tools.buyers(session).limit(1)).first()" in output(found["views.py"])


def test_the_only_method_of_a_name(tmp_path: Path) -> None:
    """A method that nothing else in the project shares its name with is known on an object that nothing is known of."""
    store = STORE + (
        "\n\nclass Dao:\n    def __init__(self, db):\n        self.db = db\n\n    def names_of_users(self):\n"
        "        return self.db.query(models.User.name)\n"
    )
    views = "def export(dao):\n    return [name for (name,) in dao.names_of_users()]\n"
    found = translated(write(tmp_path, {**FILES, "shop/store.py": store, "shop/export.py": views}))
    assert "in dao.db.execute(dao.names_of_users())" in output(found["export.py"])
    other = {"shop/other.py": "class Fake:\n    def names_of_users(self):\n        return []\n"}
    found = translated(write(tmp_path, {**FILES, "shop/store.py": store, "shop/export.py": views, **other}))
    assert output(found["export.py"]) == views
    assert "return self.db.query(models.User.name)" in output(found["store.py"])
