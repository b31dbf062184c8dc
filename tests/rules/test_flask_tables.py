"""create_all() and its kin of Flask-SQLAlchemy."""

from __future__ import annotations

from tests.rules.checks import left, transformed, untouched

HEAD = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"


def test_a_metadata_s_bind_is_not_the_extension_s() -> None:
    """MetaData.create_all(bind=…) stays."""
    source = "import os\nfrom sqlalchemy import MetaData\n\nm = MetaData()\nm.create_all(bind=engine)\n"
    transformed(source, source)


def test_the_extension_s_metadata_keeps_its_bind() -> None:
    """So does that of `db.metadata`, whose bind is an engine."""
    source = (
        HEAD + "db.metadata.drop_all(bind=db.engine, tables=tables)\n"
        "db.metadata.create_all(bind=db.engine)\ndb.metadata.reflect(bind=db.engine)\n"
    )
    transformed(source, source)


def test_an_application_is_not_taken_any_more() -> None:
    """An application context is what version 3 wants."""
    left(HEAD + "db.create_all(app=app)\n", "app_context")


def test_tables_at_the_top_of_a_module_want_a_context() -> None:
    """Version 2 took the application that `SQLAlchemy(app)` was given."""
    left(HEAD + "db.create_all()\n", "with app.app_context():")
    untouched(HEAD + "with app.app_context():\n    db.create_all()\n")
    untouched(HEAD + "app.app_context().push()\ndb.create_all()\n")
    untouched(HEAD + "def make():\n    db.create_all()\n")
    untouched("class Shelf(db.Model):\n    id = db.mapped_column(db.Integer, primary_key=True)\n\n\ndb.create_all()\n")
