"""What a function does with a MetaData: shared by the rules that take its engine away. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.findings import Severity
from translator.model.module import ModuleModel
from translator.model.types import Connectable, Connection, Engine, Expression, Imported, TableValue
from translator.rules.contract import Decline
from translator.syntax import names

_GIVEN = frozenset({"bind", "create_all", "drop_all", "reflect", "tables", "sorted_tables", "clear", "remove"})
"""Members of a MetaData whose use is seen."""


_OF_SQLALCHEMY = frozenset(
    {"alias", "delete", "exists", "execute", "ForeignKey", "Index", "insert", "join", "mapper", "outerjoin", "scalar", "select",
     "select_from", "union", "union_all", "update", "where"}
)  # fmt: skip
"""Functions and methods that find no engine through a table that they are given."""
_ALONE = frozenset({"create", "drop", "execute"})
"""Methods of tables, indexes, constraints and statements that found an engine where they were given none."""
_OF_MIGRATE = frozenset({"create", "drop", "rename"})
_OF_MIGRATE_ALONE = frozenset({"alter", "create_column", "drop_column"})
"""Methods that sqlalchemy-migrate gives columns, constraints and tables, once any module imports it."""


def needed(scope: cst.CSTNode, name: str | None, model: ModuleModel) -> Decline | None:
    """Why a MetaData of this name keeps its engine; None where all that finds it is given one by rules of its own."""
    return _unbound(scope, model) or (_handed(scope, name, model) if name is not None else None)


def _unbound(scope: cst.CSTNode, model: ModuleModel) -> Decline | None:
    """Something finds it by itself of which nothing is known, as `Index(…).create()`."""
    migrates = "migrate" in model.imports.packages
    known = {id(site.node) for site in model.sites}
    for call in names.below(scope):
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
            continue
        name = call.func.attr.value
        if id(call) in known and name in _ALONE:
            continue
        alone = name in _ALONE and all(arg.keyword and arg.keyword.value == "checkfirst" for arg in call.args)
        given = [model.type_of(value) for value in (call.func.value, *(arg.value for arg in call.args))]
        of_migrate = migrates or any(isinstance(kind, (TableValue, Expression)) for kind in given)
        alone = alone or name in _OF_MIGRATE_ALONE or (of_migrate and name in _OF_MIGRATE)
        if alone and not any(isinstance(kind, (Engine, Connection, Connectable)) for kind in given[1:]):
            return Decline(
                f"a MetaData knows no engine in 2.0, and `{_shown(call)}` finds it by itself: give it the engine there "
                f"({name}(engine); a statement is executed on a connection), then leave the MetaData without",
                Severity.REMOVED,
            )
    return None


def _handed(scope: cst.CSTNode, name: str, model: ModuleModel) -> Decline | None:
    """A table of it goes where something may find the engine through the table."""
    for table in _tables(scope, name):
        for parents in uses(scope, table, ()):
            if (receiver := _receiver(parents, model)) is not None:
                return _gone(table, receiver)
    return None


def _gone(table: str, receiver: str) -> Decline:
    return Decline(
        f"a MetaData knows no engine in 2.0, and `{table}` goes to {receiver}, which may find it through that table: "
        "give it the engine there, then leave the MetaData without",
        Severity.REMOVED,
    )


def _tables(scope: cst.CSTNode, name: str) -> Iterator[str]:
    """The variables that hold tables of a MetaData."""
    for line in names.below(scope):
        value = line.value if isinstance(line, cst.Assign) else None
        if isinstance(line, cst.Assign) and isinstance(value, cst.Call) and _is_table_of(value, name):
            yield from (each.target.value for each in line.targets if isinstance(each.target, cst.Name))


def _is_table_of(call: cst.Call, name: str) -> bool:
    """Whether a call makes a table of a MetaData: `Table("things", meta, …)`."""
    second = call.args[1] if len(call.args) > 1 else None
    table = (names.dotted(call.func) or "").rpartition(".")[2] == "Table"
    return table and second is not None and names.code(second.value) == name


def _receiver(parents: Sequence[cst.CSTNode], model: ModuleModel) -> str | None:
    """What a table goes to, on its own or in a list; None where it is only used, or given to SQLAlchemy."""
    for outer in reversed(parents):
        match outer:
            case (
                cst.Element() | cst.StarredElement() | cst.List() | cst.Tuple() | cst.Set() | cst.DictElement() | cst.Dict()
                | cst.Arg() | cst.LeftParen() | cst.Subscript()
            ):  # fmt: skip
                continue
            case cst.Call():
                called = outer.func.attr if isinstance(outer.func, cst.Attribute) else outer.func
                kind = model.type_of(outer.func)
                ours = isinstance(kind, Imported) and names.root(kind.name) == "sqlalchemy"
                ours = ours or names.code(called) in _OF_SQLALCHEMY
                return None if ours else f"`{names.called(outer.func)}()`"
            case cst.Return() | cst.Yield():
                return "the caller"
            case cst.AnnAssign() | cst.Assign() if outer.value is not None and parents[-1] is outer:
                return "another name"
            case _:
                return None
    return None


def _shown(call: cst.Call) -> str:
    func = cst.ensure_type(call.func, cst.Attribute)
    owner = names.dotted(func.value.func if isinstance(func.value, cst.Call) else func.value) or "…"
    return f"{owner}{'(…)' if isinstance(func.value, cst.Call) else ''}.{func.attr.value}()"


def followed(function: cst.FunctionDef, name: str) -> bool:
    """Whether the MetaData is only asked for what is known, and given to tables."""
    return all(_known(parents, name) for parents in uses(function.body, name, ()))


def _known(parents: Sequence[cst.CSTNode], name: str) -> bool:
    parent = parents[-1]
    match parent:
        case cst.Attribute(value=cst.Name(value=owner), attr=attr):
            return owner != name or attr.value in _GIVEN
        case cst.AssignTarget():
            return True
        case cst.Arg(keyword=None):
            call = parents[-2]
            table = isinstance(call, cst.Call) and (names.dotted(call.func) or "").rpartition(".")[2] == "Table"
            return table and isinstance(call, cst.Call) and len(call.args) > 1 and call.args[1] is parent
    return False


def uses(node: cst.CSTNode, name: str, parents: tuple[cst.CSTNode, ...]) -> Iterator[tuple[cst.CSTNode, ...]]:
    if isinstance(node, cst.Name):
        if node.value == name:
            yield parents
        return
    for child in node.children:
        yield from uses(child, name, (*parents, node))
