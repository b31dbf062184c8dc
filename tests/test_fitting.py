"""What comes out keeps to the length of its author's lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator import Dynamic, Options, translate
from translator.project import translate_all

SHORT = "# 456789012345678901234567890123456789012345678901234567890123456789012345\n" * 6
"""Lines that show that a limit of 79 columns is kept."""
HEAD = "import sqlalchemy as sa\nfrom sqlalchemy.orm import Session\n\n\n"


def written(body: str) -> str:
    """What a function of such a text becomes."""
    head = f"{HEAD}def of(session: Session, given):\n"
    output = translate(f"{head}{body}{SHORT}").output
    assert max(map(len, output.split("\n"))) <= 79, output
    return output.removeprefix(head).removesuffix(SHORT)


def test_a_chain_of_several_lines_is_opened_where_its_first_line_gets_too_long() -> None:
    """What is executed stands below the bracket, with its own lines moved along."""
    found = written(
        "    num = session.query(models.ResourceProviderTraits).filter(\n"
        "        models.ResourceProviderTraits.trait_id == given).count()\n    return num\n"
    )
    assert found == (
        "    num = session.execute(\n"
        "        sa.select(sa.func.count()).select_from(\n"
        "            sa.select(models.ResourceProviderTraits).where(\n"
        "                models.ResourceProviderTraits.trait_id == given).subquery()\n"
        "        )\n"
        "    ).scalar_one()\n"
        "    return num\n"
    )


def test_a_chain_with_links_on_lines_gets_each_on_one_where_others_got_too_long() -> None:
    """A dynamic collection is written in more words than it was."""
    head = (
        "from sqlalchemy import Column, ForeignKey, Integer\n"
        "from sqlalchemy.orm import Session, declarative_base, relationship\n\nBase = declarative_base()\n\n\n"
        'class Shelf(Base):\n    __tablename__ = "shelf"\n    id = Column(Integer, primary_key=True)\n'
        '    books = relationship("Book", lazy="dynamic")\n\n\n'
        'class Book(Base):\n    __tablename__ = "book"\n    id = Column(Integer, primary_key=True)\n'
        '    shelf_id = Column(ForeignKey("shelf.id"))\n\n\n'
        "def found(session):\n    return session.query(Shelf).first()\n\n\ndef of(session: Session, given):\n"
    )
    body = (
        "    res = (\n        found(session)\n        .books.filter(Book.id > given, Book.id != 3, Book.shelf_id == 2)\n"
        "        .filter(Book.id > 1)  # more\n        .first()\n    )\n    return res\n"
    )
    options = Options(dynamic=Dynamic.KEEP)
    assert translate(head + body, options).output.partition("given):\n")[2] == (
        "    res = session.scalars(\n"
        "        select(Book)\n"
        "        .where(with_parent(found(session), Shelf.books))\n"
        "        .where(Book.id > given, Book.id != 3, Book.shelf_id == 2)\n"
        "        .where(Book.id > 1)  # more\n"
        "        .limit(1)\n"
        "    ).first()\n"
        "    return res\n"
    )


def test_comments_stay_in_their_lines() -> None:
    """They move with the arguments."""
    found = written(
        "    return session.query(models.ResourceProviderTraits).filter_by(\n"
        "        name=given,  # the one\n        other=3,\n    ).first()\n"
    )
    assert found == (
        "    return session.scalars(\n"
        "        sa.select(models.ResourceProviderTraits).filter_by(\n"
        "            name=given,  # the one\n            other=3,\n        ).limit(1)\n"
        "    ).first()\n"
    )


def test_a_chain_of_one_line_is_broken_at_its_last_call() -> None:
    """Also where it is not executed."""
    found = written(
        "    sel = models.PROJECT_TABLE.select(models.PROJECT_TABLE.c.external_id == given)\n    return sel\n"
    )
    assert found == (
        "    sel = models.PROJECT_TABLE.select().where(\n"
        "        models.PROJECT_TABLE.c.external_id == given\n    )\n    return sel\n"
    )


def test_what_keeps_to_the_limit_stays_as_it_is_broken() -> None:
    """Lines are not broken for the sake of it."""
    found = written("    return session.query(User).filter(\n        User.name == given).first()\n")
    assert found == "    return session.scalars(sa.select(User).where(\n        User.name == given).limit(1)).first()\n"


LONG = 'WORDS = "' + "word " * 30 + '"  # noqa\n'
PROSE = 'def told():\n    """What it does.\n\n    ' + "word " * 25 + '\n    """\n\n\n'


@pytest.mark.parametrize("long", [LONG * 20, PROSE * 20, "# " + "word " * 25 + "\n"])
def test_strings_and_prose_show_no_limit(long: str) -> None:
    """They can't be broken, so that lines of code are held to what other lines of code keep to."""
    body = "def of(session: Session, value):\n    return session.query(models.Provider).filter_by(name_of_the_one=value).one()\n"
    found = translate(HEAD + long + body).output
    assert found.endswith(
        "    return session.scalars(\n        sa.select(models.Provider).filter_by(name_of_the_one=value)\n    ).one()\n"
    )


@pytest.mark.parametrize(
    ("name", "said", "broken"),
    [
        ("pyproject.toml", "[tool.black]\nline-length = 110\n", False),
        ("pyproject.toml", "[tool.black]\n", True),
        ("pyproject.toml", "[tool.ruff]\nline-length = 80\n[tool.black]\nline-length = 110\n", True),
        ("ruff.toml", "line-length = 80\n", True),
        ("setup.cfg", "[flake8]\nmax-line-length = 80\n", True),
        ("tox.ini", "[flake8]\nmax-line-length: 110\n", False),
        ("setup.cfg", "[flake8\n", False),
    ],
)
def test_a_project_says_how_long_lines_may_be(tmp_path: Path, name: str, said: str, *, broken: bool) -> None:
    """A formatter's word is taken as it is, a linter's as what may not be exceeded; without one the code tells."""
    (tmp_path / name).write_text(said, encoding="utf-8")
    wide = "".join(
        f"if given_number_{n:03} and another_condition_of_the_caller(given_number, with_an_argument, and_another):\n    pass\n"
        for n in range(9)
    )
    body = "def of(session: Session, value):\n    return session.query(models.Provider).filter_by(name_of=value, x=1).one()\n"
    path = tmp_path / "pkg" / "file.py"
    path.parent.mkdir()
    path.write_text(HEAD + wide + body, encoding="utf-8")
    [outcome] = translate_all([str(path)], lambda _: Options(), 1)
    assert outcome.translation is not None
    assert ("session.scalars(\n" in outcome.translation.output) is broken


def test_statements_in_statements_are_opened() -> None:
    """Each function over statements has what it is given on lines of its own, also in what is rewritten around it."""
    found = written(
        "    a = session.query(Thing.id).filter(Thing.a == given)\n"
        "    b = session.query(Thing.id).filter(Thing.b == given)\n"
        "    c = session.query(Thing.id).filter(Thing.c == given)\n"
        "    things = session.query(Thing).filter(\n"
        "        Thing.id.in_(\n"
        "            a.union(b)\n"
        "            .union_all(c)\n"
        "        )\n"
        "    )\n"
        "    return things.all()\n"
    )
    assert found == (
        "    a = sa.select(Thing.id).where(Thing.a == given)\n"
        "    b = sa.select(Thing.id).where(Thing.b == given)\n"
        "    c = sa.select(Thing.id).where(Thing.c == given)\n"
        "    things = sa.select(Thing).where(\n"
        "        Thing.id.in_(\n"
        "            sa.select(\n"
        "                sa.union_all(\n"
        "                    sa.select(sa.union(a, b).subquery()), c\n"
        "                ).subquery()\n"
        "            )\n"
        "        )\n"
        "    )\n"
        "    return session.scalars(things).all()\n"
    )


MODELS = (
    "from sqlalchemy import Column, ForeignKey, Integer, String\nfrom sqlalchemy.orm import backref, declarative_base\n"
    "from sqlalchemy.orm import relationship\n\nBase = declarative_base()\n\n\n"
    'class Shelf(Base):\n    __tablename__ = "shelf"\n    id = Column(Integer, primary_key=True)\n\n\n'
    'class Book(Base):\n    __tablename__ = "book"\n    id = Column(Integer, primary_key=True)\n'
    '    shelf_id = Column(ForeignKey("shelf.id"))\n'
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "    shelf = relationship(\n"
            '        Shelf, backref=backref("books", order_by="Book.id.desc()", cascade="all, delete-orphan")\n    )\n',
            '    shelf: Mapped[Shelf | None] = relationship(back_populates="books")\n',
        ),
        (
            '    shelf: Mapped["Shelf | None"] = relationship(\n'
            '        Shelf, backref=backref("books", order_by="Book.id.desc()")\n    )\n',
            '    shelf: Mapped["Shelf | None"] = relationship(Shelf, back_populates="books")\n',
        ),
        (
            '    shelf = relationship(\n        "Shelf", backref="books", lazy="joined", foreign_keys="Book.shelf_id"\n    )\n',
            '    shelf: Mapped["Shelf | None"] = relationship(\n        back_populates="books", lazy="joined", '
            'foreign_keys="Book.shelf_id"\n    )\n',
        ),
        (
            '    shelf: Mapped["Shelf | None"] = relationship(\n        "Shelf", backref="books_of_it", lazy="joined", '
            'foreign_keys="Book.shelf_id"\n    )\n',
            '    shelf: Mapped["Shelf | None"] = relationship(\n        "Shelf",\n        back_populates="books_of_it",\n'
            '        lazy="joined",\n        foreign_keys="Book.shelf_id",\n    )\n',
        ),
        (
            "    title = Column(\n        String,\n        nullable=False,\n        index=True,\n    )\n",
            "    title: Mapped[str] = mapped_column(index=True)\n",
        ),
        (
            "    title = Column(\n        String,\n        nullable=False,\n        index=True,\n        unique=True,\n    )\n",
            "    title: Mapped[str] = mapped_column(\n        index=True,\n        unique=True,\n    )\n",
        ),
        (
            "    title = Column(\n        String, nullable=False, index=True\n    )\n",
            "    title: Mapped[str] = mapped_column(\n        index=True\n    )\n",
        ),
        (
            "    title = Column(\n        String,  # of any length\n        nullable=False,\n    )\n",
            "    title: Mapped[str] = mapped_column(\n        String,  # of any length\n        nullable=False,\n    )\n",
        ),
    ],
)
def test_arguments_below_their_bracket_are_laid_out_as_they_fit(before: str, after: str) -> None:
    """On one line where that was too long, on several where it gets so; what was broken though it fitted stays so."""
    output = translate(MODELS + before).output
    assert output.endswith(after), output.partition("class Book")[2]
    assert max(map(len, output.split("\n"))) <= 88


def test_arguments_beside_a_statement_get_a_line_each_where_one_is_too_short() -> None:
    """`db.paginate()` is given the statement and what page it is."""
    head = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
    model = (
        "class Book(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n    title = db.Column(db.Text)\n\n\n"
    )
    body = (
        "def shown(page, title):\n"
        "    pages = Book.query.filter(Book.title != title).order_by(Book.id).paginate(page, 9)\n    return pages.items\n"
    )
    output = translate(head + model + body + SHORT).output.removesuffix(SHORT)
    assert output.endswith(
        "    pages = db.paginate(\n"
        "        db.select(Book).where(Book.title != title).order_by(Book.id),\n"
        "        page=page,\n        per_page=9,\n    )\n    return pages.items\n"
    ), output
