"""Programs whose dynamic relationships become write-only: run before on 1.4 and after on 2.x, where no Query is left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_programs import ran
from translator import Dynamic, Models, Options
from translator.project import translate_all

MODELS = """
from sqlalchemy import Column, ForeignKey, Integer, String, Table, create_engine, event, func, select
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import Session, backref, relationship

Base = declarative_base()
marks = Table(
    "marks",
    Base.metadata,
    Column("post_id", ForeignKey("post.id", ondelete="cascade")),
    Column("tag_id", ForeignKey("tag.id")),
)
follows = Table(
    "follows",
    Base.metadata,
    Column("who", ForeignKey("user.id", ondelete="cascade")),
    Column("whom", ForeignKey("user.id", ondelete="cascade")),
)


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    posts = relationship(
        "Post",
        backref="author",
        lazy="dynamic",
        order_by="Post.title.desc()",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    followed = relationship(
        "User",
        secondary=follows,
        primaryjoin=(follows.c.who == id),
        secondaryjoin=(follows.c.whom == id),
        backref=backref("followers", lazy="dynamic", passive_deletes=True),
        lazy="dynamic",
        passive_deletes=True,
    )

    def follow(self, user):
        if not self.is_following(user):
            self.followed.append(user)

    def unfollow(self, user):
        if self.is_following(user):
            self.followed.remove(user)

    def is_following(self, user):
        return self.followed.filter(follows.c.whom == user.id).count() > 0

    def titled(self, title):
        return self.posts.filter_by(title=title).all()


class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    title = Column(String(20))
    user_id = Column(Integer, ForeignKey("user.id", ondelete="cascade"))
    tags = relationship("Tag", secondary=marks, backref=backref("marked", lazy="dynamic"))


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))


engine = create_engine("sqlite://")


@event.listens_for(engine, "connect")
def keys(connection, record):
    connection.execute("PRAGMA foreign_keys=ON")


Base.metadata.create_all(engine)
session = Session(engine)


def user(name):
    return session.query(User).filter_by(name=name).one()


def state():
    session.commit()
    for table in Base.metadata.sorted_tables:
        print(table.name, session.execute(select(table).order_by(*table.c)).fetchall())


ann, bob = User(name="ann"), User(name="bob")
tag = Tag(name="x")
session.add_all([ann, bob, tag])
for n in range(4):
    ann.posts.append(Post(title="p%d" % n, tags=[tag] if n % 2 else []))
bob.posts.extend([Post(title="q"), Post(title="q")])
session.commit()
ann, bob = user("ann"), user("bob")
tag = session.query(Tag).first()


def titles(posts):
    return [post.title for post in posts]


"""
PROGRAMS = {
    "what reads it": """
print(titles(ann.posts.all()), ann.posts.count(), ann.posts.first().title)
print([p.title for p in ann.posts.filter(Post.title > "p0").limit(2)], titles(ann.posts[1:3]), ann.posts[0].title)
print(titles(bob.titled("q")), bob.titled("none"))
print([t for t, in ann.posts.with_entities(Post.title).order_by(None).order_by(Post.id)])
print(session.query(ann.posts.filter_by(title="p1").exists()).scalar(), titles(list(ann.posts.order_by(None))))
for post in ann.posts:
    print(post.title, post.author is ann)
""",
    "what joins it": """
print([u.name for u in session.query(User).filter(User.posts.any(Post.title == "q"))])
print([u.name for u in session.query(User).join(User.posts).filter(Post.title == "p1")])
print(titles(ann.posts.join(Post.tags).filter(Tag.name == "x").all()))
print(session.query(User.name).filter(User.posts.contains(ann.posts.first())).all())
""",
    "what many have": """
print(titles(sorted(tag.marked, key=lambda p: p.id)), tag.marked.count(), titles(tag.marked.filter_by(title="p3").all()))
tag.marked.append(bob.posts.first())
state()
print(titles(tag.marked.order_by(Post.id).all()))
tag.marked.remove(ann.posts.filter_by(title="p1").one())
state()
""",
    "rows that come twice": """
session.execute(marks.insert().values(post_id=2, tag_id=tag.id))
session.commit()
print(titles(tag.marked.order_by(Post.id).all()), tag.marked.count())
print(len(tag.marked.all()), tag.marked.filter_by(id=2).all() == [tag.marked.filter_by(id=2).first()])
""",
    "followers": """
ann.follow(bob)
print(ann.is_following(bob), bob.is_following(ann), bob.followers.count(), ann.followed.first().name)
state()
ann.follow(bob)
bob.follow(ann)
print([u.name for u in bob.followers.filter(User.name != "x")], [u.name for u in ann.followers])
ann.unfollow(bob)
state()
print(ann.is_following(bob), bob.is_following(ann))
""",
    "what changes it": """
ann.posts.append(Post(title="new"))
print(ann.posts.count())
ann.posts.remove(ann.posts.filter_by(title="p0").one())
state()
moved = ann.posts.first()
bob.posts.append(moved)
state()
print(moved.author.name, titles(bob.posts.all()))
moved.author = ann
state()
print(titles(ann.posts.all()), titles(bob.posts.all()))
""",
    "of objects that are new": """
cat = User(name="cat", posts=[Post(title="a")])
cat.posts.append(Post(title="b"))
cat.posts.extend(Post(title=t) for t in "cd")
session.add(cat)
print(cat.posts.count(), titles(cat.posts.all()))
state()
dog = User(name="dog")
dog.followed.append(cat)
session.add_all([dog])
print(titles(cat.posts.filter(Post.title != "a").all()), cat.followers.one().name)
state()
""",
    "what a session does with its owner": """
ann.posts.append(Post(title="late"))
session.flush()
session.refresh(ann)
session.expire(ann)
print(ann.posts.count(), ann.followed.count())
bob.posts.append(Post(title="gone"))
session.rollback()
print(bob.posts.count(), titles(bob.posts.all()))
eve = User(name="eve", posts=[Post(title="never")])
session.add(eve)
session.flush()
session.rollback()
print(session.query(User).count(), session.query(Post).count())
state()
""",
    "what deletes its owner": """
ann.follow(bob)
session.commit()
ann.followed.remove(bob)
session.delete(ann)
state()
""",
    "statements of many rows": """
print(bob.posts.order_by(None).count())
print(session.query(Post).filter(Post.user_id == bob.id).update({"title": "z"}), titles(bob.posts.all()))
session.delete(bob.posts.first())
state()
print(bob.posts.with_entities(func.max(Post.title)).order_by(None).scalar())
""",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str, str, str]]:
    """What each program prints before and after, with annotations and without, and what it became."""
    typed = Options(dynamic=Dynamic.WRITE_ONLY)
    plain = Options(dynamic=Dynamic.WRITE_ONLY, models=Models.COLUMNS)
    paths: dict[str, list[Path]] = {}
    for name, body in PROGRAMS.items():
        home = tmp_path_factory.mktemp("program")
        (home / "setup.py").touch()
        old = home / "main.py"
        old.write_text(MODELS + body)
        paths[name] = [old]
        for number, options in enumerate((typed, plain)):
            outcome = list(translate_all([str(home / "setup.py"), str(old)], lambda _, o=options: o, 1))[1]
            assert outcome.translation is not None
            new = home / f"new{number}.py"
            new.write_text(outcome.translation.output)
            paths[name].append(new)
    before = ran([p[0] for p in paths.values()], "", {"PYTHONPATH": os.pathsep.join(map(str, LEGACY.folders))})
    after = ran([path for p in paths.values() for path in p[1:]], "refuse")
    return {
        name: (before[str(p[0])], after[str(p[1])], after[str(p[2])], p[1].read_text()) for name, p in paths.items()
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_the_same(name: str, results: dict[str, tuple[str, str, str, str]]) -> None:
    """What it finds, and what the tables hold after it, is the same; nothing stays dynamic."""
    before, after, plain, output = results[name]
    assert "Error: " not in before
    assert after == before
    assert plain == before
    assert output.count("WriteOnlyMapped[") == 4
    assert "dynamic" not in output.lower()


OUTSIDE = {
    "some callers give a new one": """
def heads(who):
    return titles(who.posts), who.posts.count()
print(heads(ann))
print(heads(User(name="cat", posts=[Post(title="a")])))
""",
    "an annotated parameter": """
def heads(who: User):
    return titles(who.posts)
print(heads(ann))
cat = User(name="cat", posts=[Post(title="a")])
print(heads(cat))
""",
    "in a list": """
def heads(everyone):
    return [titles(who.posts) for who in everyone]
print(heads([ann, bob]))
cat = User(name="cat", posts=[Post(title="a")])
print(heads([cat]))
""",
    "one of two paths": """
def heads(name):
    who = session.query(User).filter_by(name=name).first()
    if who is None:
        who = User(name=name, posts=[Post(title="new")])
    return titles(who.posts), name
print(heads("ann"), heads("cat"))
""",
    "one that is taken out": """
print(titles(ann.posts))
session.expunge(ann)
print(titles(ann.posts))
""",
}
"""Where an object is in no session: a collection is what is in memory then, which no statement selects."""


@pytest.mark.parametrize("dynamic", Dynamic)
def test_the_collection_of_an_object_in_no_session_stays(dynamic: Dynamic, tmp_path: Path) -> None:
    """And does the same; what stays is told."""
    paths: list[tuple[Path, Path]] = []
    for number, body in enumerate(OUTSIDE.values()):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "setup.py").touch()
        old, new = home / "main.py", home / "new.py"
        old.write_text(MODELS + body)
        options = Options(dynamic=dynamic)
        outcome = list(translate_all([str(home / "setup.py"), str(old)], lambda _, o=options: o, 1))[1]
        assert outcome.translation is not None
        new.write_text(outcome.translation.output)
        assert any("may be in no session" in each.message for each in outcome.translation.diagnostics)
        paths.append((old, new))
    before = ran([old for old, _ in paths], "", {"PYTHONPATH": os.pathsep.join(map(str, LEGACY.folders))})
    after = ran([new for _, new in paths], "")
    for old, new in paths:
        assert "Error: " not in before[str(old)]
        assert after[str(new)] == before[str(old)]


GETTER = """
from operator import attrgetter
name = "po" + "sts"
print(titles(attrgetter(name)(ann)))
"""


def test_a_getter_of_any_attribute_keeps_them(tmp_path: Path) -> None:
    """It walks the collection, which a write-only one refuses."""
    old, new = tmp_path / "main.py", tmp_path / "new.py"
    old.write_text(MODELS + GETTER)
    (tmp_path / "setup.py").touch()
    options = Options(dynamic=Dynamic.WRITE_ONLY)
    outcome = list(translate_all([str(tmp_path / "setup.py"), str(old)], lambda _: options, 1))[1]
    assert outcome.translation is not None
    assert "WriteOnlyMapped" not in outcome.translation.output
    assert any("`attrgetter(name)` may mean any attribute" in d.message for d in outcome.translation.diagnostics)
    new.write_text(outcome.translation.output)
    before = ran([old], "", {"PYTHONPATH": os.pathsep.join(map(str, LEGACY.folders))})[str(old)]
    assert before == "['p3', 'p2', 'p1', 'p0']\n"
    assert ran([new], "")[str(new)] == before


MODULES = {
    "shop/__init__.py": "",
    "shop/models.py": "from sqlalchemy import Column, ForeignKey, Integer\n"
    "from sqlalchemy.orm import declarative_base, relationship\n\nBase = declarative_base()\n\n\n"
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    books = relationship('Book', lazy='dynamic')\n    notes = relationship('Note', lazy='dynamic')\n\n\n"
    "class Book(Base):\n    __tablename__ = 'book'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n\n\n"
    "class Note(Base):\n    __tablename__ = 'note'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n",
    "shop/work.py": "from sqlalchemy.orm import Session\nfrom shop.models import Book, Note, Shelf\n\n\n"
    "def work(session: Session, key):\n    shelf = session.query(Shelf).get(key)\n    shelf.books.append(Book())\n"
    "    shelf.notes.append(Note())\n    return shelf.books.count()\n",
}


def project(folder: Path, more: dict[str, str]) -> dict[str, str]:
    """What the modules of a project become, by their paths; `more` are files beside them, or modules."""
    for name, text in {"setup.py": "", **MODULES, **more}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    paths = [str(path) for path in sorted(folder.rglob("*.py"))]
    outcomes = translate_all(paths, lambda _: Options(dynamic=Dynamic.WRITE_ONLY), 1)
    found = {str(Path(o.name).relative_to(folder)): o.translation for o in outcomes}
    said = [d.message for translation in found.values() if translation is not None for d in translation.diagnostics]
    return {"said": "\n".join(said)} | {name: t.output for name, t in found.items() if t is not None}


def test_modules_change_together(tmp_path: Path) -> None:
    """What one module declares is used in another one."""
    found = project(tmp_path, {})
    assert "    books: WriteOnlyMapped['Book'] = relationship()" in found["shop/models.py"]
    assert "shelf.books.add(Book())" in found["shop/work.py"]
    assert "shelf.books.select()" in found["shop/work.py"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("templates/shelf.html", "{% for book in shelf.books %}{{ book.id }}{% endfor %}", "in templates/shelf.html"),
        ("templates/shelf.html", "{{ shelf['books']|length }}", "in templates/shelf.html"),
        ("shop/more.py", "def more(shelf):\n    return shelf.books.first()\n", "(in shop.more)"),
    ],
)
def test_a_use_in_another_file_keeps_it(name: str, text: str, why: str, tmp_path: Path) -> None:
    """In a template nobody sees what a name means. The other relationship changes all the same."""
    found = project(tmp_path, {name: text})
    assert "books: DynamicMapped['Book']" in found["shop/models.py"]
    assert "notes: WriteOnlyMapped['Note']" in found["shop/models.py"]
    assert "shelf.books.append(Book())" in found["shop/work.py"]
    assert "shelf.notes.add(Note())" in found["shop/work.py"]
    assert any("books of Shelf stays lazy='dynamic'" in line and why in line for line in found["said"].splitlines())


def test_words_of_templates_are_no_uses(tmp_path: Path) -> None:
    """Not e.g. the name of a page, or of a longer attribute."""
    found = project(tmp_path, {"templates/shelf.html": "<a class='books'>books</a> {{ url.books_of }}"})
    assert "books: WriteOnlyMapped['Book']" in found["shop/models.py"]


def test_modules_of_its_name_are_no_uses(tmp_path: Path) -> None:
    """The path of an import."""
    other = {"shop/books/__init__.py": "", "shop/books/covers.py": "", "shop/x.py": "import shop.books.covers\n"}
    found = project(
        tmp_path, {**other, "shop/y.py": "from shop.books.covers import os\nfrom shop.books import covers\n"}
    )
    assert "books: WriteOnlyMapped['Book']" in found["shop/models.py"]
