"""Query classes of an application of several files, whose methods become functions over statements: run before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write
from translator import Models, Options
from translator.project import translate_all

EXTENSIONS = """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
"""
QUERIES = """
from flask import abort
from sqlalchemy import text as db_text
from flask_sqlalchemy import BaseQuery


class LivingQuery(BaseQuery):
    # what is not gone

    limit_of = 3

    def living(self):
        return self.filter_by(gone=0)

    def named(self, *names):
        found = self.living()
        if names:
            found = found.filter_by(name=names[0])
        return found

    def nobody(self):
        return self.living().filter_by(name=None).all()

    def get_or_404(self, ident):
        found = self.living().filter_by(id=ident).one_or_none()
        if found is None:
            abort(404)
        return found

    def latest(self, number=2):
        # newest first
        return (
            self.living()
            .order_by(self.newest())
            .limit(number)
            .all()
        )

    def newest(self):
        return db_text("id desc")


class BookQuery(LivingQuery):
    def living(self):
        return super().living().filter_by(lent=0)

    def of(self, shelf):
        return self.named().filter_by(shelf_id=shelf.id).order_by("id")

    def first(self):
        return super(BookQuery, self).order_by("id").limit(1).one_or_none()
"""
MODELS = """
from .extensions import db
from .queries import BookQuery, LivingQuery


class Shelf(db.Model):
    query_class = LivingQuery

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(9))
    gone = db.Column(db.Integer, default=0)

    def books(self):
        return Book.query.of(self).all()


class Book(db.Model):
    query_class = BookQuery

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(9))
    gone = db.Column(db.Integer, default=0)
    lent = db.Column(db.Integer, default=0)
    shelf_id = db.Column(db.ForeignKey("shelf.id"))
"""
VIEWS = """
from .models import Book, Shelf


def every():
    return [shelf.name for shelf in Shelf.query.living().order_by(Shelf.id)]


def titles(key):
    shelf = Shelf.query.get_or_404(key)
    return [book.name for book in shelf.books()], Book.query.of(shelf).count()


def page(number):
    found = Book.query.filter(Book.id > 0).named().order_by(Book.id).paginate(page=number, per_page=2)
    return [book.id for book in found.items], found.total


def some():
    query = Book.query
    query = query.named("b1")
    return query.filter_by(gone=0).all()[0].id, Book.query.first().id, [b.id for b in Book.query.living()]


def plain():
    return Book.query.filter_by(gone=1).count(), Shelf.query.get(1).name, Shelf.query.latest()[0].id
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
    for key in (1, 2, 3):
        db.session.add(models.Shelf(id=key, name="s%d" % key, gone=key == 3))
        for n in range(4):
            db.session.add(models.Book(name=f"b{n}", shelf_id=key, gone=n == 0, lent=n == 3))
    db.session.commit()
    print(views.every(), views.titles(2), views.page(1), views.some(), views.plain())
    try:
        views.titles(3)
    except Exception as error:
        print(error)
"""
FILES = {
    "shop/__init__.py": "",
    "shop/extensions.py": EXTENSIONS,
    "shop/queries.py": QUERIES,
    "shop/models.py": MODELS,
    "shop/views.py": VIEWS,
    "main.py": MAIN,
}


def test_methods_of_query_classes_become_functions(tmp_path: Path) -> None:
    """Called from other files, by each other, overridden, through super(), in chains, on variables, and never."""
    names = write(tmp_path, FILES)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    assert [d.message for o in found.values() if o.translation for d in o.translation.diagnostics] == []
    queries = output(found["queries.py"])
    assert "class LivingQuery:\n" in queries
    assert "BaseQuery" not in queries
    assert "import Query" not in queries
    assert "query_class" not in output(found["models.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in FILES if FILES[name]})
    assert ran(tmp_path, ()) == before
    assert "['s1', 's2'] (['b1', 'b2'], 2) ([2, 3], 6) (2, 1, [2, 3, 6, 7, 10, 11]) (3, 's1', 2)" in before


SMALL = """
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.query import Query

db = SQLAlchemy()


class LivingQuery(Query):
    def get(self, ident):
        return self.filter_by(id=ident, gone=0).first()

    def living(self):
        return self.filter_by(gone=0)


class Shelf(db.Model):
    query_class = LivingQuery
    id = db.Column(db.Integer, primary_key=True)
    gone = db.Column(db.Integer, default=0)
"""
USE = """
from shop.models import Shelf


def one(key):
    return Shelf.query.get(key)


def every():
    return Shelf.query.living().all()
"""
ONE = "LivingQuery.get(select(Shelf), key)"
EVERY = "db.session.scalars(LivingQuery.living(select(Shelf))).all()"


def of(folder: Path, more: dict[str, str]) -> tuple[str, str, str]:
    """The models and the views after translation with more files beside them, and what is said."""
    files = {"shop/__init__.py": "", "shop/models.py": SMALL, "shop/views.py": USE, **more}
    names = [name for name in write(folder, files) if name.endswith(".py")]
    found = translated(names)
    said = " ".join(d.message for o in found.values() if o.translation for d in o.translation.diagnostics)
    return output(found["models.py"]), output(found["views.py"]), said


def test_a_method_with_the_name_of_one_of_query_s(tmp_path: Path) -> None:
    """It changes with all others where every query of its class is in sight."""
    models, views, said = of(tmp_path, {})
    assert ONE in views
    assert EVERY in views
    assert "class LivingQuery:\n" in models
    assert said == ""


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"shop/admin.py": "class V:\n    model = None\n\n    def load(self, key):\n        return self.model.query.get(key)\n"},
         "is asked for `get()`"),
        ({"shop/admin.py": "def load(model, key):\n    return model.query.get(key)\n"}, "may be a class whose queries"),
        ({"shop/admin.py": "from admin import Admin\nfrom .models import Shelf\n\nadmin = Admin()\nadmin.add(Shelf)\n"},
         "`Shelf` is passed to `admin.add()`"),
        ({"shop/admin.py": "from admin import page\nfrom .models import Shelf\n\n\ndef show():\n    return page(Shelf.query)\n"},
         "goes where nobody sees what is called"),
        ({"shop/admin.py": "from .models import LivingQuery\n\n\ndef show(q):\n    return q.get(LivingQuery)\n"},
         "may be called elsewhere"),
        ({"shop/templates/show.html": "{{ Shelf.query.get(1) }}"}, "may be called elsewhere"),
    ],
)  # fmt: skip
def test_a_method_with_the_name_of_one_of_query_s_that_others_may_call(
    tmp_path: Path, more: dict[str, str], cause: str
) -> None:
    """Who calls it can't be told by the name: where a query of the class may be out of sight, it stays, and all with it."""
    more = {name: f"import flask_sqlalchemy\n{text}" if name.endswith(".py") else text for name, text in more.items()}
    models, views, said = of(tmp_path, more)
    assert "Shelf.query.get(key)" in views
    assert "class LivingQuery(Query):\n    def get(self, ident):" in models
    assert cause in said


def test_a_method_whose_name_a_template_has(tmp_path: Path) -> None:
    """A file that is not translated may call it."""
    _, views, said = of(tmp_path, {"shop/templates/show.html": "{{ Shelf.query.living().count() }}"})
    assert "Shelf.query.living().all()" in views
    assert "may be called elsewhere" in said


def test_a_class_that_something_else_names_keeps_its_base(tmp_path: Path) -> None:
    """Its methods change all the same where their names tell who calls them."""
    small = SMALL.replace("    def get(self, ident):\n        return self.filter_by(id=ident, gone=0).first()\n\n", "")
    more = {"shop/models.py": small + "\n\nclass Other(LivingQuery):\n    pass\n\n\nKNOWN = [Other]\n"}
    use = USE.replace("def one(key):\n    return Shelf.query.get(key)\n\n\n", "")
    models, views, _ = of(tmp_path, {**more, "shop/views.py": use})
    assert "class LivingQuery(Query):\n    @staticmethod\n    def living(statement):" in models
    assert EVERY in views


BLOG = {
    "blog/__init__.py": """
from flask import Flask

from .ext import db


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
    db.init_app(app)
    return app
""",
    "blog/ext.py": """
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Base(db.Model):
    __abstract__ = True

    id = db.Column(db.Integer, primary_key=True)

    @classmethod
    def get(cls, id):
        return cls.query.get(id)

    @classmethod
    def get_by(cls, **kw):
        return cls.query.filter_by(**kw).first()

    @classmethod
    def exists(cls, **kw):
        return db.session.query(cls.query.filter_by(**kw).exists()).scalar()

    @classmethod
    def paged(cls, page, order=None):
        query = cls.query
        if order is not None:
            query = query.order_by(order)
        return query.paginate(page=page, per_page=2)
""",
    "blog/models.py": """
from flask_sqlalchemy import BaseQuery
from sqlalchemy import func, or_

from .ext import Base, db


class PostQuery(BaseQuery):
    def jsonify(self):
        for post in self.all():
            yield post.json

    def as_list(self):
        deferred = [Post.body]
        return self.options(*[db.defer(d) for d in deferred])

    def get_by_slug(self, slug):
        post = self.filter(Post.slug == slug).first()
        return post

    def public(self):
        return self.filter(Post.access == Post.PUBLIC)

    def restricted(self, user=None):
        if user and user.moderator:
            return self
        q = self.filter(Post.access == Post.PUBLIC)
        if user:
            q = self.filter(or_(Post.access == Post.PUBLIC, Post.author_id == user.id))
        return q

    def search(self, keywords):
        criteria = []
        for keyword in keywords.split():
            keyword = "%" + keyword + "%"
            criteria.append(or_(Post.title.ilike(keyword), Post.slug.ilike(keyword), User.username.ilike(keyword)))
        q = self.join(User).filter(*criteria).distinct()
        return q

    def hottest(self, limit=2):
        return self.order_by(Post.votes.desc(), Post.id.desc()).limit(limit)

    def total(self):
        return self.with_entities(func.sum(Post.votes)).scalar()

    def archive(self, year, month=None):
        q = self.filter(func.length(Post.slug) > 0)
        if month:
            q = q.filter(Post.id > month)
        return q.order_by(Post.id.desc()), year


class UserQuery(BaseQuery):
    def from_identity(self, identity):
        try:
            user = self.get(int(identity))
        except ValueError:
            user = None
        return user

    def authenticate(self, login, password):
        user = self.filter(or_(User.username == login, User.email == login)).first()
        authenticated = user.password == password if user else False
        return user, authenticated


class User(Base):
    query_class = UserQuery
    username = db.Column(db.Unicode(60))
    email = db.Column(db.String(150))
    password = db.Column(db.String(80))
    moderator = db.Column(db.Boolean, default=False)

class Post(Base):
    PUBLIC = 100
    FRIENDS = 200
    query_class = PostQuery
    author_id = db.Column(db.Integer, db.ForeignKey(User.id))
    title = db.Column(db.Unicode(200))
    slug = db.Column(db.Unicode(200))
    body = db.Column(db.UnicodeText)
    votes = db.Column(db.Integer, default=1)
    access = db.Column(db.Integer, default=PUBLIC)
    author = db.relationship(User, innerjoin=True, lazy="joined")

    @property
    def json(self):
        return dict(id=self.id, title=self.title, author=self.author.username)
""",
    "blog/api/__init__.py": "",
    "blog/api/views.py": """
from ..ext import db
from ..models import Post, User


def index(user, page=1):
    page_obj = Post.query.restricted(user).as_list().hottest(3).all()
    return [p.id for p in page_obj]


def latest(page=1):
    found = Post.query.public().as_list().order_by(Post.id.desc()).paginate(page, per_page=2)
    return [p.id for p in found.items], found.pages


def search(words):
    return [p.title for p in Post.query.search(words).order_by(Post.id)]


def login(name, password):
    user, ok = User.query.authenticate(name, password)
    return user.username if user else None, ok, User.query.from_identity("1").username, User.query.from_identity("x")


def archive():
    query, year = Post.query.public().archive(2020, month=1)
    return [p.id for p in query], year, Post.query.total(), Post.query.public().total()


def feed():
    return list(Post.query.filter(Post.votes > 1).jsonify())


def one(slug):
    post = Post.query.get_by_slug(slug)
    return post.title, post.author.id, Post.get(1).title, User.get_by(username="u2").id


def more():
    return User.exists(username="u1"), [u.id for u in User.paged(1, User.id).items], Post.paged(2).total
""",
    "main.py": """
import ban
from blog import create_app
from blog.ext import db
from blog.models import Post, User
from blog.api import views

app = create_app()
with app.app_context():
    db.create_all()
    for n in (1, 2, 3):
        db.session.add(User(username=f"u{n}", email=f"e{n}", password="p", moderator=n == 3))
    db.session.commit()
    for n in range(1, 7):
        access = 100 if n % 2 else 200
        db.session.add(Post(author_id=n % 3 + 1, title=f"t{n}", slug=f"s{n}", body="b", votes=n % 4, access=access))
    db.session.commit()
    users = User.query.order_by(User.id).all()
    print(views.index(None), views.index(users[0]), views.index(users[2]), views.latest())
    print(views.search("t s"), views.search("u2"), views.login("u1", "p"), views.login("nobody", "p"))
    print(views.archive(), views.feed(), views.one("s3"), views.more())
""",
}


def test_a_blog_as_they_were_written(tmp_path: Path) -> None:
    """Methods that give a query or what it finds, a pair, a generator; names that pages and columns have, too."""
    names = write(tmp_path, BLOG)
    before = ran(tmp_path, LEGACY.folders)
    found = dict(zip(BLOG, translate_all(names, lambda _: Options(models=Models.NONE), 1), strict=True))
    said = {d.slug for o in found.values() if o.translation for d in o.translation.diagnostics}
    assert said == {"mixin-columns"}
    write(tmp_path, {name: output(found[name]) for name in BLOG if BLOG[name]})
    assert ran(tmp_path, ()) == before
    assert "['t1', 't4'] ('u1', True, 'u1', None) (None, False, 'u1', None)" in before
