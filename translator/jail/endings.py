"""How a run ended with an exception: what it is, what it says, where in the paste it came from."""

from __future__ import annotations

from typing import Any

import sqlalchemy

from .environment import SCHEMA, SchemaFailed
from .guards import PASTE
from .values import message_of

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
