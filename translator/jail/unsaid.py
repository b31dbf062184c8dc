"""What a statement asks for that SQLite's SQL doesn't say: locks, an OFFSET of 0, how its objects are loaded.

SQLite has no FOR UPDATE, and writes `OFFSET 0` where there is none; options that load objects on demand, in batches or
anew change no text at all. Each is a word or a pair of the trace, compared like a parameter. Runs on either SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LOCK = ("nowait", "read", "skip_locked", "key_share")
LOADED: Mapping[str, Any] = {"_populate_existing": False, "_yield_per": None, "_autoflush": True}
"""How objects are loaded, with what is usual."""
SERVERS = ("stream_results", "isolation_level", "schema_translate_map")
"""Options of an execution that only a server would show."""
OF_VALUES = 10
"""Rows in a batch of `Query.value()` and `values()` of 1.4, which nobody asks for."""
QUIET = frozenset({"select", "raise", "raise_on_sql", "noload"})
"""Ways to load a relationship that change no statement: the others show in the SQL, or emit more of it."""


def unsaid(context: Any) -> list[str]:
    """The words for one execution, sorted; empty for most."""
    statement = _asked(context)
    options = getattr(context, "execution_options", None) or {}
    said = {*_of_statement(statement), *_of_execution(options)}
    if f"yield_per={OF_VALUES}" in said and not _entities(statement):
        said -= {f"yield_per={OF_VALUES}", "stream_results=True"}
    return sorted(said)


def _asked(context: Any) -> Any:
    """The statement as the text built it, before the mapper made columns of entities."""
    state = getattr(getattr(context, "compiled", None), "compile_state", None)
    found = getattr(state, "select_statement", None)
    return found if found is not None else getattr(context, "invoked_statement", None)


def _of_statement(statement: Any) -> Iterator[str]:
    lock = getattr(statement, "_for_update_arg", None)
    if lock is not None:
        held = [name for name in LOCK if getattr(lock, name, False)]
        tables = getattr(lock, "of", None)
        yield " ".join(["lock", *held, *(["of"] if tables else [])])
    if getattr(statement, "_offset_clause", None) is not None:
        yield "offset"
    if not _entities(statement):
        return  # no objects, so nothing to say of how they are loaded: not e.g. in what `count()` makes of a query
    if getattr(getattr(statement, "_compile_options", None), "_enable_eagerloads", True) is False:
        yield "load * select"
    for option in getattr(statement, "_with_options", None) or ():
        yield from _of_option(option)


def _entities(statement: Any) -> bool:
    return any(map(_is_entity, getattr(statement, "_raw_columns", None) or ()))


def _is_entity(column: Any) -> bool:
    return getattr(column, "_is_from_clause", False) and "parententity" in getattr(column, "_annotations", ())


def _of_option(option: Any) -> Iterator[str]:
    """A loader by the attribute and the way it is loaded; the versions keep them in different places."""
    held = getattr(option, "_to_bind", None) or getattr(option, "context", None) or [option]
    for part in held.values() if isinstance(held, Mapping) else held:
        strategy, path = dict(getattr(part, "strategy", None) or ()), getattr(part, "path", ())
        if strategy.get("lazy") in QUIET:
            yield f"load {_attribute(path)} {strategy['lazy']}"
        elif strategy.get("raiseload"):
            yield f"load {_attribute(path)} raise"


def _attribute(path: Any) -> str:
    """The key of the last attribute on a path, or `*`."""
    keys = [step if isinstance(step, str) else getattr(step, "key", None) for step in path]
    last = str(next((key for key in reversed(keys) if key is not None), "*"))
    return "*" if last.endswith(("*", "_sa_default")) else last


def _of_execution(options: Mapping[str, Any]) -> Iterator[str]:
    loaded = options.get("_sa_orm_load_options")
    if loaded is not None and getattr(loaded, "_refresh_state", None) is None:  # the versions refresh differently
        for name, usual in LOADED.items():
            value = getattr(loaded, name, usual)
            if value != usual:
                yield f"{name[1:]}={value}"
    for name in SERVERS:
        if options.get(name):
            yield f"{name}={options[name]!r}"


def of_objects(context: Any) -> bool:
    """Whether the rows of a statement become objects of one class, so that nobody sees in which order their columns are."""
    state = getattr(getattr(context, "compiled", None), "compile_state", None)
    entities: Any = getattr(state, "_entities", None) or ()
    return len(entities) == 1 and type(entities[0]).__name__ == "_MapperEntity"
