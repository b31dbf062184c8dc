"""What makes columns beside `Column` itself: a `partial()` of it, a class that extends it, a function that gives one.

Notes where they are called, and whether a `partial()` is used for nothing but attributes of classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.sites import SiteKind
from translator.model.types import NONE, UNKNOWN, Function, Imported, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo, Functions

MADE = "made.Column"
"""Name of the sites where something other than `Column` makes a column."""
_TABLES = frozenset({"Table", "create_table", "add_column"})


@dataclass(frozen=True, slots=True)
class ColumnMaker(Type):
    """A `functools.partial()` of Column, by the identity of the call that made it."""

    key: int


def is_column(kind: Type) -> bool:
    """Whether a name is that of SQLAlchemy's `Column`, or of Flask-SQLAlchemy's for it."""
    return isinstance(kind, Imported) and kind.name.startswith("sqlalchemy.") and kind.name.endswith(".Column")


def takes_column(walk: Expressions, node: cst.Call) -> bool:
    """Whether what a call is given first is `Column`."""
    return bool(node.args) and not names.starred(node) and is_column(walk.expression(node.args[0].value))


def partial_of(walk: Expressions, node: cst.Call) -> Type:
    """What `functools.partial(Column, …)` gives."""
    kinds = walk.arguments(node, walk.expression)
    walk.functions.makers[id(node)] = node
    walk.site(SiteKind.CALL, node, "functools.partial", UNKNOWN, arguments=kinds)
    return ColumnMaker(id(node))


def met(walk: Expressions, node: cst.BaseExpression, kind: ColumnMaker) -> None:
    """Note a use of a maker: whether it makes an attribute of a class, or is put to another use."""
    if id(node) == kind.key:
        return  # where it is made
    call = walk.path[-1] if walk.path else None
    if not isinstance(call, cst.Call) or call.func is not node:
        walk.functions.put_elsewhere.add(kind.key)
    elif walk.function is not None and _is_returned(walk.path[:-1], call) and not walk.function.node.decorators:
        walk.functions.giving.add((kind.key, walk.function.key))
        _note(walk, walk.function)
    elif not _is_attribute(walk.path[:-1], call):
        walk.functions.put_elsewhere.add(kind.key)


def made(walk: Expressions, node: cst.Call, kind: Type) -> Type:
    """A call of what makes a column."""
    kinds = walk.arguments(node, lambda value: walk.consume(value, "it is passed to what makes a column"))
    walk.site(SiteKind.CALL, node, MADE, kind, arguments=kinds)
    return UNKNOWN


def given(walk: Expressions, node: cst.Call, kind: Function, result: Type) -> Type:
    """A call of a function of the program that gives `result`: it may make a column."""
    info = walk.functions.info(kind.key)
    if not _is_attribute(walk.path[:-1], node):
        walk.functions.put_elsewhere.add(kind.key)
    if result in {UNKNOWN, NONE} and info is not None and info.makes_column:
        walk.site(SiteKind.CALL, node, MADE, kind)
    return result


def extends_column(walk: Expressions, key: int) -> bool:
    """Whether a class of the program extends Column."""
    family = walk.functions.classes.family(key)
    return any(base.rpartition(".")[2] == "Column" for info in family for base in info.foreign_bases)


def seen(walk: Expressions) -> None:
    """Note the function that a Column is made in, for something else than a Table."""
    info = walk.function
    if info is None or info.makes_column or info.node.decorators:
        return
    for node in reversed(walk.path):
        if node is info.node:
            _note(walk, info)
            return
        if isinstance(node, cst.ClassDef):
            return
        if isinstance(node, cst.Call) and (names.dotted(node.func) or "").rpartition(".")[2] in _TABLES:
            return


def _note(walk: Expressions, info: FunctionInfo) -> None:
    """Note that a function makes columns; who calls it has to be looked at again."""
    if not info.makes_column:
        info.makes_column = True
        walk.functions.stir("function", info.key)


def for_attributes(functions: Functions) -> dict[int, cst.Call]:
    """The makers that make nothing but attributes of classes, by themselves or in functions that give what they make."""
    lost = {
        maker
        for maker, key in functions.giving
        if key in functions.put_elsewhere or (info := functions.info(key)) is None or info.leaks
    }
    return {key: node for key, node in functions.makers.items() if key not in functions.put_elsewhere | lost}


def _is_returned(around: list[cst.CSTNode], call: cst.Call) -> bool:
    """Whether a call is what a function returns."""
    statement = around[-1] if around else None
    return isinstance(statement, cst.Return) and statement.value is call


def _is_attribute(around: list[cst.CSTNode], call: cst.Call) -> bool:
    """Whether a call is all that a name of a class body is assigned."""
    statement = around[-1] if around else None
    if not isinstance(statement, (cst.Assign, cst.AnnAssign)) or statement.value is not call:
        return False
    inside = next((n for n in reversed(around) if isinstance(n, (cst.ClassDef, cst.FunctionDef, cst.Lambda))), None)
    return isinstance(inside, cst.ClassDef)
