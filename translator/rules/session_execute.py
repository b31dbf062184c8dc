"""A string given to `Session.execute()` is wrapped in `text()`, and arguments that choose the engine are moved.

2.0 executes statements, not strings. Only receivers that are SQLAlchemy's are touched: a DBAPI cursor takes strings.
`mapper=`, `clause=` and `bind=` go into `bind_arguments`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety
from translator.model.sites import Site
from translator.model.types import Plain
from translator.rules import composed_sql, contract, pending
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_member
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#execute-method-more-strict-execution-options-are-more-prominent"
BEFORE = "rows = session.execute('SELECT id FROM users').fetchall()"
AFTER = "rows = session.execute(text('SELECT id FROM users')).fetchall()"
ON = on_member("Session.execute", "Session.scalar", "Session.scalars", "Session.connection", "Session.get_bind")

_STATEMENT = frozenset({"statement", "clause", "object_"})
_BINDING = ("mapper", "clause", "bind")


def rewrite(site: Site, here: Context) -> Outcome:
    """Wrap the string; gather what chooses the engine."""
    if not isinstance(site.node, cst.Call):
        return None
    call = site.node
    moved = _moved(call, site.name)
    wrapped = _is_string(site, call)
    flushed = () if site.name.endswith(("connection", "get_bind")) else pending.flushed_first(site, here.model)
    if not moved and not wrapped:
        return flushed[0] if flushed else None
    text = here.name("sqlalchemy", "text") if wrapped else None

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)
        if text is not None:
            args[0] = args[0].with_changes(value=cst.Call(text, [cst.Arg(args[0].value)]))
        return updated.with_changes(args=_gathered(args, moved) if moved else args)

    said = "2.0 executes statements; a string is wrapped in text()" if wrapped else ""
    reason = said or "what chooses the engine is given as bind_arguments"
    safety = Safety.SAFE if here.model.proven(site.receiver) else Safety.REVIEW
    remarks = (*(composed_sql.remarks(call, site.arguments) if wrapped else ()), *flushed)
    return Rewrite((edit(site, build),), reason, Need.REQUIRED, safety, remarks=remarks)


def _is_string(site: Site, call: cst.Call) -> bool:
    if not call.args or site.name.endswith(("connection", "get_bind")):
        return False
    first = call.args[0]
    if first.star or (first.keyword is not None and first.keyword.value not in _STATEMENT):
        return False
    kind = site.arguments[0]
    return isinstance(kind, Plain) and kind.text


def _moved(call: cst.Call, name: str) -> tuple[str, ...]:
    if name.endswith("get_bind"):
        return ()
    given = tuple(key for key in _BINDING if names.keyword(call, key) is not None)
    # `clause=` alone is how some wrote the statement itself
    return () if given == ("clause",) and not names.positional(call) else given


def _gathered(args: list[cst.Arg], moved: tuple[str, ...]) -> list[cst.Arg]:
    chosen = [arg for arg in args if arg.keyword is not None and arg.keyword.value in moved]
    kept = [arg for arg in args if arg not in chosen]
    items = [
        cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value)
        for arg in chosen
        if arg.keyword is not None
    ]
    last = args[-1]
    made = cst.Arg(
        cst.Dict(items),
        keyword=cst.Name("bind_arguments"),
        equal=chosen[0].equal,
        comma=last.comma,
        whitespace_after_arg=last.whitespace_after_arg,
    )
    if kept and not isinstance(kept[-1].comma, cst.Comma):
        kept[-1] = kept[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    return [*kept, made]
