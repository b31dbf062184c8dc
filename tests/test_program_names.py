"""Programs in whose files different things have one name: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

ASKED = """
class Base(object):
    @classmethod
    def label(cls):
        return cls.__tablename__
"""
META = """
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

from .asked import Base as Asked

Session = scoped_session(sessionmaker())
Base = declarative_base(cls=Asked)
Base.query = Session.query_property()
"""
MODELS = """
from sqlalchemy import Column, Integer

from .meta import Base


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)


class Label(Base):
    __tablename__ = "label"
    id = Column(Integer, primary_key=True)
"""
LATER = """
from . import models
from .models import Tag


class Label:
    \"\"\"What the labels do.\"\"\"

    def found(self):
        return models.Label.query.count(), Tag.query.count()
"""
MAIN = """
import ban
from sqlalchemy import create_engine
from shop.later import Label
from shop.meta import Base, Session
from shop.models import Tag

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
Session.configure(bind=engine)
Session.add(Tag(id=1))
Session.commit()
print(Label().found())
"""
FILES = {
    "shop/__init__.py": "",
    "shop/asked.py": ASKED,
    "shop/meta.py": META,
    "shop/models.py": MODELS,
    "shop/later.py": LATER,
    "main.py": MAIN,
}


def test_a_base_and_a_test_are_called_like_other_classes(tmp_path: Path) -> None:
    """`Base` is what declarative_base() gave and the class it was given; a test of `Label` is called `Label`."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert ".query" not in output(found["later.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before == "(0, 1)\n"
