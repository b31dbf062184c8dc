"""Model modules are translated, and their tables, mappers and rows are what they were: 1.4 before, 2.x after."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.models.comparing import compare
from tests.models.observing import CURRENT, LEGACY, Look, observe
from tests.models.translating import SAMPLES, translated, unpack
from translator import Options
from translator.options import Models

STEMS = sorted(path.stem for path in SAMPLES.glob("*.txt"))


@cache
def looked(stem: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A sample on 1.4, the same on 2.x, and its translation on 2.x."""
    with TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        modules = tuple(unpack(SAMPLES / f"{stem}.txt", before))
        translated(before, after)
        legacy, same = observe([Look(LEGACY, before, modules), Look(CURRENT, before, modules)])
        ddl = {name: by_dialect["sqlite"] for name, by_dialect in legacy["tables"].items()}
        (current,) = observe([Look(CURRENT, after, modules, ddl=ddl)])
        return legacy, same, current


@pytest.mark.parametrize("stem", STEMS)
def test_a_sample_can_fail(stem: str) -> None:
    """It loads on 1.4, and each class whose table SQLite can have is written twice and read back."""
    legacy, _, _ = looked(stem)
    assert (legacy["failed"], legacy["configured"]) == ({}, "")
    assert legacy["classes"]
    assert not any(value.startswith("raised") for value in legacy["returned"].values())
    for name, record in legacy["rows"].items():
        table = legacy["tables"].get(legacy["classes"][name]["table"])
        if table is not None and not table["sqlite"][0].startswith("no DDL"):
            assert "raised" not in str(record["written"]), name
            assert len(record["read"]) >= 2, name


@pytest.mark.parametrize("stem", STEMS)
def test_the_translation_maps_the_same(stem: str) -> None:
    """CREATE TABLE on three databases, mappers, relationships, rows, and what the sample's own code returns."""
    legacy, same, current = looked(stem)
    assert compare(legacy, current).differences == ()
    if not same["failed"]:  # the order of a mixin's columns is 2.x's own
        assert compare(same, current).order == ()


@pytest.mark.parametrize("stem", STEMS)
def test_without_annotations_the_translation_maps_the_same(stem: str, tmp_path: Path) -> None:
    """The style that writes `mapped_column()` alone."""
    modules = tuple(unpack(SAMPLES / f"{stem}.txt", tmp_path / "before"))
    translated(tmp_path / "before", tmp_path / "after", options=Options(models=Models.COLUMNS))
    (current,) = observe([Look(CURRENT, tmp_path / "after", modules)])
    assert compare(looked(stem)[0], current).differences == ()


@pytest.mark.parametrize("style", [Models.TYPED, Models.COLUMNS])
@pytest.mark.parametrize("stem", STEMS)
def test_translating_again_changes_nothing(stem: str, style: Models, tmp_path: Path) -> None:
    """What is in the form of 2.0 stays."""
    options = Options(models=style)
    unpack(SAMPLES / f"{stem}.txt", tmp_path / "before")
    translated(tmp_path / "before", tmp_path / "after", options=options)
    again = translated(tmp_path / "after", tmp_path / "again", options=options)
    assert [name for name, outcome in again.items() if outcome.translation and outcome.translation.changes] == []


@pytest.mark.parametrize("stem", STEMS)
def test_there_is_nothing_to_migrate(stem: str) -> None:
    """Alembic finds a database made by 1.4 to be what the translated models say."""
    assert looked(stem)[2]["to_migrate"] == []


def test_names_that_a_module_hands_on_are_known(tmp_path: Path) -> None:
    """`Column = sqlalchemy.Column` in one module, `sql.Column` or `from … import Column` in others."""
    unpack(SAMPLES / "handed_on.txt", tmp_path / "before")
    translated(tmp_path / "before", tmp_path / "after")
    users, grants = (tmp_path / "after" / "store" / f"{name}.py" for name in ("users", "grants"))
    assert "    name: Mapped[str] = mapped_column(sql.String(64))\n" in users.read_text()
    assert "    id: Mapped[int] = mapped_column(primary_key=True)\n" in grants.read_text()


def test_tables_of_classes_below_an_abstract_one_are_known(tmp_path: Path) -> None:
    """Flask-SQLAlchemy names them, so that foreign keys lead to them; a class that shares a table has none of its own."""
    unpack(SAMPLES / "flask_abstract.txt", tmp_path / "before")
    translated(tmp_path / "before", tmp_path / "after")
    books = (tmp_path / "after" / "library" / "books.py").read_text()
    assert "    shelf: Mapped[Shelf | None] = relationship(" in books
    assert '    loans: Mapped[list["Loan"]] = relationship(back_populates="book")\n' in books
    assert '    reminders: Mapped[list["Reminder"]] = relationship(back_populates="loan")\n' in books


def test_classes_that_are_imported_by_another_name_are_known(tmp_path: Path) -> None:
    """`from app.posts import Post as Entry`: not where a join goes by that name, too."""
    unpack(SAMPLES / "files.txt", tmp_path / "before")
    translated(tmp_path / "before", tmp_path / "after")
    likes = (tmp_path / "after" / "app" / "likes.py").read_text()
    assert '    entry: Mapped["Entry | None"] = relationship(Entry)\n' in likes
    assert "    person = relationship(Person, primaryjoin=" in likes


def test_classes_that_a_call_maps_to_tables_are_known(tmp_path: Path) -> None:
    """Their keys say what relationships to them hold, also where a join spells them."""
    unpack(SAMPLES / "classical.txt", tmp_path / "before")
    translated(tmp_path / "before", tmp_path / "after")
    models = (tmp_path / "after" / "models.py").read_text()
    assert '    shelf: Mapped["Shelf"] = relationship("Shelf")\n' in models
    assert '    tags: Mapped[list["Tag"]] = relationship("Tag", order_by="Tag.id")\n' in models
    assert '    joined: Mapped[list["Tag"]] = relationship(' in models
    assert '    first: Mapped[list["Tag"]] = relationship(' in models
