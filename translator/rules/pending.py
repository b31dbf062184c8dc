"""Objects that wait for a flush where raw SQL is executed: shared by rules for `Session.execute()`. No rule itself.

1.4 and 2.0 flush before a statement about mapped classes only; 2.1 flushes before every statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.model.types import Plain, Text
from translator.rules.contract import Decline
from translator.syntax import blocks, names

_LEAVING = frozenset({"add", "add_all", "delete"})
_ENTERING = frozenset({"add", "add_all", "merge"})


def flushed_first(site: Site, model: ModuleModel) -> tuple[Decline, ...]:
    """A remark where raw SQL follows something that was added to the same session and not flushed."""
    kind = site.arguments[0] if site.arguments else None
    raw = isinstance(kind, Text) or (isinstance(kind, Plain) and kind.text)
    if not raw or not isinstance(site.node, cst.Call) or not isinstance(site.node.func, cst.Attribute):
        return ()
    session = names.dotted(site.node.func.value)
    if session is None:
        return ()
    for statement in _before(site, model.tree):
        call = _call(statement)
        if call is not None and names.dotted(call.func) in {f"{session}.{name}" for name in _LEAVING}:
            return (
                Decline(
                    f"`{names.code(call.func)}()` stands before it and nothing flushes between: SQLAlchemy 2.1 flushes before "
                    "every statement, 1.4 and 2.0 not before raw SQL, so that other rows may be found; call "
                    f"{session}.flush() first, or execute it in `with {session}.no_autoflush:`"
                ),
            )
        if session in names.code(statement):
            return ()
    return ()


def not_flushed(site: Site, session: str, tree: cst.Module) -> tuple[Decline, ...]:
    """A remark where a function that puts objects into a session asks it for what 2.0 takes for a statement of Core.

    Query flushed before any, e.g. `session.query(exists().where(…)).scalar()` in a loop that adds what is missing.
    """
    within = next((node for node in reversed(site.around) if isinstance(node, cst.FunctionDef)), tree)
    if not _enters(within.body, {f"{session}.{name}" for name in _ENTERING}):
        return ()
    return (
        Decline(
            "Query flushed before it, and SQLAlchemy 2.1 does; 2.0 flushes before statements that select from mapped classes "
            f"only, so that it does not find there what was added before: on 2.0, call {session}.flush() first"
        ),
    )


def _enters(node: cst.CSTNode | Sequence[cst.CSTNode], entered: set[str]) -> bool:
    """Whether code calls one of some methods; not in a function that it defines."""
    if isinstance(node, (cst.FunctionDef, cst.Lambda)):
        return False
    if isinstance(node, cst.Call) and names.dotted(node.func) in entered:
        return True
    return any(_enters(child, entered) for child in (node.children if isinstance(node, cst.CSTNode) else node))


def _before(site: Site, tree: cst.Module) -> Iterator[cst.CSTNode]:
    """The statements that run before a site in its function, the nearest first."""
    for at in range(len(site.around) - 1, -1, -1):
        statement = site.around[at]
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            return
        if not isinstance(statement, cst.BaseStatement):
            continue
        block = blocks.siblings(site.around[at - 1] if at else None, statement, tree)
        place = next((i for i, line in enumerate(block) if line is statement), 0)
        yield from reversed(block[:place])


def _call(statement: cst.CSTNode) -> cst.Call | None:
    """The call that a statement is."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    return small.value if isinstance(small, cst.Expr) and isinstance(small.value, cst.Call) else None
