"""What Flask-SQLAlchemy 3 reads off classes otherwise."""

from __future__ import annotations

from tests.rules.checks import left
from translator import translate

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
ID = "    id = db.Column(db.Integer, primary_key=True)\n"


def test_keys_of_binds_that_are_not_asked_any_more_are_told() -> None:
    """The engine would be the default one."""
    args = "    __table_args__ = {'info': {'bind_key': 'logs'}}\n"
    left(f"{HEAD}class Log(db.Model):\n{args}{ID}", "in the info of a table")
    table = (
        "    __bind_key__ = 'logs'\n    __table__ = db.Table('log', db.Column('id', db.Integer, primary_key=True))\n"
    )
    left(f"{HEAD}class Log(db.Model):\n{table}", "a class with __table__ for its __bind_key__")


def test_the_metadata_that_a_bind_has_of_its_own_is_told() -> None:
    """What walks `db.metadata.tables` does not find the table, and nothing raises."""
    found = translate(f"{HEAD}class Log(db.Model):\n    __bind_key__ = 'logs'\n{ID}").diagnostics
    assert [d.message for d in found if "has a MetaData for each bind" in d.message]
    assert not translate(f"{HEAD}class Log(db.Model):\n{ID}").diagnostics
