"""Objects that a backref drew into a session."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed
from translator import translate

MODELS = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    items = relationship('Item', backref='shelf')\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))\n\n"
)


def test_an_object_is_added_to_the_session_of_its_parent() -> None:
    """Where the parent certainly is in it."""
    source = f"{MODELS}shelf = Shelf()\nsession.add(shelf)\nitem = Item(shelf=shelf)\nsession.commit()\n"
    transformed(source, source.replace("shelf=shelf)\n", "shelf=shelf)\nsession.add(item)\n"))


def test_a_parent_that_may_be_none_adds_nothing() -> None:
    """`get()` gives None for a missing row; then 1.x inserted nothing either."""
    left(f"{MODELS}shelf = session.get(Shelf, 1)\nitem = Item(shelf=shelf)\nsession.commit()\n", "never inserted")


def test_a_parent_that_is_set_later_draws_the_object_in_as_well() -> None:
    """By an assignment, or where the new object gets another one into its collection."""
    source = f"{MODELS}shelf = Shelf()\nsession.add(shelf)\nitem = Item()\nitem.shelf = shelf\nsession.commit()\n"
    transformed(source, source.replace("item.shelf = shelf\n", "item.shelf = shelf\nsession.add(item)\n"))
    source = "def f(session, item):\n    shelf = Shelf()\n    shelf.items.append(item)\n    session.commit()\n"
    left(f"{MODELS}{source}", "drew this Shelf() into the session through `items`")


def test_objects_that_are_new_draw_nothing_in() -> None:
    """They are in no session themselves, and what is added afterwards takes along what it has."""
    for use in (
        "shelf = Shelf(items=[Item(), Item()])\nsession.add(shelf)",
        "item = Item(shelf=Shelf())\nitem.shelf = Shelf()\nkeep(item)",
        "shelf = Shelf()\nitem = Item(shelf=shelf)\nsession.add(shelf)",
        "shelf = Shelf()\nitem = Item()\nitem.shelf = shelf\nsession.add(shelf)",
    ):
        assert not translate(f"{MODELS}{use}\n").diagnostics


def test_an_object_that_is_added_is_left_alone() -> None:
    """By name, or where it is made."""
    for use in (
        "item = Item(shelf=s)\nsession.add(item)",
        "session.add(Item(shelf=s))",
        "s.items.append(Item(shelf=s))",
    ):
        assert not translate(f"{MODELS}{use}\n").diagnostics


def test_an_object_of_a_class_out_of_sight_that_nobody_adds_is_flagged() -> None:
    """It is made, nothing is done with it, and the session commits."""
    left(
        f"{MODELS}shelf = session.get(Shelf, 1)\nx = Thing(owner=shelf)\nsession.commit()\n",
        "if that is the other side of a backref",
    )


def test_an_object_that_is_given_no_object_is_none_of_it() -> None:
    """Most classes are not mapped."""
    assert not translate("job = Job(queue=queue)\nsession.commit()\n").diagnostics


def test_an_object_of_a_class_out_of_sight_that_goes_on_is_not() -> None:
    """Whoever receives it may add it."""
    for use in ("return x", "keep(x)", "self.x = x"):
        body = f"    s = session.get(Shelf, 1)\n    x = Thing(owner=s)\n    session.commit()\n    {use}\n"
        assert not translate(f"{MODELS}def f(self, session):\n{body}").diagnostics


def test_an_object_that_another_function_adds_is_another_one() -> None:
    """It has a variable of the same name."""
    other = "def fill():\n    item = Item()\n    session.add(item)\n\n"
    use = "shelf = session.get(Shelf, 1)\nitem = Item(shelf=shelf)\nsession.commit()\n"
    left(f"{MODELS}{other}{use}", "never inserted")
    assert not translate(f"{MODELS}def fill():\n    session.add(item)\n\n{use}").diagnostics


def test_a_parent_that_setattr_gives_draws_the_object_in_as_well() -> None:
    """Where the text says which attribute."""
    use = "shelf = session.get(Shelf, 1)\nitem = Item()\nsetattr(item, 'shelf', shelf)\nsession.commit()\n"
    left(f"{MODELS}{use}", "never inserted")


@pytest.mark.parametrize(
    "made",
    [
        "items = [Item(), Item()]\n",
        "items = [Item() for _ in range(3)]\n",
        "items = []\nitems.append(Item())\n",
        "items = list()\nfor _ in range(3):\n    items.append(Item())\n",
    ],
)
def test_a_parent_that_each_object_of_a_list_is_given(made: str) -> None:
    """In a loop over them; nothing is said where they are added, or their parent is, afterwards."""
    head = f"{MODELS}shelf = session.get(Shelf, 1)\n{made}"
    loop = "for item in items:\n    item.shelf = shelf\n"
    left(f"{head}{loop}session.commit()\n", "never inserted")
    left(f"{head}for n, item in enumerate(items):\n    item.shelf = shelf\nsession.commit()\n", "never inserted")
    for use in (f"{loop}session.add_all(items)\n", f"{loop}    session.add(item)\n", f"{loop}session.add(shelf)\n"):
        assert not translate(f"{head}{use}session.commit()\n").diagnostics
    assert not translate(f"{head}for item in items:\n    item.id = 5\nsession.commit()\n").diagnostics


def test_a_loop_over_objects_that_are_made_for_it() -> None:
    """No name holds them."""
    made = "for item in [Item() for _ in range(3)]:\n    item.shelf = shelf\n"
    left(f"{MODELS}shelf = session.get(Shelf, 1)\n{made}session.commit()\n", "never inserted")
