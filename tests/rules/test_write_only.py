"""Dynamic relationships that become write-only: where all that is done with them is in sight, and nowhere else."""

from __future__ import annotations

import pytest

from tests.rules.tables import created
from translator import Dynamic, Models, Options, Translation, translate

CHOSEN = Options(dynamic=Dynamic.WRITE_ONLY)
MODELS = """from sqlalchemy import Column, ForeignKey, Integer, String, Table, create_engine, inspect
from sqlalchemy.orm import Session, backref, declarative_base, relationship

Base = declarative_base()
links = Table("links", Base.metadata, Column("book_id", ForeignKey("book.id")), Column("tag_id", ForeignKey("tag.id")))


class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", backref="shelf", lazy="dynamic", order_by="Book.title.desc()"MORE)


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    shelf_id = Column(ForeignKey("shelf.id"))
    tags = relationship("Tag", secondary=links, backref=backref("marked", lazy="dynamic"))


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)


def first(session: Session):
    return session.query(Shelf).first()


"""
PLAIN = MODELS.replace("MORE", "")


def converted(source: str, options: Options = CHOSEN) -> Translation:
    """The translation, which is stable."""
    translation = translate(source, options)
    assert translate(translation.output, options).output == translation.output
    return translation


def test_it_is_chosen() -> None:
    """Unless asked for, a dynamic relationship stays what it is."""
    kept = translate(PLAIN).output
    assert "DynamicMapped" in kept
    assert "WriteOnlyMapped" not in kept
    output = converted(PLAIN).output
    assert (
        '    books: WriteOnlyMapped["Book"] = relationship(back_populates="shelf", order_by="Book.title.desc()")'
        in output
    )
    assert '    marked: WriteOnlyMapped["Book"] = relationship(secondary=links, back_populates="tags")' in output


def test_the_tables_are_the_same() -> None:
    """Tables, joins, order and cascades stay; how it loads is another word."""
    source = PLAIN.partition("def first")[0].replace(".title.desc()", ".title")
    before, after = created(source, legacy=True), created(converted(source).output, legacy=False)
    assert {name: told.replace('"dynamic"', '"write_only"') for name, told in before.items()} == {
        name: told.replace('"dynamic"', '"write_only"') for name, told in after.items()
    }
    assert [name for name, told in after.items() if '"write_only"' in told] == ["Shelf.books", "Tag.marked"]


def test_without_annotations_the_call_says_it() -> None:
    """Models with plain mapped_column() have no place that says it but the argument; those that stay don't change."""
    output = converted(PLAIN, Options(dynamic=Dynamic.WRITE_ONLY, models=Models.COLUMNS)).output
    assert output.count('lazy="write_only"') == 2
    assert "WriteOnlyMapped" not in output
    left = translate(PLAIN, Options(dynamic=Dynamic.WRITE_ONLY, models=Models.NONE)).output
    assert left.count('lazy="dynamic"') == 2


def test_a_backref_that_stays_says_it_itself() -> None:
    """Where the other class is not plain, its side stays with the relationship that makes it."""
    source = PLAIN.replace("class Tag(Base):", "@dataclass\nclass Tag(Base):")
    assert 'backref=backref("marked", lazy="write_only")' in converted(source).output


@pytest.mark.parametrize(
    ("use", "becomes"),
    [
        ("shelf.books.append(Book())", "shelf.books.add(Book())"),
        ("shelf.books.extend([Book(), Book()])", "shelf.books.add_all([Book(), Book()])"),
        ("shelf.books.remove(book)", "shelf.books.remove(book)"),
        ("put = shelf.books.append", "put = shelf.books.add"),
        ("found = shelf.books.all()", "object_session(shelf).scalars(shelf.books.select()).all()"),
        ("found = [b for b in shelf.books]", "object_session(shelf).scalars(shelf.books.select())"),
        ("found = shelf.books.filter(Book.id == 1).first()", "shelf.books.select().where(Book.id == 1).limit(1)"),
        ("found = shelf.books.count()", "select(func.count()).select_from(shelf.books.select().subquery())"),
        ("found = session.query(Shelf).filter(Shelf.books.any()).all()", "select(Shelf).where(Shelf.books.any())"),
        ("tag.marked.append(book)", "tag.marked.add(book)"),
        ("found = tag.marked.filter(links.c.book_id == 1).all()", "tag.marked.select().where(links.c.book_id == 1)"),
        ("shelf = Shelf(books=[Book()])", "Shelf(books=[Book()])"),
        ("fresh = Shelf()\n    fresh.books.append(book)", "fresh.books.add(book)"),
        ("row = {'books': 1}['books']", "{'books': 1}['books']"),
        ("session.delete(book)", "session.delete(book)"),
        ("name = getattr(unknown, unknown.key)", "getattr(unknown, unknown.key)"),
    ],
)
def test_uses_have_a_form_of_their_own(use: str, becomes: str) -> None:
    """What reads asks for a select(), what writes is called as a write-only collection calls it."""
    source = f"{PLAIN}def work(session: Session, shelf: Shelf, tag: Tag, book: Book, unknown):\n    {use}\n"
    output = converted(source).output
    assert output.count("WriteOnlyMapped[") == 2, output
    assert becomes in " ".join(output.split()).replace("( ", "(").replace(" )", ")"), output


@pytest.mark.parametrize(
    ("use", "why"),
    [
        ("shelf.books = []", "`shelf.books = []` replaces it"),
        ("del shelf.books", "it is deleted"),
        ("shelf.books += [book]", "replaces it"),
        ("render(shelf.books)", "passed to `render()`"),
        ("return shelf.books", "is returned"),
        (
            "fresh = Shelf()\n    return fresh.books.count()",
            "`fresh` may be in no session",
        ),
        ("unknown.books.append(book)", "what `unknown` is is not in sight"),
        ("load(unknown).books.all()", "is not in sight"),
        ("getattr(shelf, 'books')", "names it by a string"),
        ("getattr(shelf, unknown)", "may mean any attribute"),
        ("for key in {'books': 1}:\n        setattr(unknown, key, 1)", "may mean any attribute"),
        ("session.merge(shelf)", "`session.merge(shelf)` merges what may be its owner"),
        ("session.merge(unknown)", "merges what may be its owner"),
        ("session.merge(book)", "merges what may be its owner"),
        ("session.delete(shelf)", "`session.delete(shelf)` deletes what may be its owner"),
        ("session.delete(unknown)", "deletes what may be its owner"),
        ("unknown.delete(shelf)", "may delete or merge its owner"),
        ("inspect(unknown)", "may look at every attribute"),
        ("for one in Shelf.__mapper__.relationships:\n        print(one)", "may look at every attribute"),
        ("admin.add_view(ModelView(Shelf))", "is given Shelf and may look at every attribute"),
        ("first(session).books.discard(book)", "is a use that has no form"),
        ("put = shelf.books\n    put.append(book)", "append"),
        ("print(Shelf.books.impl)", "is a use that has no form"),
    ],
)
def test_a_use_that_has_no_form_keeps_the_relationship(use: str, why: str) -> None:
    """It stays dynamic with all that is done with it, and the place is named."""
    source = f"{PLAIN}def work(session: Session, shelf: Shelf, book: Book, unknown):\n    shelf.books.append(book)\n    {use}\n"
    translation = converted(source)
    assert 'books: DynamicMapped["Book"]' in translation.output
    assert "shelf.books.append(book)" in translation.output
    said = [d.message for d in translation.diagnostics if "books of Shelf stays lazy='dynamic'" in d.message]
    assert any(why in message for message in said), translation.diagnostics


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("class BookForm(Form):\n    books = Field()\n", "the class BookForm has an attribute of that name"),
        ("class ShelfSchema(Schema):\n    class Meta:\n        model = Shelf\n", "the class Meta is given Shelf"),
        ("class Case(Base):\n    __tablename__ = 'case'\n    id = Column(Integer, primary_key=True)\n    shelf_id = "
         "Column(ForeignKey('shelf.id'))\n    shelf = relationship(Shelf, cascade='all, delete-orphan', single_parent=True)\n",
         "may delete its owner"),
        ("class Shelf(Base):\n    __tablename__ = 'other'\n    id = Column(Integer, primary_key=True)\n", "several classes"),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_may_keep_it(more: str, why: str) -> None:
    """Forms and schemas that are filled from it, cascades that delete its owner."""
    translation = translate(PLAIN + more, CHOSEN)
    assert 'WriteOnlyMapped["Book"] = relationship(back_populates' not in translation.output
    said = [d.message for d in translation.diagnostics if "books of Shelf stays" in d.message]
    assert any(why in message for message in said), translation.diagnostics


def test_what_deletes_all_of_it_stays_a_statement_of_its_own() -> None:
    """A select() can't become one."""
    source = PLAIN.replace(', order_by="Book.title.desc()"', "")
    source += "def work(session: Session, shelf: Shelf):\n    shelf.books.filter_by(id=1).delete()\n"
    output = converted(source).output
    assert 'books: WriteOnlyMapped["Book"]' in output
    assert "delete(Book).where(with_parent(shelf, Shelf.books))" in " ".join(output.split())


def test_passive_deletes_leave_the_deletion_to_the_database() -> None:
    """Then an owner is deleted without a look at what belongs to it, on either version."""
    source = MODELS.replace("MORE", ', cascade="all, delete-orphan", passive_deletes=True')
    source += "def work(session: Session, shelf: Shelf):\n    session.delete(shelf)\n"
    assert 'books: WriteOnlyMapped["Book"]' in converted(source).output


def test_rules_that_belong_together_are_not_torn_apart() -> None:
    """Without one of them nothing becomes write-only."""
    source = PLAIN + "def work(shelf: Shelf, book: Book):\n    shelf.books.append(book)\n"
    output = translate(source, Options(dynamic=Dynamic.WRITE_ONLY, skip=("dynamic-append",))).output
    assert "WriteOnlyMapped" not in output
    assert "shelf.books.append(book)" in output
