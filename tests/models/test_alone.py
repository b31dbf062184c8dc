"""Files that are translated one at a time, where what models are made of comes from a module out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.comparing import compare
from tests.models.observing import CURRENT, LEGACY, Look, observe
from translator import translate

FLASK = """
from app import db


class Owned:
    made = db.Column(db.DateTime)

    @db.declared_attr
    def owner_id(cls):
        return db.Column(db.ForeignKey("owner.id"))


class Owner(db.Model):
    __tablename__ = "owner"
    cache: dict = None
    id = db.Column(db.Integer, primary_key=True)
    name = code = db.Column(db.String(20), nullable=False)


class Thing(Owned, db.Model):
    id = db.Column(db.Integer, primary_key=True)


Owner.note = db.Column(db.Text)
"""
PLAIN = """
from app import Base, Column, Integer


class Owner(Base):
    __tablename__ = "owner"
    id = Column(Integer, primary_key=True)
    size = Column(Integer)
"""
FILES = {
    "flask": ("from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n", FLASK),
    "plain": (
        "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n",
        PLAIN,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_imports_nothing_of_sqlalchemy_is_done_at_once(name: str, tmp_path: Path) -> None:
    """A second run finds nothing to do, and the tables are the same: 1.4 before, 2.x after."""
    for folder, change in (("before", str), ("after", lambda text: translate(text).output)):
        (tmp_path / folder).mkdir()
        for module, text in zip(("app", "models"), FILES[name], strict=True):
            (tmp_path / folder / f"{module}.py").write_text(change(text))
    output = (tmp_path / "after" / "models.py").read_text()
    assert translate(output).changes == ()
    legacy, current = observe(
        [
            Look(runtime, tmp_path / where, ("app", "models"))
            for runtime, where in ((LEGACY, "before"), (CURRENT, "after"))
        ]
    )
    assert (legacy["failed"], current["failed"]) == ({}, {})
    assert len(legacy["tables"]) == {"flask": 2, "plain": 1}[name]
    assert compare(legacy, current).differences == ()


def test_what_is_flagged_needs_no_import() -> None:
    """A Column that comes of a module out of sight stays, and is told of."""
    said = [diagnostic.message for diagnostic in translate(PLAIN).diagnostics]
    assert any("size" in message for message in said)
    assert "mapped_column" in translate(FLASK).output
    assert "__allow_unmapped__ = True" in translate(FLASK).output


@pytest.mark.parametrize(
    "text", ["class A(peewee.Model):\n    b = Column(1)\n", "class A(x.Model):\n    b = y.Column(1)\n"]
)
def test_other_models_are_none_of_it(text: str) -> None:
    """A model of another package stays, and nothing is said of it."""
    done = translate("import os\nfrom app import x, y, Column\nimport peewee\n\n" + text)
    assert (done.changes, done.diagnostics) == ((), ())
