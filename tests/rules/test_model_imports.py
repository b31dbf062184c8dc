"""Classes of other modules in annotations: imported for type checkers alone, and mapped together all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from translator import Options
from translator.project import translate_all

BASE = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"
HEAD = "from sqlalchemy import Column, ForeignKey, Integer\nfrom sqlalchemy.orm import relationship\n\n"
AUTHOR = f"""{HEAD}from .database import Base


class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    books = relationship("Book", back_populates="author")
    tags = relationship("Tag", back_populates="author")
"""
BOOK = f"""from typing import TYPE_CHECKING

{HEAD}from app.database import Base

if TYPE_CHECKING:
    from app.deep.tag import Tag


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"), nullable=False)
    author = relationship("Author", back_populates="books")
"""
TAG = f"""{HEAD}from ..database import Base


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"))
    author = relationship("Author", back_populates="tags")
"""
FILES = {
    "app/__init__.py": "",
    "app/deep/__init__.py": "",
    "app/database.py": BASE,
    "app/author.py": AUTHOR,
    "app/book.py": BOOK,
    "app/deep/tag.py": TAG,
}


def translated(folder: Path) -> dict[str, str]:
    """The files, translated together and written back."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found: dict[str, str] = {}
    for name, outcome in zip(
        FILES, translate_all([str(folder / f) for f in FILES], lambda _: Options(), 1), strict=True
    ):
        assert outcome.translation is not None
        found[name] = outcome.translation.output
        (folder / name).write_text(found[name])
    return found


def test_classes_of_other_modules_are_imported_for_type_checkers(tmp_path: Path) -> None:
    """With dots where the module imports with dots, by the full name where it does that; beside what is there."""
    found = translated(tmp_path)
    assert (
        "\nif TYPE_CHECKING:\n    from .book import Book\n    from .deep.tag import Tag\n\n\nclass"
        in found["app/author.py"]
    )
    assert "\n    from app.deep.tag import Tag\n    from app.author import Author\n" in found["app/book.py"]
    assert "\nif TYPE_CHECKING:\n    from ..author import Author\n" in found["app/deep/tag.py"]
    assert 'author: Mapped["Author"] = relationship(' in found["app/book.py"]


def test_they_are_mapped_whatever_is_imported_first(tmp_path: Path) -> None:
    """No import closes a circle, and the names are found when the mappers are configured."""
    translated(tmp_path)
    for order in ("author, book, deep.tag", "deep.tag, book, author"):
        lines = [f"import app.{name}" for name in order.split(", ")]
        code = "\n".join([*lines, "from sqlalchemy.orm import configure_mappers", "configure_mappers()"])
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr
