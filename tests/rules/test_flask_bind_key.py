"""Keys of binds that tables are given."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched

HEAD = "from flask_sqlalchemy import SQLAlchemy\nfrom sqlalchemy import Table\n\ndb = SQLAlchemy()\n"


def test_what_else_the_info_has_stays() -> None:
    """Only the key moves."""
    transformed(
        f"{HEAD}t = db.Table('t', db.Column('id', db.Integer), info={{'bind_key': key, 'x': 1}})\n",
        f"{HEAD}t = db.Table('t', db.Column('id', db.Integer), bind_key=key, info={{'x': 1}})\n",
    )


def test_a_table_of_a_metadata_is_told() -> None:
    """The key is that of its MetaData."""
    left(f"{HEAD}t = db.Table('t', db.metadata, info={{'bind_key': 'x'}})\n", "give db.Table() bind_key=")
    left(f"{HEAD}t = Table('t', db.metadata, info={{'bind_key': 'x'}})\n", "give db.Table() bind_key=")
    left(
        f"{HEAD}t = db.Table('t', db.Column('id', db.Integer), info=dict(bind_key='x'))\n", "give db.Table() bind_key="
    )
    untouched(f"{HEAD}t = db.Table('t', db.metadata, info={{'x': 1}})\n")


def test_a_table_without_the_extension_is_not_meant() -> None:
    """Its info is the application's own affair."""
    untouched("from sqlalchemy import Table\n\nt = Table('t', metadata, info={'bind_key': 'x'})\n")
