"""Programs whose base names the tables of its classes: run before on 1.4 and after on 2.x."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.test_program import output, ran, translated, write

BASE = """
from sqlalchemy.ext.declarative import as_declarative, declared_attr


@as_declarative()
class Base:
    @declared_attr
    def __tablename__(cls) -> str:
        return cls.__name__.lower()
"""
ITEM = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import relationship

from shop.base import Base


class Item(Base):
    id = Column(Integer, primary_key=True)
    owner_id = Column(Integer, ForeignKey("user.id"))
    owner = relationship("User", back_populates="items")
"""
USER = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import relationship

from shop.base import Base


class User(Base):
    id = Column(Integer, primary_key=True)
    items = relationship("Item", back_populates="owner", lazy="joined", order_by="Item.id")
"""
MAIN = """
import ban
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from shop.base import Base
from shop.item import Item
from shop.user import User

engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
session = Session(engine)
session.add_all([User(id=1, items=[Item(), Item()]), User(id=2)])
session.commit()
print([(user.id, len(user.items)) for user in session.query(User).order_by(User.id).all()], sorted(Base.metadata.tables))
print([item.id for item in session.query(Item).join(Item.owner).filter(User.id == 1).order_by(Item.id).all()])
"""
OTHERS = {
    "lower": (BASE, "user"),
    "joined": (BASE.replace(".lower()", ' + "s"'), "Users"),
    "formatted": (BASE.replace("return cls.__name__.lower()", 'return f"t_{cls.__name__.lower()}"'), "t_user"),
    "made of a class": (
        BASE.replace("as_declarative, ", "declarative_base, ").replace("@as_declarative()\nclass Base", "class Named")
        + "\n\nBase = declarative_base(cls=Named)\n",
        "user",
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_refers_to_such_a_table_is_told(tmp_path: Path, kind: str) -> None:
    """Which class holds one object and which many; a join along a foreign key multiplies nothing."""
    base, table = OTHERS[kind]
    item = ITEM.replace("user.id", f"{table}.id")
    files = {"shop/__init__.py": "", "shop/base.py": base, "shop/item.py": item, "shop/user.py": USER, "main.py": MAIN}
    names = write(tmp_path, files)
    before = ran(tmp_path, LEGACY.folders)
    found = translated(names)
    said = [d.message for o in found.values() if o.translation for d in o.translation.diagnostics]
    assert not [message for message in said if "annotation" in message or "mixin" in message or "columns" in message]
    assert 'items: Mapped[list["Item"]]' in output(found["user.py"])
    assert 'owner: Mapped["User | None"]' in output(found["item.py"])
    write(tmp_path, {name: output(found[Path(name).name]) for name in files if files[name]})
    assert ran(tmp_path, ()) == before
    assert before.startswith("[(1, 2), (2, 0)]")
    assert before.endswith("[1, 2]\n")


@pytest.mark.parametrize("kept", ["__abstract__ = True", "__tablename__ = None", '__tablename__ = "else"'])
def test_a_class_may_say_otherwise(tmp_path: Path, kept: str) -> None:
    """Then its base names nothing."""
    user = USER.replace("    id =", f"    {kept}\n    id =")
    files = {"shop/__init__.py": "", "shop/base.py": BASE, "shop/item.py": ITEM, "shop/user.py": user}
    assert 'Mapped["User | None"]' not in output(translated(write(tmp_path, files))["item.py"])
