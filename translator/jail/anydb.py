"""`db` where nobody shows what it is: Flask-SQLAlchemy's object, a session, a module with models. Runs on either SQLAlchemy."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import orm

from .guards import Offer
from .placeholders import Placeholder
from .standins import FlaskSQLAlchemy


class AnyDb(FlaskSQLAlchemy):
    """What Flask-SQLAlchemy's object doesn't have is asked of the session, then of the models, then made up."""

    def __init__(self, engine: Any, session: Any, part: Offer, base: Any) -> None:
        """`base` is that of the models that are made up: those of the text, and theirs, may point to each other."""
        registry = {"metadata": base.metadata, "class_registry": base.registry._class_registry} if base else {}
        super().__init__(engine, declared=registry)
        self.session = session
        self._part = part

    def delete(self, what: Any) -> Any:
        """`db.delete(user)` of a session, or `db.delete(User)` with SQLAlchemy's function."""
        of_rows = isinstance(what, (type, sqlalchemy.sql.ClauseElement))
        return sqlalchemy.delete(what) if of_rows else self.session.delete(what)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if hasattr(orm.Session, name):
            return getattr(self.session, name)
        try:
            return self._part(name)
        except KeyError:
            return Placeholder(f"db.{name}", "", self._part)


class OrmOrModels:
    """`orm` where nobody shows what it is: SQLAlchemy's module, or one of the application with its models."""

    def __init__(self, part: Offer) -> None:
        self._part = part

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(orm, name, None)
        return self._part(name) if found is None else found
