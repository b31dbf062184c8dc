"""Enums below a MetaData that has a schema."""

from __future__ import annotations

import pytest

from translator import Options, translate
from translator.options import Target

SOURCE = "from sqlalchemy import Column, {}, Integer, MetaData, Table\n\nmetadata = MetaData({})\n"


def told(source: str, target: Target = Target.SA21) -> bool:
    """Whether there is a word about it."""
    return any("types of its Enums" in d.message for d in translate(source, Options(target=target)).diagnostics)


def test_it_is_told_for_the_version_that_changed() -> None:
    """Where there are Enums."""
    assert told(SOURCE.format("Enum", "schema='a'"))
    assert not told(SOURCE.format("Enum", "schema='a'"), Target.SA20)


@pytest.mark.parametrize(("imported", "given"), [("Enum", ""), ("Enum", "schema=None"), ("String", "schema='a'")])
def test_it_is_not_told_elsewhere(imported: str, given: str) -> None:
    """Without a schema, without Enums."""
    assert not told(SOURCE.format(imported, given))


@pytest.mark.parametrize("owner", ["metadata", "Base.metadata", "shop.models.metadata"])
def test_a_schema_that_is_given_later_is_told(owner: str) -> None:
    """As one that a MetaData is made with."""
    given = f"Base = declarative_base()\n{owner}.schema = SCHEMA\n"
    source = f"from sqlalchemy.orm import declarative_base\nimport shop.models\n{SOURCE.format('Enum', '')}{given}"
    assert told(source)
    assert not told(source, Target.SA20)
    assert not told(source.replace("Enum", "String"))
    assert not told(source.replace(f"{owner}.schema", "table.schema"))
