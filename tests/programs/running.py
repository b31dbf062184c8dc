"""Runs program files with the SQLAlchemy at hand; prints what each printed, or raised, as one JSON object by path.

The legacy Query is refused to code outside of SQLAlchemy where the first argument says so.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from types import FrameType, ModuleType

from sqlalchemy.orm import Query


def refuse() -> None:
    """Let only SQLAlchemy itself make a Query, whose `subqueryload()` does."""
    make = Query.__init__

    def init(self: Query, *args: object, **kwargs: object) -> None:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_name in {"query", "__get__", "do"} and _theirs(frame):
            frame = frame.f_back
        if frame is not None and not _theirs(frame):
            raise AssertionError(f"a legacy Query is made on line {frame.f_lineno}")
        make(self, *args, **kwargs)

    Query.__init__ = init


def _theirs(frame: FrameType) -> bool:
    return "sqlalchemy" in Path(frame.f_code.co_filename).parts


def ran(path: Path) -> str:
    """What a program prints; what it raises is the last line."""
    printed = io.StringIO()
    module = sys.modules[str(path)] = ModuleType(str(path))  # annotations are looked up in the module of their class
    try:
        with redirect_stdout(printed):
            exec(compile(path.read_text(), str(path), "exec"), vars(module))
    except Exception as error:
        printed.write(f"{type(error).__name__}: {error}")
    return printed.getvalue()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "refuse":
        refuse()
    print(json.dumps({name: ran(Path(name)) for name in sys.argv[2:]}))
