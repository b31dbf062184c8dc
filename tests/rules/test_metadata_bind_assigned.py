"""Engines bound to a MetaData by assignment."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed


def test_the_comments_above_it_stay() -> None:
    """They move to the line that follows."""
    transformed(
        "def upgrade(e):\n    meta = MetaData()\n    # as the tool says\n    meta.bind = e\n    meta.reflect()\n",
        "def upgrade(e):\n    meta = MetaData()\n    # as the tool says\n    meta.reflect(e)\n",
    )


def test_what_is_executed_gets_a_block() -> None:
    """On the engine that was bound, as long as the result is read."""
    transformed(
        "def upgrade(e):\n    meta = MetaData()\n    meta.bind = e\n    t = Table('t', meta, autoload=True)\n"
        "    t.insert().values(a=1).execute()\n    for row in t.select().execute():\n        print(row.a)\n",
        "def upgrade(e):\n    meta = MetaData()\n    t = Table('t', meta, autoload_with=e)\n"
        "    with e.begin() as conn:\n        conn.execute(t.insert().values(a=1))\n"
        "    with e.connect() as conn:\n        for row in conn.execute(t.select()):\n            print(row.a)\n",
    )


@pytest.mark.parametrize(
    "source",
    [
        "meta = MetaData()\nt = Table('t', meta)\n\ndef upgrade(e):\n    meta.bind = e\n    t.create()\n",
        "def upgrade(e):\n    meta = MetaData()\n    meta.bind = e\n    define_tables(meta)\n",
        "meta = MetaData()\nmeta.bind = engine\n",
        "meta = MetaData()\n\ndef f(e):\n    meta.bind = e\n\ndef g():\n    meta.create_all()\n",
    ],
    ids=["a table of elsewhere", "handed on", "of the module", "another function finds it"],
)
def test_all_or_nothing(source: str) -> None:
    """It stays where something may find the engine that can't be given it."""
    left(source, "is bound to no engine")
