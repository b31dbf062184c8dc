"""Names and settings of Flask-SQLAlchemy 2 that version 3 has elsewhere or not at all. Data only."""

from __future__ import annotations

MOVED: dict[str, tuple[str, str]] = {
    "flask_sqlalchemy.BaseQuery": ("flask_sqlalchemy.query", "Query"),
    "flask_sqlalchemy.Pagination": ("flask_sqlalchemy.pagination", "Pagination"),
    "flask_sqlalchemy.Model": ("flask_sqlalchemy.model", "Model"),
    "flask_sqlalchemy.DefaultMeta": ("flask_sqlalchemy.model", "DefaultMeta"),
    "flask_sqlalchemy.SignallingSession": ("flask_sqlalchemy.session", "Session"),
    "flask_sqlalchemy.get_debug_queries": ("flask_sqlalchemy.record_queries", "get_recorded_queries"),
}
"""Full name in 2.x → module and name in 3.x."""

SETTING = "flask_sqlalchemy.config"
"""Stands before the names of settings."""

_POOL = "put it into SQLALCHEMY_ENGINE_OPTIONS"
GONE: dict[str, str] = {
    "flask_sqlalchemy.SQLAlchemy.create_scoped_session": "pass session_options= to SQLAlchemy(), or make a scoped_session",
    "flask_sqlalchemy.SQLAlchemy.create_session": "pass session_options= to SQLAlchemy(), or make a sessionmaker",
    "flask_sqlalchemy.SQLAlchemy.get_app": "use flask.current_app",
    "flask_sqlalchemy.SQLAlchemy.get_engine": "use db.engine, or db.engines[key] for a bind",
    "flask_sqlalchemy.SQLAlchemy.get_binds": "use db.engines and db.metadatas",
    "flask_sqlalchemy.SQLAlchemy.get_tables_for_bind": "use db.metadatas[key].tables",
    "flask_sqlalchemy.SQLAlchemy.make_connector": "use db.engines",
    "flask_sqlalchemy.SQLAlchemy.apply_driver_hacks": "override _apply_driver_defaults(), or set SQLALCHEMY_ENGINE_OPTIONS",
    "flask_sqlalchemy.SQLAlchemy.apply_pool_defaults": "set SQLALCHEMY_ENGINE_OPTIONS",
    "flask_sqlalchemy.SQLAlchemy.make_declarative_base": "give SQLAlchemy() a model_class, or override "
    "_make_declarative_base()",
    "flask_sqlalchemy.SQLAlchemy.use_native_unicode": "leave it out: drivers handle Unicode",
    "flask_sqlalchemy._QueryProperty": "give SQLAlchemy() a query_class",
    "flask_sqlalchemy.get_state": "use app.extensions['sqlalchemy']",
    "flask_sqlalchemy.models_committed": "import it from flask_sqlalchemy.track_modifications",
    "flask_sqlalchemy.before_models_committed": "import it from flask_sqlalchemy.track_modifications",
    f"{SETTING}.SQLALCHEMY_COMMIT_ON_TEARDOWN": "call db.session.commit() where the work is done: nothing commits any more",
    f"{SETTING}.SQLALCHEMY_NATIVE_UNICODE": "leave it out: drivers handle Unicode",
    f"{SETTING}.SQLALCHEMY_POOL_SIZE": f'{_POOL} as {{"pool_size": …}}',
    f"{SETTING}.SQLALCHEMY_POOL_TIMEOUT": f'{_POOL} as {{"pool_timeout": …}}',
    f"{SETTING}.SQLALCHEMY_POOL_RECYCLE": f'{_POOL} as {{"pool_recycle": …}}',
    f"{SETTING}.SQLALCHEMY_MAX_OVERFLOW": f'{_POOL} as {{"max_overflow": …}}',
}
"""Full name in 2.x → what to do instead."""

OVERRIDDEN = frozenset(
    f"flask_sqlalchemy.SQLAlchemy.{name}"
    for name in (
        "apply_driver_hacks", "apply_pool_defaults", "create_scoped_session", "create_session", "get_app", "get_binds",
        "get_tables_for_bind", "make_connector", "make_declarative_base",
    )
)  # fmt: skip
"""Methods that version 2 called, so that applications override them, and version 3 never calls."""
