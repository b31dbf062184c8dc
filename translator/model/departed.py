"""Names of SQLAlchemy 1.x that 2.x has elsewhere, under another name, or not at all. Data only."""

from __future__ import annotations

from collections.abc import Iterable

from translator.model import departed_flask, departed_internal

MOVED: dict[str, tuple[str, str]] = {
    **departed_flask.MOVED,
    **departed_internal.MOVED,
    **{
        f"sqlalchemy.ext.declarative.{name}": ("sqlalchemy.orm", name)
        for name in ("declarative_base", "declared_attr", "as_declarative", "has_inherited_table", "synonym_for",
                     "DeclarativeMeta")
    },
    **{
        f"sqlalchemy.ext.declarative.api.{name}": ("sqlalchemy.orm", name)
        for name in ("declarative_base", "declared_attr", "as_declarative", "has_inherited_table", "synonym_for",
                     "DeclarativeMeta")
    },
    **{
        f"sqlalchemy.ext.declarative.api.{name}": ("sqlalchemy.ext.declarative", name)
        for name in ("ConcreteBase", "AbstractConcreteBase", "DeferredReflection")
    },
    **{
        f"sqlalchemy.databases.{name}": ("sqlalchemy.dialects", name)
        for name in ("mysql", "sqlite", "postgresql", "oracle", "mssql")
    },
    **{
        f"sqlalchemy{part}.Binary": (f"sqlalchemy{part}", "LargeBinary") for part in ("", ".types", ".sql.sqltypes")
    },
    **{f"sqlalchemy{part}.PassiveDefault": (f"sqlalchemy{part}", "DefaultClause") for part in ("", ".schema")},
    "sqlalchemy.orm.exc.NoResultFound": ("sqlalchemy.exc", "NoResultFound"),
    "sqlalchemy.orm.exc.MultipleResultsFound": ("sqlalchemy.exc", "MultipleResultsFound"),
    "sqlalchemy.exc.RemovedIn20Warning": ("sqlalchemy.exc", "Base20DeprecationWarning"),
    "sqlalchemy.orm.relation": ("sqlalchemy.orm", "relationship"),
    "sqlalchemy.orm.eagerload": ("sqlalchemy.orm", "joinedload"),
    "sqlalchemy.orm.query.aliased": ("sqlalchemy.orm", "aliased"),
    "sqlalchemy.orm.query.with_polymorphic": ("sqlalchemy.orm", "with_polymorphic"),
    "sqlalchemy.orm.mapper.class_mapper": ("sqlalchemy.orm", "class_mapper"),
    **{
        f"sqlalchemy.orm.collections.{old}": ("sqlalchemy.orm", new)
        for old, new in {"attribute_mapped_collection": "attribute_keyed_dict",
                         "column_mapped_collection": "column_keyed_dict", "mapped_collection": "keyfunc_mapping",
                         "MappedCollection": "KeyFuncDict"}.items()
    },
    "sqlalchemy.engine.LegacyRow": ("sqlalchemy.engine", "Row"),
    "sqlalchemy.engine.RowProxy": ("sqlalchemy.engine", "Row"),
    "sqlalchemy.engine.result.RowProxy": ("sqlalchemy.engine", "Row"),
    "sqlalchemy.engine.base.RowProxy": ("sqlalchemy.engine", "Row"),
    "sqlalchemy.engine.LegacyCursorResult": ("sqlalchemy.engine", "CursorResult"),
    "sqlalchemy.engine.ResultProxy": ("sqlalchemy.engine", "CursorResult"),
    "sqlalchemy.engine.result.ResultProxy": ("sqlalchemy.engine", "CursorResult"),
    "sqlalchemy.util.KeyedTuple": ("sqlalchemy.engine", "Row"),
    **{
        f"sqlalchemy.util{part}.{old}": (module, new)
        for part in ("", ".compat")
        for old, (module, new) in {
            "string_types": ("builtins", "str"), "text_type": ("builtins", "str"), "binary_type": ("builtins", "bytes"),
            "int_types": ("builtins", "int"), "callable": ("builtins", "callable"), "print_": ("builtins", "print"),
            "next": ("builtins", "next"), "zip_longest": ("itertools", "zip_longest"), "reduce": ("functools", "reduce"),
            "namedtuple": ("collections", "namedtuple"), "nullcontext": ("contextlib", "nullcontext"),
            "contextmanager": ("contextlib", "contextmanager"), "quote_plus": ("urllib.parse", "quote_plus"),
            "unquote": ("urllib.parse", "unquote"), "unquote_plus": ("urllib.parse", "unquote_plus"),
            "parse_qsl": ("urllib.parse", "parse_qsl"),
        }.items()
    },
}  # fmt: skip
"""Full name in 1.x → module and name in 2.x. "builtins" needs no import."""

PACKAGES = frozenset({"sqlalchemy", "flask_sqlalchemy"})
"""Packages whose names are told of here."""

STYLE = frozenset({"sqlalchemy.orm.exc.NoResultFound", "sqlalchemy.orm.exc.MultipleResultsFound",
                   "sqlalchemy.engine.ResultProxy", "sqlalchemy.orm.collections.attribute_mapped_collection",
                   "sqlalchemy.orm.collections.column_mapped_collection",
                   "sqlalchemy.orm.collections.mapped_collection",
                   "sqlalchemy.orm.collections.MappedCollection"})  # fmt: skip
"""Those of `MOVED` that 2.x still knows under the old name."""

_EVENTS = "it was removed in favour of events: register listeners with event.listen()"
_PYTHON_2 = "it served Python 2 and is gone: use the standard library"

GONE: dict[str, str] = {
    **departed_flask.GONE,
    **departed_internal.GONE,
    "sqlalchemy.orm.mapper": "use registry().map_imperatively() to map a class, Mapper as the target of events",
    "sqlalchemy.orm.comparable_property": "use a hybrid_property",
    "sqlalchemy.orm.compile_mappers": "use configure_mappers()",
    "sqlalchemy.orm.NOT_EXTENSION": "use InspectionAttrExtensionType",
    "sqlalchemy.orm.AttributeEvent": "use AttributeEventToken",
    **{
        f"sqlalchemy.orm.{name}_all": f"chain the option: {name}(A.b).{name}(B.c)"
        for name in ("eagerload", "joinedload", "subqueryload", "contains_eager", "lazyload")
    },
    **{
        f"sqlalchemy.orm{part}.{name}": _EVENTS
        for part in ("", ".interfaces", ".session")
        for name in ("MapperExtension", "SessionExtension", "AttributeExtension")
    },
    "sqlalchemy.interfaces": _EVENTS,
    "sqlalchemy.events": "import the events from sqlalchemy.event and the classes they belong to",
    "sqlalchemy.databases": "use sqlalchemy.dialects",
    "sqlalchemy.processors": "use sqlalchemy.engine.processors, which is internal",
    "sqlalchemy.ThreadLocalMetaData": "use a MetaData, and give each execution its connection",
    "sqlalchemy.schema.ThreadLocalMetaData": "use a MetaData, and give each execution its connection",
    "sqlalchemy.subquery": "use select(…).subquery()",
    "sqlalchemy.sql.subquery": "use select(…).subquery()",
    "sqlalchemy.sql.expression.subquery": "use select(…).subquery()",
    "sqlalchemy.sql.expression.PARSE_AUTOCOMMIT": "nothing is committed by itself any more",
    "sqlalchemy.ext.declarative.*": "import * fails there, as it lists names that are gone: import those that are used",
    "sqlalchemy.ext.declarative.instrument_declarative": "use registry.map_declaratively()",
    "sqlalchemy.ext.declarative.comparable_using": "use a hybrid or a column_property with its own comparator",
    "sqlalchemy.ext.declarative.api": "import from sqlalchemy.orm",
    "sqlalchemy.ext.declarative.base": "it is internal, and now in sqlalchemy.orm.decl_base",
    "sqlalchemy.ext.declarative.clsregistry": "it is internal, and now in sqlalchemy.orm.clsregistry",
    "sqlalchemy.engine.BufferedRowResultProxy": "results are buffered by execution options",
    "sqlalchemy.engine.FullyBufferedResultProxy": "results are buffered by execution options",
    "sqlalchemy.engine.base.Connectable": "there is no common class: Engine and Connection are used apart",
    "sqlalchemy.engine.reflection.Connectable": "there is no common class: Engine and Connection are used apart",
    "sqlalchemy.pool.manage": "use create_engine() with its pool",
    "sqlalchemy.pool.clear_managers": "use create_engine() with its pool",
    **{
        f"sqlalchemy.ext.baked.{name}": "statements are cached by themselves; leave it out"
        for name in ("bake_lazy_loaders", "unbake_lazy_loaders", "baked_lazyload", "baked_lazyload_all")
    },
    **{
        f"sqlalchemy.util{part}.{name}": _PYTHON_2
        for part in ("", ".compat")
        for name in ("with_metaclass", "reraise", "raise_", "raise_from_cause", "u", "ue", "pickle", "StringIO",
                     "byte_buffer", "iterbytes", "itertools_filter", "itertools_filterfalse", "py2k", "py3k",
                     "binary_types", "perf_counter", "timezone", "threading", "collections_abc", "iteritems",
                     "iterkeys", "itervalues", "NoneType")
    },
    **{
        f"sqlalchemy.util.compat.{name}": _PYTHON_2
        for name in ("exec_", "import_", "long_type", "itertools_imap", "ABC", "configparser", "quote", "py37", "py38",
                     "py39", "py310", "py311", "builtins", "itertools", "collections")
    },
    **{
        f"sqlalchemy.dialects.{name}": "the dialect left SQLAlchemy; use an external dialect or another driver"
        for name in ("firebird", "sybase", "postgres", "drizzle", "informix", "mssql.mxodbc", "mysql.oursql",
                     "postgresql.pygresql", "postgresql.pypostgresql")
    },
}  # fmt: skip
"""Full name in 1.x → what to do instead. A module stands for all its names."""

IMPORTABLE = frozenset({"sqlalchemy.orm.mapper"})
"""Names of `GONE` that 2.x still has: their uses are told of, not their import."""

TARGETS = {"sqlalchemy.orm.mapper": ("sqlalchemy.orm", "Mapper")}
"""Names of `GONE` that stood for a class where events are listened to."""

CALLED = frozenset({"sqlalchemy.subquery", "sqlalchemy.sql.subquery", "sqlalchemy.sql.expression.subquery",
                    "sqlalchemy.orm.mapper"})  # fmt: skip
"""Functions of `GONE` whose calls are rewritten."""


OTHERWISE = departed_flask.OTHERWISE
"""Names of `MOVED` → what else became of them."""

CHANGED = departed_flask.CHANGED
"""Names that stay, and do something else → what."""

LATER = departed_internal.LATER
"""Names of `GONE` that 2.0 still has."""

IDLE = frozenset({"sqlalchemy.ext.baked.bake_lazy_loaders"})
"""Functions of `GONE` that did nothing on 1.4: a statement that calls one can go."""


def advice(full: str) -> str | None:
    """What to do in the place of a name that is gone, or whose module is."""
    parts = full.split(".")
    for end in range(len(parts), 1, -1):
        found = GONE.get(".".join(parts[:end]))
        if found is not None and not (end < len(parts) and parts[end - 1] == "mapper"):
            return found
    return None


def said(full: str) -> str:
    """That a name is gone, and what to do, for users."""
    name = full.removeprefix(f"{departed_flask.SETTING}.").replace("flask_sqlalchemy.SQLAlchemy.", "db.")
    since = "Flask-SQLAlchemy 3" if full.startswith("flask_sqlalchemy") else "2.1" if full in LATER else "2.0"
    return f"`{name}` is gone from {since}: {advice(full)}"


def is_departed(full: str) -> bool:
    """Whether a name can't be imported from where 1.x had it."""
    return full in MOVED or (advice(full) is not None and full not in IMPORTABLE)


_RENAMED = tuple(full for full, (_, name) in MOVED.items() if full.rpartition(".")[2] != name)


def renamed(imported: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The imported names that are called otherwise in 2.x, or that lead to some."""
    return frozenset(bound for bound, full in imported if any(f"{old}.".startswith(f"{full}.") for old in _RENAMED))
