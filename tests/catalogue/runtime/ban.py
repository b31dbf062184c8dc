"""Refuse the legacy Query on 2.x: a translation that still uses it has not been translated.

Executed by every runtime: standard library and SQLAlchemy only.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import orm


class LegacyQueryBanned(Exception):
    """The code under test built a `Query`."""


_BANNED = False
_query = orm.Query.__init__
_session_query = orm.Session.query


def _init(self: Any, *arguments: Any, **keywords: Any) -> None:
    # SQLAlchemy builds Query objects of its own (subqueryload, dynamic collections): only the code's own are refused.
    caller = str(sys._getframe(1).f_globals.get("__name__", ""))
    if _BANNED and not caller.startswith("sqlalchemy."):
        raise LegacyQueryBanned(f"{type(self).__name__}() built by {caller}")
    _query(self, *arguments, **keywords)


def _from_session(self: Any, *arguments: Any, **keywords: Any) -> Any:
    if _BANNED:
        raise LegacyQueryBanned("Session.query()")
    return _session_query(self, *arguments, **keywords)


orm.Query.__init__ = _init  # type: ignore[method-assign]
orm.Session.query = _from_session  # type: ignore[method-assign]


def switch(on: bool) -> None:
    """Refuse from now on, or allow again."""
    global _BANNED
    _BANNED = on
