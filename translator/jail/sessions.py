"""`Session` where the paste doesn't say what it is: a class, a factory and a registry in one. Runs on either SQLAlchemy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import orm

ON_REGISTRIES = (
    "add", "add_all", "commit", "delete", "execute", "expire", "flush", "get", "merge", "query", "refresh", "rollback",
    "scalar", "scalars",
)  # fmt: skip
"""What is called on `Session` itself where it is a scoped_session."""


def session_class(engine: Any, current: Callable[[], Any]) -> type:
    """`Session` as a name is the class (`Session(engine)`), a sessionmaker (`Session()`) and a registry (`Session.query`)."""

    def start(self: Any, bind: Any = engine, **options: Any) -> None:
        orm.Session.__init__(self, bind, **options)

    made: type = type("Registry", (type,), {name: _on(current, name) for name in ON_REGISTRIES})
    found: type = made("Session", (orm.Session,), {"__init__": start})
    return found


def _on(current: Callable[[], Any], name: str) -> property:
    return property(lambda _: getattr(current(), name))
