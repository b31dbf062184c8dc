"""What Flask-SQLAlchemy 3 reads off classes otherwise."""

from __future__ import annotations

from tests.rules.checks import left

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
