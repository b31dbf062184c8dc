"""Gives columns what they can hold where a value that nobody shows is written to them, or compared with them.

`Post(written=fake.past_date())`: SQLite takes a text for anything, but SQLAlchemy's types take dates, flags, members of an
Enum. Does the same for parts of statements that nobody shows. Runs on either SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy
from sqlalchemy import types
from sqlalchemy.sql import coercions, roles

from .placeholders import Placeholder, plain
from .rows import MAKERS


def accept_placeholders() -> None:
    """Have every type take what stands in for a value, and every statement what stands in for a part of it. Once a process."""
    _accept_parts()
    engine: Any = types.TypeEngine
    found = engine._cached_bind_processor

    def cached(kind: Any, dialect: Any) -> Callable[[Any], Any] | None:
        process = found(kind, dialect)
        if process is None:
            return None
        return lambda value: process(fitting(kind, value) if isinstance(value, Placeholder) else value)

    engine._cached_bind_processor = cached


def _accept_parts() -> None:
    """`filter(common_filters())`, `order_by(*columns)`: a criterion that all rows meet, an order that leaves them as they are."""
    for role, part in ((roles.WhereHavingRole, sqlalchemy.true), (roles.OrderByRole, sqlalchemy.null)):
        impl: Any = type(coercions._impl_lookup[role])
        impl._literal_coercion = _with_part(impl._literal_coercion, part)


def _with_part(found: Callable[..., Any], part: Callable[[], Any]) -> Callable[..., Any]:
    def coerced(impl: Any, element: Any, *args: Any, **kwargs: Any) -> Any:
        return part() if isinstance(element, Placeholder) else found(impl, element, *args, **kwargs)

    return coerced


def fitting(kind: Any, value: Placeholder) -> Any:
    """A value that a column of this type can hold: the one that the name tells, or one that is typical of the type."""
    told, plainly = plain(value), getattr(kind, "impl", kind)
    if not isinstance(plainly, types.Enum) and type(told) is _python_type(plainly):
        return told
    return next((make(None, plainly, 0, False) for kinds, make in MAKERS if isinstance(plainly, kinds)), told)


def _python_type(kind: Any) -> Any:
    try:
        return kind.python_type
    except NotImplementedError:
        return None
