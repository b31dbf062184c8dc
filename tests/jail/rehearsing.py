"""Looks at what the rehearsal of a job leaves in its process: loaded by a real zygote, on either SQLAlchemy."""

from __future__ import annotations

import gc
import importlib
import random
import sys
import uuid
from typing import Any

import sqlalchemy
from sqlalchemy import orm
from sqlalchemy.ext import asyncio

worker: Any = importlib.import_module("jail.worker")
rehearsal: Any = importlib.import_module("jail.rehearsal")


def look(request: dict[str, Any]) -> dict[str, Any]:
    """Rehearse once more, and tell the trace and what the process holds then."""
    shared, modules, numbers = _shared(), sys.modules.keys() - {"models"}, random.getstate()
    trace = rehearsal.rehearse(worker.run_job)
    gc.collect()
    return {
        "trace": trace,
        "others": [name for name, value in _shared().items() if value is not shared[name]],
        "ours": [name for name, value in shared.items() if getattr(value, "__module__", "").startswith("jail")],
        "listeners": [len(getattr(kind.dispatch, name)._clslevel.get(kind, ())) for kind, name in LISTENED],
        "mappers": [str(found) for found in gc.get_objects() if isinstance(found, orm.Mapper)],
        "modules": sorted(sys.modules.keys() - modules),
        "numbers": random.getstate() == numbers,
    }


LISTENED: list[tuple[Any, str]] = [
    (sqlalchemy.Table, "after_parent_attach"),
    (sqlalchemy.Table, "before_create"),
    (sqlalchemy.Table, "after_create"),
    (orm.Mapper, "instrument_class"),
]


def _shared() -> dict[str, Any]:
    return {
        "create_engine": sqlalchemy.create_engine,
        "create_async_engine": asyncio.create_async_engine,
        "get_bind": orm.Session.get_bind,
        "found several": sqlalchemy.exc.MultipleResultsFound.__init__,
        "uuid4": uuid.uuid4,
        "main": sys.modules["__main__"],
    }
