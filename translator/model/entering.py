"""What a `with` statement binds: sessions and connections enter as themselves, objects of this text by their `__enter__`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import crossing
from translator.model.types import (
    UNKNOWN,
    Connection,
    Engine,
    Entered,
    Function,
    LocalInstance,
    Pending,
    Plain,
    Result,
    Session,
    Transaction,
    Type,
)

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def entered(walk: Expressions, item: cst.WithItem, kind: Type) -> Type:
    """What `with x as name` lets the name hold, for an `x` of that type."""
    if isinstance(kind, Entered):
        return kind.of
    if isinstance(kind, Engine):
        return Connection(kind.belief, kind.is_async, future=kind.future or kind.is_async)
    walk.lose(kind, item.item, "it is used as a context manager")
    if isinstance(kind, LocalInstance):
        return _by_method(walk, item, kind)
    if isinstance(kind, (Session, Connection, Transaction, Result, Pending, Plain)):
        return kind  # Plain: e.g. another package's connection, which enters as itself
    return UNKNOWN


def _by_method(walk: Expressions, item: cst.WithItem, kind: LocalInstance) -> Type:
    method = walk.functions.classes.member(kind.key, "__enter__")
    info = walk.functions.info(method.key) if isinstance(method, Function) else None
    if info is None or info.decorators:
        return UNKNOWN
    given = cst.Attribute(item.item, cst.Name("__enter__"))
    walk.types[id(item.item)] = kind
    return crossing.look(walk, given, info.key)
