"""The names an entry may use without importing them: SQLAlchemy's own, the models, an engine, a session.

Executed by every runtime: standard library and SQLAlchemy only (and what an entry's environment needs).
"""

from __future__ import annotations

import asyncio
import datetime
import decimal
import enum
import re
import typing
import uuid
from pathlib import Path
from typing import Any

import models
import sqlalchemy as sa
from rendering import show
from sqlalchemy import event, exc, orm
from sqlalchemy.ext import asyncio as aio
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent


def build(environment: str, text: str, path: str) -> dict[str, Any]:
    """A fresh namespace over the database file at `path`; `text` is all the code that will run in it."""
    names: dict[str, Any] = {"__name__": "snippet", "DB": f"sqlite:///{path}"}
    for module in (sa, orm):
        names.update({name: getattr(module, name) for name in dir(module) if not name.startswith("_")})
    names.update(sa=sa, orm=orm, exc=exc, event=event, inspect=sa.inspect, V=sa.__version__[:3], show=show)
    names.update(datetime=datetime, decimal=decimal, Decimal=decimal.Decimal, enum=enum, uuid=uuid)
    names.update(Optional=typing.Optional, Union=typing.Union, List=typing.List, Any=typing.Any)  # noqa: UP006
    names.update({name: getattr(models, name) for name in dir(models) if not name.startswith("_")})
    names.update({f"{table.name}_t": table for table in models.Base.metadata.tables.values()})
    names["metadata"] = models.Base.metadata
    if environment == "flask":
        _flask(names)
    else:
        names["engine"] = sa.create_engine(names["DB"], poolclass=NullPool)
        names["session"] = orm.Session(names["engine"])
        names["SessionLocal"] = orm.sessionmaker(names["engine"])
    if environment == "async":
        _async(names, path)
    if re.search(r"\bconn\b", text) and not re.search(r"as conn\b|conn\s*=", text):
        names["conn"] = names["engine"].connect()
    return names


def _flask(names: dict[str, Any]) -> None:
    import flask  # only where an entry asks for it: the other runtimes' tests need no Flask
    import flask_sqlalchemy

    exec(compile((HERE / "flask_shop.py").read_text(), "flask_shop.py", "exec", dont_inherit=True), names)
    names.update(flask=flask, abort=flask.abort, fsa=flask_sqlalchemy)


def _async(names: dict[str, Any], path: str) -> None:
    names["async_engine"] = aio.create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=NullPool)
    prefixes = ("async_", "create_async", "close_all")
    names.update({name: getattr(aio, name) for name in dir(aio) if name[:1].isupper() or name.startswith(prefixes)})
    names["async_session"] = aio.AsyncSession(names["async_engine"])
    names["asyncio"] = asyncio
