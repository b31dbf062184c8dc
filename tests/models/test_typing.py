"""Two type checkers accept translated models, and see which class a query selects."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from mypy import api

from tests.models import checkers
from tests.models.translating import SAMPLES, translated, unpack
from translator import Dynamic, Options, translate

PROJECT = Path(__file__).parents[2]

_FLASK = {
    "db.Model": "Flask-SQLAlchemy 3.1 gives its Model no type, unless the application passes its own base",
}
_DECLARED_NAME = "the samples name a table, or take the name away, where a base class declares one by a method"
_LATE = "a class is given attributes after it was made"
_NARROWED = "the sample narrows a column of its base"
_FIELDS = "a dataclass that names its fields in annotations and gives them columns keeps both"
_SESSIONLESS = "an object may be in no session, where a dynamic collection was what is in memory"
KNOWN = {
    "mypy": {
        "shop/": {"db.Model": _FLASK["db.Model"]},
        "library/": {
            "db.Model": _FLASK["db.Model"],
            "library.database.Model": _FLASK["db.Model"],
            'base class "Model"': _FLASK["db.Model"],
        },
        "m_flask": _FLASK,
        "m_mixins": {
            'base class "Base"': _NARROWED,
            'base class "Person"': _DECLARED_NAME,
        },
        "m_dataclasses": {
            "Column[": _FIELDS,
            "_RelationshipDeclared[": _FIELDS,
            '"None", variable has type "str"': _FIELDS,
            '"None", variable has type "int"': _FIELDS,
        },
        "m_write_only": {'of "Session | None"': _SESSIONLESS},
        "stock/models": {"has no attribute": _LATE},
    },
    "pyright": {
        "shop/": {
            "No parameter named": _FLASK["db.Model"],
            "apply_driver_hacks": "the extension has the method no more",
        },
        "library/": {"No parameter named": _FLASK["db.Model"]},
        "m_flask": {
            "No parameter named": _FLASK["db.Model"],
            'of "None"': "the sample takes for granted that there is an object",
        },
        "m_classical": {"is unknown": "classes that are mapped by a call have no attributes in sight"},
        "m_dataclasses": {
            "Column[": _FIELDS,
            "_RelationshipDeclared[": _FIELDS,
            '"None" is not assignable to declared type "str"': _FIELDS,
            '"None" is not assignable to declared type "int"': _FIELDS,
            '"int" cannot be assigned to parameter "__first"': _FIELDS,
            "No parameter named": _FIELDS,
            "missing for parameter": _FIELDS,
        },
        "m_hybrids": {
            "_HybridUpdaterType": "the checker takes what an update gives for a list of nothing wider",
            "_HybridExprCallableType": "a copy of a hybrid has another name, and a function that is not marked as the class's",
        },
        "m_mixins": {
            'overrides symbol of same name in class "Base"': _NARROWED,
            "_declared_directive": _DECLARED_NAME,
        },
        "m_options": {'attribute "id"': "a class that is extended lends its column to a method of the mixin"},
        "m_relationships": {'of "None"': "the sample takes for granted that there is an object"},
        "m_write_only": {'of "None"': _SESSIONLESS},
        "stock/models": {"owner_id": _LATE},
    },
}
"""What the checkers say of samples that said as much before, or of what others wrote; by module, a part of the message."""

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
    "session.scalars(select(User).where(User.name == 'x').order_by(User.id)).first()": "m_plain.User | None",
    "session.scalars(select(User).join(User.addresses)).unique().all()": "typing.Sequence[m_plain.User]",
    "session.scalars(select(Shop.name)).one()": "str",
    "session.scalars(select(Goods)).one().made": "datetime.datetime | None",
    "session.scalars(select(Goods)).one().shop": "stock.models.Shop | None",
    "session.scalars(select(Shelf)).one().words": "set[str]",
    "session.scalars(select(Shelf)).one().weights": "dict[str, decimal.Decimal | None]",
    "session.scalars(select(Shelf)).one().owner_name": "str | None",
    "session.scalars(select(Span).where(Span.loud == 'ANN', Span.length > 2)).one()": "m_hybrids.Span",
    "session.scalars(select(Span).order_by(Span.length.desc())).one().start": "int",
    "session.get(Keeper, 1)": "m_annotated.Keeper | None",
    "session.scalars(select(Keeper).where(Keeper.login == 'x', Keeper.loud == 'X')).first()": "m_annotated.Keeper | None",
    "session.scalars(select(Keeper.login)).one()": "str",
    "session.scalars(select(Keeper.place)).one()": "m_annotated.Point",
    "session.scalars(select(Parcel)).one().keeper": "m_annotated.Keeper | None",
    "session.scalars(select(Parcel.keeper_id)).one()": "int | None",
    "Keepers(session).count()": "int",
    "session.scalars(select(Reader)).one().loans": "sqlalchemy.orm.writeonly.WriteOnlyCollection[m_write_only.Loan]",
    "session.scalars(session.scalars(select(Reader)).one().loans.select()).all()": "typing.Sequence[m_write_only.Loan]",
}
"""Expressions and the types that they have."""

COLLECTIONS = """
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import Session, declarative_base, relationship

Base = declarative_base()


class Reader(Base):
    __tablename__ = "reader"
    id = Column(Integer, primary_key=True)
    loans = relationship("Loan", backref="reader", lazy="dynamic")


class Loan(Base):
    __tablename__ = "loan"
    id = Column(Integer, primary_key=True)
    title = Column(String(20), nullable=False)
    reader_id = Column(ForeignKey("reader.id"))


def lend(session: Session, reader: Reader, title: str) -> None:
    reader.loans.append(Loan(title=title))
    reader.loans.remove(session.query(Loan).filter_by(title=title).one())
    statement = reader.loans.filter(Loan.title == title)
    print([loan.title.upper() for loan in statement])
"""
"""Models whose dynamic relationship becomes write-only."""

HEAD = """
from sqlalchemy import select
from sqlalchemy.orm import Session
from m_annotated import Keeper, Keepers, Parcel
from m_dataclasses import Shelf
from m_hybrids import Span
from m_plain import Address, Order, User
from m_relationships import Author
from m_types import Everything, OnPostgres
from m_write_only import Reader
from stock.models import Goods, Shop
def look(session: Session) -> None:
"""


_MODULES = re.compile(r"\b(?:builtins|typing|_?decimal|datetime|uuid|stock\.models|sqlalchemy\.orm\.writeonly|m_\w+)\.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All samples, translated, and the expressions."""
    folder = tmp_path_factory.mktemp("typing")
    for sample in sorted(SAMPLES.glob("*.txt")):
        before, after = folder / "before" / sample.stem, folder / "after" / sample.stem
        unpack(sample, before)
        translated(before, after)
        for path in sorted(after.iterdir()):  # a module's name must be its own
            name = f"m_{sample.stem}.py" if path.name == "models.py" else path.name
            path.rename(folder / name)
    for rest in ("before", "after"):
        shutil.rmtree(folder / rest)
    (folder / "m_write_only.py").write_text(translate(COLLECTIONS, Options(dynamic=Dynamic.WRITE_ONLY)).output)
    (folder / "looks.py").write_text(HEAD + "".join(f"    reveal_type({text})\n" for text in REVEALED))
    return folder


def by_mypy(folder: Path) -> tuple[list[str], list[str]]:
    """The errors that mypy finds, and the types that it reveals."""
    cache = PROJECT / ".mypy_cache" / "samples"
    checked = [str(path) for path in sorted(folder.iterdir())]
    out, errors, _ = api.run(["--config-file=", "--cache-dir", str(cache), *checked])
    assert not errors
    said = [re.sub(r"^\S*/typing\d+/", "", line) for line in out.splitlines()]  # what is cached names other folders
    revealed = [found[1] for line in said if (found := re.search(r'Revealed type is "(.*)"', line))]
    return [line for line in said if ": error: " in line], revealed


def by_pyright(folder: Path) -> tuple[list[str], list[str]]:
    """The errors that pyright finds, and the types that it reveals."""
    try:
        said = checkers.pyright(folder, sys.executable)
    except checkers.NoPyright as missing:
        pytest.skip(str(missing))
    errors, revealed = [], []
    for line in said:
        if line["severity"] == "information" and (found := re.search(r'^Type of ".*" is "(.*)"$', line["message"])):
            revealed.append(found[1])
        else:
            errors.append(
                f"{Path(line['file']).relative_to(folder)}:{line['range']['start']['line'] + 1}: {line['message']}"
            )
    return errors, revealed


@pytest.fixture(scope="module", params=[by_mypy, by_pyright])
def said(request: pytest.FixtureRequest, folder: Path) -> tuple[str, list[str], list[str]]:
    """What a checker says of all samples together, translated, and of the expressions."""
    return (str(request.param.__name__).removeprefix("by_"), *request.param(folder))


def test_translated_models_type_check(said: tuple[str, list[str], list[str]]) -> None:
    """There is no error but those that are known, and each of these is still there."""
    checker, errors, _ = said
    known = {(module, part) for module, parts in KNOWN[checker].items() for part in parts}
    used = {(module, part) for module, part in known for line in errors if line.startswith(module) and part in line}
    left = [e for e in errors if not any(e.startswith(module) and part in e for module, part in known)]
    assert left == []
    assert used == known


def test_what_is_selected_has_its_type(said: tuple[str, list[str], list[str]]) -> None:
    """A selected entity is that entity, a column its Python type."""
    _, _, revealed = said
    assert [_MODULES.sub("", one) for one in revealed] == [_MODULES.sub("", one) for one in REVEALED.values()]
