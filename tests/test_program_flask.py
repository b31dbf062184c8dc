"""A Flask application of several files, as its scaffolds lay it out: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

EXTENSIONS = """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
"""
DATABASE = """
from .extensions import db

Model = db.Model
"""
MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import Query, relationship

from .database import Model


class LivingQuery(Query):
    def living(self):
        return self.filter_by(gone=0)


class Shelf(Model):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    gone = Column(Integer, default=0)
    query_class = LivingQuery
    books = relationship("Book", lazy="dynamic", order_by="Book.title.desc()")


class Book(Model):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    shelf_id = Column(ForeignKey("shelf.id"))
"""
VIEWS = """
from .models import Shelf


def every():
    return [shelf.id for shelf in Shelf.query.order_by(Shelf.id).all()]


def titles(key):
    shelf = Shelf.query.filter_by(id=key).first()
    return [book.title for book in shelf.books], shelf.books.count()
"""
MAIN = """
import ban
from flask import Flask
from shop import models, views
from shop.extensions import db

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db.init_app(app)
with app.app_context():
    db.create_all()
    for key in (1, 2):
        db.session.add(models.Shelf(id=key))
        db.session.add_all([models.Book(title=f"{key}{n}", shelf_id=key) for n in range(3)])
    db.session.commit()
    print(views.every(), views.titles(2))
"""
FILES = {
    "shop/__init__.py": "",
    "shop/extensions.py": EXTENSIONS,
    "shop/database.py": DATABASE,
    "shop/models.py": MODELS,
    "shop/views.py": VIEWS,
    "main.py": MAIN,
}


def test_the_one_db_of_a_program_is_imported_where_models_are_asked(tmp_path: Path) -> None:
    """The views import classes only, whose base is an alias: the session is that of the only SQLAlchemy() there is."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    said = [d.message for o in found.values() if o.translation for d in o.translation.diagnostics]
    assert [message for message in said if "is write-only now" not in message] == []
    views = output(found["views.py"])
    assert "from .extensions import db\nfrom .models import" in views
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before == "[1, 2] (['22', '21', '20'], 3)\n"


def test_a_method_of_a_query_class_in_another_file_is_no_reason_to_leave_every_query(tmp_path: Path) -> None:
    """What calls that method stays where it can't change; what calls Query's own methods does not."""
    views = VIEWS + "\n\ndef living(anything):\n    anything.living()\n    return Shelf.query.living().all()\n"
    found = translated(write(tmp_path, {**FILES, "shop/views.py": views}))
    assert "Shelf.query.living().all()" in output(found["views.py"])
    assert output(found["views.py"]).count(".query") == 1
    assert [d.slug for d in found["views.py"].translation.diagnostics] == ["query-escapes"]  # type: ignore[union-attr]
    assert "def living(self):" in output(found["models.py"])


def test_two_objects_of_the_extension_leave_it_open(tmp_path: Path) -> None:
    """Which of them a class belongs to is not guessed."""
    more = {"shop/other.py": EXTENSIONS}
    found = translated(write(tmp_path, {**FILES, **more}))
    assert "Shelf.query.order_by(Shelf.id).all()" in output(found["views.py"])


def test_of_two_objects_the_one_that_the_base_is_of_is_meant(tmp_path: Path) -> None:
    """A class that extends a model is of the object of that model's module."""
    models = EXTENSIONS + (
        "\n\nclass Shelf(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\nclass Long(Shelf):\n    pass\n"
    )
    views = "from shop.models import Long\n\n\ndef every():\n    return Long.query.all()\n"
    files = {"shop/__init__.py": "", "shop/models.py": models, "shop/other.py": EXTENSIONS, "shop/views.py": views}
    found = output(translated(write(tmp_path, files))["views.py"])
    assert "from shop.models import Long, db\n" in found
    assert "db.session.scalars(" in found


OBJECTS = """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Named:
    def twins(self):
        return sorted(each.id for each in self.query.filter_by(name=self.name))


class Node(Named, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    kind = db.Column(db.String(9))
    name = db.Column(db.String(9))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "node"}

    def alike(self):
        found = self.query
        return found.order_by(Node.id.desc()).first().id, self.query.count(), [each.id for each in self.query]

    def again(self):
        return self.query.get(self.id) is self


class Leaf(Node):
    __mapper_args__ = {"polymorphic_identity": "leaf"}
"""
OBJECTS_MAIN = """
import ban
from flask import Flask
from sqlalchemy.orm import Session
from shop.models import Leaf, Node, db


class Finder:
    def __init__(self, session: Session):
        self.session = session
        self.query = session.query

    def names(self):
        return self.query(Node.name).order_by(Node.id).all(), [each.id for each in self.query(Leaf)]


app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db.init_app(app)
with app.app_context():
    db.create_all()
    db.session.add_all([Node(name="a"), Leaf(name="a"), Leaf(name="b"), Node(name="a")])
    db.session.commit()
    for key in (1, 2, 3):
        each = Node.query.get(key)
        print(each.twins(), each.alike(), each.again())
    print(Finder(db.session).names())
"""


def test_the_query_of_an_object_is_that_of_its_own_class(tmp_path: Path) -> None:
    """`self.query` of a method that subclasses inherit, in a model and in a mixin; and `query` that an object keeps."""
    files = {"shop/__init__.py": "", "shop/models.py": OBJECTS, "main.py": OBJECTS_MAIN}
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if files[name]})
    assert ran(tmp_path, ()) == before
    assert "[1, 2, 4] (4, 4, [1, 2, 3, 4]) True\n[2] (3, 2, [2, 3]) True" in before


EAGER = """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Team(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(9))
    players = db.relationship("Player", lazy="joined", order_by="Player.id")


class Player(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    team_id = db.Column(db.ForeignKey("team.id"))
"""
EAGER_MAIN = """
import ban
from flask import Flask
from shop.models import Player, Team, db
from werkzeug.exceptions import NotFound

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db.init_app(app)
with app.app_context():
    db.create_all()
    db.session.add_all([Team(name="a", players=[Player(), Player()]), Team(name="b")])
    db.session.commit()
    team = Team.query.filter_by(name="a").first_or_404()
    print(team.id, [player.id for player in team.players], Team.query.order_by(Team.id.desc()).first_or_404().name)
    for asked in (lambda: Team.query.filter_by(id=9).first_or_404("no such team"), lambda: Team.query.get_or_404(8)):
        try:
            asked()
        except NotFound as error:
            print(error.code, error.description[:12])
"""


def test_a_collection_that_is_loaded_by_a_join_is_made_unique_before_the_first(tmp_path: Path) -> None:
    """The extension's own first_or_404() would raise."""
    files = {"shop/__init__.py": "", "shop/models.py": EAGER, "main.py": EAGER_MAIN}
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if files[name]})
    assert ran(tmp_path, ()) == before
    assert before.startswith("1 [1, 2] b\n404 no such team\n404 ")
