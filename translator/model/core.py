"""Typing of Core: engines, connections, statements, tables, results and rows, and what each of their members gives.

Records a site for every member that is used. Knows nothing of rules; what a statement does to the database is read off
its type or the beginning of its SQL.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import binds, conventions, executors, tables, transactions
from translator.model.sites import SiteKind
from translator.model.types import (
    PLAIN,
    UNKNOWN,
    Attribute,
    Belief,
    Connection,
    Engine,
    Entity,
    Expression,
    Imported,
    Keyed,
    Many,
    MetaDataValue,
    Pagination,
    Phase,
    Plain,
    Query,
    RawConnection,
    Result,
    Row,
    Select,
    Session,
    SessionFactory,
    TableValue,
    Text,
    Transaction,
    Type,
    Url,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

MEMBERS: dict[type[Type], str] = {
    Session: "Session",
    SessionFactory: "sessionmaker",
    Engine: "Engine",
    Connection: "Connection",
    Transaction: "Transaction",
    RawConnection: "RawConnection",
    Url: "URL",
    MetaDataValue: "MetaData",
    TableValue: "Table",
    Select: "Select",
    Text: "Text",
    Result: "Result",
    Row: "Row",
    Pagination: "Pagination",
    Attribute: "Column",
    Expression: "Column",
    Entity: "Entity",
}
"""How the members of a type are called in the names of sites."""

OWNERS = (Engine, Connection, Transaction, Result, Row, MetaDataValue, Url, RawConnection, Pagination)
"""Types whose methods are typed here."""

_AUTOCOMMIT = re.compile(
    r"\s*(?:UPDATE|INSERT|CREATE|DELETE|DROP|ALTER|REPLACE|LOAD +DATA|GRANT|REVOKE|TRUNCATE|MERGE|COMMENT +ON|"
    r"IMPORT FOREIGN SCHEMA|REFRESH MATERIALIZED VIEW)\b",
    re.IGNORECASE,
)
"""What 1.x looked for at the beginning of textual SQL, over all its dialects: such a statement it committed."""
_WHOLE_WORD = re.compile(r"\s*[A-Za-z]+(?=\W)|\s*\w*$")

_NESTING = frozenset({"subquery", "alias", "cte", "lateral"})
_OF_URL = frozenset({"drivername", "username", "password", "host", "port", "database", "query"})
_LISTS = frozenset({"fetchall", "all", "fetchmany", "partitions"})
_ONES = frozenset({"first", "fetchone", "one", "one_or_none"})
_DDL = frozenset(
    {"DDL", "CreateTable", "DropTable", "CreateIndex", "DropIndex", "CreateSequence", "DropSequence", "CreateSchema",
     "DropSchema", "AddConstraint", "DropConstraint", "CreateColumn", "SetTableComment", "Sequence"}
)  # fmt: skip


def writes(kind: Type) -> bool | None:
    """Whether 1.x commits a statement by itself once it is executed; None where that can't be told."""
    match kind:
        case Select(kind=what):
            return what not in {"select", "text"}
        case Text(start=start) | Plain(text=True, start=start):
            if start is None or not _WHOLE_WORD.match(start):
                return None
            return _AUTOCOMMIT.match(start) is not None
        case tables.Given():
            return None
        case Expression() | TableValue() | Attribute() | Query():
            return False
    return None


def member(walk: Expressions, node: cst.BaseExpression, name: str, owner: Type, **more: object) -> None:
    """Record that a member of a typed object is used."""
    prefix = next(MEMBERS[known] for known in type(owner).__mro__ if known in MEMBERS)
    walk.site(SiteKind.MEMBER, node, f"{prefix}.{name}", owner, **more)  # type: ignore[arg-type]


def method(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Type, *, used: bool) -> Type:
    """The type of `owner.name(…)` for an owner of Core."""
    name = func.attr.value
    owner = binds.still_bound(walk, owner)
    into = f"it is passed to `{name}()`"
    if isinstance(owner, Engine) and name in {"transaction", "run_callable"}:
        _hand(walk, node, Connection(owner.belief, phase=Phase.BEGUN if name == "transaction" else Phase.IDLE))
    nested = isinstance(owner, TableValue)  # a query in cte.union_all(query) is a part of another statement
    kinds = walk.arguments(node, walk.operand if nested else lambda value: walk.consume(value, into))
    result = _result(walk, node, func, owner, kinds)
    member(walk, node, name, owner, arguments=kinds, result=result, used=used)
    return result


def _hand(walk: Expressions, node: cst.Call, connection: Connection) -> None:
    """Let the lambda that an engine calls have a connection as its first parameter."""
    function = node.args[0].value if node.args else None
    if isinstance(function, cst.Lambda) and function.params.params:
        walk.types[id(function.params.params[0])] = connection


def _result(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Type, kinds: list[Type]) -> Type:
    name = func.attr.value
    match owner:
        case Engine():
            return _of_engine(node, name, owner, kinds)
        case Connection():
            return _of_connection(walk, func, name, owner, kinds)
        case Transaction():
            if name in {"commit", "rollback", "close"}:
                transactions.over(walk, owner)
        case Result():
            return _of_result(name, owner)
        case Row():
            return PLAIN
        case Pagination():
            return owner if name in {"next", "prev"} else UNKNOWN
        case TableValue():
            result = tables.method(name, owner)
            given = binds.bound_to(walk, node, "bind") if isinstance(result, Select) else None
            return replace(result, bind=given) if isinstance(result, Select) and given is not None else result
        case Url():
            return owner if name in {"set", "update_query_dict", "update_query_string"} else PLAIN
    return UNKNOWN


def _of_engine(node: cst.Call, name: str, owner: Engine, kinds: list[Type]) -> Type:
    phase = Phase.FUTURE if owner.future else (Phase.BEGUN if name == "begin" else Phase.IDLE)
    match name:
        case "connect" | "begin" | "contextual_connect":
            isolation = any("isolation_level" in names.code(arg) for arg in node.args)
            phase = Phase.FUTURE if isolation else phase
            return Connection(owner.belief, owner.is_async, phase, id(node), future=owner.future or owner.is_async)
        case "execution_options":
            return owner
        case "execute":
            return Result(Row(None, owner.belief), owner.belief)
        case "raw_connection":
            return RawConnection()
    return UNKNOWN


def _of_connection(walk: Expressions, func: cst.Attribute, name: str, owner: Connection, kinds: list[Type]) -> Type:
    spelled = names.dotted(func.value) or ""
    match name:
        case "execute" | "exec_driver_sql" | "scalar" | "scalars":
            if owner.phase in {Phase.IDLE, Phase.UNKNOWN} and not (kinds and writes(kinds[0])):
                transactions.moved(walk, func.value, Phase.READ)
            elif owner.phase is Phase.READ and kinds and writes(kinds[0]):
                transactions.moved(walk, func.value, Phase.IDLE)
            if name == "scalar":
                return UNKNOWN
            keyed = None if owner.future is None else not owner.future
            return Result(UNKNOWN if name == "scalars" else Row(None, owner.belief, keyed=keyed), owner.belief)
        case "begin":
            transactions.moved(walk, func.value, Phase.BEGUN)
            return Transaction(spelled)
        case "begin_nested":
            opens = owner.phase in {Phase.IDLE, Phase.READ}
            if opens:
                transactions.moved(walk, func.value, Phase.BEGUN)
            return Transaction(spelled, nested=not opens)
        case "commit" | "rollback":
            transactions.moved(walk, func.value, Phase.IDLE)
        case "execution_options":
            driver = any(isinstance(arg.value, cst.SimpleString) and "AUTOCOMMIT" in arg.value.value.upper()
                         for arg in _arguments(func, walk))  # fmt: skip
            if driver:
                transactions.moved(walk, func.value, Phase.FUTURE)
                return replace(owner, phase=Phase.FUTURE)
            option = next((arg for arg in _arguments(func, walk) if _autocommits(arg)), None)
            return owner if option is None else replace(owner, autocommit=True)
        case "connect" | "contextual_connect":
            return owner
    return UNKNOWN


def _arguments(func: cst.Attribute, walk: Expressions) -> tuple[cst.Arg, ...]:
    call = next((node for node in reversed(walk.path) if isinstance(node, cst.Call) and node.func is func), None)
    return tuple(call.args) if call is not None else ()


def _autocommits(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == "autocommit" and names.code(arg.value) == "True"


def _of_result(name: str, owner: Result) -> Type:
    if name in _LISTS:
        return Many(owner.of)
    if name in _ONES:
        return owner.of
    if name in {"unique", "yield_per", "execution_options", "columns", "tuples"}:
        return owner
    if name == "mappings":
        return Result(PLAIN, owner.belief)
    if name == "scalars":
        return Result(UNKNOWN, owner.belief)
    return UNKNOWN


def statement_method(walk: Expressions, node: cst.Call, func: cst.Attribute, owner: Select, *, used: bool) -> Type:
    """The type of a method of a statement."""
    name = func.attr.value
    bound = binds.still_bound(walk, owner)
    assert isinstance(bound, Select)
    owner, outer = bound, walk.loading
    walk.loading = owner.entities if name == "options" else outer
    kinds = walk.arguments(node, walk.operand)
    walk.loading = outer
    result: Type = owner
    if name in _NESTING:
        result = TableValue("")
    elif name in {"where", "filter", "select_from"}:
        result = replace(owner, bind=binds.extended(walk, node, owner))
    elif name == "exists":
        result = Expression(exists=True)
    elif name in {"label", "scalar_subquery", "as_scalar"}:
        result = Expression()
    elif name == "execute":
        result = Result(Row(None))
    elif name == "scalar" or name in {"compile", "get_final_froms", "get_children"} or name.startswith("append_"):
        result = UNKNOWN
    member(walk, node, name, owner, arguments=kinds, result=result, used=used)
    return result


def constructed(walk: Expressions, node: cst.Call, full: str, kinds: list[Type]) -> Type | None:
    """What a function or class of Core gives; None where it is another's affair."""
    last = full.rpartition(".")[2]
    first = kinds[0] if kinds else UNKNOWN
    match last:
        case "text":
            return Text(
                start=first.start if isinstance(first, Plain) else None, bind=binds.bound_to(walk, node, "bind", 1)
            )
        case "MetaData":
            return MetaDataValue(binds.bound_to(walk, node, "bind", 0))
        case "Table":
            metadata = kinds[1] if len(kinds) > 1 else UNKNOWN
            bind = metadata.bind if isinstance(metadata, MetaDataValue) else None
            return TableValue("", True, bind, columns=tables.columns(node))
        case "select" | "union" | "union_all" | "intersect" | "except_" | "intersect_all" | "except_all":
            bind = binds.bound_to(walk, node, "bind") or binds.found(kinds) or binds.drawn(walk, node)
            return Select("select", bind, entities=tuple(k.name for k in kinds if isinstance(k, Entity)))
        case "insert" | "update" | "delete":
            return Select(last, binds.bound_to(walk, node, "bind") or binds.found(kinds))
        case "create_engine" | "engine_from_config" | "create_async_engine":
            future = names.keyword(node, "future")
            return Engine(Belief.PROVEN, "async" in last, future is not None and names.code(future) == "True")
        case "make_url" | "URL":
            return Url(last == "make_url" or names.starred(node) or _holds_password(node))
        case "alias" | "table" | "lateral" | "tablesample":
            return TableValue("")
        case "join" | "outerjoin" if not full.startswith("sqlalchemy.orm"):
            return TableValue("", joined=True)
    if last in _DDL:
        return Select("ddl", binds.bound_to(walk, node, "bind", 2 if last == "DDL" else 1))
    return None


def _holds_password(node: cst.Call) -> bool:
    """Whether `URL(drivername, username, password, …)` is given a password."""
    return len(names.positional(node)) > 2 or names.keyword(node, "password") is not None


def attribute(walk: Expressions, node: cst.Attribute, owner: Type) -> Type:
    """The type of an attribute of something of Core, without a call."""
    name = node.attr.value
    match owner:
        case Select():
            member(walk, node, name, owner)
            return TableValue("") if name in {"c", "columns", "selected_columns"} else UNKNOWN
        case Engine() | Connection() | Session() | SessionFactory() | MetaDataValue() | Url() | RawConnection():
            member(walk, node, name, owner)
            return _attribute(name, owner)
        case Pagination():
            member(walk, node, name, owner)
            return Many(owner.of) if name == "items" else UNKNOWN
        case Result():
            member(walk, node, name, owner)
            if name == "inserted_primary_key":
                return Row(None, owner.belief, keyed=False)
    return UNKNOWN


def _attribute(name: str, owner: Type) -> Type:
    if name == "url" and isinstance(owner, Engine):
        return Url()
    if name == "engine" and isinstance(owner, (Engine, Connection)):
        return Engine(owner.belief, owner.is_async)
    if name in {"execute", "scalar"} and isinstance(owner, (Engine, Connection, Session)):
        return executors.Bound(owner, name)
    if name == "bind" and isinstance(owner, Session):
        return Engine(owner.belief)
    if name in {"tables", "sorted_tables"} and isinstance(owner, MetaDataValue):
        table = TableValue("", is_table=True, bind=owner.bind)
        return Keyed(table) if name == "tables" else Many(table)
    return UNKNOWN


def subscribed(walk: Expressions, node: cst.Subscript, owner: Row, index: Type) -> Type:
    """The type of `row[…]`; a site where the index is a name or a column, or may be."""
    value = node.slice[0].slice
    number = isinstance(value, cst.Slice) or (
        isinstance(value, cst.Index) and isinstance(names.literal(value.value), int)
    )
    if not number:
        member(walk, node, "[]", owner, arguments=(index,))
    return UNKNOWN


def assigned(walk: Expressions, target: cst.Attribute, by: cst.CSTNode) -> None:
    """Record that an engine is bound to a MetaData, and let its name know it from here on; or that a URL is changed."""
    if target.attr.value in _OF_URL and isinstance(url := walk.expression(target.value), Url):
        member(walk, target, "=", url)
    if target.attr.value not in {"bind", "schema"}:
        return
    owner = walk.expression(target.value)
    last = (names.dotted(target.value) or "").rpartition(".")[2]
    if owner is UNKNOWN and walk.about_sqlalchemy and last in conventions.METADATA_NAMES:
        member(walk, target, f"{target.attr.value}=", MetaDataValue())
    if target.attr.value == "schema":
        if isinstance(owner, MetaDataValue) or (isinstance(owner, Imported) and last in conventions.METADATA_NAMES):
            member(walk, target, "schema=", MetaDataValue())
        return
    if not isinstance(owner, (MetaDataValue, Session)):
        return
    member(walk, target, "bind=", owner)
    if (
        isinstance(owner, Session)
        or not isinstance(target.value, cst.Name)
        or not isinstance(by, cst.Assign)
        or names.code(by.value) == "None"
    ):
        return
    name = target.value.value
    walk.scope.bind(name, replace(owner, bind=binds.named(walk, by.value)), walk.binding_of(name))


def told(walk: Expressions, node: cst.Call, function: str, kinds: list[Type]) -> None:
    """Record what a builtin does with something of Core: `str(url)`, `hasattr(row, "keys")`."""
    if function == "str" and len(kinds) == 1 and isinstance(kinds[0], Url):
        member(walk, node, "str", kinds[0])
    if function in {"hasattr", "getattr"} and len(kinds) > 1 and isinstance(kinds[0], Row):
        name = names.literal_string(node.args[1].value)
        if name == "keys" or (name in {"values", "items", "has_key"} and kinds[0].keyed is not False):
            member(walk, node.args[0].value, f"{function}:{name}", kinds[0])


def own_package(full: str) -> bool:
    """Whether a dotted name belongs to SQLAlchemy or to a package that stands on it."""
    return names.root(full) in conventions.EXTENSION_MODULES


def of_operation(kind: Imported, name: str) -> Type | None:
    """What Alembic's operations give: `op.get_bind()` is in a transaction that Alembic ends."""
    if kind.name in {"alembic.op", "alembic.operations", "alembic.context"} and name == "get_bind":
        return Connection(Belief.PROVEN, phase=Phase.BEGUN)
    return None


def of_class(walk: Expressions, node: cst.Call, owner: Imported, name: str) -> None:
    """Record what is asked of a class itself: `Session.close_all()`."""
    if name == "close_all" and owner.name.startswith("sqlalchemy.orm.") and owner.name.endswith(".Session"):
        member(walk, node, name, SessionFactory(Belief.PROVEN))
