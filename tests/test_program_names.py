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


NAMED = {
    "shop/__init__.py": "",
    "shop/models/__init__.py": "from .db import db\nfrom .tag import Tag\n",
    "shop/models/db.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n",
    "shop/models/tag.py": "from shop.models import db\n\n\n"
    "class Tag(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n"
    "    def others(self):\n        return Tag.query.filter(Tag.id != self.id).count()\n",
    "shop/lists.py": "from .models import db, Tag\n\n\ndef found():\n    return Tag.query.count()\n",
    "shop/more.py": "from shop import models\n\n\ndef found():\n    return models.Tag.query.count()\n",
    "main.py": """
import ban
from flask import Flask
from shop import lists, models, more

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
models.db.init_app(app)
with app.app_context():
    models.db.create_all()
    models.db.session.add(models.Tag(id=7))
    models.db.session.commit()
    print(lists.found(), more.found(), models.Tag(id=8).others())
""",
}


def test_what_a_package_binds_hides_its_module(tmp_path: Path) -> None:
    """`from .db import db` makes `models.db` the object, not the module that it is in."""
    names = write(tmp_path, NAMED)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert "db.session.scalar(" in output(found["lists.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in NAMED if name.endswith(("s.py", "e.py", "g.py"))})
    assert ran(tmp_path, ()) == before == "1 1 1\n"


def test_the_object_that_the_base_of_a_class_is_made_of(tmp_path: Path) -> None:
    """A program has several names for `db`; a class of a plugin extends a model, whose module tells which one it is."""
    files = {
        **NAMED,
        "shop/plugin.py": "from .models import Tag\n\n\nclass Label(Tag):\n    pass\n",
        "shop/lists.py": "from .plugin import Label\n\n\ndef found():\n    return Label.query.count()\n",
        "tool.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n",
    }
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert "return db.session.scalar(" in output(found["lists.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if name.endswith(("s.py", "e.py", "g.py"))})
    assert ran(tmp_path, ()) == before == "1 1 1\n"


def test_an_object_that_a_module_hands_on_is_asked_of_that_module(tmp_path: Path) -> None:
    """A file that imports `models` only says `models.db`, as its author would; it gets no import."""
    files = {
        **NAMED,
        "shop/more.py": "from shop import lists\n\n\ndef found():\n    return lists.Tag.query.count()\n",
    }
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert "import db" not in output(found["more.py"])
    assert "return lists.db.session.scalar(" in output(found["more.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if name.endswith(("s.py", "e.py", "g.py"))})
    assert ran(tmp_path, ()) == before == "1 1 1\n"


def test_a_scoped_session_that_a_module_keeps(tmp_path: Path) -> None:
    """`models.Session()` gives the same session each time, so that a query built in steps is executed on it."""
    files = {
        "shop/__init__.py": "from sqlalchemy.orm import scoped_session, sessionmaker\nSession = scoped_session(sessionmaker())\n",
        "shop/models.py": "from shop import Session\nfrom sqlalchemy import Column, Integer\n"
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\n\nclass User(Base):\n"
        "    __tablename__ = 'user'\n    id = Column(Integer, primary_key=True)\n",
        "main.py": "import shop.models as models\nfrom sqlalchemy import create_engine\n\n"
        "engine = create_engine('sqlite://')\nmodels.Session.configure(bind=engine)\nmodels.Base.metadata.create_all(engine)\n"
        "models.Session.add(models.User(id=3))\n\n\ndef found(top):\n    query = models.Session().query(models.User)\n"
        "    if top:\n        query = query.filter(models.User.id < top)\n    return query.all()\n\n\n"
        "print(len(found(0)), len(found(2)))\n",
    }
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert "return models.Session().scalars(query).all()" in output(found["main.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in ("shop/models.py", "main.py")})
    assert ran(tmp_path, ()) == before == "1 0\n"


def test_a_class_that_is_called_by_its_initials(tmp_path: Path) -> None:
    """`IVR` is spelled as constants are, and known by its definition."""
    files = {
        "shop/__init__.py": "",
        "shop/menus.py": "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\n"
        "Base = declarative_base()\n\n\nclass IVR(Base):\n    __tablename__ = 'ivr'\n"
        "    id = Column(Integer, primary_key=True)\n",
        "main.py": "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session\n\nfrom shop import menus\n"
        "from shop.menus import IVR\n\nengine = create_engine('sqlite://')\nmenus.Base.metadata.create_all(engine)\n"
        "session = Session(engine)\nsession.add_all([IVR(id=3), IVR(id=4)])\n"
        "first = session.query(IVR).order_by(IVR.id).first()\n"
        "print(first.id, [found.id for found in session.query(menus.IVR).filter(menus.IVR.id > 3)])\n",
    }
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert "session.query(" not in output(found["main.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in ("shop/menus.py", "main.py")})
    assert ran(tmp_path, ()) == before == "3 [4]\n"


def test_a_package_of_many_stars_is_soon_read(tmp_path: Path) -> None:
    """The modules that they name are not among the files: none of the stars is asked for what another one names."""
    stars = "".join(f"from .part{number} import *\n" for number in range(20))
    names = write(
        tmp_path, {"shop/__init__.py": stars, "use.py": "from shop import Session\n\nuser = Session.query(1)\n"}
    )
    assert "use.py" in translated(names)


def test_a_constant_that_is_called_like_a_class(tmp_path: Path) -> None:
    """What another module gives that name is not the class: here it is a table, whose first row is no object."""
    files = {
        "shop/__init__.py": "",
        "shop/menus.py": "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\n"
        "Base = declarative_base()\n\n\nclass IVR(Base):\n    __tablename__ = 'ivr'\n"
        "    id = Column(Integer, primary_key=True)\n    size = Column(Integer)\n",
        "shop/tables.py": "from shop import menus\n\nIVR = getattr(menus, 'IVR').__table__\n",
        "main.py": "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import Session\n\nfrom shop import menus, tables\n"
        "from shop.tables import IVR\n\nengine = create_engine('sqlite://')\nmenus.Base.metadata.create_all(engine)\n"
        "session = Session(engine)\nsession.add(menus.IVR(id=3, size=5))\n"
        "print(session.query(IVR).first(), session.query(tables.IVR).first())\n",
    }
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    write(tmp_path, {name: output(found[Path(name).name]) for name in ("shop/menus.py", "main.py")})
    assert ran(tmp_path, ()) == before == "(3, 5) (3, 5)\n"


HANDED = {
    "shop/__init__.py": "",
    "shop/base.py": """
from sqlalchemy import Column, ForeignKey, Integer, func, select
from sqlalchemy.orm import declarative_base, joinedload, relationship, scoped_session, sessionmaker

relationship = relationship
Session = scoped_session(sessionmaker())
Base = declarative_base()
""",
    "shop/models.py": """
from .base import Base, Column, ForeignKey, Integer, relationship


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", backref="shelf", lazy="dynamic")


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("shelf.id"))
""",
    "shop/lists.py": """
from .base import Session, func, joinedload, select
from .models import Book, Shelf


def numbers():
    return [row[0] for row in Session.execute(select([Book.id]).order_by(Book.id))]


def books():
    return Session.query(Book).options(joinedload("shelf")).order_by(Book.id).all()


def counted():
    return [shelf.books.filter(Book.id > 1).count() for shelf in Session.query(Shelf)], Session.query(func.max(Book.id)).scalar()
""",
    "main.py": """
import ban
from sqlalchemy import create_engine
from shop.base import Base, Session
from shop.lists import books, counted, numbers
from shop.models import Book, Shelf

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
Session.configure(bind=engine)
Session.add(Shelf(books=[Book(), Book()]))
Session.commit()
print(numbers(), [book.shelf.id for book in books()], counted())
""",
}


def test_names_of_sqlalchemy_that_a_module_hands_on(tmp_path: Path) -> None:
    """They mean there what they mean where they are imported, and are not imported once more."""
    names = write(tmp_path, HANDED)
    before = ran(tmp_path, LEGACY.folders)
    found = {name: output(each) for name, each in translated(names).items()}
    assert 'Mapped["Book"] = relationship(back_populates="shelf"' in found["models.py"]
    assert "from sqlalchemy import" not in found["lists.py"]
    write(tmp_path, {name: found[Path(name).name] for name in HANDED if HANDED[name]})
    assert ran(tmp_path, ()) == before == "[1, 2] [1, 1] ([1], 2)\n"


def test_names_that_others_ask_a_module_for_stay_imported(tmp_path: Path) -> None:
    """`db.Column` by `import db`, `from shop import db` and `from . import db`; what nobody asks for goes."""
    models = (
        "from sqlalchemy import Column, ForeignKey, Integer, String, Text\n"
        "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\n"
        "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
        "    name = Column(String)\n    note = Column(Text)\n"
    )
    files = {
        "shop/__init__.py": "",
        "shop/db.py": models,
        "shop/a.py": "from . import db\n\nkind = db.Integer\n",
        "shop/b.py": "from shop import db\n\n\ndef f():\n    return db.ForeignKey('a.b')\n",
        "shop/c.py": "import shop.db\n\nkind = shop.db.Column\n",
    }
    found = output(translated(write(tmp_path, files))["db.py"])
    assert found.startswith("from sqlalchemy import Column, ForeignKey, Integer, Text\n"), found
