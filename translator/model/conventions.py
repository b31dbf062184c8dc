"""Conventions: what names mean to people who write SQLAlchemy, where nothing in the text proves it. Data, little more."""

from __future__ import annotations

import re
from collections.abc import Iterable

SESSION_NAMES = frozenset(
    {
        "session", "Session", "DBSession", "db_session", "dbsession", "dbSession", "sess", "_session", "ses",
        "sqlsession", "sql_session", "db_sess", "s_session", "async_session",
    }
)  # fmt: skip
"""Bare names that hold a session."""

SESSION_GETTERS = frozenset({"get_db", "getdb", "db"})
"""Functions without the word `session` in their names that give one."""

QUERY_NAMES = frozenset({"query", "q", "qry", "base_query", "_query"})
"""Names that hold a query or a statement where nothing says what."""

EXTENSION_OBJECTS = frozenset({"db"})
"""Names that an application's modules import Flask-SQLAlchemy's object by."""

SESSION_ATTRIBUTES = frozenset(
    {"session", "_session", "db_session", "dbsession", "_db_session", "DBSession", "sess", "sa_session"}
)
"""Attributes that hold a session whatever object they stand on: `db.session`, `self.session`, `g.db_session`."""

ENGINE_NAMES = frozenset(
    {
        "engine", "_engine", "db_engine", "sql_engine", "migrate_engine", "sa_engine", "pg_engine", "mysql_engine",
        "sqlite_engine", "test_engine", "source_engine", "target_engine", "read_engine", "write_engine",
    }
)  # fmt: skip
"""Names and attributes that hold an Engine."""

ENGINE_GETTERS = frozenset({"get_engine", "_get_engine", "get_engine_from_env", "get_api_engine", "get_main_engine"})
"""Methods and functions that give an Engine: those of oslo.db's facades, and what applications call theirs."""

METHODS_OF_MANY = frozenset(
    {"all", "execute", "fetch", "fetchall", "fetchone", "fetchmany", "fetch_all", "fetch_one", "find", "find_one", "first",
     "get_one", "list", "load", "next", "one", "query", "read", "result", "results", "row", "rows", "run", "search", "select"}
) | frozenset(name for kind in (dict, list, set, str, object) for name in dir(kind))  # fmt: skip
"""Methods that objects of many packages have: their name tells nothing."""

METADATA_NAMES = frozenset({"meta", "metadata", "_metadata", "_meta"})
"""Names and attributes that hold a MetaData."""

CONNECTION_NAMES = frozenset({"connection", "conn", "_connection", "_conn", "db_conn"})
"""Names that hold a Connection, where SQLAlchemy itself is imported (a DBAPI connection has the same names)."""

OF_SESSIONS = frozenset(
    {
        "query", "execute", "scalar", "scalars", "get", "add", "add_all", "delete", "merge", "expunge", "flush", "commit",
        "rollback", "begin", "begin_nested", "connection", "get_bind", "bind", "transaction", "bulk_save_objects",
        "bulk_insert_mappings", "bulk_update_mappings", "is_active", "autocommit", "prepare", "close", "query_property",
    }
)  # fmt: skip
"""What a Session has that rules or types know of."""

RESULT_NAMES = frozenset({"resultproxy", "result_proxy"})
"""Names that hold a Result: 1.x called its class so."""

ROW_NAMES = frozenset({"rowproxy", "row_proxy"})
"""Names that hold a Row, likewise."""

ENTITY_NAMES = frozenset(
    {"cls", "model", "Model", "klass", "model_class", "model_cls", "entity", "entity_class", "class_", "mapped_class"}
)
"""Variables that hold a mapped class when they are handed to query()."""

MODEL_MODULES = frozenset({"models", "model", "orm", "entities", "db_models", "base_models"})
"""Modules that hold mapped classes, whatever these are called: `models.SNI`."""

BASE_NAMES = frozenset({"Base", "DeclarativeBase", "ModelBase", "BaseModel", "DeclBase", "SQLModel"})
"""Names of declarative bases whose definition is not in sight."""

PLAIN_BASES = BASE_NAMES | {"Model", "UserMixin", "RoleMixin", "object"}
"""Bases of mapped classes that do not say when their objects are true: those above, Flask-SQLAlchemy's and Flask-Login's."""

UNMAPPED_PACKAGES = frozenset(
    {"pydantic", "pydantic_settings", "marshmallow", "msgspec", "django", "peewee", "mongoengine", "odmantic", "beanie"}
)
"""Packages whose classes have such names and are never mapped by SQLAlchemy."""

FREE_NAMES = frozenset(
    """
    select func text and_ or_ not_ desc asc case cast literal literal_column bindparam distinct exists column table
    insert update delete union union_all intersect except_ null true false between collate extract tuple_ type_coerce
    over within_group values lateral nulls_first nulls_last nullsfirst nullslast any_ all_ alias join outerjoin
    Table Column ForeignKey ForeignKeyConstraint PrimaryKeyConstraint UniqueConstraint CheckConstraint Index Sequence
    Identity Computed MetaData Integer String Text Boolean DateTime Date Time Float Numeric Interval LargeBinary
    SmallInteger BigInteger Unicode UnicodeText Enum JSON PickleType Uuid ARRAY inspect create_engine event exc
    aliased joinedload subqueryload selectinload lazyload contains_eager raiseload noload immediateload defer undefer
    load_only relationship backref sessionmaker scoped_session declarative_base Session Query with_polymorphic
    with_parent undefer_group defaultload with_loader_criteria selectin_polymorphic mapper relation
    column_property composite query_expression synonym deferred object_session make_transient Bundle Load
    joinedload_all subqueryload_all eagerload eagerload_all declared_attr validates dynamic_loader
    DDL CreateTable DropTable make_url
    """.split()  # noqa: SIM905  (a table reads better as words)
)
"""Names of SQLAlchemy that a fragment without imports uses freely."""

FREE_TYPES = {
    name: f"sqlalchemy.dialects.postgresql.{name}"
    for name in ("UUID", "JSONB", "HSTORE", "INET", "CIDR", "TSVECTOR", "BYTEA")
}
"""Types of a dialect that a fragment uses freely: 1.x has no `UUID` but PostgreSQL's."""

FREE_MODULES = {"sa": "sqlalchemy", "sqlalchemy": "sqlalchemy", "orm": "sqlalchemy.orm", "so": "sqlalchemy.orm"}
"""Modules that a fragment without imports names as everybody does."""

ORM_NAMES = frozenset(
    """
    aliased joinedload subqueryload selectinload lazyload contains_eager raiseload noload immediateload defer undefer
    load_only relationship backref sessionmaker scoped_session declarative_base Session Query with_polymorphic
    with_parent undefer_group defaultload with_loader_criteria selectin_polymorphic mapper relation
    column_property composite query_expression synonym deferred object_session make_transient Bundle Load
    joinedload_all subqueryload_all eagerload eagerload_all declared_attr validates dynamic_loader
    """.split()  # noqa: SIM905
)
"""Those of `FREE_NAMES` that live in sqlalchemy.orm."""

FOREIGN_IMPORTS = frozenset(
    {
        "boto3", "botocore", "aioboto3", "pandas", "sqlite3", "psycopg2", "psycopg", "pymysql", "MySQLdb", "cassandra",
        "asyncpg", "cx_Oracle", "oracledb", "pyodbc", "duckdb", "peewee", "django", "pony", "tortoise", "databases",
        "neo4j", "pymongo", "google",
    }
)  # fmt: skip
"""Packages with `query` and `execute` of their own: with one of them and without SQLAlchemy, no convention holds."""

EXTENSION_MODULES = frozenset(
    {
        "sqlalchemy",
        "flask_sqlalchemy",
        "sqlmodel",
        "alembic",
        "sqlalchemy_utils",
        "geoalchemy2",
        "zope",
        "fastapi_sqlalchemy",
    }
)
"""Packages whose import shows that a text is about SQLAlchemy."""


def names_a_class(name: str) -> bool:
    """Whether a variable or an attribute is named for the mapped class that it holds: `model`, `user_class`."""
    return name in ENTITY_NAMES or name.endswith(("_cls", "_class", "_model", "_klass"))


def abbreviates(name: str) -> bool:
    """Whether a name may be a class that is called by its initials: `models.RSE`; not e.g. `models.MAX_AGE`."""
    return name.isalpha() and name.isupper()


_SQL = r"[fr]*[\"']+\s*(?:select|insert|update|delete|create|drop|alter|truncate|with|call|exec|show|pragma)\b"
_STATEMENT = r"\w+(?:\.\w+)*\.(?:insert|update|delete|select)\("
SPOKEN = re.compile(
    rf"""\bdb\.(?:engine|session)\b
    | \bmigrate_engine\b
    | \bselect\(\[
    | \bsession\.query\(
    | \.execute\(\s*{_STATEMENT}
    | engine\.(?:execute|scalar)\(\s*(?:{_SQL}|select\(|text\()
    | engine\.execute\([^\n]*\)\.(?:fetch\w+|first|scalar|keys)\(
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What only users of SQLAlchemy write: a text that imports what it uses from modules of its own shows no other sign."""


def speaks(text: str, packages: Iterable[str]) -> bool:
    """Whether a text without an import of SQLAlchemy is about it all the same."""
    return not (FOREIGN_IMPORTS - {"pandas"}) & set(packages) and SPOKEN.search(text) is not None


_OWNER_OF_MODEL = re.compile(r"\b(\w+)\.Model\b")
_OWNER_OF_COLUMN = re.compile(r"\b(\w+)\.(?:Column|relationship)\(")
_TABLE = re.compile(r"^[ \t]+__tablename__\s*(?::\s*str\s*)?=", re.MULTILINE)
_COLUMN = re.compile(r"\bColumn\(")


def declares(text: str) -> bool:
    """Whether a text declares models of SQLAlchemy, which is as good as an import of it.

    So do `db.Model` beside `db.Column(…)`, and `__tablename__` beside a `Column(…)`, wherever the names come from.
    """
    if not _COLUMN.search(text) and "relationship(" not in text:
        return False
    owners = set(_OWNER_OF_COLUMN.findall(text)) & set(_OWNER_OF_MODEL.findall(text))
    return bool(owners) or (_TABLE.search(text) is not None and _COLUMN.search(text) is not None)


def full_name(name: str) -> str | None:
    """Where the name of SQLAlchemy lives that a fragment without imports uses freely; None if it is none of those."""
    if name in FREE_NAMES:
        return f"sqlalchemy.orm.{name}" if name in ORM_NAMES else f"sqlalchemy.{name}"
    return FREE_TYPES.get(name)


def gave_strings(full: str) -> bool:
    """Whether a type is a dialect's UUID, which gives UUID objects in 2.0 where nothing is said, and gave strings."""
    dialect, _, name = full.removeprefix("sqlalchemy.dialects.").partition(".")
    return name.rpartition(".")[2] == {"postgresql": "UUID", "mssql": "UNIQUEIDENTIFIER"}.get(dialect)
