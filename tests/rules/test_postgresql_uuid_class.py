"""PostgreSQL's UUID as a class, wherever a type is taken: the tables and the values are those of 1.4."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.checks import left, transformed, untouched
from translator import Options, translate
from translator.project import translate_all

HEAD = "from sqlalchemy.dialects import postgresql\nfrom sqlalchemy.dialects.postgresql import ARRAY, UUID\n\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("c = cast(x, UUID)", "c = cast(x, UUID(as_uuid=False))"),
        ("c = x.cast(postgresql.UUID)", "c = x.cast(postgresql.UUID(as_uuid=False))"),
        ("c = Column('a', ARRAY(UUID))", "c = Column('a', ARRAY(UUID(as_uuid=False)))"),
        ("c = func.f(1, type_=UUID)", "c = func.f(1, type_=UUID(as_uuid=False))"),
        ("c = db.Column(UUID if pg else String)", "c = db.Column(UUID(as_uuid=False) if pg else String)"),
        ("kind = UUID\nc = Column('a', kind)", "kind = UUID\nc = Column('a', kind(as_uuid=False))"),
        ("c = String(36).with_variant(UUID, 'postgresql')", "c = String(36).with_variant(UUID(as_uuid=False), 'postgresql')"),
    ],
)  # fmt: skip
def test_it_is_made_where_a_type_is_taken(source: str, expected: str) -> None:
    """Under another name, too."""
    transformed(f"{HEAD}{source}\n", f"\n{expected}\n".lstrip("\n"))


@pytest.mark.parametrize("source", ["kinds = {'key': UUID}", "def f(kind=None): return UUID", "c = make('a', UUID)"])
def test_what_else_keeps_it_is_told_of(source: str) -> None:
    """It may become the type of a column."""
    left(f"{HEAD}{source}\n", "as_uuid=False")


@pytest.mark.parametrize("source", ["ok = isinstance(kind, UUID)", "class Key(UUID): ...", "kind = UUID(as_uuid=True)"])
def test_what_makes_no_column_of_it_stays(source: str) -> None:
    """Nothing is said of it."""
    untouched(f"from sqlalchemy.dialects.postgresql import UUID\n\n{source}\n")


def test_a_decorator_type_of_it_is_told_of() -> None:
    """What `impl` is given depends on how the type is made."""
    left(f"{HEAD}from sqlalchemy import TypeDecorator\n\nclass Key(TypeDecorator):\n    impl = UUID\n", "impl")


def test_it_is_known_where_one_of_two_places_has_it(tmp_path: Path) -> None:
    """`try` and `except ImportError`, in a module that others import the name from."""
    types, models = tmp_path / "kinds.py", tmp_path / "models.py"
    types.write_text(
        "try:\n    from sqlalchemy.dialects.postgresql import UUID\n"
        "except ImportError:\n    from sqlalchemy.dialects.postgres import UUID\n"
    )
    models.write_text(
        "from sqlalchemy import Column, MetaData, Table\nfrom kinds import UUID\n\n"
        "keys = Table('keys', MetaData(), Column('key', UUID))\n"
    )
    outcomes = {outcome.name: outcome for outcome in translate_all([str(types), str(models)], lambda _: Options(), 1)}
    translation = outcomes[str(models)].translation
    assert translation is not None
    assert "Column('key', UUID(as_uuid=False))" in translation.output


def test_a_text_for_2_0_means_its_default() -> None:
    """There UUID objects are meant."""
    source = (
        "from sqlalchemy import Column\nfrom sqlalchemy.dialects.postgresql import UUID\n"
        "from sqlalchemy.orm import mapped_column\n\nc = mapped_column(UUID)\nd = Column('d', UUID)\n"
    )
    assert translate(source).output == source


def test_sql_server_s_is_one_too() -> None:
    """As a class and made; one that says what it gives stays."""
    head = "from sqlalchemy.dialects import mssql\n\n"
    transformed(
        f"{head}a = cast(x, mssql.UNIQUEIDENTIFIER)\nb = mssql.UNIQUEIDENTIFIER()\n",
        f"{head}a = cast(x, mssql.UNIQUEIDENTIFIER(as_uuid=False))\nb = mssql.UNIQUEIDENTIFIER(as_uuid=False)\n".replace(
            head, "\n"
        ).lstrip("\n"),
    )
    untouched(f"{head}b = mssql.UNIQUEIDENTIFIER(as_uuid=True)\n")
