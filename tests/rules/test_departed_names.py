"""Names and settings that are gone, wherever they are given."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed

HEAD = "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask(__name__)\n"


@pytest.mark.parametrize(
    "given",
    [
        "app.config['SQLALCHEMY_POOL_SIZE'] = 5",
        "app.config.update(SQLALCHEMY_POOL_SIZE=5)",
        "app.config.update({'SQLALCHEMY_POOL_SIZE': 5})",
        "app.config.from_mapping(SECRET_KEY='x', SQLALCHEMY_POOL_SIZE=5)",
        "class Config:\n    SQLALCHEMY_POOL_SIZE = 5",
        "SETTINGS = dict(SQLALCHEMY_POOL_SIZE=5)",
    ],
)
def test_a_setting_that_vanished_is_flagged(given: str) -> None:
    """Flask-SQLAlchemy 3 ignores it without a word."""
    left(f"{HEAD}{given}\n", "SQLALCHEMY_ENGINE_OPTIONS")


def test_engines_are_attributes() -> None:
    """What is given by place is the application in version 2, and the bind in version 3."""
    transformed(f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine()\n", f"{HEAD}db = SQLAlchemy(app)\ne = db.engine\n")
    transformed(
        f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine(bind=name)\n",
        f"{HEAD}db = SQLAlchemy(app)\ne = db.engines[name]\n",
    )
    left(f"{HEAD}db = SQLAlchemy(app)\ne = db.get_engine(app)\n", "db.engines[key]")
