"""What tables and classes of a text say that no statement shows: defaults, indexes, cascades, how relationships load.

Runs on either SQLAlchemy; the words are those of both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from .guards import Unavailable
from .values import lasting

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
LONGEST = 200
MODULE = "__main__"
"""The module of classes that stand in the text itself."""
LOADED = {True: "select", "write_only": "dynamic", None: "noload", False: "joined"}
"""Names that mean the same; how a dynamic relationship is written is an option of the translation."""
Facets = dict[str, Any]


def describe(metadata: Iterable[Any], mappers: Iterable[Any], tables: Iterable[str]) -> Mapping[str, Any]:
    """The tables of these names and the classes of the text, each with its parts and what they say."""
    try:
        return {
            "tables": {name: _table(each.tables[name]) for each in metadata for name in tables if name in each.tables},
            "classes": {
                mapper.class_.__name__: _class(mapper) for mapper in mappers if mapper.class_.__module__ == MODULE
            },
        }
    except Unavailable:
        raise
    except Exception:
        # a type or a class of the text's own that can't be asked: nothing is said of any
        return {}


def columns_of(raw: sqlite3.Connection) -> dict[str, list[list[Any]]]:
    """The columns of every table: name, type, whether NULL is refused, place in the primary key."""
    names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    found = {}
    for name in names:
        columns = raw.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall()
        found[name] = sorted([list(column) for column in columns], key=repr)
    return found


def _table(table: Any) -> dict[str, Facets]:
    found = {str(column.name): _column(column) for column in table.columns}
    found[""] = {
        "indexes": sorted(
            [_text(index.name), bool(index.unique), *map(_in_ddl, index.expressions)] for index in table.indexes
        ),
        "constraints": sorted(filter(None, map(_constraint, table.constraints)), key=repr),
    }
    return found


def _column(column: Any) -> Facets:
    return {
        "type": _type(column.type),
        "default": _default(column.default),
        "onupdate": _default(column.onupdate),
        "server_default": _default(column.server_default),
        "server_onupdate": _default(column.server_onupdate),
        "comment": column.comment and _text(column.comment),
    }


def _type(kind: Any) -> str:
    try:
        return _text(kind.compile(dialect=DIALECT))
    except Exception:
        # not e.g. on PostgreSQL
        return type(kind).__name__


def _default(given: Any) -> Any:
    """What is put in by itself: a value, what a function gives, an expression."""
    if given is None:
        return None
    value = getattr(given, "arg", given)
    if callable(value) and hasattr(value, "__name__"):
        return f"{value.__name__}()"
    return _text(value) if hasattr(value, "__clause_element__") or hasattr(value, "compile") else _text(repr(value))


def _constraint(constraint: Any) -> Any:
    kind = type(constraint).__name__
    if kind == "ForeignKeyConstraint":
        rules = [constraint.ondelete, constraint.onupdate, bool(constraint.deferrable)]
        return [
            kind,
            *sorted(f"{key.parent.name} {key._get_colspec()}" for key in constraint.elements),
            *map(_text, rules),
        ]
    if kind == "UniqueConstraint":
        return [kind, *sorted(column.name for column in constraint.columns)]
    return [kind, _text(constraint.sqltext)] if kind == "CheckConstraint" else None


def _class(mapper: Any) -> dict[str, Facets]:
    found = {
        prop.key: _relationship(prop) if isinstance(prop, orm.RelationshipProperty) else _attribute(prop)
        for prop in mapper.iterate_properties
    }
    found[""] = {
        "base": mapper.inherits and mapper.inherits.class_.__name__,
        "discriminator": _text(mapper.polymorphic_on),
        "identity": _text(mapper.polymorphic_identity),
        "version": _text(mapper.version_id_col),
        "concrete": bool(mapper.concrete),
    }
    return found


def _attribute(prop: Any) -> Facets:
    columns = getattr(prop, "columns", ())
    return {
        "columns": [_text(column) for column in columns],
        "deferred": bool(getattr(prop, "deferred", False)),
        "group": _text(getattr(prop, "group", None)),
    }


def _relationship(prop: Any) -> Facets:
    return {
        "target": prop.mapper.class_.__name__,
        "uselist": bool(prop.uselist),
        "cascade": sorted(prop.cascade),
        "lazy": LOADED.get(prop.lazy, prop.lazy),
        "order_by": [_text(column) for column in prop.order_by or ()],
        "the other side": sorted(other.key for other in prop._reverse_property),
        "join": [_text(prop.primaryjoin), _text(prop.secondaryjoin)],
        "passive_deletes": _text(prop.passive_deletes),
        "passive_updates": bool(prop.passive_updates),
        "viewonly": bool(prop.viewonly),
        "post_update": bool(prop.post_update),
        "innerjoin": _text(prop.innerjoin),
        "collection": _collection(prop.collection_class or list),
    }


def _collection(make: Any) -> str:
    """The kind of collection; the classes that a key gives are called otherwise in each version."""
    made = make()
    return next((kind.__name__ for kind in (list, set, dict) if isinstance(made, kind)), type(made).__name__)


def _in_ddl(expression: Any) -> str:
    """An expression of an index with its literals in it, as they are in `CREATE INDEX`."""
    try:
        return _text(expression.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
    except Exception:  # a type without literals, another database's construct
        return _text(expression)


def _text(value: Any) -> str:
    return lasting(str(value))[:LONGEST]
