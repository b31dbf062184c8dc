"""Engines that metadata, tables and statements bring along: 1.x found them there by itself.

Knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import queries
from translator.model.types import (
    UNKNOWN,
    Connection,
    Imported,
    MetaDataValue,
    Select,
    SessionRef,
    TableValue,
    Text,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def bound_to(walk: Expressions, node: cst.Call, keyword: str, position: int | None = None) -> SessionRef | None:
    """The engine that a call is given by a keyword, or at a position."""
    value = names.keyword(node, keyword)
    given = names.positional(node)
    if value is None and position is not None and len(given) > position and not given[position].star:
        value = given[position].value
    if value is None or names.code(value) == "None":
        return None
    return named(walk, value)


def named(walk: Expressions, value: cst.BaseExpression) -> SessionRef:
    """The engine or the connection that an expression gives: nameable where it is a path, or Alembic's `op.get_bind()`."""
    kind = walk.types.get(id(value))
    ref = walk.session_ref(value, UNKNOWN)
    if not isinstance(kind, Connection):
        return ref
    return replace(walk.reference(names.code(value)) if _of_operations(walk, value) else ref, connection=kind)


def _of_operations(walk: Expressions, value: cst.BaseExpression) -> bool:
    """Whether it asks Alembic's operations, which give the migration's one connection each time that they are asked."""
    path = names.dotted(value.func) if isinstance(value, cst.Call) and not value.args else None
    binding = walk.scope.look_up(names.root(path)) if path is not None else None
    module = binding.type if binding is not None else None
    return isinstance(module, Imported) and names.root(module.name) == "alembic" and (path or "").endswith(".get_bind")


def still_bound(walk: Expressions, owner: Type) -> Type:
    """The same type, with an engine that can't be named where the words no longer name that engine here."""
    if not isinstance(owner, (MetaDataValue, TableValue, Select, Text)) or owner.bind is None:
        return owner
    now = walk.binding_of(owner.bind.text)
    bound = owner.bind.stable and owner.bind.binding == now != -1
    return owner if bound else replace(owner, bind=replace(owner.bind, stable=False))


def elsewhere(
    kind: Select | Text | MetaDataValue | TableValue,
    worded: Callable[[SessionRef], SessionRef],
    spelled: Callable[[str], str | None],
) -> Type:
    """The same type in another module's words; its engine can't be named where it would have to be imported."""
    ref = worded(kind.bind) if kind.bind is not None else None
    bind = replace(ref, stable=False) if ref is not None and ref.needs is not None else ref
    if isinstance(kind, TableValue):
        return replace(kind, name=(spelled(kind.name) if kind.name else None) or "", bind=bind)
    return replace(kind, bind=bind)


def bind_of(kind: Type) -> SessionRef | None:
    """The engine that something is bound to; it can be named where it is stable."""
    return kind.bind if isinstance(kind, (MetaDataValue, TableValue, Select, Text)) else None


def found(kinds: list[Type]) -> SessionRef | None:
    return next((kind.bind for kind in kinds if isinstance(kind, (TableValue, Select)) and kind.bind), None)


def drawn(walk: Expressions, node: cst.Call) -> SessionRef | None:
    """The one engine that the tables are bound to whose columns a select() is given, in a list or by themselves.

    Where there are two, it can't be named.
    """
    given = [arg.value for arg in node.args if arg.keyword is None]
    listed = [e.value for value in given[:1] if isinstance(value, (cst.List, cst.Tuple)) for e in value.elements]
    found: set[SessionRef] = set()
    for value in (*listed, *given):
        kind = walk.types.get(id(value), UNKNOWN)
        tables = (
            [kind] if isinstance(kind, TableValue) else [_table(walk, name) for name in sorted(queries.mentions(kind))]
        )
        found |= {ref for table in tables if (ref := bind_of(still_bound(walk, table))) is not None}
    one = next(iter(found), None)
    return one if one is None or len(found) == 1 else replace(one, stable=False)


def extended(walk: Expressions, node: cst.Call, owner: Select) -> SessionRef | None:
    """The engine that a select() is bound to with what `where()` or `select_from()` gives it, too."""
    if owner.kind != "select":
        return owner.bind
    more, bind = drawn(walk, node), owner.bind
    if more is None or bind is None:
        return bind or more
    return bind if (bind.text, bind.binding) == (more.text, more.binding) else replace(bind, stable=False)


def _table(walk: Expressions, name: str) -> Type:
    binding = walk.scope.look_up(name)
    return binding.type if binding is not None else UNKNOWN
