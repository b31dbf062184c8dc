"""What executes a statement without being in sight, and tables that other packages bring.

Knows nothing of rules.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import binds, conventions
from translator.model.scopes import Binding, Names
from translator.model.sites import SiteKind
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Belief,
    Connectable,
    Connection,
    Engine,
    Imported,
    Phase,
    Plain,
    Result,
    Row,
    Select,
    Session,
    TableValue,
    Text,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


_DRIVERS = conventions.FOREIGN_IMPORTS - {"pandas", "google", "boto3", "botocore"}
_OF_A_DRIVER = re.compile(r"curs|dbapi|\bcur\b|raw|pool|redis|asyncpg|sqlite3|psycopg", re.IGNORECASE)
"""What is called so is a driver's connection or cursor, or no database at all."""
_SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|TRUNCATE|WITH|REPLACE|PRAGMA|GRANT|REVOKE|SET|SHOW|VACUUM|LOCK|"
    r"REFRESH|MERGE|BEGIN|CALL)\b",
    re.IGNORECASE,
)
_NAMED_SQL = re.compile(r"sql|stmt|statement", re.IGNORECASE)


EXECUTED: dict[str, Type] = {
    **dict.fromkeys(conventions.ENGINE_NAMES, Engine(Belief.ASSUMED)),
    **dict.fromkeys(conventions.CONNECTION_NAMES, Connection(Belief.ASSUMED)),
    **dict.fromkeys(conventions.RESULT_NAMES, Result(Row(None, Belief.ASSUMED), Belief.ASSUMED)),
    **dict.fromkeys(conventions.ROW_NAMES, Row(None, Belief.ASSUMED)),
}
"""What the names of conventions hold that executes, or comes of it."""


@dataclass(frozen=True, slots=True)
class Bound(Type):
    """A method that executes, named and not called there: `run = conn.execute`."""

    of: Engine | Connection | Session
    method: str


def of_bound(walk: Expressions, node: cst.Call, bound: Bound) -> Type:
    """What calling such a method gives."""
    kinds = walk.arguments(node, lambda value: walk.consume(value, f"it is passed to `{bound.method}()`"))
    walk.site(SiteKind.MEMBER, node, f"Bound.{bound.method}", bound.of, arguments=kinds)
    if bound.method != "execute":
        return UNKNOWN
    keyed = None if isinstance(bound.of, Session) else True
    return Result(Row(None, bound.of.belief, keyed=keyed), bound.of.belief)


def of_unknown(walk: Expressions, node: cst.Call, func: cst.Attribute, *, used: bool) -> Type | None:
    """What a method of something unknown gives, where that is a `bind` or executes; None where it is neither."""
    name = func.attr.value
    if is_bind(walk, func.value):
        return of_bind(walk, node, name, used=used)
    if name == "execute" and statement_given(walk, node):
        return executed(walk, node, used=used)
    if name == "execute":
        note_string(walk, node, func)
    return None


def of_import(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Imported) -> None:
    """Note SQL in a string that something executes which is imported: `config.db.store`, not e.g. Alembic's `op`."""
    root = names.root(owner.name)
    if root not in {"alembic", *conventions.EXTENSION_MODULES, *conventions.FOREIGN_IMPORTS, *sys.stdlib_module_names}:
        note_string(walk, node, func)


def statement_given(walk: Expressions, node: cst.Call) -> bool:
    """Whether a call is given a statement of SQLAlchemy first, and not awaited: what takes it is a part of SQLAlchemy."""
    first = node.args[0] if node.args else None
    if first is None or first.star or first.keyword is not None:
        return False
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    kind = walk.types.get(id(first.value)) or walk.expression(first.value)
    return isinstance(kind, (Select, Text)) and not isinstance(outer, cst.Await)


def note_string(walk: Expressions, node: cst.Call, func: cst.Attribute) -> None:
    """Note SQL in a string that something unknown executes: 2.0 takes none, only a driver's connections and cursors do."""
    first = node.args[0] if node.args else None
    path = names.code(func.value)
    if first is None or first.star or first.keyword is not None:
        return
    if not walk.about_sqlalchemy and not (path.lower().endswith("session") and _has_sessions(walk)):
        return
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    if isinstance(outer, cst.Await) or walk.imports.packages & _DRIVERS or _OF_A_DRIVER.search(path):
        return
    kind = walk.types.get(id(first.value)) or walk.expression(first.value)
    keywords = any(arg.keyword is not None or arg.star == "**" for arg in node.args)
    named = keywords and kind is UNKNOWN and _NAMED_SQL.search(names.code(first.value)) is not None
    if named or (isinstance(kind, Plain) and kind.text and _SQL.match(kind.start or "")):
        walk.site(SiteKind.MEMBER, node, "Executor.string", UNKNOWN, arguments=(kind,))


def _has_sessions(walk: Expressions) -> bool:
    """Whether a program has its sessions from SQLAlchemy: a text that imports nothing of it is given one, as tests are."""
    imported = [unit.imports.packages for unit in walk.program.units]
    return any(each & conventions.EXTENSION_MODULES for each in imported) and not any(
        "cassandra" in each for each in imported
    )


def executed(walk: Expressions, node: cst.Call, owner: Type = UNKNOWN, *, used: bool) -> Type:
    """The result of a statement that something unknown executes: a connection, an engine, or a session."""
    kinds = walk.arguments(node, lambda value: walk.consume(value, "it is passed to `execute()`"))
    walk.site(SiteKind.MEMBER, node, "Executor.execute", owner, arguments=kinds, used=used)
    return Result(Row(None, Belief.ASSUMED, keyed=None, told=True), Belief.ASSUMED)


def method(walk: Expressions, node: cst.Call, name: str, *, used: bool) -> Type:
    """What a method of an engine or a connection, whichever it is, gives."""
    if name in {"execute", "scalar"}:
        return executed(walk, node, Connectable(), used=used)
    walk.arguments(node, lambda value: walk.consume(value, f"it is passed to `{name}()`"))
    return UNKNOWN


def is_bind(walk: Expressions, node: cst.BaseExpression) -> bool:
    """Whether something is called `bind`, as engines and connections are that others give."""
    return walk.about_sqlalchemy and (names.dotted(node) or "").rpartition(".")[2] in {"bind", "_bind", "connectable"}


def note_use(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Type) -> None:
    """Note that a `bind` is asked for a connection: it is an Engine then, wherever its class uses it."""
    if func.attr.value not in {"connect", "begin", "raw_connection", "dispose"} or node.args:
        return
    bind = func.value
    if isinstance(bind, cst.Attribute) and (owner is UNKNOWN or isinstance(owner, Engine)) and is_bind(walk, bind):
        key = walk.functions.classes.key(walk.types.get(id(bind.value), UNKNOWN))
        if key is not None:
            walk.functions.classes.store(key, bind.attr.value, Engine(Belief.ASSUMED))


def of_bind(walk: Expressions, node: cst.Call, name: str, *, used: bool) -> Type:
    """What a method of a `bind` gives."""
    result = method(walk, node, name, used=used)
    return Connection(Belief.ASSUMED, phase=Phase.IDLE) if name == "connect" and not node.args else result


def narrowed(walk: Expressions, test: cst.BaseExpression) -> tuple[Names, Names]:
    """What names hold where a condition is true, and where it is false: `if isinstance(bind, Engine):`."""
    true, false = _told(walk, test)
    return _bound(walk, true), _bound(walk, false)


def _bound(walk: Expressions, kinds: dict[str, Type]) -> Names:
    return {name: Binding(kind, walk.binding_of(name)) for name, kind in kinds.items()}


def _told(walk: Expressions, test: cst.BaseExpression) -> tuple[dict[str, Type], dict[str, Type]]:
    match test:
        case cst.UnaryOperation(operator=cst.Not()):
            true, false = _told(walk, test.expression)
            return false, true
        case cst.BooleanOperation():
            left, right = _told(walk, test.left), _told(walk, test.right)
            return (
                ({**left[0], **right[0]}, {}) if isinstance(test.operator, cst.And) else ({}, {**left[1], **right[1]})
            )
        case cst.Call(func=cst.Name("isinstance"), args=[cst.Arg(value=cst.Name(value=name)), cst.Arg(value=kinds)]):
            return _instance(walk, name, kinds)
    return {}, {}


def _instance(walk: Expressions, name: str, classes: cst.BaseExpression) -> tuple[dict[str, Type], dict[str, Type]]:
    binding = walk.scope.look_up(name)
    now = binding.type if binding is not None else UNKNOWN
    kind = walk.types.get(id(classes), UNKNOWN)
    full = kind.name if isinstance(kind, Imported) else names.dotted(classes) or ""
    last = full.rpartition(".")[2]
    ours = names.root(full) == "sqlalchemy"
    by_convention = now is UNKNOWN and name in conventions.ENGINE_NAMES | conventions.CONNECTION_NAMES
    if last == "Engine" and ours:
        engine = now if isinstance(now, Engine) else Engine(Belief.PROVEN)
        other: Type = Connectable() if by_convention else Connection(Belief.ASSUMED)
        return {name: engine}, {name: other} if by_convention or isinstance(now, (Engine, Connectable)) else {}
    if last == "Connection" and ours:
        connection = now if isinstance(now, Connection) else Connection(Belief.PROVEN)
        other = Connectable() if by_convention and name not in conventions.ENGINE_NAMES else Engine(Belief.ASSUMED)
        return {name: connection}, {name: other} if by_convention or isinstance(now, (Connection, Connectable)) else {}
    several = isinstance(classes, (cst.Tuple, cst.List)) or last == "Connectable"
    told = by_convention or isinstance(now, (Engine, Connection))
    return ({name: PLAIN} if told and last and not several else {}), {}


def reflected(walk: Expressions, node: cst.Call) -> TableValue:
    """What oslo.db's `get_table(engine, name)` gives: a table whose MetaData was bound to the engine."""
    return TableValue("", True, binds.bound_to(walk, node, "engine", 0))
