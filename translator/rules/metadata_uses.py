"""What a function does with a MetaData: shared by the rules that take its engine away. No rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.findings import Severity
from translator.model.module import ModuleModel
from translator.model.types import Connectable, Connection, Engine, Expression, TableValue
from translator.rules.contract import Decline
from translator.syntax import names

_GIVEN = frozenset({"bind", "create_all", "drop_all", "reflect", "tables", "sorted_tables", "clear", "remove"})
"""Members of a MetaData whose use is seen."""


_ALONE = frozenset({"create", "drop", "execute"})
"""Methods of tables, indexes, constraints and statements that found an engine where they were given none."""
_OF_MIGRATE = frozenset({"create", "drop", "rename"})
_OF_MIGRATE_ALONE = frozenset({"alter", "create_column", "drop_column"})
"""Methods that sqlalchemy-migrate gives columns, constraints and tables, once any module imports it."""


def unbound(scope: cst.CSTNode, model: ModuleModel) -> Decline | None:
    """Why a MetaData keeps its engine: something finds it by itself of which nothing is known, as `Index(…).create()`."""
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
