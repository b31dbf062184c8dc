"""Where connections stand between transactions, as the walk goes along: local names, attributes and names of other scopes.

What an attribute's connection goes through in one method it may have gone through when another one is called; so its
class is told, and joins it with what else is known. Knows nothing of rules.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.conventions import EXTENSION_MODULES
from translator.model.sites import SiteKind
from translator.model.types import UNKNOWN, Connection, Function, Imported, Phase, Transaction, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_HARMLESS = frozenset(
    {"Session", "sessionmaker", "scoped_session", "configure", "isinstance", "print", "str", "repr", "id", "hasattr",
     "getattr", "setattr", "closing", "append", "add", "type"}
)  # fmt: skip
"""Calls that execute nothing on a connection they are given."""
_READING = ("read_", "get_", "has_", "is_", "find", "fetch", "compare_", "produce_", "inspect", "select")
"""How the names of functions begin that write nothing."""


def moved(walk: Expressions, node: cst.BaseExpression, phase: Phase) -> None:
    """Let the connection that an expression names be in another phase from here on."""
    path = names.dotted(node)
    if path is None:
        return
    known = walk.types.get(id(node))
    binding = walk.scope.names.get(path)
    untold = binding is None or binding.type is UNKNOWN  # `conn` that is one by its name alone
    if untold and isinstance(known, Connection) and known.phase is not Phase.FUTURE:
        walk.scope.bind(path, known, walk.binding_of(path))
    _move(walk, path, phase)
    now = walk.scope.names.get(path)
    if isinstance(node, cst.Attribute) and now is not None and phase is not Phase.IDLE:
        key = walk.functions.classes.key(walk.types.get(id(node.value), UNKNOWN))
        a_property = key is not None and isinstance(
            walk.functions.classes.member(key, node.attr.value), Function
        )  # what it gives is told by what it returns
        if key is not None and not a_property:
            walk.functions.classes.store(key, node.attr.value, now.type)


def _move(walk: Expressions, path: str, phase: Phase) -> None:
    binding = walk.scope.names.get(path)
    if binding is None or not isinstance(binding.type, Connection) or binding.type.phase is Phase.FUTURE:
        return
    used = phase is Phase.READ
    if used and binding.type.phase is Phase.UNKNOWN:
        phase = Phase.UNKNOWN
    walk.scope.bind(path, replace(binding.type, phase=phase, used=used), binding.bound_by)


def known(walk: Expressions, node: cst.Attribute, kind: Type) -> Type:
    """The type of an attribute, with what happened to its connection in this function."""
    if not isinstance(kind, Connection) or kind.phase is Phase.FUTURE:
        return kind
    binding = walk.scope.names.get(names.dotted(node) or "")
    return binding.type if binding is not None and isinstance(binding.type, Connection) else kind


def forgotten(walk: Expressions, path: str | None) -> None:
    """A path is given another value: what its connection went through is no more."""
    if path is not None and "." in path:
        walk.scope.names.pop(path, None)


def over(walk: Expressions, kind: Type) -> None:
    """A transaction has ended, by a call or with its block."""
    if isinstance(kind, Transaction) and not kind.nested:
        _move(walk, kind.connection, Phase.IDLE)


def handed(walk: Expressions, node: cst.Call) -> None:
    """A call is given connections: it may execute something on them, which begins a transaction in 2.0."""
    called = _called(node)
    for arg in node.args:
        kind = walk.types.get(id(arg.value))
        if isinstance(kind, Connection) and _is_elsewhere(walk, node, called):
            walk.site(SiteKind.MEMBER, node, "Connection.handed", kind)
    if called in _HARMLESS:
        return
    for arg in node.args:
        kind = walk.types.get(id(arg.value))
        if isinstance(kind, Connection) and kind.phase in {Phase.IDLE, Phase.UNKNOWN}:
            moved(walk, arg.value, Phase.READ)


def _called(node: cst.Call) -> str:
    return node.func.attr.value if isinstance(node.func, cst.Attribute) else names.dotted(node.func) or ""


def _is_elsewhere(walk: Expressions, node: cst.Call, called: str) -> bool:
    """Whether a call runs code that is not in sight and may write: another package's function, or DataFrame.to_sql()."""
    kind = walk.types.get(id(node.func), UNKNOWN)
    if called == "to_sql":
        return kind is UNKNOWN or isinstance(kind, Imported)
    if not isinstance(kind, Imported):
        return False
    if (names.dotted(node.func) or "").endswith("MigrationContext.configure"):
        return True
    known = names.root(kind.name) in EXTENSION_MODULES or names.root(kind.name) in sys.stdlib_module_names
    return not known and called not in _HARMLESS and not called.startswith(_READING)
