"""Dynamic relationships: where the attribute of an object is a query, and where it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.checks import MODELS_STAY, left, untouched
from translator import Dynamic, Options, Workbench, translate

KEPT = Options(dynamic=Dynamic.KEEP)

MODELS = """from sqlalchemy import Column, ForeignKey, Integer, String, Table, create_engine, func, select, update
from sqlalchemy.orm import Session, backref, declarative_base, object_session, relationship, with_parent

Base = declarative_base()
links = Table("links", Base.metadata, Column("book_id", ForeignKey("book.id")), Column("tag_id", ForeignKey("tag.id")))


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", lazy="dynamic", order_by="Book.title.desc()")
    plain = relationship("Book", lazy="dynamic", overlaps="books")


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    shelf_id = Column(ForeignKey("shelf.id"))
    tags = relationship("Tag", secondary=links, backref=backref("books", lazy="dynamic"))


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)


"""


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("options", [KEPT, Options()], ids=["dynamic", "write-only"])
@pytest.mark.parametrize(
    "use",
    [
        "[b.title for b in shelf.books]",
        "shelf.books.count()",
        "shelf.books.first()",
        "[b.title for b in shelf.books[1:3]]",
        "shelf.books.order_by(Book.id).limit(2).all()",
        "shelf.books.filter_by(title='b1').update({'title': 'q'}) if False else shelf.books.all()",
        "shelf.plain.filter(Book.title == 'b1').update({'title': 'q'})",
        "shelf.books.with_entities(Book.id).all()",
        "session.query(shelf.plain.filter_by(title='q').exists()).scalar()",
        "sorted(b.id for b in tag.books), tag.books.count()",
        "tag.books.filter_by(title='b1').filter(Book.id > 0).one().title",
    ],
)
def test_it_finds_what_the_collection_found(use: str, options: Options, workbench: Workbench) -> None:
    """Run on 1.4 and, translated, on 2.x, each use of the collection gives the same: order, doubles, counts."""
    source = (
        MODELS + "engine = create_engine('sqlite://')\nBase.metadata.create_all(engine)\nsession = Session(engine)\n"
        "shelf, tag = Shelf(id=901), Tag(id=901)\nsession.add_all([shelf, Shelf(id=902), tag])\n"
        "for n in range(4):\n    shelf.books.append(Book(id=900 + n, title=f'b{n}', shelf_id=901))\nsession.commit()\n"
        "for n in (900, 901, 901):\n"
        "    session.execute(links.insert().values(book_id=n, tag_id=901))\n    session.commit()\n"
        f"shelf, tag = session.get(Shelf, 901), session.get(Tag, 901)\nout = {use}\n"
    )
    output = translate(source, options).output
    written = (
        output.removeprefix(MODELS)
        .replace("tag.books.select()", "with_parent(")
        .replace(".plain.select()", "with_parent(")
    )
    assert "with_parent(" in written or (options != KEPT and "shelf.books.select()" in output)
    verification = workbench.convert(source, options, verify=True)["verification"]
    # EXISTS selects the columns, and the secondary table gets an alias: other SQL, the same rows
    other = ("tag." in use or "exists()" in use) and "on this data the rows are the same" in verification["reason"]
    assert other or verification["verdict"] == "same", verification["reason"]


def test_a_method_asks_its_own_collection() -> None:
    """`self` is an object of the class, and its session is the object's."""
    head, rest = MODELS.split("\n\nclass Book(")
    method = "\n    def titled(self, title):\n        return {}.all()\n\n\nclass Book("
    statement = "select(Book).where(with_parent(self, Shelf.plain)).filter_by(title=title)"
    after = f"object_session(self).scalars(\n            {statement}\n        )"
    translation = translate(head + method.format("self.plain.filter_by(title=title)") + rest, MODELS_STAY)
    assert translation.output == head + method.format(after) + rest


def test_adding_and_removing_stay() -> None:
    """What changes the collection is no query."""
    untouched(MODELS + "def add(shelf: Shelf, book):\n    shelf.books.append(book)\n    shelf.books.remove(book)\n")


def test_an_object_that_was_just_made_keeps_its_collection() -> None:
    """It may be in no session, and then the collection counts what is in memory."""
    source = "def count(session: Session):\n    shelf = Shelf()\n    return shelf.books.count()\n"
    left(MODELS + source, "`shelf` may be in no session")
    added = source.replace("Shelf()\n", "Shelf()\n    session.add(shelf)\n")
    assert "with_parent(shelf, Shelf.books)" in translate(MODELS + added, KEPT).output
    assert "shelf.books.select()" in translate(MODELS + added).output


def test_a_collection_that_goes_elsewhere_is_left() -> None:
    """Whoever gets it may do anything with it."""
    left(MODELS + "def show(shelf: Shelf):\n    return render(books=shelf.books)\n", "passed to `render()`")


def test_an_order_that_has_no_name_here_is_left() -> None:
    """The mapping's own column names mean nothing outside of its class."""
    source = MODELS.replace('"Book.title.desc()"', "links.c.book_id")
    left(source + "def every(shelf: Shelf):\n    return shelf.books.all()\n", "order_by of `books`")


def test_a_criterion_on_the_secondary_table_is_left() -> None:
    """The collection's FROM has that table by its own name, with_parent() by another: it would be joined twice."""
    left(
        MODELS + "def f(tag: Tag, key):\n    return tag.books.filter(links.c.book_id == key).count()\n",
        "secondary table",
    )


FOLLOWERS = """from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
followers = db.Table("followers", db.Column("a", db.ForeignKey("user.id")), db.Column("b", db.ForeignKey("user.id")))


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    followed = db.relationship(
        "User", secondary=followers, primaryjoin=(followers.c.a == id), secondaryjoin={}, lazy="dynamic"
    )

    def follows(self, user):
        return {}
"""
JOIN = "(followers.c.b == id)"


@pytest.mark.parametrize(
    "join", [JOIN, "'User.id == followers.c.b'", "lambda: followers.c.b == User.id", "(id == followers.c.b)"]
)
def test_a_criterion_on_the_secondary_table_is_one_on_the_column_that_it_equals(join: str) -> None:
    """As the condition of the relationship says, in whatever way it is written."""
    source = FOLLOWERS.format(join, "self.followed.filter(followers.c.b == user.id).first()")
    statement = "db.select(User).where(db.with_parent(self, User.followed)).where(User.id == user.id).limit(1)"
    assert statement in translate(source, MODELS_STAY).output.replace("\n            ", "").replace("\n        ", "")


@pytest.mark.parametrize(
    ("join", "use"),
    [
        (JOIN, "self.followed.filter(followers.c.a == user.id).count()"),
        (JOIN, "self.followed.filter(user.criterion(followers)).count()"),
        (JOIN, "self.followed.with_entities(followers.c.b).all()"),
        ("db.and_(followers.c.b == id, id > 1)", "self.followed.filter(followers.c.b == user.id).count()"),
        ("(followers.c.b >= id)", "self.followed.filter(followers.c.b == user.id).count()"),
    ],
)
def test_a_criterion_on_another_column_of_the_secondary_table_is_left(join: str, use: str) -> None:
    """What equals nothing of the target, or is no criterion: a row calls its columns by their names."""
    left(FOLLOWERS.format(join, use), "may name its secondary table")


@pytest.mark.parametrize(
    "use", ["x.books.order_by(Book.id).all()", "[b for b in x.books.filter_by(id=1)]", "x.books.count()"]
)
def test_the_collection_of_something_unknown_is_left(use: str) -> None:
    """Nothing but its name tells that it is the relationship of that name."""
    left(MODELS + f"def f(x):\n    return {use}\n", "`x.books` gives it, which is not in sight")


@pytest.mark.parametrize(
    "use",
    [
        "{}.logins.count()",
        "{}.logins.all()",
        "{}.logins.limit(3).all()",
        "[x for x in {}.logins.filter_by(id=1)]",
        "{}.logins.paginate(page=1)",
        "page({}.logins.limit(3))",
        "{}.logins.filter_by(id=1)",
        "{}.logins.order_by('id')[0:5]",
        "{}.logins.join(Login.place)",
        "dict(logins={}.logins.with_entities(Login.id).subquery())",
        "lambda: {}.logins.distinct()",
        "1 if {}.logins.filter_by(id=1) else 2",
    ],
)
@pytest.mark.parametrize(
    ("start", "owner"),
    [
        (MODELS + "def f(session: Session):\n    shelf = session.get(Shelf, 1)\n", "shelf"),
        (MODELS + "def f(shelf: Shelf):\n", "shelf"),
        ("from app.models import User\n\n\ndef f(id):\n    user = User.query.get(id)\n", "user"),
        ("import sqlalchemy\nfrom app.models import User\n\n\ndef f(user: User):\n", "user"),
        ("import sqlalchemy\nfrom app import models\n\n\ndef f(user: models.User):\n", "user"),
        (
            "from flask_login import current_user\nfrom app import db\n\n\ndef f():\n    db.session.flush()\n",
            "current_user",
        ),
    ],
)
def test_a_collection_that_no_class_in_sight_has_is_left(start: str, owner: str, use: str) -> None:
    """Another package's model put it there, or the class is not in sight: nothing else has such methods."""
    left(f"{start}    return {use.format(owner)}\n", f"`{owner}.logins` gives it, which is not in sight")


@pytest.mark.parametrize("use", ["found.all()", "[x.id for x in found.filter_by(a=1)]", "page(found.limit(3))"])
@pytest.mark.parametrize("owner", ["Shelf.query.get(1)", "current_user", "x"])
def test_a_collection_that_no_class_in_sight_has_is_left_where_it_is_held(owner: str, use: str) -> None:
    """What a name holds is what it was bound to."""
    start = (
        MODELS
        if owner == "x"
        else "from flask_login import current_user\nfrom app.models import Shelf\nfrom app import db\n\n\n"
    )
    source = (
        f"{start}def f(x):\n    db.session.flush()\n    shelf = {owner}\n    found = shelf.books\n    return {use}\n"
    )
    messages = [diagnostic.message for diagnostic in translate(source, MODELS_STAY).diagnostics]
    assert any("`shelf.books` gives it, which is not in sight" in message for message in messages), messages


@pytest.mark.parametrize(
    ("use", "giver"),
    [
        ("page(x.posts.filter(Post.id > 1))", "x.posts"),
        ("g.user.posts.order_by(Post.id.desc())[:5]", "g.user.posts"),
        ("[p for p in load(x).filter_by(id=1)]", "load()"),
    ],
)
def test_what_takes_criteria_and_is_no_statement_is_left(use: str, giver: str) -> None:
    """A Select is not kept under the name of what belongs to an object, and can't be walked."""
    left(f"import sqlalchemy\nfrom app.models import Post\n\n\ndef f(x, g):\n    return {use}\n", f"`{giver}` gives it")


@pytest.mark.parametrize(
    "use",
    [
        "x.plan.limit, x.quota.offset, x.parent.delete(), x.data.get('a'), x.name.join(['a']), x.posts.count(1)",
        "page(x.stmt.order_by(Post.id)), page(x.posts_table.filter(Post.id == 1)), x.posts[0:3]",
        "self.posts.filter(Post.id == 1), self.repo.order_by(Post.id)",
        "x.objects.filter(Prefix='a').limit(3), x.posts.filter(a=1).all(), x.posts.order_by('-id')",
    ],
)
def test_what_other_things_have_too_is_no_sign(use: str) -> None:
    """Attributes that are called like methods, statements that are kept, what finds objects by criteria, other ORMs."""
    untouched(f"import sqlalchemy\nfrom app.models import Post, User\n\n\ndef f(self, x):\n    return {use}\n")


@pytest.mark.parametrize("use", ["made.all()", "read.first()", "words.count()", "logins.count(3)", "logins.get(1)"])
def test_what_a_class_says_itself_is_no_collection_of_another(use: str) -> None:
    """A class may hold anything, whose methods are called like those of Query; and lists have some of them."""
    own = (
        '    made = Maker()\n    words = association_proxy("a", "b")\n\n'
        "    @property\n    def read(self):\n        return Maker()\n"
    )
    models = MODELS.replace("class Shelf(Base):\n", f"class Shelf(Base):\n{own}\n")
    untouched(models + f"def f(shelf: Shelf):\n    return shelf.{use}\n")


def test_a_word_that_lists_have_too_is_no_sign() -> None:
    """A list has `count(x)`, and a dict `get(key)`."""
    untouched(MODELS + "def f(x):\n    return x.books.count(3), x.books.get(3), x.books\n")


OWN = (
    "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.query import Query\n\n\n"
    "class Small(Query):\n    def first(self):\n        return self.limit(2).one()\n\n\n{db}\n\n"
    "class Shelf(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    '    books = db.relationship("Book", lazy="dynamic"{more})\n\n    def best(self):\n        return self.books.first()\n\n\n'
    "class Book(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    '    shelf_id = db.Column(db.ForeignKey("shelf.id"))\n'
)


@pytest.mark.parametrize(
    ("db", "more", "cause"),
    [
        ("db = SQLAlchemy()", ", query_class=Small", "`self.books` gives it, which is not in sight"),
        ("db = SQLAlchemy(query_class=Small)", "", "may be called elsewhere, too"),
    ],
)
def test_a_collection_whose_query_is_of_an_own_class(db: str, more: str, cause: str) -> None:
    """What that class does in the place of Query is not passed over."""
    left(OWN.format(db=db, more=more), cause)


def test_a_class_of_sqlalchemy_is_no_model() -> None:
    """`sqlalchemy.orm` is called as modules of models are, and Session may have another name."""
    start = "from sqlalchemy import select\nfrom sqlalchemy.orm import Session as DBSession\nfrom app.models import User\n\n\n"
    before = start + "def f(session: DBSession):\n    return session.query(User).all()\n"
    assert "return session.scalars(select(User)).all()" in translate(before, MODELS_STAY).output
