"""A type checker accepts translated models, and sees which class a query selects."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mypy import api

from tests.models.translating import SAMPLES, translated, unpack

_FLASK = {
    "db.Model": "Flask-SQLAlchemy 3.1 gives its Model no type, unless the application passes its own base",
    "RelationshipProperty": "db.relationship() is typed as less than relationship(), whose query_class it sets",
}
KNOWN = {
    "shop/": _FLASK,
    "m_flask": _FLASK,
    "m_mixins": {
        '"upper" already defined': "the pair of a hybrid property, as SQLAlchemy's documentation of 1.x had it",
        'base class "Base"': "the sample narrows a column of its base",
        'base class "Person"': "the sample takes the table's name away from a subclass",
    },
}
"""What the checker says of samples that said as much before, or of what others wrote; by module, a part of the message."""

REVEALED = {
    "session.scalars(select(User)).one()": "m_plain.User",
    "session.scalars(select(User)).all()": "typing.Sequence[m_plain.User]",
    "session.get(User, 1)": "m_plain.User | None",
    "session.scalars(select(User.name)).one()": "str",
    "session.scalars(select(Order.total)).one()": "decimal.Decimal",
    "session.scalars(select(User.born)).one()": "datetime.date | None",
    "session.scalars(select(User)).one().addresses": "list[m_plain.Address]",
    "session.scalars(select(Address)).one().user": "m_plain.User",
    "session.scalars(select(Author)).one().facts": "dict[str, m_relationships.Fact]",
    "session.scalars(select(Author)).one().prizes": "set[m_relationships.Prize]",
    "session.scalars(select(Everything.color)).one()": "m_types.Color",
    "session.scalars(select(Everything.money)).one()": "decimal.Decimal",
    "session.scalars(select(Everything.rate)).one()": "float | None",
    "session.scalars(select(OnPostgres.tags)).one()": "list[str]",
    "session.scalars(select(OnPostgres.id)).one()": "uuid.UUID",
}
"""Expressions and the types that they have."""

HEAD = """
from sqlalchemy import select
from sqlalchemy.orm import Session
from m_plain import Address, Order, User
from m_relationships import Author
from m_types import Everything, OnPostgres
def look(session: Session) -> None:
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What mypy says of all samples together, translated, and of the expressions."""
    folder = tmp_path_factory.mktemp("typing")
    for sample in sorted(SAMPLES.glob("*.txt")):
        before, after = folder / "before" / sample.stem, folder / "after" / sample.stem
        unpack(sample, before)
        translated(before, after)
        for path in sorted(after.iterdir()):  # a module's name must be its own
            name = f"m_{sample.stem}.py" if path.name == "models.py" else path.name
            path.rename(folder / name)
    (folder / "looks.py").write_text(HEAD + "".join(f"    reveal_type({text})\n" for text in REVEALED))
    checked = [str(path) for path in sorted(folder.iterdir()) if path.name not in {"before", "after"}]
    cache = Path(__file__).parents[2] / ".mypy_cache" / "samples"
    out, errors, _ = api.run(["--config-file=", "--cache-dir", str(cache), *checked])
    assert not errors
    return [re.sub(r"^\S*/typing\d+/", "", line) for line in out.splitlines()]  # what is cached names other folders


def test_translated_models_type_check(said: list[str]) -> None:
    """There is no error but those that are known, and each of these is still there."""
    errors = [line for line in said if ": error: " in line]
    known = {(module, part) for module, parts in KNOWN.items() for part in parts}
    used = {(module, part) for module, part in known for line in errors if line.startswith(module) and part in line}
    left = [e for e in errors if not any(e.startswith(module) and part in e for module, part in known)]
    assert left == []
    assert used == known


def test_what_is_selected_has_its_type(said: list[str]) -> None:
    """A selected entity is that entity, a column its Python type."""
    revealed = [found[1] for line in said if (found := re.search(r'Revealed type is "(.*)"', line))]
    assert [re.sub(r"\b(builtins|_decimal)\.", "", one).replace("_decimal", "decimal") for one in revealed] == list(
        REVEALED.values()
    )
