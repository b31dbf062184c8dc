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
