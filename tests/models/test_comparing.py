"""The proof of models is worth something: what a wrong translation does to them is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.comparing import compare
from tests.models.observing import CURRENT, Look, observe
from tests.models.translating import SAMPLES, unpack

WRONG = {
    "a nullable column": ('fullname = Column(String)', "fullname = Column(String, nullable=False)", "fullname VARCHAR"),
    "a length": ("Column(String(120), index=True)", "Column(String, index=True)", "email"),
    "an index": ("String(120), index=True", "String(120)", "ix_users_email"),
    "precision": ("Numeric(10, 2)", "Numeric", "NUMERIC(10, 2)"),
    "numbers that are no decimals": ("Column(Float)", "Column(Float(asdecimal=True))", "asdecimal"),
    "the name in the table": ('Column("joined_at", DateTime', "Column(DateTime", "joined"),
    "a default": ("default=True, nullable", "nullable", "default"),
    "one for many": ('relationship("Order", backref="user")', 'relationship("Order", backref="user", uselist=False)', "uselist"),
    "the other side": ('relationship("Order", backref="user")', 'relationship("Order")', "paired"),
    "a cascade": (', cascade="all, delete-orphan"', "", "cascade"),
    "a direction": ("remote_side=[id]", "", "direction"),
    "a foreign key": ("Column(Integer, ForeignKey(User.id))", "Column(Integer, ForeignKey(Address.id))", "FOREIGN KEY"),
    "what the code returns": ('User.name == "ann"', 'User.name != "ann"', "exercise()"),
    "a class": ('__tablename__ = "addresses"', "__abstract__ = True", "addresses"),
    "the text": ("Base = ", "Base == ", "imported no longer"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_lost_is_seen(what: str, tmp_path: Path) -> None:
    """Each changes one thing, and the comparison names it."""
    old, new, named = WRONG[what]
    modules = tuple(unpack(SAMPLES / "plain.txt", tmp_path / "before"))
    unpack(SAMPLES / "plain.txt", tmp_path / "after")
    path = tmp_path / "after" / "models.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    before, after = observe([Look(CURRENT, tmp_path / folder, modules) for folder in ("before", "after")])
    differences = compare(before, after).differences
    assert any(named in line for line in differences), differences


def test_what_is_the_same_is_the_same(tmp_path: Path) -> None:
    """A look held against itself."""
    modules = tuple(unpack(SAMPLES / "plain.txt", tmp_path))
    before, after = observe([Look(CURRENT, tmp_path, modules)] * 2)
    found = compare(before, after)
    assert (found.differences, found.order) == ((), ())
    assert (found.tables, found.classes, found.rows) == (3, 3, 6)
