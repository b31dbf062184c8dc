"""Classes mapped by hand."""

from __future__ import annotations

from tests.rules.checks import left
from translator import translate

IMPORTS = "from sqlalchemy.orm import mapper\n\n"


def test_one_registry_serves_a_module() -> None:
    """It is made before the first class is mapped, in a function or not."""
    start = "\n# first\ndef start():\n    {}(User, users)\n\n\n"
    source = f"{IMPORTS}{start.format('mapper')}mapper(Post, posts, {{'by': 1}}, non_primary=False)\n"
    assert translate(source).output == (
        f"from sqlalchemy.orm import registry\n\nmapper_registry = registry()\n\n"
        f"{start.format('mapper_registry.map_imperatively')}"
        "mapper_registry.map_imperatively(Post, posts, properties={'by': 1})\n"
    )


def test_a_name_that_is_taken_is_not_used() -> None:
    """The registry gets another one."""
    source = f"{IMPORTS}mapper_registry = {{}}\nmapper(User, users)\n"
    assert (
        "classical_registry = registry()\nclassical_registry.map_imperatively(User, users)" in translate(source).output
    )


def test_what_a_registry_cannot_do_is_left() -> None:
    """A second mapping of a class is gone."""
    left(f"{IMPORTS}mapper(User, users, non_primary=True)\n", "map an aliased class")


def test_a_target_of_events_is_the_class() -> None:
    """`mapper` stood for all mappers there."""
    source = f"from sqlalchemy import event\n{IMPORTS}@event.listens_for(mapper, 'before_insert')\ndef f(*args): pass\n"
    assert (
        "from sqlalchemy.orm import Mapper\n\n@event.listens_for(Mapper, 'before_insert')" in translate(source).output
    )


def test_a_mapper_that_is_handed_on_is_flagged() -> None:
    """Who gets it would call it."""
    left(f"{IMPORTS}setup(mapper)\n", "is gone from 2.0")
