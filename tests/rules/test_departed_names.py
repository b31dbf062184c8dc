"""Names and settings that are gone, wherever they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks import left, transformed
from translator import Options, translate
from translator.options import Target
from translator.project import translate_all

HEAD = "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    "given",
    [
        "app.config['SQLALCHEMY_POOL_SIZE'] = 5",
        "app.config.update(SQLALCHEMY_POOL_SIZE=5)",
        "app.config.update({'SQLALCHEMY_POOL_SIZE': 5})",
        "app.config.from_mapping(SECRET_KEY='x', SQLALCHEMY_POOL_SIZE=5)",
        "class Config:\n    SQLALCHEMY_POOL_SIZE = 5",
        "SETTINGS = dict(SQLALCHEMY_POOL_SIZE=5)",
    ],
)
def test_a_setting_that_vanished_is_flagged(given: str) -> None:
    """Flask-SQLAlchemy 3 ignores it without a word."""
    left(f"{HEAD}{given}\n", "SQLALCHEMY_ENGINE_OPTIONS")


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("apply_driver_hacks", "_apply_driver_defaults"),
        ("apply_pool_defaults", "SQLALCHEMY_ENGINE_OPTIONS"),
        ("make_declarative_base", "_make_declarative_base"),
        ("create_session", "sessionmaker"),
    ],
)
def test_a_method_of_the_extension_that_nothing_calls_any_more(name: str, instead: str) -> None:
    """A subclass overrides it in vain: version 3 has it under another name, or not at all."""
    head = "from flask_sqlalchemy import SQLAlchemy as Base\n\n\n"
    body = f"    def {name}(self, *args):\n        return super().{name}(*args)\n"
    left(f"{head}class Ours(Base):\n{body}\n\ndb = Ours()\n", instead)
    assert not translate(f"{head}class Others(Thing):\n{body}", Options()).diagnostics


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("from flask_sqlalchemy import get_debug_queries\n\nx = get_debug_queries()\n", "their `context` is `location`"),
        ("from flask_sqlalchemy import models_committed\n", "SQLALCHEMY_TRACK_MODIFICATIONS is True"),
        ("from flask_sqlalchemy import SignallingSession as S\n\nclass Own(S): ...\n", "let it take **kwargs"),
        ("from flask_sqlalchemy.model import DefaultMeta\n\nclass Meta(DefaultMeta): ...\n", "SQLAlchemy(model_class=…)"),
        ("from flask_sqlalchemy import DefaultMeta\n\nclass Meta(DefaultMeta): ...\n", "SQLAlchemy(model_class=…)"),
        ("from flask_sqlalchemy.model import camel_to_snake_case as name\n\nx = name('UserID')\n", "gives user_id"),
        ("from flask_sqlalchemy.utils import parse_version\n", "flask_sqlalchemy.utils"),
        ("from flask_sqlalchemy import SQLAlchemy\n\nclass Ours(SQLAlchemy):\n    def create_engine(self, url, o): ...\n",
         "_make_engine()"),
        ("x = app.extensions['sqlalchemy'].connectors\n", "db.engines"),
    ],
)  # fmt: skip
def test_names_of_the_extension_that_do_something_else_are_told(source: str, cause: str) -> None:
    """Under the same name, or another."""
    assert any(cause in each.message for each in translate(source).diagnostics)


def test_a_metaclass_of_a_base_that_the_extension_is_given_is_not() -> None:
    """That base gets what the metaclass looks for."""
    source = (
        "from flask_sqlalchemy import SQLAlchemy\nfrom flask_sqlalchemy.model import DefaultMeta, Model\n"
        "from sqlalchemy.orm import declarative_base\n\n"
        "db = SQLAlchemy(model_class=declarative_base(cls=Model, metaclass=DefaultMeta))\n"
    )
    assert not any("DefaultMeta" in each.message for each in translate(source).diagnostics)


def test_two_names_that_would_be_one() -> None:
    """Each goes on under its old name."""
    transformed(
        "from flask_sqlalchemy import SessionBase, SignallingSession\n\nx = SessionBase, SignallingSession\n",
        "from flask_sqlalchemy.session import Session as SignallingSession\n"
        "from sqlalchemy.orm import Session as SessionBase\n\nx = SessionBase, SignallingSession\n",
    )


def test_an_application_keeps_the_object_itself() -> None:
    """Version 2 kept something that held it."""
    transformed(
        f"{HEAD}x = app.extensions['sqlalchemy'].db.session\n", f"{HEAD}x = app.extensions['sqlalchemy'].session\n"
    )


def test_engines_are_attributes() -> None:
    """What is given by place is the application in version 2, and the bind in version 3."""
    transformed(f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine()\n", f"{HEAD}db = SQLAlchemy(app)\ne = db.engine\n")
    transformed(
        f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine(bind=name)\n",
        f"{HEAD}db = SQLAlchemy(app)\ne = db.engines[name]\n",
    )
    left(f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine(app)\n", "db.engines[key]")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from sqlalchemy.engine import RowProxy\n\ndef f(row: RowProxy, *, rows: 'List[RowProxy]') -> RowProxy: ...\n",
            "from sqlalchemy.engine import Row\n\ndef f(row: Row, *, rows: 'List[Row]') -> Row: ...\n",
        ),
        (
            "import sqlalchemy as sa\n\nclass A:\n    row: Optional[sa.engine.LegacyRow] = None\n",
            "import sqlalchemy as sa\n\nclass A:\n    row: Optional[sa.engine.Row] = None\n",
        ),
        (
            "from sqlalchemy.util import KeyedTuple, text_type\n\ndef f(row: KeyedTuple, name: text_type): ...\n",
            "from sqlalchemy.engine import Row\n\ndef f(row: Row, name: str): ...\n",
        ),
        (
            "from sqlalchemy.engine import RowProxy\n\nRow = 1\n\ndef f(row: RowProxy): ...\n",
            "from sqlalchemy.engine import Row as RowProxy\n\nRow = 1\n\ndef f(row: RowProxy): ...\n",
        ),
        (
            "try:\n    from sqlalchemy.engine import RowProxy\nexcept ImportError:\n    RowProxy = None\n\nx = RowProxy\n",
            "try:\n    from sqlalchemy.engine import Row as RowProxy\nexcept ImportError:\n    RowProxy = None\n\nx = RowProxy\n",
        ),
        (
            "from sqlalchemy import Binary, PassiveDefault\n\nx = Binary(20), PassiveDefault('1')\n\ndef f(of: Binary): ...\n",
            "from sqlalchemy import DefaultClause, LargeBinary\n\nx = LargeBinary(20), DefaultClause('1')\n\n"
            "def f(of: LargeBinary): ...\n",
        ),
        (
            "from flask_sqlalchemy import BaseQuery\n\ndef f(query: BaseQuery): ...\n",
            "from flask_sqlalchemy.query import Query\n\ndef f(query: Query): ...\n",
        ),
    ],
)
def test_names_in_annotations_follow_their_imports(source: str, expected: str) -> None:
    """Python looks them up: what is imported no more would stop the module from being imported."""
    assert translate(source).output.replace("\n\n\n", "\n\n") == expected


def test_a_name_that_other_modules_import_from_here_goes_on(tmp_path: Path) -> None:
    """Else they could not be imported."""
    files = {
        "a.py": "from sqlalchemy.engine import LegacyRow\n\nold = LegacyRow\n",
        "b.py": "from a import LegacyRow\n\nold = LegacyRow\n\ndef f(row: LegacyRow): ...\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in files]
    first, second = (o.translation for o in translate_all(paths, lambda _: Options(), 1))
    assert first is not None
    assert second is not None
    assert first.output == "from sqlalchemy.engine import Row as LegacyRow\n\nold = LegacyRow\n"
    assert second.output == files["b.py"]


def test_a_column_of_a_type_that_is_gone_is_annotated() -> None:
    """1.3 warned of `Binary`, which was a LargeBinary by another name."""
    source = (
        "import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\n"
        "class Blob(Base):\n    __tablename__ = 'blob'\n    id = sa.Column(sa.Integer, primary_key=True)\n"
        "    data = sa.Column(sa.types.Binary(9))\n    more = sa.Column(sa.Binary, nullable=False)\n"
    )
    output = translate(source).output
    assert "    data: Mapped[bytes | None] = mapped_column(sa.types.LargeBinary(9))\n" in output
    assert "    more: Mapped[bytes] = mapped_column()\n" in output


@pytest.mark.parametrize("module", ["sqlalchemy.ext.declarative", "sqlalchemy.interfaces"])
def test_a_star_that_fails_is_told_of(module: str) -> None:
    """2.x lists names there that it hasn't, or has no such module."""
    left(f"from {module} import *\n\nx = 1\n", f"`{module}.*` is gone from 2.0")
    assert not translate("from sqlalchemy.orm.exc import *\n\nx = 1\n").diagnostics


BAKED = "'''Queries.'''\n\nfrom sqlalchemy.ext import baked\n\nbakery = baked.bakery()\n"


def test_what_did_nothing_goes() -> None:
    """`bake_lazy_loaders()` only warned on 1.4; 2.x has it no more."""
    transformed(f"{BAKED}baked.bake_lazy_loaders()\nprint(1)\n", f"{BAKED}print(1)\n")
    transformed(f"{BAKED}if bakery:\n    baked.bake_lazy_loaders()\n", f"{BAKED}if bakery:\n    pass\n")
    transformed(f"{BAKED}def f():\n    baked.bake_lazy_loaders()\n    return 1\n", f"{BAKED}def f():\n    return 1\n")


@pytest.mark.parametrize(
    "given",
    [
        "x = baked.bake_lazy_loaders()",
        "baked.bake_lazy_loaders()  # faster",
        "# faster\nbaked.bake_lazy_loaders()",
        "baked.unbake_lazy_loaders()",
        "f(baked.bake_lazy_loaders())",
    ],
)
def test_what_is_more_than_a_statement_of_its_own_is_told_of(given: str) -> None:
    """What is assigned, what has a comment, and what raised."""
    left(f"{BAKED}{given}\n", "leave it out")


def test_what_was_internal_and_is_gone_is_told_of() -> None:
    """The import fails on 2.x, and nothing else would say so; what 2.1 alone lacks is of no interest to who stays on 2.0."""
    left("from sqlalchemy.util.langhelpers import _symbol\n", "`sqlalchemy.util.langhelpers._symbol` is gone from 2.0")
    later = "from sqlalchemy.orm import attributes\n\nclass Own(attributes.ScalarAttributeImpl): ...\n"
    left(later, "`sqlalchemy.orm.attributes.ScalarAttributeImpl` is gone from 2.1: it was internal")
    assert not translate(later, Options(target=Target.SA20)).diagnostics


def test_what_modules_had_for_their_own_use_is_imported_from_its_home() -> None:
    """Also names that `expression` had under those of 0.7."""
    source = "from sqlalchemy.orm.util import aliased\n\nOther = aliased(User)\n"
    assert translate(source).output == source.replace("orm.util", "orm")
    old = "from sqlalchemy.sql.expression import _BindParamClause\n\nfound = isinstance(x, _BindParamClause)\n"
    assert translate(old).output == old.replace("_BindParamClause", "BindParameter")
