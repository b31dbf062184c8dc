"""Programs that keep copies of their models, in migrations or beside them: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Policy(Base):
    __tablename__ = "policy"
    id = Column(Integer, primary_key=True)
    conditions = relationship("Condition", lazy="joined", order_by="Condition.id")


class Condition(Base):
    __tablename__ = "condition"
    id = Column(Integer, primary_key=True)
    policy_id = Column(ForeignKey("policy.id"))
"""
COPY = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Policy(Base):
    __tablename__ = "policy"
    id = Column(Integer, primary_key=True)
"""
VIEWS = """
from shop.models import Policy


def found(session):
    return [(policy.id, len(policy.conditions)) for policy in session.query(Policy).order_by(Policy.id).all()]
"""
ELSEWHERE = """
from shop.offers import Policy, session


def found(_):
    return [(policy.id, len(policy.conditions)) for policy in session.query(Policy).order_by(Policy.id).all()]
"""
MAIN = """
import ban
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from shop.models import Base, Condition, Policy
from shop import views

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
session = Session(engine)
session.add_all([Policy(id=1, conditions=[Condition(), Condition()]), Policy(id=2)])
session.commit()
print(views.found(session))
"""


@pytest.mark.parametrize("copy", ["migrations/versions/abc.py", "shop/later.py", "shop/tests/data.py"])
def test_a_copy_of_a_model_hides_nothing_of_it(tmp_path: Path, copy: str) -> None:
    """A collection that is loaded by a join needs unique(), wherever else a class is called so."""
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, copy: COPY, "shop/views.py": VIEWS, "main.py": MAIN}
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if files[name]})
    assert ran(tmp_path, ()) == before == "[(1, 2), (2, 0)]\n"


def test_what_nothing_tells_apart_may_load_a_collection(tmp_path: Path) -> None:
    """One of the classes of that name does."""
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, "shop/later.py": COPY, "shop/views.py": ELSEWHERE}
    assert ".unique().all()" in output(translated(write(tmp_path, files))["views.py"])
