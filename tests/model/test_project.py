"""Mapped classes of other files in sight: what they decide, and how their names are spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.model.mapping import MappedClass
from translator.pipeline import translate
from translator.project import survey

MODELS = """
from enum import Enum
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

class Status(Enum):
    open = 1

class Project(Base):
    __tablename__ = "projects"
    id = Column(Integer, primary_key=True)
    status = Column(String)

class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    project_id = Column(ForeignKey("projects.id"))
    project = relationship("Project", backref="orders")

class Secret(Base):
    __tablename__ = "secrets"
    id = Column(Integer, primary_key=True)
    parts = relationship("Part", lazy=False)

class Part(Base):
    __tablename__ = "parts"
    id = Column(Integer, primary_key=True)
    secret_id = Column(ForeignKey("secrets.id"))
"""


@pytest.fixture
def known(tmp_path: Path) -> tuple[MappedClass, ...]:
    """The classes of an application, one of whose tests and one of whose schemas has a class of the name of a model."""
    files = {
        "models.py": MODELS,
        "schemas.py": (
            "from pydantic import BaseModel\n\nclass Shape(BaseModel):\n    id: int\n\n"
            "class Secret(Shape):\n    x: int\n"
        ),
        "tests/test_x.py": "class Secret(Base):\n    __tablename__ = 's'\n    id = Column(Integer)\n",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source, encoding="utf-8")
    return survey([str(tmp_path / name) for name in files], 1)


def translated(expression: str, imports: str, known: tuple[MappedClass, ...]) -> str:
    """The statement that returns the expression, translated with the models in sight."""
    source = f"{imports}\nfrom sqlalchemy.orm import Session\n\ndef f(session: Session):\n    return {expression}\n"
    output = translate(source, known=known).output.partition("return ")[2]
    return "".join(line.strip() for line in output.splitlines())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "session.query(models.Order).join(models.Order.project).all()",
            "session.scalars(select(models.Order).join(models.Order.project)).all()",
        ),
        (
            "session.query(models.Order).join(models.Project).all()",
            "session.scalars(select(models.Order).join(models.Project)).all()",
        ),
        (
            "session.query(models.Project).join(models.Order).all()",
            "session.scalars(select(models.Project).join(models.Order)).unique().all()",
        ),
        (
            "session.query(models.Secret).filter_by(id=1).one()",
            "session.scalars(select(models.Secret).filter_by(id=1)).unique().one()",
        ),
        (
            "session.query(models.Project).filter(models.Project.status == models.Status.open).all()",
            "session.scalars(select(models.Project).where(models.Project.status == models.Status.open)).all()",
        ),
        (
            "session.query(models.Order).join(models.Order.project).filter_by(status=1).all()",
            "session.scalars(select(models.Order).join(models.Order.project).where(models.Project.status == 1)).all()",
        ),
    ],
)
def test_classes_of_a_module(expression: str, expected: str, known: tuple[MappedClass, ...]) -> None:
    """Relationships, keys, eager loads and Enums that stand in another file decide as if they stood here."""
    assert translated(expression, "from app import models", known) == expected


def test_a_target_that_the_text_can_not_spell_is_not_spelled(known: tuple[MappedClass, ...]) -> None:
    """A class that the relationship leads to but that is not imported never appears in the output."""
    before = "session.query(Order).join(Order.project).filter_by(status=1).all()"
    assert translated(before, "from app.models import Order", known) == before


def test_models_of_tests_do_not_stand_in_for_the_application(known: tuple[MappedClass, ...]) -> None:
    """A class of the same name in a test's file does not hide the application's."""
    assert ".unique()" in translated("session.query(Secret).all()", "from app.models import Secret", known)


def test_schemas_are_not_mapped(known: tuple[MappedClass, ...]) -> None:
    """A class of pydantic with the name of a mapped one does not hide it, and is none itself."""
    assert [mapped.name for mapped in known if mapped.origin.endswith("schemas.py")] == []
    schema = "import pydantic\nfrom pydantic import BaseModel\n\nclass Part(BaseModel):\n    id: int\n"
    assert "scalars(select(Secret)).unique()" in translated("session.query(Secret).all()", schema, known)


def test_a_class_of_the_text_itself_comes_first(known: tuple[MappedClass, ...]) -> None:
    """A class defined here is not taken for another file's of the same name."""
    here = "class Secret(Base):\n    __tablename__ = 's'\n    id = Column(Integer, primary_key=True)\n"
    assert ".unique()" not in translated("session.query(Secret).all()", here, known)
