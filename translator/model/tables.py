"""Typing of tables, joins and aliases, and of what shows nothing but by its use that it is a table.

Knows nothing of rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions
from translator.model.types import (
    PLAIN,
    Connectable,
    Connection,
    Engine,
    Entity,
    Expression,
    Select,
    Session,
    TableValue,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


@dataclass(frozen=True, slots=True)
class Given(Expression):
    """What a method of a class gives that is not in sight: an expression, or a statement that writes."""


_STATEMENTS = frozenset({"insert", "update", "delete", "select"})
_OWN = frozenset({"whereclause", "preserve_parameter_order"})
"""Keywords that nothing but SQLAlchemy has, so that no import of it is asked for."""
_BUILT_ON = frozenset({"values", "where", "execute"})
_CLAUSES = frozenset(
    {"whereclause", "values", "preserve_parameter_order", "from_obj", "use_labels", "distinct", "bind"}
)


def method(name: str, owner: TableValue) -> Type:
    """What a method of a table, a join or an alias gives."""
    if name in _STATEMENTS:
        return Select(name, owner.bind)
    if name in {"alias", "tablesample", "lateral"}:
        return TableValue("")
    if name in {"join", "outerjoin"}:
        return replace(owner, is_table=False, joined=True)
    return PLAIN if name in {"exists", "create", "drop"} else owner


def guessed(walk: Expressions, node: cst.Call, func: cst.Attribute, name: str) -> Type | None:
    """A Table that nothing but its use shows: `users.insert()`, `users.select(users.c.id == 1)`."""
    spelled = names.dotted(func.value)
    if spelled is None and isinstance(func.value, cst.Call) and name == "select":
        spelled = names.code(func.value) if _joined(func.value) else None
    if name == "exists" and len(node.args) == 1 and spelled is not None:
        kind = walk.types.get(id(node.args[0].value)) or walk.expression(node.args[0].value)
        return TableValue(spelled, is_table=True) if isinstance(kind, (Engine, Connection)) else None
    if name == "alias" and walk.about_sqlalchemy and isinstance(func.value, cst.Call) and _joined(func.value):
        return TableValue("", joined=True)
    if name == "tometadata" and spelled is not None and walk.about_sqlalchemy:
        return TableValue(spelled, is_table=True)
    if spelled is None and isinstance(func.value, cst.Subscript):
        spelled = names.code(func.value)  # self.tables["users"].select(…)
    if name not in _STATEMENTS or spelled is None:
        return None
    if not (walk.about_sqlalchemy or _extended(walk, node) or any(_given(node, word) for word in _OWN)):
        return None
    last = spelled.rpartition(".")[2]
    if last in conventions.SESSION_NAMES | conventions.EXTENSION_OBJECTS or names.is_class_name(last):
        return None
    kinds = [walk.types.get(id(arg.value)) or walk.expression(arg.value) for arg in node.args]
    if _executed(walk, node) or any(_given(node, word) for word in _CLAUSES):
        return TableValue(spelled)
    if name == "insert" and spelled.isidentifier() and _rows(walk, node, spelled):
        return TableValue(spelled)
    if node.args and _has_columns(walk, spelled):
        return TableValue(spelled)
    if kinds and isinstance(kinds[0], Expression) and spelled in kinds[0].mentions:
        return TableValue(spelled)
    if all(isinstance(kind, Expression) and kind.mentions for kind in kinds) and not names.starred(node):
        return TableValue(spelled)
    return None


def _given(node: cst.Call, word: str) -> bool:
    return names.keyword(node, word) is not None


def _has_columns(walk: Expressions, spelled: str) -> bool:
    """Whether the columns of something are used around here as only a table, an alias or a CTE has them: `users.c.id`."""
    scope = walk.function.node if walk.function is not None else next(iter(walk.path), None)
    return scope is not None and spelled in _with_columns(scope)


@lru_cache(maxsize=512)  # a function is asked for many names, and again in every round
def _with_columns(scope: cst.CSTNode) -> frozenset[str]:
    """All that `.c` is asked of in a piece of code."""
    found = (
        names.dotted(node.value)
        for node in names.below(scope)
        if isinstance(node, cst.Attribute) and node.attr.value == "c"
    )
    return frozenset(filter(None, found))


def of_class(walk: Expressions, node: cst.Call, func: cst.Attribute, name: str) -> TableValue | None:
    """A Table that is spelled like a class: `Users.insert().values(…)`, not e.g. a class method `User.delete()`."""
    spelled = names.dotted(func.value)
    if name not in _STATEMENTS or spelled is None or not walk.about_sqlalchemy:
        return None
    named = any(arg.keyword is not None and arg.keyword.value in _CLAUSES for arg in node.args)
    on_columns = bool(node.args) and f"{spelled}.c." in names.code(node.args[0].value)
    extended = _extended(walk, node) or _executed(walk, node)
    return TableValue(spelled) if named or on_columns or extended else None


def given(owner: Entity) -> Given:
    """What a method of a class gives that is not in sight: an expression, for all that is known."""
    return Given(frozenset({owner.name}))


def _joined(node: cst.Call) -> bool:
    return isinstance(node.func, cst.Attribute) and node.func.attr.value in {"join", "outerjoin", "alias"}


def _rows(walk: Expressions, node: cst.Call, spelled: str) -> bool:
    """Whether rows are written out as the only argument: not e.g. for a collection of MongoDB, nor for a list's index."""
    if (
        len(node.args) != 1
        or node.args[0].keyword is not None
        or "coll" in spelled
        or "pymongo" in walk.imports.packages
    ):
        return False
    value = node.args[0].value
    return isinstance(value, cst.List) and bool(value.elements) and isinstance(value.elements[0].value, cst.Dict)


def columns(node: cst.Call) -> frozenset[str] | None:
    """The columns that are written out in `Table(…)`; None where others may be added."""
    found: set[str] = set()
    for arg in node.args[2:]:
        value = arg.value
        if arg.star or (arg.keyword is not None and arg.keyword.value in {"autoload", "autoload_with"}):
            return None
        if (
            isinstance(value, cst.Call)
            and (names.dotted(value.func) or "").rpartition(".")[2] == "Column"
            and value.args
        ):
            name = names.literal_string(value.args[0].value)
            if name is None:
                return None
            found.add(name)
    return frozenset(found)


def _extended(walk: Expressions, node: cst.Call) -> bool:
    """Whether a call is built on as only statements are: `users.insert().values(…)`, `users.insert().execute(name="x")`."""
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    attribute = isinstance(outer, cst.Attribute) and outer.value is node
    return not node.args and attribute and cst.ensure_type(outer, cst.Attribute).attr.value in _BUILT_ON


def _executed(walk: Expressions, node: cst.Call) -> bool:
    """Whether a call stands right inside `execute(…)`.

    Where nothing tells what executes, arguments may be anything: `shell.execute(job.delete(number))`.
    """
    around = [outer for outer in walk.path if outer is not node]
    outer = around[-1] if around else None
    if (
        not isinstance(outer, cst.Call)
        or not isinstance(outer.func, cst.Attribute)
        or outer.func.attr.value not in {"execute", "scalar"}
        or not any(arg.value is node for arg in outer.args)
    ):
        return False
    return not node.args or isinstance(walk.types.get(id(outer.func.value)), (Session, Engine, Connection, Connectable))
