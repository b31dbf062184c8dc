"""Names and settings of Flask-SQLAlchemy 2 that version 3 has elsewhere or not at all. Data only."""

from __future__ import annotations

_TRACKING = "flask_sqlalchemy.track_modifications"

MOVED: dict[str, tuple[str, str]] = {
    "flask_sqlalchemy.BaseQuery": ("flask_sqlalchemy.query", "Query"),
    "flask_sqlalchemy.Pagination": ("flask_sqlalchemy.pagination", "Pagination"),
    "flask_sqlalchemy.Model": ("flask_sqlalchemy.model", "Model"),
    "flask_sqlalchemy.DefaultMeta": ("flask_sqlalchemy.model", "DefaultMeta"),
    "flask_sqlalchemy.SignallingSession": ("flask_sqlalchemy.session", "Session"),
    "flask_sqlalchemy.get_debug_queries": ("flask_sqlalchemy.record_queries", "get_recorded_queries"),
    "flask_sqlalchemy.models_committed": (_TRACKING, "models_committed"),
    "flask_sqlalchemy.before_models_committed": (_TRACKING, "before_models_committed"),
    "flask_sqlalchemy._BoundDeclarativeMeta": ("flask_sqlalchemy.model", "DefaultMeta"),
    "flask_sqlalchemy.SessionBase": ("sqlalchemy.orm", "Session"),
    "flask_sqlalchemy.UnmappedClassError": ("sqlalchemy.orm.exc", "UnmappedClassError"),
    "flask_sqlalchemy.make_url": ("sqlalchemy.engine", "make_url"),
    **{f"flask_sqlalchemy.{name}": ("sqlalchemy.orm", name) for name in ("declarative_base", "DeclarativeMeta")},
    **{f"flask_sqlalchemy.{name}": ("sqlalchemy", name) for name in ("event", "inspect", "orm")},
    **{f"flask_sqlalchemy.{name}": ("flask", name) for name in ("abort", "current_app", "request")},
    **{f"flask_sqlalchemy.model.{name}": ("sqlalchemy.orm", name) for name in ("declared_attr", "DeclarativeMeta")},
    "flask_sqlalchemy.model.inspect": ("sqlalchemy", "inspect"),
}
"""Full name in 2.x → module and name in 3.x."""

SETTING = "flask_sqlalchemy.config"
"""Stands before the names of settings."""

STATE = "flask_sqlalchemy.extensions['sqlalchemy']"
"""Stands before what the extension kept at an application."""

_PYTHON_2 = "it was there for the extension's own use: use the standard library"
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
    f"{STATE}.db": "it is the object itself",
    f"{STATE}.connectors": "use db.engines",
    "flask_sqlalchemy._QueryProperty": "give SQLAlchemy() a query_class",
    "flask_sqlalchemy.get_state": "use app.extensions['sqlalchemy']",
    "flask_sqlalchemy.SQLAlchemy.app": "use flask.current_app",
    "flask_sqlalchemy.SQLAlchemy.create_engine": "use sqlalchemy.create_engine(url, **options); an override of it is never "
    "called: set SQLALCHEMY_ENGINE_OPTIONS, or override _make_engine()",
    "flask_sqlalchemy.SQLAlchemy._execute_for_all_tables": "use db.create_all(), drop_all() or reflect() with bind_key=",
    "flask_sqlalchemy.SQLAlchemy._engine_lock": "engines are made once, by init_app()",
    "flask_sqlalchemy._include_sqlalchemy": "the extension's object looks names up in sqlalchemy and sqlalchemy.orm",
    "flask_sqlalchemy._wrap_with_default_query_class": "give the relationship its query_class",
    "flask_sqlalchemy._set_default_query_class": "give the relationship its query_class",
    "flask_sqlalchemy._make_table": "use db.Table",
    "flask_sqlalchemy._EngineConnector": "use db.engines",
    "flask_sqlalchemy._SQLAlchemyState": "app.extensions['sqlalchemy'] is the object itself",
    "flask_sqlalchemy._SessionSignalEvents": "set SQLALCHEMY_TRACK_MODIFICATIONS, or listen to events of the session",
    "flask_sqlalchemy._EngineDebuggingSignalEvents": "set SQLALCHEMY_RECORD_QUERIES, or listen to events of the engine",
    "flask_sqlalchemy._DebugQueryTuple": "records have no public class: ask get_recorded_queries() for them",
    "flask_sqlalchemy._record_queries": "ask app.config['SQLALCHEMY_RECORD_QUERIES']",
    "flask_sqlalchemy._calling_context": "use traceback or inspect",
    "flask_sqlalchemy._signals": "import the signals from flask_sqlalchemy.track_modifications",
    "flask_sqlalchemy._ident_func": "use threading.get_ident or greenlet.getcurrent",
    "flask_sqlalchemy._app_ctx_stack": "use flask.g or flask.globals.app_ctx",
    "flask_sqlalchemy._sa_url_set": "use URL.set()",
    "flask_sqlalchemy._sa_url_query_setdefault": "use URL.update_query_dict()",
    "flask_sqlalchemy.FSADeprecationWarning": "warnings are DeprecationWarning",
    "flask_sqlalchemy.utils": "use importlib.metadata.version()",
    "flask_sqlalchemy._compat": _PYTHON_2,
    "flask_sqlalchemy.model.to_str": _PYTHON_2,
    "flask_sqlalchemy.model.camelcase_re": "use camel_to_snake_case(), which names more classes otherwise than it did",
    "flask_sqlalchemy.model._get_table_key": "use table.key",
    **{
        f"flask_sqlalchemy.{name}": _PYTHON_2
        for name in (
            "string_types",
            "itervalues",
            "xrange",
            "absolute_import",
            "_timer",
            "functools",
            "itemgetter",
            "ceil",
            "Lock",
            "Namespace",
            "os",
            "sys",
            "time",
            "warnings",
            "sqlalchemy",
        )
    },
    f"{SETTING}.SQLALCHEMY_COMMIT_ON_TEARDOWN": "call db.session.commit() where the work is done: nothing commits any more",
    f"{SETTING}.SQLALCHEMY_NATIVE_UNICODE": "leave it out: drivers handle Unicode",
    f"{SETTING}.SQLALCHEMY_POOL_SIZE": f'{_POOL} as {{"pool_size": …}}',
    f"{SETTING}.SQLALCHEMY_POOL_TIMEOUT": f'{_POOL} as {{"pool_timeout": …}}',
    f"{SETTING}.SQLALCHEMY_POOL_RECYCLE": f'{_POOL} as {{"pool_recycle": …}}',
    f"{SETTING}.SQLALCHEMY_MAX_OVERFLOW": f'{_POOL} as {{"max_overflow": …}}',
}
"""Full name in 2.x → what to do instead."""

ENGINE_SETTINGS = frozenset(
    {"SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_BINDS", "SQLALCHEMY_ENGINE_OPTIONS", "SQLALCHEMY_ECHO",
     "SQLALCHEMY_RECORD_QUERIES", "SQLALCHEMY_TRACK_MODIFICATIONS"}
)  # fmt: skip
"""Settings that version 2 looked at when an engine was asked for, and version 3 looks at in `init_app()` alone."""

OVERRIDDEN = frozenset(
    f"flask_sqlalchemy.SQLAlchemy.{name}"
    for name in (
        "apply_driver_hacks", "apply_pool_defaults", "create_engine", "create_scoped_session", "create_session", "get_app",
        "get_binds", "get_engine", "get_tables_for_bind", "make_connector", "make_declarative_base",
        "_execute_for_all_tables",
    )
)  # fmt: skip
"""Methods that version 2 called, so that applications override them, and version 3 never calls."""

OTHERWISE: dict[str, str] = {
    "flask_sqlalchemy.get_debug_queries": "records are objects, not tuples, their `context` is `location`, and there are "
    "none unless SQLALCHEMY_RECORD_QUERIES is set, where version 2 had some in debug and testing mode, too",
    "flask_sqlalchemy.SignallingSession": "its objects have no `app`, and SQLAlchemy hands a get_bind() of one's own more "
    "than mapper and clause: let it take **kwargs, and look for the key in `mapper.local_table.metadata.info`",
    "flask_sqlalchemy.models_committed": "it is sent only where SQLALCHEMY_TRACK_MODIFICATIONS is True, and in version 2 "
    "was also where nothing sets that",
    "flask_sqlalchemy.before_models_committed": "it is sent only where SQLALCHEMY_TRACK_MODIFICATIONS is True, and in "
    "version 2 was also where nothing sets that",
}
"""Names of `MOVED` → what else became of them, that shows where they are used only."""

_FOUNDLING = (
    "in Flask-SQLAlchemy 3 it looks for the extension's object, which a base of one's own has only once "
    "SQLAlchemy(model_class=…) was given it: do so before any class extends the base"
)
_NAMES = (
    "Flask-SQLAlchemy 3 makes other names of classes where capitals end them or stand beside digits: UserID gave userID, "
    "and gives user_id"
)
CHANGED: dict[str, str] = {
    "flask_sqlalchemy.model.DefaultMeta": f"{_FOUNDLING}; and it {_NAMES.removeprefix('Flask-SQLAlchemy 3 ')}",
    "flask_sqlalchemy.model.BindMetaMixin": _FOUNDLING,
    "flask_sqlalchemy.model.NameMetaMixin": _NAMES,
    "flask_sqlalchemy.model.camel_to_snake_case": _NAMES,
}
"""Names that stay, and do something else → what, and what to do."""
