"""Columns of declarative classes: types, NULL, arguments and the names around them."""

from __future__ import annotations

import pytest

from tests.rules.checks import transformed, untouched
from tests.rules.tables import same_tables
from translator import Models, Options, Python, translate

TYPED = Options()
HEAD = "from sqlalchemy import *\nfrom sqlalchemy.ext.declarative import declarative_base\nBase = declarative_base()\n"


def shop(*lines: str) -> str:
    """A class with these lines in its body."""
    body = "".join(f"    {line}\n" for line in ("id = Column(Integer, primary_key=True)", *lines))
    return f"class Shop(Base):\n    __tablename__ = 'shop'\n{body}"


def becomes(line: str, expected: str, **options: object) -> None:
    """One line of a class body becomes another."""
    first = "id: Mapped[int] = mapped_column(primary_key=True)"
    after = shop(expected).replace("id = Column(Integer, primary_key=True)", first)
    lines = translate(shop(line), Options.parse(options)).output.split("\n")
    assert "\n".join(lines[lines.index("class Shop(Base):") :]) == after


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a = Column(Integer)", "a: Mapped[int | None] = mapped_column()"),
        ("a = Column(Integer, nullable=False)", "a: Mapped[int] = mapped_column()"),
        ("a = Column(Integer, nullable=True, default=0)", "a: Mapped[int | None] = mapped_column(default=0)"),
        ("a = Column(BigInteger)", "a: Mapped[int | None] = mapped_column(BigInteger)"),
        ("a = Column(String)", "a: Mapped[str | None] = mapped_column()"),
        ("a = Column(String(9))", "a: Mapped[str | None] = mapped_column(String(9))"),
        ("a = Column('b', Text, nullable=False)", "a: Mapped[str] = mapped_column('b', Text)"),
        ("a = Column(Numeric(8, 2))", "a: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))"),
        (
            "a = Column(Numeric(8, asdecimal=False))",
            "a: Mapped[float | None] = mapped_column(Numeric(8, asdecimal=False))",
        ),
        ("a = Column(Float)", "a: Mapped[float | None] = mapped_column(Float)"),
        ("a = Column(LargeBinary)", "a: Mapped[bytes | None] = mapped_column()"),
        ("a = Column(JSON, nullable=False)", "a: Mapped[Any] = mapped_column(JSON, nullable=False)"),
        ("a = Column(Enum('x', 'y'))", "a: Mapped[str | None] = mapped_column(Enum('x', 'y'))"),
        ("a = Column(Money)", "a: Mapped[Any | None] = mapped_column(Money)"),
        ("a = Column(ForeignKey('shop.id'))", "a: Mapped[int | None] = mapped_column(ForeignKey('shop.id'))"),
        ("a = Column(None, ForeignKey('shop.id'))", "a: Mapped[int | None] = mapped_column(ForeignKey('shop.id'))"),
        ("a = Column(ForeignKey('elsewhere.id'))", "a: Mapped[Any | None] = mapped_column(ForeignKey('elsewhere.id'))"),
        (
            "a = Column(BigInteger, ForeignKey('x.id'), nullable=False)",
            "a: Mapped[int] = mapped_column(BigInteger, ForeignKey('x.id'))",
        ),
        ("a = Column(Integer, nullable=FLAG)", "a = mapped_column(Integer, nullable=FLAG)"),
        ("a = Column(**options)", "a = mapped_column(**options)"),
        ("a = Column('a')", "a = Column('a')"),
        ("a: int = Column(Integer)", "a: Mapped[int | None] = mapped_column()"),
        ("a: Optional[dict] = Column(JSON)", "a: Mapped[dict | None] = mapped_column(JSON)"),
        ("a = deferred(Column(Text))", "a: Mapped[str | None] = deferred(mapped_column(Text))"),
        (
            "a = Column(Integer().with_variant(BigInteger, 'mysql'))",
            "a: Mapped[int | None] = mapped_column(Integer().with_variant(BigInteger, 'mysql'))",
        ),
    ],
)
def test_a_column_says_its_python_type(line: str, expected: str) -> None:
    """Types that the annotation implies are left out, NULL is where it was."""
    becomes(line, expected)


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        (Python.PY39, "a: Mapped[Optional[list[int]]] = mapped_column(ARRAY(Integer))"),
        (Python.PY38, "a: Mapped[Optional[List[int]]] = mapped_column(ARRAY(Integer))"),
        (Python.PY310, "a: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))"),
    ],
)
def test_annotations_are_written_for_the_python_asked_for(python: Python, expected: str) -> None:
    """Older ones have no unions, and no generics of builtins."""
    becomes("a = Column(ARRAY(Integer))", expected, python=str(python))


def test_names_that_a_class_binds_are_passed_by() -> None:
    """A column called `date` hides the type of that name from the annotations of its class."""
    source = f"{HEAD}\n{shop('date = Column(Date)', 'datetime = Column(DateTime)', 'str = Column(Integer)', 'a = Column(Text)')}"
    output = same_tables(source).output
    assert "date: Mapped[dt.date | None] = mapped_column()" in output
    assert "import datetime as dt" in output
    assert "    a = mapped_column(Text)" in output


TYPES = """
import enum
from sqlalchemy import *
from sqlalchemy.dialects import mysql, postgresql as pg
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.types import TypeDecorator
Base = declarative_base()
class Color(enum.Enum):
    red = 1
    blue = 2
class Trimmed(TypeDecorator):
    impl = String
    cache_ok = True
Money = Numeric(10, 2)
class T(Base):
    __tablename__ = "t"
    id = Column(BigInteger, primary_key=True)
    i = Column(Integer, nullable=False)
    sm = Column(SmallInteger)
    s = Column(String(9), unique=True, index=True, default=lambda: "x", comment="c", key="s_")
    tx = Column(Text, nullable=False)
    u = Column(Unicode(9))
    ut = Column(UnicodeText)
    b = Column(Boolean, nullable=False, server_default=true())
    f = Column(Float)
    fp = Column(Float(53))
    fd = Column(Float(asdecimal=True))
    n = Column(Numeric)
    n2 = Column(Numeric(8, 2), nullable=False)
    nf = Column(Numeric(8, 2, asdecimal=False))
    m = Column(Money)
    d = Column(Date)
    dt = Column(DateTime, server_default=func.now(), onupdate=func.now(), nullable=False)
    dz = Column(DateTime(timezone=True))
    t = Column(Time)
    iv = Column(Interval)
    lb = Column(LargeBinary)
    lb9 = Column(LargeBinary(9))
    e = Column(Enum(Color), nullable=False)
    es = Column(Enum("x", "y", name="es"))
    j = Column(JSON, nullable=False)
    j2 = Column(JSON)
    p = Column(PickleType)
    tr = Column(Trimmed(20), nullable=False)
    v = Column(String(20).with_variant(mysql.VARCHAR(20, collation="utf8mb4_bin"), "mysql"), nullable=False)
    c = Column(Integer, Computed("i * 2"))
    up = Column(VARCHAR(3), CheckConstraint("up <> ''"), nullable=False)
    quoted = Column("some name", Integer, quote=True)
    own = Column(ForeignKey("t.id", ondelete="CASCADE"), index=True)
    own2 = Column(BigInteger, ForeignKey("t.id"), nullable=False)
    own3 = Column(None, ForeignKey("t.id"))
"""


@pytest.mark.parametrize("models", Models)
def test_every_core_type_keeps_its_table(models: Models) -> None:
    """In all three styles."""
    same_tables(TYPES, Options(models=models))


def test_types_of_postgresql_keep_their_table() -> None:
    """UUID, arrays, JSONB, and a sequence."""
    lines = (
        "u = Column(pg.UUID)", "u2 = Column(pg.UUID(as_uuid=True), nullable=False)", "j = Column(pg.JSONB)",
        "a = Column(pg.ARRAY(String), nullable=False)", "a2 = Column(ARRAY(Integer, dimensions=2))",
        "h = Column(pg.HSTORE)", "n = Column(pg.INET)", "b = Column(pg.BYTEA)", "e = Column(pg.ENUM('x', 'y', name='e'))",
        "r = Column(pg.TSTZRANGE, nullable=False)", "k = Column(Integer, Sequence('k_seq'))", "i = Column(Integer, Identity())",
    )  # fmt: skip
    output = same_tables(f"from sqlalchemy.dialects import postgresql as pg\n{HEAD}\n{shop(*lines)}").output
    assert "u: Mapped[str | None] = mapped_column(pg.UUID(as_uuid=False))" in output
    assert "a2: Mapped[list[list[int]] | None]" in output


def test_a_fragment_means_postgresql_by_uuid() -> None:
    """1.x has no other one, and the class of Python's by that name is not imported over it."""
    lines = ("__tablename__ = 't'", "id = Column(UUID(), primary_key=True)", "u = Column(UUID(as_uuid=True))")
    output = translate("class T(Base):\n" + "".join(f"    {line}\n" for line in lines)).output
    assert "id: Mapped[str] = mapped_column(UUID(as_uuid=False), primary_key=True)" in output
    assert "u: Mapped[uuid.UUID | None] = mapped_column(UUID(as_uuid=True))" in output
    assert "import uuid\n" in output
    assert "from uuid import" not in output


def test_what_a_class_body_does_with_its_columns_stays() -> None:
    """Constraints, indexes, keys, expressions and mapper arguments take a mapped_column() as they took a Column."""
    lines = (
        "kind = Column(String(5), nullable=False)", "ver = Column(Integer, nullable=False)", "size = Column(Integer)",
        "twice = column_property(size + ver)",
        "__table_args__ = (UniqueConstraint(kind, ver), Index('ix', size.desc()), CheckConstraint(size > 0))",
        "__mapper_args__ = {'polymorphic_on': kind, 'version_id_col': ver}",
    )  # fmt: skip
    same_tables(f"{HEAD}from sqlalchemy.orm import column_property\n{shop(*lines)}")


def test_columns_that_a_body_computes_with_keep_their_types() -> None:
    """An expression takes its type from theirs when it is written, before the annotation gives them one."""
    lines = (
        "price = Column(Numeric)", "size = Column(Integer)", "name = Column(String)", "kind = Column(String)",
        "twice = column_property(price * 2)", "up = column_property(func.max(size))",
        "__table_args__ = (Index('ix', name), CheckConstraint(size > 0))", "__mapper_args__ = {'polymorphic_on': kind}",
    )  # fmt: skip
    source = HEAD + "from sqlalchemy.orm import column_property\n" + shop(*lines)
    output = same_tables(source).output
    assert "price: Mapped[decimal.Decimal | None] = mapped_column(Numeric)" in output
    assert "size: Mapped[int | None] = mapped_column(Integer)" in output
    assert "name: Mapped[str | None] = mapped_column()" in output
    assert "kind: Mapped[str | None] = mapped_column()" in output
    check = "\nassert isinstance(Shop.__mapper__.attrs.twice.columns[0].type, Numeric)\n"
    same_tables(source + check)


def test_a_key_made_by_a_constraint_is_not_null() -> None:
    """PrimaryKeyConstraint made its columns NOT NULL; the annotation says so."""
    source = (
        f"{HEAD}\nclass Pair(Base):\n    __tablename__ = 'pair'\n    a = Column(Integer)\n    b = Column(Integer)\n"
        "    c = Column(Integer)\n    __table_args__ = (PrimaryKeyConstraint('a', 'b'),)\n"
    )
    output = same_tables(source).output
    assert "a: Mapped[int] = mapped_column()" in output
    assert "c: Mapped[int | None] = mapped_column()" in output


def test_what_a_mapped_column_has_not_keeps_the_column() -> None:
    """`label()` and `type` are a Column's."""
    source = (
        HEAD
        + "from sqlalchemy.orm import column_property\n"
        + shop("a = Column(Integer)", "b = column_property(a.label('c'))")
    )
    assert "    a = Column(Integer)\n" in same_tables(source).output
    found = translate(source).diagnostics
    assert any("reads a.label" in diagnostic.message for diagnostic in found)


def test_a_dataclass_and_a_class_that_nothing_maps_keep_their_columns() -> None:
    """Their annotations, or their columns, are somebody else's."""
    for source in (
        "@dataclass\nclass Shop(Base):\n    a = Column(Integer)\n",
        "class Shop(SQLModel):\n    a: int = Column(Integer)\n",
        "class columns:\n    a = Column(Integer)\n",
    ):
        translation = translate(source)
        assert translation.output == source
        assert any("stays a Column" in diagnostic.message for diagnostic in translation.diagnostics)


def test_columns_of_tables_stay() -> None:
    """Only class bodies have mapped_column()."""
    untouched("t = Table('t', MetaData(), Column('id', Integer, primary_key=True))\n")
    assert translate("t = Table('t', MetaData(), Column('id', Integer))\n").output.endswith("Column('id', Integer))\n")


def test_styles() -> None:
    """Without annotations, and left alone."""
    transformed(
        shop("a = Column(Integer)"),
        shop("a = mapped_column(Integer)").replace("Column(Integer, p", "mapped_column(Integer, p"),
        Options(models=Models.COLUMNS),
    )
    transformed(shop("a = Column(Integer)"), shop("a = Column(Integer)"), Options(models=Models.NONE))


def test_an_annotation_of_another_kind_is_replaced_or_keeps_its_column() -> None:
    """2.x takes none but Mapped[…] beside a mapped_column(); beside a Column it reads none."""
    source = f"{HEAD}\nFLAG = False\n{shop('a: int = Column(Integer)', 'b: int = Column(Integer, nullable=FLAG)')}"
    for models in (Models.TYPED, Models.COLUMNS):
        output = same_tables(source, Options(models=models)).output
        assert "    a: Mapped[int | None] = mapped_column()\n    b: int = Column(Integer, nullable=FLAG)\n" in output


def test_types_are_followed_where_they_are_in_sight() -> None:
    """By keys to tables, by decorators that leave the values alone; not an Enum that only another class knows."""
    source = (
        f"import enum\n{HEAD}from sqlalchemy.types import TypeDecorator\n"
        "class Code(TypeDecorator):\n    impl = String(5)\n    cache_ok = True\n"
        "class Flag(TypeDecorator):\n    impl = Integer\n    cache_ok = True\n"
        "    def process_result_value(self, value, dialect):\n        return bool(value)\n"
        "t = Table('t', Base.metadata, Column('code', String(5), primary_key=True))\n"
        "class Kinds(Base):\n    __tablename__ = 'kinds'\n    class Kind(enum.Enum):\n        a = 1\n"
        "    kind = Column(Enum(Kind), primary_key=True)\n"
        + shop(
            "a = Column(ForeignKey('t.code'))",
            "b = Column(ForeignKey(t.c.code))",
            "c = Column(Code)",
            "d = Column(Flag())",
            "e = Column(ForeignKey('kinds.kind'))",
        )
    )
    output = same_tables(source).output
    for line in ("a: Mapped[str | None]", "b: Mapped[str | None]", "c: Mapped[str | None]", "d: Mapped[Any | None]"):
        assert line in output
    assert "e: Mapped[Any | None]" in output
    assert "kind: Mapped[Kind] = mapped_column(Enum(Kind), primary_key=True)" in output


def test_flask_models_use_their_own_mapped_column() -> None:
    """`db` has all of SQLAlchemy's names; type checkers see Mapped only where it is imported."""
    source = (
        "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\nclass Shop(db.Model):\n"
        "    id = db.Column(db.Integer, primary_key=True)\n    name = db.Column(db.String(20), nullable=False)\n"
    )
    assert translate(source).output == (
        "from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy.orm import Mapped\n\ndb = SQLAlchemy()\n\n\n"
        "class Shop(db.Model):\n    id: Mapped[int] = db.mapped_column(primary_key=True)\n"
        "    name: Mapped[str] = db.mapped_column(db.String(20))\n"
    )


def test_types_stay_where_the_base_may_say_other_ones() -> None:
    """A text that has models of 2.0 may have a base whose type_annotation_map says what `int` is."""
    source = (
        "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import Mapped\nfrom app import Base\n\n\n"
        "class New(Base):\n    __tablename__ = 'n'\n    x: Mapped[int]\n\n\nclass Shop(Base):\n    a = Column(Integer)\n"
    )
    assert "a: Mapped[int | None] = mapped_column(Integer)" in translate(source).output


@pytest.mark.parametrize(
    ("line", "expected", "told"),
    [
        ("a = b = Column(Integer)", "a = b = mapped_column(Integer)", "a and b"),
        ("a, b = Column(Integer), Column(Text)", "a, b = mapped_column(Integer), mapped_column(Text)", "a and b"),
        ("a = column_property(Column(Integer))", "a: Mapped[int | None] = column_property(mapped_column(Integer))", ""),
        (
            "a = column_property(Column(Text), Column(Text))",
            "a: Mapped[str | None] = column_property(mapped_column(Text), mapped_column(Text))",
            "",
        ),
        ("a = Column(Integer) if 1 else None", "a = Column(Integer) if 1 else None", "the Column of a stays"),
        ("a = (b := Column(Integer))", "a = (b := Column(Integer))", "the Column of a stays"),
        ("a = [Column(Integer)][0]", "a = [Column(Integer)][0]", "the Column of a stays"),
        ("a = max(Column(Integer), None)", "a = max(Column(Integer), None)", "given to max()"),
        ("locals()['a'] = Column(Integer)", "locals()['a'] = Column(Integer)", "it stays as it is"),
        (
            "__mapper_args__ = {'order': Column(Integer)}",
            "__mapper_args__ = {'order': Column(Integer)}",
            "__mapper_args__",
        ),
    ],
)
def test_columns_without_a_line_of_their_own(line: str, expected: str, told: str) -> None:
    """Several names, several values, calls and expressions around them: nothing is passed over in silence."""
    becomes(line, expected)
    said = " ".join(diagnostic.message for diagnostic in translate(shop(line)).diagnostics)
    assert told in said
    assert bool(said) == bool(told)


def test_columns_that_a_class_is_given_later() -> None:
    """By assignment or setattr(); a class of type() keeps its columns."""
    source = (
        f"{HEAD}\n{shop('a = Column(Integer)')}\nShop.b = Column(Text)\nsetattr(Shop, 'c', Column('c', Text))\n"
        "Other = type('Other', (Base,), {'__tablename__': 'other', 'id': Column(Integer, primary_key=True)})\n"
    )
    found = same_tables(source)
    assert "Shop.b = mapped_column(Text)\nsetattr(Shop, 'c', mapped_column('c', Text))\nOther = type(" in found.output
    assert "'id': Column(Integer, primary_key=True)" in found.output
    messages = [diagnostic.message for diagnostic in found.diagnostics]
    assert sum("a class that is there already" in message for message in messages) == 2
    assert sum("its class is made by a call" in message for message in messages) == 1


def test_columns_of_other_things_are_none_of_it() -> None:
    """Tables in class bodies, attributes of objects, classes that nothing maps."""
    for source in (
        "class Shop(Base):\n    __table__ = Table('shop', Base.metadata, Column('id', Integer, primary_key=True))\n",
        "class Grid:\n    columns = [Column('a')]\n\n    def __init__(self):\n        self.first = Column('a')\n",
        "op.create_table('shop', Column('id', Integer))\nop.add_column('shop', Column('a', Integer))\n",
    ):
        assert translate(source).output == source
        assert translate(source).diagnostics == ()


DB = (
    "from {}.database import db\n{}\n\n\nclass Shop(db.Model):\n    __tablename__ = 'shop'\n"
    "    id = db.Column(db.Integer, primary_key=True)\n    owner = db.relationship('Owner', uselist=False)\n"
)


@pytest.mark.parametrize("imported", ["", "from sqlalchemy.types import Integer\n"])
def test_the_object_of_the_extension_is_known_by_its_models(imported: str) -> None:
    """Wherever it comes from: no word of Flask stands in such a module. Gino has a `db.Model`, too."""
    output = translate(DB.format("app", imported)).output
    assert "    id: Mapped[int] = db.mapped_column(primary_key=True)\n" in output
    assert '    owner: Mapped["Owner | None"] = db.relationship(' in output.replace("'", '"')
    gino = DB.format("app", "import gino\n")
    assert translate(gino).output == gino


BARE = "class Shop(Base):\n    __tablename__ = 'shop'\n    id = Column(Integer, primary_key=True)\n\nfirst = Shop.query.{}\n"


def test_a_fragment_with_names_of_its_own() -> None:
    """`Shop.query` shows Flask's way, `Column` that the file has SQLAlchemy's names from elsewhere than from a `db`."""
    output = translate(BARE.format("filter(Shop.id > 1).all()")).output
    assert "    id: Mapped[int] = mapped_column(primary_key=True)\n" in output
    assert "from sqlalchemy.orm import Mapped, mapped_column\n" in output
    assert "scalars(select(Shop).where(Shop.id > 1))" in output


def test_a_column_without_a_type_stays() -> None:
    """1.x gave it none; `mapped_column()` asks for a type, a foreign key or an annotation."""
    source = (
        "from sqlalchemy import Column\nfrom sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n"
        "    pass\n\n\nclass Shelf(Base):\n    __tablename__ = 'shelf'\n    x = Column()\n"
        "    y = Column('Y', nullable=False)\n    z = w = Column()\n"
    )
    translation = translate(source)
    assert translation.output == source
    assert sum("has no type" in found.message for found in translation.diagnostics) == 3


def test_an_enum_of_strings_in_a_list_holds_strings() -> None:
    """Of the module or of the class; not one whose list is not in sight, or holds something else."""
    lines = (
        "OWN = ('x', 'y')",
        "a = Column(Enum(*KINDS, name='a'))",
        "b = Column(Enum(*OWN))",
        "c = Column(Enum(*OTHER))",
    )
    output = translate(f"{HEAD}\nfrom elsewhere import OTHER\nKINDS = ['u', 'v']\n{shop(*lines)}").output
    assert "a: Mapped[str | None] = mapped_column(Enum(*KINDS, name='a'))" in output
    assert "b: Mapped[str | None] = mapped_column(Enum(*OWN))" in output
    assert "c: Mapped[Any | None] = mapped_column(Enum(*OTHER))" in output


@pytest.mark.parametrize(
    ("column", "annotation", "imported"),
    [
        ("ArrowType", "Arrow", "from arrow import Arrow\n"),
        ("EmailType", "str", ""),
        ("CountryType", "Country", "Country"),
        ("URLType", "Any", "from typing import Any\n"),
        ("PasswordType(schemes=['md5_crypt'])", "Any", "from typing import Any\n"),
        ("types.arrow.ArrowType", "Arrow", "from arrow import Arrow\n"),
    ],
)
def test_types_of_sqlalchemy_utils_say_what_they_give(column: str, annotation: str, imported: str) -> None:
    """What their `process_result_value()` gives, where that is one thing."""
    name = column.partition("(")[0].partition(".")[0]
    head = HEAD.replace("import *", "import Column, Integer").replace("sqlalchemy.ext.declarative", "sqlalchemy.orm")
    source = f"from sqlalchemy_utils import {name}\n{head}\n{shop(f'a = Column({column}, nullable=False)')}"
    output = translate(source).output
    null = ", nullable=False" if annotation == "Any" else ""
    assert f"    a: Mapped[{annotation}] = mapped_column({column}{null})" in output
    assert imported in output


@pytest.mark.parametrize(
    ("asking", "stays"),
    [
        ("print(Named.name.type)", True),
        ("copied = Named.name.copy()", True),
        ("print(Named.name.name, Named.name.desc())", False),
        ("print(Shop.name.type)", False),
        ("def columns(cls):\n    return [k for k, v in vars(cls).items() if isinstance(v, Column)]", True),
        ("def columns(t):\n    return [c for c in t if isinstance(c, Column)]", False),
    ],
)
def test_a_column_that_is_asked_of_a_mixin_stays(asking: str, stays: bool) -> None:
    """There it is what the class body made, and a mapped_column() is no Column."""
    mixin = "class Named:\n    name = Column(String(5))\n\n\n"
    found = translate(f"{HEAD}\n\n{mixin}{shop().replace('(Base)', '(Named, Base)')}\n\n{asking}\n")
    assert ("    name = Column(String(5))" in found.output) is stays
    assert "id: Mapped[int] = mapped_column(primary_key=True)" in found.output
    assert any("name stays a Column" in each.message for each in found.diagnostics) is stays
