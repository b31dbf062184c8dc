"""A plain string given to `Session.execute()` or `Connection.execute()` is wrapped in `text()`.

2.0 executes statements, not strings. Only receivers that are SQLAlchemy's are touched: a DBAPI cursor takes strings.
"""

from __future__ import annotations

import re

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Safety, Severity
from translator.model import conventions
from translator.model.sites import Site
from translator.model.types import Connection, Engine, Plain, Session
from translator.rules import contract
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_execute
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#execute-method-more-strict-execution-options-are-more-prominent"
BEFORE = "rows = session.execute('SELECT id FROM users').fetchall()"
AFTER = "rows = session.execute(text('SELECT id FROM users')).fetchall()"
ON = on_execute("execute", "scalar", "scalars")

_PLACEHOLDER = re.compile(r"\?|%s|%\(\w+\)s")


def rewrite(site: Site, here: Context) -> Outcome:
    """Wrap the string."""
    call = cst.ensure_type(site.node, cst.Call)
    if isinstance(site.receiver, Engine):
        return _engine(site)
    if not isinstance(site.receiver, (Session, Connection)) or not call.args:
        return None
    first = call.args[0]
    string = isinstance(site.arguments[0], Plain) and site.arguments[0].text
    if first.star or (first.keyword is not None and first.keyword.value not in {"statement", "clause", "object_"}):
        return None
    if not string:
        return None
    if (
        not isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))
        or names.literal_string(first.value) is None
    ):
        return Decline(
            "a string that is put together is executed: 2.0 wants text() around it, and values put into SQL text are an "
            "injection risk; use text() with bound parameters (:name)",
            Severity.REMOVED,
        )
    if not here.model.proven(site.receiver) and here.model.imports.packages & conventions.FOREIGN_IMPORTS:
        return None  # another package with execute() of its own is imported, and SQLAlchemy is not
    sql = names.literal_string(first.value) or ""
    if isinstance(site.receiver, Connection) and (_PLACEHOLDER.search(sql) or ":" in sql or len(call.args) > 1):
        return Decline(
            "the string goes to the driver as it stands, with the driver's own placeholders; use exec_driver_sql(), or "
            "text() with :name parameters",
            Severity.REMOVED,
        )
    text = here.name("sqlalchemy", "text")

    def build(updated: cst.Call) -> Replacement:
        arg = updated.args[0]
        return updated.with_changes(
            args=[arg.with_changes(value=cst.Call(text, [cst.Arg(arg.value)])), *updated.args[1:]]
        )

    proven = here.model.proven(site.receiver)
    safety = Safety.SAFE if proven else Safety.REVIEW
    return Rewrite(
        (edit(site, build),), "2.0 executes statements; a string is wrapped in text()", Need.REQUIRED, safety
    )


def _engine(site: Site) -> Outcome:
    if site.name not in {"execute", "scalar"}:
        return None
    return Decline(
        f"Engine.{site.name}() is gone from 2.0; use `with engine.begin() as connection:` for writes and "
        "`with engine.connect() as connection:` for reads",
        Severity.REMOVED,
    )
