"""Names by which real code calls sessions, engines and the like, so that a paste which doesn't show them can be run."""

from __future__ import annotations

import re

SESSION_NAMES = frozenset({"session", "db_session", "sess", "s", "dbsession", "DBSession", "db_sess", "_session"})
FACTORY_NAMES = frozenset({"Session", "SessionLocal", "SessionMaker", "session_factory", "sessionmaker_", "Session_"})
ENGINE_NAMES = frozenset({"engine", "eng", "db_engine"})
CONNECTION_NAMES = frozenset({"conn", "connection", "cnx"})
ASYNC_NAMES = frozenset(
    {
        "async_session",
        "async_engine",
        "AsyncSessionLocal",
        "async_session_maker",
        "async_session_factory",
        "AsyncSession",
    }
)
METADATA_NAMES = frozenset({"meta", "metadata_obj", "metadata"})
REGISTRY_NAMES = frozenset({"mapper_registry", "reg"})
GETTER_NAMES = frozenset({"get_session", "get_db", "session_scope", "create_session", "make_session"})
STANDARD = {
    "datetime": "datetime", "timedelta": "datetime:timedelta", "date": "datetime:date", "timezone": "datetime:timezone",
    "decimal": "decimal", "Decimal": "decimal:Decimal", "uuid": "uuid", "enum": "enum", "json": "json", "re": "re",
    "itertools": "itertools", "functools": "functools", "operator": "operator", "math": "math", "logging": "logging",
    "time": "time", "random": "random", "collections": "collections", "defaultdict": "collections:defaultdict",
    "OrderedDict": "collections:OrderedDict", "contextmanager": "contextlib:contextmanager", "dataclass": "dataclasses:dataclass",
    "wraps": "functools:wraps", "partial": "functools:partial", "reduce": "functools:reduce",
}  # fmt: skip
PARTS = SESSION_NAMES | FACTORY_NAMES | ENGINE_NAMES | CONNECTION_NAMES | GETTER_NAMES | ASYNC_NAMES | {"db", "app"}
OF_OBJECTS = frozenset({"model", "model_class", "model_cls", "entity", "klass"})
NOT_FLASKS = frozenset({"session", "Query"})
NOTED = "sent to another database"
"""The table of commands that only another database can execute: whether a transaction with one is committed shows there."""


def table_name(name: str, *, legacy: bool = False) -> str:
    """The table of a class as Flask-SQLAlchemy 3 calls it, or version 2: `UserOTP` is `user_otp`, or `userOTP`."""
    if legacy:
        found = re.sub(
            r"([A-Z]*)([A-Z])(?=[a-z0-9])", lambda run: f"_{run[1]}_{run[2]}".replace("__", "_").lower(), name
        )
        return found.lstrip("_")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<!^)(?=[A-Z][a-z])", "_", name).lower()
