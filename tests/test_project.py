"""Many files at once: each knows the models of the others, in order, whatever one of them holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.model.mapping import Mapping
from translator.options import Options
from translator.prepare.files import python_files
from translator.project import survey, translate_all

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    orders = relationship("Order", lazy="joined")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User")
"""
SCHEMAS = "class User:\n    name: str\n\n\nUser.name.lower()\n"
VIEWS = """
from app.models import Order, User


def everyone(session):
    return session.query(User).all()


def orders(session):
    return session.query(Order).join(Order.user).all()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of three files."""
    for name, text in (("models.py", MODELS), ("schemas.py", SCHEMAS), ("views.py", VIEWS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def outputs(folder: Path, jobs: int = 1) -> dict[str, str]:
    """The translation of each file."""
    names = [str(path) for path in sorted(folder.glob("*.py"))]
    outcomes = list(translate_all(names, lambda _: Options(), jobs))
    assert [outcome.name for outcome in outcomes] == names
    return {
        Path(outcome.name).name: outcome.translation.output if outcome.translation else str(outcome.refusal)
        for outcome in outcomes
    }


def test_a_file_knows_the_relationships_of_another(folder: Path) -> None:
    """A collection that the mapping loads by a join needs unique(); a join to the one side needs none."""
    views = outputs(folder)["views.py"]
    assert "session.scalars(select(User)).unique().all()" in views
    assert "session.scalars(select(Order).join(Order.user)).unique().all()" not in views
    assert "select(Order).join(Order.user)" in views


def test_worker_processes_give_the_same(folder: Path) -> None:
    """The outcome doesn't depend on how many processes work at it."""
    for number in range(9):
        (folder / f"more_{number}.py").write_text(VIEWS, encoding="utf-8")
    assert outputs(folder, jobs=2) == outputs(folder, jobs=1)


def test_a_bad_file_costs_itself_alone(folder: Path) -> None:
    """A file that is no Python is refused; the others are translated."""
    (folder / "broken.py").write_text("x = (\n", encoding="utf-8")
    found = outputs(folder)
    assert "not-python" in found["broken.py"]
    assert "select(User)" in found["views.py"]


def test_a_name_that_two_files_define_says_nothing_by_itself(folder: Path) -> None:
    """Two mapped classes of one name can be told apart by an import only."""
    (folder / "other.py").write_text(MODELS.replace('"users"', '"people"'), encoding="utf-8")
    names = [str(path) for path in sorted(folder.glob("*.py"))]
    found = survey(names, 1)
    assert {mapped.name for mapped in found if mapped.shared} == {"User", "Order"}
    mapping = Mapping(found)
    assert "User" not in mapping
    mapping.tell_apart({"other.User"})
    assert [mapped.table for mapped in mapping] == ["people"]


CACHE = """
from sqlalchemy import text


class Cache:
    def __init__(self, conn):
        self._rows = {}
        self._conn = conn

    def refresh(self):
        self._rows = {row[0]: row for row in self._conn.execute(text("SELECT 1 AS id"))}

    def row_named(self, name):
        return self._rows.get(name)


def every_row(conn):
    return conn.execute(text("SELECT 1 AS id")).fetchall()
"""
THROUGH = "import cache\n\n\ndef rows_of(connection):\n    return [row for row in cache.every_row(connection)]\n"
USE = """
import through


def show(app, connection):
    one = app.cache.row_named("a")
    return one["id"], [row["id"] for row in through.rows_of(connection)]
"""


def test_rows_are_known_in_other_files(tmp_path: Path) -> None:
    """By the function that gives them, also on behalf of a third file, and by the only method of that name."""
    for name, text in (("cache.py", CACHE), ("through.py", THROUGH), ("use.py", USE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "return one.id, [row.id for row in through.rows_of(connection)]" in outputs(tmp_path)["use.py"]


def test_a_method_that_two_classes_have_tells_nothing(tmp_path: Path) -> None:
    """The other one's may give a dict."""
    other = "class Other:\n    session = None\n\n    def row_named(self, name):\n        return {'id': 1}\n"
    for name, text in (("cache.py", CACHE), ("through.py", THROUGH), ("use.py", USE), ("other.py", other)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert 'return one["id"], [row.id for row' in outputs(tmp_path)["use.py"]


def test_a_link_stands_where_it_is(tmp_path: Path) -> None:
    """A project may link to files elsewhere, or to none: it is read as one program all the same, and nothing above it is."""
    project, elsewhere = tmp_path / "deep" / "project", tmp_path / "elsewhere.py"
    project.mkdir(parents=True)
    texts = {
        "setup.py": "",
        "models.py": f"{MODELS}\n\ndef active(session):\n    return session.query(User).filter(User.id > 1)\n",
        "views.py": "from models import active\n\n\ndef show(session):\n    return active(session).all()\n",
    }
    for name, text in texts.items():
        (project / name).write_text(text)
    elsewhere.write_text("x = 1\n")
    (project / "linked.py").symlink_to(elsewhere)
    (project / "lost.py").symlink_to("/does/not/exist")
    (tmp_path / "others.py").write_text("from models import active\n")  # no file of the project
    names = list(python_files(project))
    assert [Path(name).name for name in names] == ["linked.py", "models.py", "setup.py", "views.py"]
    found = {Path(o.name).name: o for o in translate_all(names, lambda _: Options(), 1)}
    translation = found["views.py"].translation
    assert translation is not None
    assert "session.scalars(active(session)).unique().all()" in translation.output
