"""Settings that Flask-SQLAlchemy 3 reads otherwise than version 2 did."""

from __future__ import annotations

import pytest

from tests.rules.checks import left
from translator import translate

HEAD = "from flask import Flask, current_app\nfrom flask_sqlalchemy import SQLAlchemy\nfrom shop import create_app, made\n\n"
MADE = f"{HEAD}app = Flask('shop')\napp.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'\ndb = SQLAlchemy(app)\n"


@pytest.mark.parametrize(
    "later",
    [
        "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'",
        "app.config.update(SQLALCHEMY_DATABASE_URI='sqlite://')",
        "def set_up():\n    app.config.from_mapping({'SQLALCHEMY_DATABASE_URI': 'sqlite://'})",
        "def set_up():\n    other = create_app()\n    other.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'",
        "class Case:\n    def setUp(self):\n        self.app = create_app()\n"
        "        self.app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'",
        "def set_up():\n    current_app.config['SQLALCHEMY_ECHO'] = True",
        "made.config['SQLALCHEMY_BINDS'] = {}",
        "def make():\n    other = Flask('x')\n    db.init_app(other)\n    other.config['SQLALCHEMY_BINDS'] = {}",
    ],
)
def test_what_is_set_too_late_is_told(later: str) -> None:
    """Version 3 makes engines in init_app(): tests that set another database later work on the real one."""
    left(f"{MADE}\n\n{later}\n", "once, in init_app()")


@pytest.mark.parametrize(
    "early",
    [
        "def make():\n    other = Flask('x')\n    other.config['SQLALCHEMY_BINDS'] = {}\n    db.init_app(other)",
        "def configure(app):\n    app.config['SQLALCHEMY_BINDS'] = {}",
        "class Config:\n    SQLALCHEMY_DATABASE_URI = 'sqlite:////srv/shop.db'",
        "made.config['SQLALCHEMY_BINDS'] = {}\ndb.init_app(made)",
    ],
)
def test_what_is_set_in_time_is_not(early: str) -> None:
    """An application that the extension doesn't know yet, or one that a caller may just have made."""
    assert not translate(f"{MADE}\n\n{early}\n").diagnostics


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("sqlite:///shop.db", True),
        ("sqlite:////srv/shop.db", False),
        ("sqlite://", False),
        ("sqlite:///:memory:", False),
    ],
)
def test_a_relative_path_of_sqlite_is_told(path: str, told: bool) -> None:
    """It is another, empty file in version 3."""
    said = translate(f"{HEAD}class Config:\n    SQLALCHEMY_DATABASE_URI = URL or {path!r}\n").diagnostics
    assert [("instance folder" in each.message) for each in said] == [True] * told


def test_options_of_engines_are_not_those_of_binds() -> None:
    """Version 2 gave them to each engine."""
    given = "SQLALCHEMY_BINDS = {'a': 'sqlite://'}\n    SQLALCHEMY_ENGINE_OPTIONS = {'pool_size': 4}"
    left(f"{HEAD}class Config:\n    {given}\n", "the default engine alone")


def test_options_of_an_engine_that_are_gone() -> None:
    """They reach create_engine(), which raises on 2.x: in settings, and given to the extension."""
    given = "{'encoding': 'utf-8', 'pool_size': 3, 'strategy': 'threadlocal'}"
    head = "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask('shop')\n"
    settings = f"{head}app.config['SQLALCHEMY_ENGINE_OPTIONS'] = {given}\ndb = SQLAlchemy(app)\n"
    for text in (settings, f"{head}db = SQLAlchemy(app, engine_options={given})\n"):
        left(text, "create_engine(encoding=…) is gone from 2.0")
        left(text, "create_engine(strategy=…) is gone from 2.0")
        assert not any("pool_size" in each.message for each in translate(text).diagnostics)
