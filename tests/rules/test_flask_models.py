"""What Flask-SQLAlchemy 3 reads off classes otherwise."""

from __future__ import annotations

import pytest

from tests.rules.checks import left
from translator import translate

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
ID = "    id = db.Column(db.Integer, primary_key=True)\n"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("UserID", "userID", "user_id"),
        ("HTTP2Server", "htt_p2_server", "http2_server"),
        ("User2FA", "user2FA", "user2_fa"),
    ],
)
def test_a_table_that_is_called_otherwise_is_told(name: str, old: str, new: str) -> None:
    """As both versions call it."""
    left(f"{HEAD}class {name}(db.Model):\n{ID}", f"calls the table of {name} `{old}`, and 3 `{new}`")
    left(f"{HEAD}class Base(db.Model):\n    __abstract__ = True\n\n\nclass {name}(Base):\n{ID}", f"and 3 `{new}`")


@pytest.mark.parametrize(
    "classes",
    [
        f"class UserID(db.Model):\n    __tablename__ = 'ids'\n{ID}",
        "class UserID(db.Model):\n    __abstract__ = True\n",
        "class Named:\n    @db.declared_attr\n    def __tablename__(cls):\n        return cls.__name__\n\n\n"
        f"class UserID(Named, db.Model):\n{ID}",
        f"class User(db.Model):\n{ID}\n\nclass SubID(User):\n    pass\n",
        f"class HTTPServer(db.Model):\n{ID}",
        f"class OAuth2Client(db.Model):\n{ID}",
    ],
)
def test_a_table_that_is_called_the_same_is_not(classes: str) -> None:
    """It has a name, has no table, or both versions agree."""
    said = translate(f"{HEAD}{classes}").diagnostics
    assert not [each for each in said if each.slug == "flask-models"]


def test_keys_of_binds_that_are_not_asked_any_more_are_told() -> None:
    """The engine would be the default one."""
    args = "    __table_args__ = {'info': {'bind_key': 'logs'}}\n"
    left(f"{HEAD}class Log(db.Model):\n{args}{ID}", "in the info of a table")
    table = (
        "    __bind_key__ = 'logs'\n    __table__ = db.Table('log', db.Column('id', db.Integer, primary_key=True))\n"
    )
    left(f"{HEAD}class Log(db.Model):\n{table}", "a class with __table__ for its __bind_key__")
