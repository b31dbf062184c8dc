"""Methods that declare attributes: columns and directives."""

from __future__ import annotations

import pytest

from tests.rules.tables import same_tables
from translator import Models, Options, translate

SOURCE = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.declarative import declarative_base, declared_attr
Base = declarative_base()


class Owned:
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()

    @declared_attr
    def __table_args__(cls):
        return {"comment": cls.__name__}

    @declared_attr
    def owner_id(cls):
        "The owner."
        return Column(Integer, ForeignKey("owner.id"), nullable=False)

    @declared_attr
    def code(cls):
        return Column(String(5) if cls.__name__ == "Thing" else String(9))

    @declared_attr
    def other_id(cls):
        column = Column(ForeignKey("owner.id"))
        return column

    @declared_attr
    def third_id(cls):
        if cls.__name__ == "Thing":
            return Column(ForeignKey("owner.id"))


class Owner(Base):
    __tablename__ = "owner"
    id = Column(Integer, primary_key=True)


class Thing(Base, Owned):
    id = Column(Integer, primary_key=True)
"""


@pytest.mark.parametrize("models", Models)
def test_tables_stay(models: Models) -> None:
    """In all styles."""
    same_tables(SOURCE, Options(models=models))


def test_columns_and_directives_say_what_they_are() -> None:
    """A type that depends on the class stays open; a method that does more than return stays."""
    output = translate(SOURCE).output
    assert output.count("@declared_attr.directive\n") == 2
    assert "def owner_id(cls) -> Mapped[int]:" in output
    assert "def third_id(cls):" in output
    assert "def code(cls) -> Mapped[Any | None]:\n        return mapped_column(String(5)" in output
    assert "def other_id(cls):\n        column = Column(" in output


ANNOTATED = SOURCE.replace("def owner_id(cls):", "def owner_id(cls) -> int:").replace(
    "def other_id(cls):", "def other_id(cls) -> Column:"
)
"""With annotations that 1.x did not read, and 2.x refuses."""


@pytest.mark.parametrize("models", Models)
def test_what_says_something_else_than_mapped_is_mended(models: Models) -> None:
    """In all styles, since 2.x raises; where nothing certain can be said, nothing is."""
    same_tables(ANNOTATED, Options(models=models))
    output = translate(ANNOTATED, Options(models=models)).output
    assert ("def owner_id(cls) -> Mapped[int]:" in output) is (models is Models.TYPED)
    assert "def other_id(cls):\n" in output


ALLOWED = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.ext.declarative import declarative_base, declared_attr
Base = declarative_base()


class User(Base):
    __tablename__ = "user"
    __allow_unmapped__ = True
    id = Column(Integer, primary_key=True)

    @declared_attr
    def maker_id(cls) -> Column:
        return Column(Integer, ForeignKey("user.id"), nullable=False)

    @declared_attr
    def other_id(cls) -> Column:
        column = Column(ForeignKey("user.id"))
        return column
"""


@pytest.mark.parametrize("models", Models)
def test_a_mapped_class_may_allow_itself_other_annotations(models: Models) -> None:
    """Then they become Mapped as those of its columns do; a method that does more is told of, whatever it says."""
    same_tables(ALLOWED, Options(models=models))
    done = translate(ALLOWED, Options(models=models))
    assert ("def maker_id(cls) -> Mapped[int]:" in done.output) is (models is Models.TYPED)
    assert "def other_id(cls) -> Column:" in done.output


@pytest.mark.parametrize("models", Models)
def test_a_mixin_may_not(models: Models) -> None:
    """2.x refuses what its methods say, whatever is allowed."""
    source = ANNOTATED.replace("class Owned:\n", "class Owned:\n    __allow_unmapped__ = True\n\n")
    same_tables(source, Options(models=models))
    assert "def other_id(cls):\n" in translate(source, Options(models=models)).output


def test_a_method_that_does_more_is_told_of() -> None:
    """Whatever it says that it returns."""
    for source in (SOURCE, ANNOTATED, ALLOWED):
        done = translate(source)
        assert "other_id gets no annotation" in " ".join(found.message for found in done.diagnostics)


def test_a_mixin_decorator_goes() -> None:
    """2.1 warns of it."""
    source = "from sqlalchemy.orm import declarative_mixin\n\n\n# kept\n@declarative_mixin\nclass Named:\n    x = 1\n"
    assert translate(source).output == "# kept\nclass Named:\n    x = 1\n"


MIXIN = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.orm import deferred, has_inherited_table, relationship
Base = declarative_base()


class Keyed:
    @declared_attr.cascading
    def id(cls):
        if has_inherited_table(cls):
            return Column(ForeignKey("thing.id"), primary_key=True)
        return Column(Integer, primary_key=True)

    @declared_attr
    def owner_id(cls):
        return Column(ForeignKey("owner.id"), nullable=False)

    @declared_attr
    def owner(cls):
        return relationship("Owner")

    @declared_attr
    def first_owner(cls):
        return relationship("Owner", uselist=False, viewonly=True)

    @declared_attr
    def parts(cls):
        return relationship(cls.__name__ + "Part")

    @declared_attr
    def note(cls):
        return deferred(Column(String))


class Owner(Base):
    __tablename__ = "owner"
    id = Column(Integer, primary_key=True)


class ThingPart(Base):
    __tablename__ = "thing_part"
    id = Column(Integer, primary_key=True)
    thing_id = Column(ForeignKey("thing.id"))


class Thing(Keyed, Base):
    __tablename__ = "thing"


class Tool(Thing):
    __tablename__ = "tool"
"""


def test_relationships_and_columns_of_several_returns() -> None:
    """They are annotated where all agree, else there is a word about it."""
    found = same_tables(MIXIN)
    for line in (
        "def id(cls) -> Mapped[int]:\n        if has_inherited_table(cls):\n            return mapped_column(ForeignKey",
        "def owner_id(cls) -> Mapped[int]:\n        return mapped_column(",
        'def owner(cls) -> Mapped["Owner"]:\n        return relationship("Owner")',
        'def first_owner(cls) -> Mapped["Owner"]:',
        "def parts(cls):\n",
        "def note(cls):\n",
    ):
        assert line in found.output, found.output
    left = [d.message for d in found.diagnostics if d.slug == "declared-attr"]
    assert [message.partition(" gets ")[0] for message in left] == ["class: parts", "class: note"]


RELATED = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, declared_attr, relationship
Base = declarative_base()


class Shop(Base):
    __tablename__ = "shop"
    id = Column(Integer, primary_key=True)


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)

    @declared_attr
    def shop_id(cls):
        return Column(ForeignKey("shop.id"), nullable=False)

    @declared_attr
    def shop(cls):
        return relationship("Shop", foreign_keys=[cls.shop_id])


class Noted:
    @declared_attr
    def note_id(cls):
        return Column(ForeignKey("note.id"))

    @declared_attr
    def note(cls):
        return relationship("Note", foreign_keys=[cls.note_id])


class Note(Noted, Base):
    __tablename__ = "note"
    id = Column(Integer, primary_key=True)
"""


def test_a_relationship_that_names_a_column_of_its_class_is_annotated() -> None:
    """By which side the column is on; not e.g. one of a mixin to a class that extends it, whose keys look both ways."""
    same_tables(RELATED, Options())
    output = translate(RELATED).output
    assert '    @declared_attr\n    @classmethod\n    def shop(cls) -> Mapped["Shop"]:\n' in output
    assert "    @declared_attr\n    @classmethod\n    def note(cls):\n" in output
    assert "    @declared_attr\n    def shop_id(cls) -> Mapped[int]:\n" in output


def test_a_docstring_that_is_the_doc_of_a_column_is_told_of() -> None:
    """`mapped_column()` has no `.doc` of it; a column that says its own has."""
    method = '    @declared_attr\n    def {}_id(cls):\n        """Whose."""\n        return Column(ForeignKey("note.id"){})\n'
    body = method.format("a", "") + method.format("b", ', doc="Its note."')
    source = RELATED.replace("class Noted:\n", f"class Noted:\n{body}")
    told = [d.message for d in translate(source).diagnostics if ".doc" in d.message]
    assert len(told) == 1
    assert "the docstring of a_id was its column's .doc" in told[0]


ASKING = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.orm import backref, relationship
Base = declarative_base()


class Nested:
    @classmethod
    def key(cls):
        return getattr(cls, getattr(cls, "pk_name", "id"))

    @declared_attr
    def parent_id(cls):
        key = cls.key()
        return Column("parent", key.type, ForeignKey("{}.{}".format(cls.__tablename__, "id")))

    @declared_attr
    def parent(cls):
        return relationship(
            cls, foreign_keys=[cls.parent_id], remote_side="{}.{}".format(cls.__name__, "id"), backref=backref("children")
        )


class Coded:
    id = Column(Integer, primary_key=True)
    code = Column(String(7))
    text = Column(String(20))

    @declared_attr
    def twin(cls):
        return Column(cls.code.type)


class Node(Base, Nested):
    __tablename__ = "node"
    id = Column(Integer, primary_key=True)


class Thing(Base, Coded):
    __tablename__ = "thing"
"""


@pytest.mark.parametrize("models", Models)
def test_columns_of_which_the_type_is_asked_stay(models: Models) -> None:
    """A `mapped_column()` has no type while its class is being mapped, whether it is named or looked up."""
    same_tables(ASKING, Options(models=models))


def test_what_is_asked_of_a_column_keeps_that_one() -> None:
    """A relationship to the class that it is declared for may be of either kind."""
    output = translate(ASKING).output
    assert "    code = Column(String(7))\n    text: Mapped[str | None] = mapped_column(String(20))" in output
    assert 'class Node(Base, Nested):\n    __tablename__ = "node"\n    id = Column(' in output
    assert "class Coded:\n    id: Mapped[int] =" in output
    assert "def parent(cls):" in output


def test_a_class_that_declares_is_a_mixin() -> None:
    """Whatever it is called, and though no class in sight extends it."""
    output = translate(
        "from sqlalchemy import Column, Integer, String\nfrom sqlalchemy.ext.declarative import declared_attr\n\n\n"
        "class StandardAttributes(object):\n    name = Column(String(20))\n\n"
        "    @declared_attr\n    def id(cls):\n        return Column(Integer, primary_key=True)\n"
    ).output
    assert "    name: Mapped[str | None] = mapped_column(String(20))\n" in output
    assert "    def id(cls) -> Mapped[int]:\n" in output
