"""Arguments of Flask-SQLAlchemy's object."""

from __future__ import annotations

import pytest

from tests.rules.checks import left, transformed, untouched

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(app, True, {}, metadata)", "(app, session_options={}, metadata=metadata)"),
        ("(use_native_unicode=True)", "()"),
        (
            "(\n    app,\n    True,\n    dict(autoflush=False),\n)",
            "(\n    app,\n    session_options=dict(autoflush=False),\n)",
        ),
        ("(app, query_class=Q, use_native_unicode=True)", "(app, query_class=Q)"),
    ],
)
def test_all_but_the_application_goes_by_name(before: str, after: str) -> None:
    """Version 3 takes nothing else by position; Unicode is the drivers' affair."""
    transformed(f"{HEAD}db = SQLAlchemy{before}\n", f"{HEAD}db = SQLAlchemy{after}\n")


def test_what_can_not_be_given_any_more_is_told() -> None:
    """Neither by position nor by name."""
    left(f"{HEAD}db = SQLAlchemy(app, False)\n", "takes no use_native_unicode")
    left(f"{HEAD}db = SQLAlchemy(session_options={{'autocommit': True}})\n", "sessions take no autocommit=")
    left(f"{HEAD}db = SQLAlchemy(session_options=dict(extension=x))\n", "sessions take no extension=")
    untouched(f"{HEAD}db = SQLAlchemy(app, session_options={{'autocommit': False, 'autoflush': False}})\n")


def test_another_class_of_that_name_is_not_meant() -> None:
    """Only the extension's."""
    untouched("from elsewhere import SQLAlchemy\n\ndb = SQLAlchemy(app, True, {})\n")
