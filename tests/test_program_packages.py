"""Programs whose folders are packages of other kinds, or import each other in circles: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import ran, write
from translator.modulenames import module_names
from translator.options import Options
from translator.project import translate_all

SESSION = """
from sqlalchemy.orm import scoped_session, sessionmaker

Session = scoped_session(sessionmaker())
"""
MODELS = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

from company.shop import Session


class Common(object):
    id = Column(Integer, primary_key=True)
    query = Session.query_property()


Base = declarative_base(cls=Common)


class Update(Base):
    __tablename__ = "updates"
    state = Column(Integer)
"""
CHECK = """
from company.shop import models


def pending():
    return models.Update.query.filter(models.Update.state == 1).all()
"""
MAIN = """
import ban
from sqlalchemy import create_engine
from company.shop import Session, models
from company.shop.tasks import check

engine = create_engine("sqlite://")
Session.configure(bind=engine)
models.Base.metadata.create_all(engine)
Session.add_all([models.Update(state=1), models.Update(state=2)])
Session.commit()
print([update.id for update in check.pending()])
"""
NAMESPACE = {
    "company/shop/__init__.py": SESSION,
    "company/shop/models.py": MODELS,
    "company/shop/tasks/__init__.py": "",
    "company/shop/tasks/check.py": CHECK,
    "main.py": MAIN,
}
CIRCLE = {
    "app/__init__.py": """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy(app)

from app.service import setup_user
""",
    "app/datastore.py": """
from app import db


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(20))
""",
    "app/service.py": """
from flask import g

from app.datastore import User


def loaded(key):
    return User.query.filter(User.id == key).first()


def setup_user(email):
    from app import app, db

    user = User.query.filter(User.email == email).first()
    if user:
        return user
    user = User(email=email)
    db.session.add(user)
    db.session.commit()
    return user
""",
    "main.py": """
import ban
from app import app, db, setup_user
from app.service import loaded

with app.app_context():
    db.create_all()
    key = setup_user("a").id
    print(setup_user("a").id, loaded(key).email, loaded(7))
""",
}


OF_A_MODULE = {
    "app/__init__.py": "",
    "app/db.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

_kept = {}


def get_session() -> Session:
    if "session" not in _kept:
        _kept["session"] = Session(create_engine("sqlite://"))
    return _kept["session"]


def query(model, *criteria):
    return get_session().query(model).filter(*criteria)
""",
    "app/session.py": """
from app import db


def query(model, key):
    return [row.name for row in db.query(model, model.id == key)]
""",
    "app/models.py": """
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
""",
    "app/service.py": """
import app.db
from app import db, session
from app.models import User


def found():
    named = db.query(User, User.name == "b").first()
    return named.id, app.db.query(User).count(), session.query(User, 1), app.session.query(User, 2)
""",
    "main.py": """
from app import db, models, service

session = db.get_session()
models.Base.metadata.create_all(session.get_bind())
session.add_all([models.User(name="a"), models.User(name="b")])
session.commit()
print(service.found())
""",
}


@pytest.mark.parametrize(
    "service",
    [OF_A_MODULE["app/service.py"], OF_A_MODULE["app/service.py"].replace("from app import", "from . import")],
)
def test_a_module_is_no_session_whatever_it_is_called(tmp_path: Path, service: str) -> None:
    """`db.query()` of a module `db` is the function in sight, which takes criteria, and not what a session has."""
    names = write(tmp_path, {**OF_A_MODULE, "app/service.py": service})
    before = ran(tmp_path, LEGACY.folders)
    found = _after(tmp_path, names, "app/")
    assert found["app/service.py"] == service.lstrip("\n")
    assert ran(tmp_path, ()) == before == "(2, 2, ['a'], ['b'])\n"


def test_what_selects_a_comparison_is_no_session(tmp_path: Path) -> None:
    """A file by itself: what is imported as `db` filters by what it is given, as no session does."""
    names = write(tmp_path, {"service.py": OF_A_MODULE["app/service.py"]})
    found = _after(tmp_path, names)["service.py"]
    assert 'named = db.query(User, User.name == "b").first()' in found


NAMED_LIKE_A_CLASS = {
    "app/__init__.py": "",
    "app/models.py": """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import backref, declarative_base, relationship

Base = declarative_base()


class Team(Base):
    __tablename__ = "teams"
    ID = Column(Integer, primary_key=True)


class User(Base):
    __tablename__ = "users"
    ID = Column(Integer, primary_key=True)
    TeamID = Column(Integer, ForeignKey("teams.ID"))
    Team = relationship(Team, backref=backref("users", lazy="dynamic"))
""",
    "app/service.py": """
from sqlalchemy import not_
from app.models import User


def forget(db, user):
    other = user.Team.users.filter(not_(User.ID == user.ID)).first()
    db.delete(other)
    db.delete(user.Team.users.first())
    db.commit()
    team = user.Team
    return team.users.count()
""",
    "main.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from app import models, service

session = Session(create_engine("sqlite://"))
models.Base.metadata.create_all(session.get_bind())
team = models.Team()
session.add_all([models.User(Team=team), models.User(Team=team), models.User(Team=team)])
session.commit()
print(service.forget(session, session.get(models.User, 3)), session.get(models.User, 1))
""",
}


@pytest.mark.parametrize("path", ["app/", "app/service.py"])
def test_an_objects_attribute_that_is_called_like_a_class_gives_no_sql(tmp_path: Path, path: str) -> None:
    """`db.delete(user.Team.users.first())` deletes an object: `db` is no table, whatever `Team` looks like."""
    names = [name for name in write(tmp_path, NAMED_LIKE_A_CLASS) if path in name]
    before = ran(tmp_path, LEGACY.folders)
    assert "db.delete(other)\n    db.delete(user" in _after(tmp_path, names, "app/")["app/service.py"]
    assert ran(tmp_path, ()) == before == "1 None\n"


def _after(folder: Path, names: list[str], beneath: str = "") -> dict[str, str]:
    """Translate the files below a folder in their places; gives what became of each, and what was said."""
    found: dict[str, str] = {}
    for outcome in translate_all([n for n in names if f"/{beneath}" in n], lambda _: Options(), 1):
        assert outcome.translation is not None, outcome.refusal
        Path(outcome.name).write_text(outcome.translation.output, encoding="utf-8")
        found[Path(outcome.name).relative_to(folder).as_posix()] = outcome.translation.output
    return found


@pytest.mark.parametrize("beneath", ["", "company/"])
def test_a_namespace_package(beneath: str, tmp_path: Path) -> None:
    """A folder without `__init__.py` is a part of the name that modules below it are imported by."""
    names = write(tmp_path, NAMESPACE)
    before = ran(tmp_path, LEGACY.folders)
    found = _after(tmp_path, names, beneath)
    assert ".query" not in found["company/shop/tasks/check.py"]
    assert ran(tmp_path, ()) == before == "[1]\n"


def test_the_names_of_modules(tmp_path: Path) -> None:
    """The usual one is first; a folder that nothing in it is imported through is no part of it."""
    names = write(
        tmp_path, {**NAMESPACE, "company/aside.py": "import json\n", "other/lone.py": "import company.shop\n"}
    )
    found = {Path(name).relative_to(tmp_path).as_posix(): said for name, said in module_names(names).items()}
    assert found["company/shop/tasks/check.py"] == (("company.shop.tasks.check", "shop.tasks.check"), False)
    assert found["company/shop/__init__.py"] == (("company.shop", "shop"), True)
    assert found["company/aside.py"] == (("company.aside", "aside"), False)
    assert found["other/lone.py"] == (("lone", "other.lone"), False)


@pytest.mark.parametrize("mark", ["setup.py", "shop/__init__.py", "shop.py"])
def test_the_folder_of_a_project_is_no_package(mark: str, tmp_path: Path) -> None:
    """Though it is called like one, and has a folder called like a module of that."""
    text = "from shop.tools import thing\n"
    names = write(tmp_path, {f"shop/{mark}": "", "shop/tools/__init__.py": "", "shop/tools/x.py": text})
    found = {Path(name).relative_to(tmp_path).as_posix(): said for name, said in module_names(names).items()}
    assert found["shop/tools/x.py"][0][0] == "tools.x"


def test_a_session_of_a_module_that_is_not_in_sight_has_no_name_elsewhere(tmp_path: Path) -> None:
    """What the models call it is no name where they are used, and nothing tells whether it can be imported there."""
    models = MODELS.replace("company.shop", "elsewhere.shop")
    names = write(tmp_path, {**NAMESPACE, "company/shop/models.py": models})
    check = _after(tmp_path, names)["company/shop/tasks/check.py"]
    assert check == CHECK.lstrip("\n")


def test_a_name_that_another_function_imports_is_no_name_here(tmp_path: Path) -> None:
    """`db` is imported from where it can be: the package is not done when it imports this module."""
    names = write(tmp_path, CIRCLE)
    before = ran(tmp_path, LEGACY.folders)
    found = _after(tmp_path, names, "app/")
    assert "from app.datastore import User, db\n" in found["app/service.py"]
    assert ran(tmp_path, ()) == before == "1 a None\n"


def test_a_name_that_another_function_imports_shows_no_session(tmp_path: Path) -> None:
    """A file by itself: nothing tells where `db` comes from."""
    names = write(tmp_path, {"service.py": CIRCLE["app/service.py"]})
    found = _after(tmp_path, names)["service.py"]
    assert "return User.query.filter(User.id == key).first()" in found
    assert "user = db.session.scalars(" in found
