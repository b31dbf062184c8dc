"""How a run ended with an exception: what it is, what it says, where in the paste it came from."""

from __future__ import annotations

from typing import Any

import sqlalchemy

from .environment import SCHEMA, SchemaFailed
from .guards import PASTE
from .values import entity_state, message_of

MESSAGE = 500
NAME = 100


def described(error: BaseException) -> dict[str, Any]:
    original = getattr(error, "orig", None) if isinstance(error, sqlalchemy.exc.SQLAlchemyError) else None
    return {
        "type": type(error).__name__[:NAME],
        "kinds": [kind.__name__[:NAME] for kind in type(error).__mro__[:-1]],
        "message": message_of(original if isinstance(original, BaseException) else error, MESSAGE),
        "line": line_in(error),
    }


def told(failed: SchemaFailed) -> str:
    error = described(failed.cause)
    line = line_in(failed.cause, SCHEMA)
    place = f" in line {line}" if line else ""
    return f"the schema can't be run{place} on SQLAlchemy {sqlalchemy.__version__}: {error['type']}: {error['message']}"


def line_in(error: BaseException, file: str = PASTE) -> int | None:
    """The innermost line of the paste, or of another text, that the error came through."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def excuse_new(seen: dict[str, Any], owner: Any) -> None:
    """Take a failure for one of ours where a method of an object that we made up asks for what only one in a session has.

    There is no row for it on empty tables. What the translation asks such an object for fails with another error.
    """
    state = entity_state(owner)
    if state is not None and state.key is None and (seen["exception"] or {}).get("type") == "DetachedInstanceError":
        seen.update(exception=None, unavailable="its object is in no session", bare=True)
