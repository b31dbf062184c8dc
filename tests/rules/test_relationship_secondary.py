"""Expressions in the string of `secondary=`, which 2.1 no longer evaluates."""

from __future__ import annotations

import pytest

from tests.rules.tables import same_tables
from translator import Options, translate
from translator.options import Models, Target

MODELS = """from sqlalchemy import *
from sqlalchemy.orm import relationship
from sqlalchemy.ext.declarative import declarative_base

Base = declarative_base()
post_tag = Table(
    "post_tag",
    Base.metadata,
    Column("post", ForeignKey("post.id"), primary_key=True),
    Column("tag", ForeignKey("tag.id"), primary_key=True),
)


class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)
    plain = relationship("Tag", secondary="post_tag")
    tags = relationship(
        "Tag",
        secondary="join(post_tag, Tag, and_(post_tag.c.tag == Tag.id, func.length(Tag.name) > 0))",
        primaryjoin="Post.id == post_tag.c.post",
        secondaryjoin="post_tag.c.tag == Tag.id",
        viewonly=True,
    )


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    name = Column(String(5))
"""


@pytest.mark.parametrize("models", Models)
def test_tables_and_joins_are_the_same(models: Models) -> None:
    """A lambda is called when all classes are there."""
    output = same_tables(MODELS, Options(models=models)).output
    assert "secondary=lambda: join(post_tag, Tag, and_(post_tag.c.tag == Tag.id, func.length(Tag.name) > 0))" in output
    assert 'secondary="post_tag"' in output


def test_functions_are_imported() -> None:
    """The string had all names of SQLAlchemy."""
    source = "import sqlalchemy as sa\nfrom sqlalchemy.orm import relationship\n\n\nclass A(Base):\n    __tablename__ = 'a'\n"
    output = translate(f"{source}    bs = relationship('B', 'outerjoin(A, A)')\n").output
    assert "lambda: sa.outerjoin(A, A)" in output


@pytest.mark.parametrize(
    "said", ["join(Elsewhere, Tag)", "join(Tag, select([Tag.id]))", "Tag.metadata.tables['x']", "tag_table.alias()"]
)
def test_what_is_out_of_sight_is_told_of(said: str) -> None:
    """2.0 evaluates it yet."""
    source = MODELS.replace('"post_tag")', f'"{said}")')
    told = [d.message for d in translate(source).diagnostics if "takes it for the name of a table" in d.message]
    assert bool(told) is ("metadata" not in said)
    assert not [d for d in translate(source, Options(target=Target.SA20)).diagnostics if "name of a table" in d.message]
