"""Names that a text uses and never binds, by CPython's own symbol tables."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Iterator

_GIVEN = frozenset(
    {*dir(builtins), "__file__", "__name__", "__doc__", "__path__", "__spec__", "__package__", "WindowsError"}
)


def unbound(text: str) -> frozenset[str]:
    """The names that raise NameError when they are come to; none where a `*` may import them.

    Raises SyntaxError where the text is none of this Python's.
    """
    top = symtable.symtable(text, "text", "exec")
    if "import *" in text:
        return frozenset()
    scopes = list(_scopes(top))
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    bound |= {
        s.get_name() for scope in scopes for s in scope.get_symbols() if s.is_declared_global() and s.is_assigned()
    }
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    used |= {s.get_name() for scope in scopes for s in scope.get_symbols() if s.is_global() and s.is_referenced()}
    return frozenset(used - bound - _GIVEN)


def lost(before: str, after: str) -> frozenset[str]:
    """The names that a translation uses and nothing binds, though its original has them bound, or not at all."""
    return unbound(after) - unbound(before)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _scopes(child)
