"""Names and settings that are gone, wherever they are given."""

from __future__ import annotations

import pytest

from tests.rules.checks import left

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
