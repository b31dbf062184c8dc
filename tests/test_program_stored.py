"""Queries that objects keep where everybody may ask for them: followed where all who do are in sight, named where not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import FILES, output, ran, translated, write

PAGER = """
class Pager(object):
    def __init__(self, session, query, size=2):
        self.session = session
        self.query = query
        self.size = size

    def filter(self, *criteria):
        self.query = self.query.filter(*criteria)
        return self

    @property
    def total(self):
        return self.query.order_by(None).count()

    def items(self):
        return self.query.limit(self.size).all()
"""
NAMED = """
from shop.models import User
from shop.pager import Pager


class NamedPager(Pager):
    def named(self, name):
        self.query = self.query.filter_by(name=name)
        return self


def everyone(session):
    return NamedPager(session, session.query(User).order_by(User.id))
"""
MAIN = """
import ban
from shop.database import Session, engine
from shop.models import Base, User
from shop.named import NamedPager, everyone
from shop.pager import Pager

Base.metadata.create_all(engine)
session = Session()
session.add_all([User(name=name) for name in ("ada", "bob", "cyd")])
session.commit()
pager = Pager(session, session.query(User).order_by(User.id))
print(pager.total, [u.name for u in pager.items()], pager.query.first().name, len([u for u in pager.query]))
print(pager.filter(User.name != "ada").total, pager.query.count())
named = everyone(session)
named.query = named.query.filter(User.id < 3)
bob = named.named("bob")
print(bob.total, bob.query.one().name)
"""
SHOP = {name: text for name, text in FILES.items() if name not in {"shop/store.py", "shop/views.py"}}
SHOP["shop/models.py"] = re.sub(r"(?s)    @classmethod.*?\n\n\n", "", SHOP["shop/models.py"])
PROJECT = {**SHOP, "shop/pager.py": PAGER, "shop/named.py": NAMED, "main.py": MAIN}


def causes(names: list[str]) -> list[str]:
    """Why queries stay, in all files."""
    found = translated([name for name in names if name.endswith(".py") and "unseen" not in name])
    return [d.message for o in found.values() if o.translation for d in o.translation.diagnostics]


def test_a_public_query_changes_with_all_its_uses(tmp_path: Path) -> None:
    """Made in one file, narrowed by a subclass in another, executed and replaced from a third."""
    names = write(tmp_path, PROJECT)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(tmp_path, {name: output(found[Path(name).name]) for name in PROJECT if PROJECT[name]})
    assert ran(tmp_path, ()) == before
    assert "1 bob" in before


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("shop/more.py", "def f(thing):\n    return thing.query.count()\n", "nothing shows what `thing` is"),
        ("shop/more.py", "def f(x):\n    return getattr(x, 'query').count()\n", "see line 2 of more.py"),
        ("shop/more.py", "P = '<p>\\n{{ pager.query.count() }}'\n", "see line 1 of more.py"),
        (
            "shop/more.py",
            "def f(x):\n    match x:\n        case P(query=q):\n            q.all()\n",
            "see line 3 of more",
        ),
        ("shop/unseen.py", "def f(pager):\n    return pager.query.count()\n", "see line 2 of shop/unseen.py"),
        (
            "shop/unseen.py",
            "class P(NamedPager):\n    def f(self):\n        return self.query\n",
            "see line 3 of shop/u",
        ),
        ("templates/page.html", "<p>\n{{ pager.query.count() }}\n", "see line 2 of templates/page.html"),
        ("templates/page.html", "{% for u in pager['query'] %}{% endfor %}\n", "see line 1 of templates/page.html"),
        ("shop/more.py", "from shop.pager import Pager\n\n\nclass P(Pager, unseen.Base):\n    pass\n", "`unseen.Base`"),
        (
            "shop/more.py",
            "from shop.pager import Pager\n\n\nclass P(Pager):\n    def f(self, k, v):\n        setattr(self, k, v)\n",
            "by names that it puts together",
        ),
    ],
)
def test_a_public_query_that_others_may_ask_for_stays(tmp_path: Path, name: str, text: str, place: str) -> None:
    """All its files stay as they are, and who may ask is named."""
    names = write(tmp_path, {**PROJECT, name: text})
    assert any("it is stored in `self.query`" in cause and place in cause for cause in causes(names))
    found = translated([name for name in names if name.endswith(".py") and "unseen" not in name])
    assert "        return self.query.limit(self.size).all()\n" in output(found["pager.py"])
    assert "pager.query.first().name" in output(found["main.py"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop/more.py", "from shop.models import User\n\n\ndef f(session):\n    return session.query(User).all()\n"),
        ("shop/more.py", "from shop.models import User\n\n\ndef f():\n    return User.query.count()\n"),
        ("shop/more.py", "from flask import request\n\nX = request.query\nY = {'query': 1}['query']\n"),
        ("shop/more.py", "class Other:\n    def __init__(self, text):\n        self.query = text.split()\n"),
        ("shop/more.py", "from shop.query import X\nimport shop.query\n# pager.query is fast\n"),
        ("shop/unseen.py", "def f(s, d):\n    return s.query(User), User.query.all(), d['query'], d.get('query')\n"),
        ("shop/unseen.py", "class Other:\n    def f(self):\n        return self.query.all()\n"),
        ("templates/page.html", "<p>query of {{ session.query(User).count() }}\n"),
        ("conf/app.yaml", "x: pager.query\n"),
    ],
)
def test_what_is_certainly_another_query_keeps_none(tmp_path: Path, name: str, text: str) -> None:
    """Sessions, mapped classes, requests, other classes in sight, keys of dicts, prose and settings."""
    names = write(tmp_path, {**PROJECT, name: text})
    assert not [cause for cause in causes(names) if "self.query" in cause]
    found = translated([name for name in names if name.endswith(".py") and "unseen" not in name])
    assert "        return self.session.scalars(self.query.limit(self.size)).unique().all()\n" in output(
        found["pager.py"]
    )


@pytest.mark.parametrize("unseen", ["def test(pager):\n    assert pager._query.count() == 3\n", "{{ pager._query }}\n"])
def test_a_private_query_that_others_ask_for_all_the_same_stays(tmp_path: Path, unseen: str) -> None:
    """A test or a template looks into the object; a word in prose doesn't count."""
    private = {
        name: text.replace(".query =", "._query =").replace("self.query", "self._query")
        for name, text in PROJECT.items()
    }
    private["main.py"] = ""
    file = "tests/unseen.py" if "def" in unseen else "templates/page.html"
    names = write(tmp_path, {**private, file: "# pager._query\n" if "def" in unseen else "_query"})
    found = translated([name for name in names if name.endswith(".py") and "unseen" not in name])
    assert "self._query.limit" in output(found["pager.py"])
    write(tmp_path, {file: unseen})
    assert any(f"see line {1 + ('def' in unseen)} of {file}" in cause for cause in causes(names))


SEARCH = """
from shop.models import User


class Search(object):
    def __init__(self, session):
        self.session = session
        self._query = session.query(User)

    def _filter(self, name):
        self._query = self._query.filter(User.name != name)

    def _page(self):
        self._query = self._query.order_by(User.id).limit(1)

    def run_it(self, name):
        self._filter(name)
        self._page()
        return self._query.all()
"""
SEARCHING = {
    **{name: text for name, text in SHOP.items() if name != "main.py"},
    "shop/search.py": SEARCH,
    "main.py": MAIN.partition("pager = ")[0]
    .replace("from shop.named import NamedPager, everyone\n", "")
    .replace("from shop.pager import Pager", "from shop.search import Search")
    + 'print([u.name for u in Search(session).run_it("ada")])\n',
}
SUBCLASS = "from shop.search import *\n\n\nclass S(Search):\n    def f(self):\n"
LIMITED = "a clause is added after LIMIT"


def test_methods_that_run_in_order_change(tmp_path: Path) -> None:
    """What puts the LIMIT there comes last, in each place that runs it, whichever file that is in."""
    names = write(tmp_path, SEARCHING)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert causes(names) == []
    assert "self.session.scalars(self._query)" in output(found["search.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in SEARCHING if SEARCHING[name]})
    assert ran(tmp_path, ()) == before == "['bob']\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop/more.py", "from shop.search import Search\n\n\ndef f(s):\n    x = Search(s)\n    x.run_it(1)\n    x.run_it(2)\n"),
        ("shop/more.py", "def f(search):\n    return search.run_it('ada')\n"),
        ("shop/more.py", f"{SUBCLASS}        self._page()\n        self._filter(1)\n"),
        ("shop/unseen.py", "def f(search):\n    return search.run_it('ada')\n"),
        ("templates/page.html", "{{ search.run_it('ada') }}\n"),
    ],
)  # fmt: skip
def test_methods_of_which_nobody_knows_the_order_stay(tmp_path: Path, name: str, text: str) -> None:
    """1.x raises where a clause comes after LIMIT; select() would put it before that."""
    names = write(tmp_path, {**SEARCHING, name: text})
    assert any(LIMITED in cause for cause in causes(names))
    found = translated([name for name in names if name.endswith(".py") and "unseen" not in name])
    assert "return self._query.all()" in output(found["search.py"])


def test_a_test_case_keeps_a_query(tmp_path: Path) -> None:
    """Packages of test cases ask for no attribute of a test, and what `urlparse()` gives has a `query` of its own."""
    files = {"shop/__init__.py": "", "shop/repo.py": REPO, "shop/test_repo.py": TEST_CASE}
    found = translated(write(tmp_path, files))
    assert "self.query = select(Item)" in output(found["test_repo.py"])
    assert "query.where(Item.id > least)" in output(found["repo.py"])


REPO = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base
from urllib import parse

Base = declarative_base()


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)


class Repo(object):
    def narrow(self, query, least):
        return query.filter(Item.id > least)


def read(ref):
    return parse.urlparse(ref).query
"""
TEST_CASE = """
import testtools
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from shop.repo import Base, Item, Repo


class Utils(testtools.TestCase):
    pass


class Testing(Utils):
    def setUp(self):
        super(Testing, self).setUp()
        engine = create_engine("sqlite://")
        Base.metadata.create_all(engine)
        self.session = sessionmaker(engine)()
        self.repo = Repo()
        self.query = self.session.query(Item)

    def test_narrow(self):
        found = self.repo.narrow(self.query, 1).all()
        self.assertEqual([], found)
"""
