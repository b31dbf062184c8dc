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


def _is_sqlalchemy(caller: dict[str, Any]) -> bool:
    # SQLAlchemy builds Query objects of its own (subqueryload, dynamic collections): only the code's own are refused.
    # A scoped session hands a call on, as the code's own.
    name = str(caller.get("__name__", ""))
    return name.startswith("sqlalchemy.") and name != "sqlalchemy.orm.scoping"


def _init(self: Any, *arguments: Any, **keywords: Any) -> None:
    if _BANNED and not _is_sqlalchemy(sys._getframe(1).f_globals):
        raise LegacyQueryBanned(f"{type(self).__name__}()")
    _query(self, *arguments, **keywords)


def _from_session(self: Any, *arguments: Any, **keywords: Any) -> Any:
    if _BANNED and not _is_sqlalchemy(sys._getframe(1).f_globals):
        raise LegacyQueryBanned("Session.query()")
    return _session_query(self, *arguments, **keywords)


orm.Query.__init__ = _init  # type: ignore[method-assign]
orm.Session.query = _from_session  # type: ignore[method-assign]


def switch(on: bool) -> None:
    """Refuse from now on, or allow again."""
    global _BANNED
    _BANNED = on
