"""Tables that Flask-SQLAlchemy 2 and 3 call differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.rules.checks import left, transformed, untouched
from translator import Options, translate
from translator.jail import conventions
from translator.model import declared
from translator.project import translate_all

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
KEY = "    id = db.Column(db.Integer, primary_key=True)\n"


@pytest.mark.parametrize(
    "name", ["FAQ", "UserOTP", "MP3", "OAuth2Token", "HTTPServer", "Role2FA", "AbC", "User", "A1B2"]
)
def test_names_are_those_of_both_versions(name: str) -> None:
    """Each as its own version makes it."""
    theirs: dict[str, object] = {}
    text = (LEGACY.folders[1] / "flask_sqlalchemy" / "model.py").read_text()
    start, end = text.index("camelcase_re ="), text.index("class NameMetaMixin")
    exec(f"import re\n{text[start:end]}", theirs)  # importing it would load SQLAlchemy 1.4 beside 2.x
    from flask_sqlalchemy.model import camel_to_snake_case

    made = theirs["camel_to_snake_case"]
    assert callable(made)
    assert declared.named_by_2(name) == conventions.table_name(name, legacy=True) == made(name)
    assert declared.named_by_3(name) == conventions.table_name(name) == camel_to_snake_case(name)


def test_foreign_keys_tell_which_version_named_it() -> None:
    """Who speaks of `faq` has Flask-SQLAlchemy 3; of whom nothing is known is flagged."""
    link = "\n\nclass Link(db.Model):\n    faq_id = db.Column(db.ForeignKey('{}.id'), primary_key=True)\n"
    untouched(f"{HEAD}class FAQ(db.Model):\n{KEY}{link.format('faq')}")
    for text, safety in ((link.format("FAQ"), "safe"), ("", "review")):
        found = translate(f"{HEAD}class FAQ(db.Model):\n{KEY}{text}")
        (change,) = (change for change in found.changes if change.rule == "flask-table-names")
        assert change.safety == safety


@pytest.mark.parametrize(
    "line",
    [
        "class FAQ(db.Model):\n    __abstract__ = True\n",
        f"class FAQ(db.Model):\n    __tablename__ = 'f'\n{KEY}",
        f"class Named:\n    __tablename__ = 'f'\n\n\nclass FAQ(Named, db.Model):\n{KEY}",
        f"class Text(db.Model):\n{KEY}\n\nclass FAQ(Text):\n    n = db.Column(db.Integer)\n",
        "class FAQ:\n    pass\n",
        "class FAQ(other.Model):\n    pass\n",
    ],
)
def test_classes_that_it_does_not_name_stay(line: str) -> None:
    """Abstract ones, those with a name, those in the table of another class, those of something else."""
    untouched(f"{HEAD}{line}")


def test_the_name_stands_below_the_docstring() -> None:
    """Above the comments of the first attribute."""
    transformed(
        f'{HEAD}class FAQ(db.Model):\n    """Asked."""\n\n    # the key\n{KEY}',
        f'{HEAD}class FAQ(db.Model):\n    """Asked."""\n    __tablename__ = "FAQ"\n\n    # the key\n{KEY}',
    )


def test_a_class_on_one_line_is_told_of() -> None:
    """It has no line to put it on."""
    base = f"class Base(db.Model):\n    __abstract__ = True\n{KEY}\n\n"
    left(f"{HEAD}{base}class FAQ(Base): pass\n", '__tablename__ = "FAQ"')


def test_bases_of_other_files_are_seen(tmp_path: Path) -> None:
    """Through a package that hands them on."""
    files = {
        "ext.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n",
        "core/__init__.py": "from .base import Base\n",
        "core/base.py": f"from ext import db\n\n\nclass Base(db.Model):\n    __abstract__ = True\n{KEY}",
        "models.py": "import core\nfrom ext import db\n\n\nclass PhoneSMS(core.Base):\n    n = db.Column(db.Integer)\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    outcomes = list(translate_all([str(tmp_path / name) for name in files], lambda _: Options(), 1))
    assert outcomes[-1].translation is not None
    assert '__tablename__ = "phoneSMS"' in outcomes[-1].translation.output
