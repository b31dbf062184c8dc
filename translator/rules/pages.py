"""Pages that an application makes itself, which Flask-SQLAlchemy 3 does in another way. No rule itself."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.findings import Severity
from translator.rules.contract import Context, Decline
from translator.syntax import names

_PAGINATION = "flask_sqlalchemy.Pagination"
_MADE = Decline(
    "Flask-SQLAlchemy 3's Pagination is given no query, total and items: it asks its own _query_items() and _query_count() for "
    "them; use db.paginate(), or extend it with these methods",
    Severity.REMOVED,
)


def made(full: str, node: cst.CSTNode, around: Sequence[cst.CSTNode]) -> tuple[Decline, ...]:
    """What to say of a name where it is called with the arguments of version 2, or extended."""
    if full != _PAGINATION or not around:
        return ()
    parent = around[-1]
    extended = isinstance(parent, cst.ClassDef)
    return (_MADE,) if extended or (isinstance(parent, cst.Call) and _is_made(parent, node)) else ()


def imported(full: str, name: str, here: Context) -> tuple[Decline, ...]:
    """The same where it is imported, of the text below."""
    if full != _PAGINATION:
        return ()
    for node in names.below(here.model.tree):
        if isinstance(node, cst.Call) and names.code(node.func) == name and _is_made(node, node.func):
            return (_MADE,)
        if isinstance(node, cst.ClassDef) and any(names.code(base.value) == name for base in node.bases):
            return (_MADE,)
    return ()


def _is_made(call: cst.Call, node: cst.CSTNode) -> bool:
    """Whether a call is one of `node`, and begins with a query."""
    return call.func is node and (bool(names.positional(call)) or names.keyword(call, "query") is not None)
