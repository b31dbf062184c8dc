"""Classes of other files, named in annotations alone, are imported for the type checker."""

from __future__ import annotations

from pathlib import Path

from tests.models.translating import translated

SHELF = """{head}
class Shelf(Base):
    __tablename__ = "shelf"
    id = Column(Integer, primary_key=True)
    items = relationship("Item", back_populates="shelf")
"""
ITEM = """from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import relationship
from shop.base import Base
from shop.shelf import Shelf


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    shelf_id = Column(ForeignKey("shelf.id"))
    shelf = relationship("Shelf", back_populates="items")
"""
HEAD = "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import relationship\nfrom shop.base import Base\n\n"


def shelf(head: str, tmp_path: Path, more: dict[str, str] | None = None) -> str:
    """What a module with a head of its own becomes in a package, which may have more modules."""
    package = tmp_path / "before" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "base.py").write_text("from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n")
    (package / "item.py").write_text(ITEM)
    (package / "shelf.py").write_text(SHELF.format(head=head))
    for name, text in (more or {}).items():
        (package / name).write_text(text)
    translated(tmp_path / "before", tmp_path / "after")
    assert "TYPE_CHECKING" not in (tmp_path / "after" / "shop" / "item.py").read_text()
    return (tmp_path / "after" / "shop" / "shelf.py").read_text()


def test_a_block_is_made(tmp_path: Path) -> None:
    """After the imports, for the other module may import this one."""
    assert "Base\n\nif TYPE_CHECKING:\n    from shop.item import Item\n\n\nclass" in shelf(HEAD, tmp_path)


def test_a_block_that_is_there_is_used(tmp_path: Path) -> None:
    """However it names the flag."""
    head = f"import typing\n{HEAD}if typing.TYPE_CHECKING:\n    from shop.other import Other\n\n"
    text = shelf(head, tmp_path)
    assert "if typing.TYPE_CHECKING:\n    from shop.other import Other\n    from shop.item import Item\n" in text
    assert text.count("TYPE_CHECKING") == 1


def test_what_is_imported_already_is_not_imported_again(tmp_path: Path) -> None:
    """In a block of the module."""
    head = f"{HEAD}try:\n    from shop.item import Item\nexcept ImportError:\n    pass\n\n"
    assert "TYPE_CHECKING" not in shelf(head, tmp_path)


def test_an_import_in_a_function_is_its_own(tmp_path: Path) -> None:
    """Annotations of the module don't see it."""
    head = f"{HEAD}def load():\n    from shop.item import Item\n\n    return Item\n\n\n"
    assert "if TYPE_CHECKING:\n    from shop.item import Item\n" in shelf(head, tmp_path)


def test_a_name_in_another_class_is_no_name_of_the_module(tmp_path: Path) -> None:
    """As in warehouse, where an Enum has a member for each model."""
    head = f"import enum\n{HEAD}\nclass Kind(enum.Enum):\n    Item = 'item'\n\n"
    assert "if TYPE_CHECKING:\n    from shop.item import Item\n" in shelf(head, tmp_path)


def test_a_module_whose_class_has_a_namesake_imports_what_it_names(tmp_path: Path) -> None:
    """Which of two classes called `Shelf` is meant elsewhere has nothing to do with it."""
    old = SHELF.format(head=HEAD.replace("shop.base", "shop.old_base")).replace('"shelf"', '"old_shelf"')
    base = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"
    more = {
        "old.py": old.replace('    items = relationship("Item", back_populates="shelf")\n', ""),
        "old_base.py": base,
    }
    text = shelf(HEAD, tmp_path, more)
    assert "if TYPE_CHECKING:\n    from shop.item import Item\n" in text


def test_an_enum_in_a_class_is_no_namesake_of_a_model(tmp_path: Path) -> None:
    """As in h, where permissions are `Permission.Item.READ`; that is an Enum still, and draws nothing into FROM."""
    permissions = (
        "from enum import Enum\n\nfrom sqlalchemy import select\n\nfrom shop.item import Item\n\n\nclass Permission:\n"
        "    class Item(Enum):\n        READ = 1\n\n\n"
        "def readers(session):\n    return session.query(Item).filter(Item.id == Permission.Item.READ).all()\n"
    )
    text = shelf(HEAD, tmp_path, {"permissions.py": permissions})
    assert "if TYPE_CHECKING:\n    from shop.item import Item\n" in text
    assert '    items: Mapped[list["Item"]] = relationship("Item", back_populates="shelf")\n' in text
    made = (tmp_path / "after" / "shop" / "permissions.py").read_text()
    assert "select(Item).where(Item.id == Permission.Item.READ)" in made
