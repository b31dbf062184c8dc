"""`SQLAlchemy(app, …)` of Flask-SQLAlchemy takes all but the application by name, and no `use_native_unicode`.

A session's `autocommit` and `extension` among `session_options` are gone with SQLAlchemy's own.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.extension import EXTENSION
from translator.model.sites import Site
from translator.rules import dropping, gone_arguments
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import chains, names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/api/#flask_sqlalchemy.SQLAlchemy"
BEFORE = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask('shop')\n"
    "db = SQLAlchemy(app, True, {'autoflush': False})"
)
AFTER = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\napp = Flask('shop')\n"
    "db = SQLAlchemy(app, session_options={'autoflush': False})"
)
ON = on_call("SQLAlchemy")
_ORDER = ("app", "use_native_unicode", "session_options", "metadata", "query_class", "model_class", "engine_options")
"""The arguments of version 2 by position."""
_UNICODE = "use_native_unicode"
_KEPT = {"autocommit": "False"}
"""Options of a session that 2.x takes with this value."""
_GONE = {
    "autocommit": "a session is always in a transaction: use `with db.session.begin():`",
    "extension": "register listeners with event.listen()",
    "weak_identity_map": "leave it out",
    "enable_baked_queries": "leave it out",
    "_enable_transaction_accounting": "leave it out",
}
"""Options of a session that 2.x refuses, and what to do."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the arguments by name, and leave out what says nothing."""
    call = cst.ensure_type(site.node, cst.Call)
    if site.name != EXTENSION or names.starred(call):
        return None
    positional = names.positional(call)
    given = dict(zip(_ORDER, (arg.value for arg in positional), strict=False))
    unicode = given.get(_UNICODE, names.keyword(call, _UNICODE))
    remarks = tuple(_refused(given.get("session_options", names.keyword(call, "session_options"))))
    engine = given.get("engine_options", names.keyword(call, "engine_options"))
    options = dropping.items(engine) if engine is not None else ()
    remarks += tuple(
        gone_arguments.of_engine(n) for n, v in options if gone_arguments.refuses(gone_arguments.ENGINE, n, v)
    )
    if unicode is not None and names.code(unicode) != "True":
        cause = f"Flask-SQLAlchemy 3 takes no {_UNICODE}: leave it out, drivers handle Unicode; all but the application"
        return Rewrite((), "", remarks=(*remarks, Decline(f"{cause} is given by name", Severity.REMOVED)))
    if len(positional) < 2 and unicode is None:
        return Rewrite((), "", remarks=remarks) if remarks else None

    def build(updated: cst.Call) -> Replacement:
        order = iter(_ORDER)
        named = [arg if arg.keyword else chains.named(arg, next(order)) for arg in updated.args]
        if positional:
            named[0] = updated.args[0]
        return updated.with_changes(args=dropping.without(named, {_UNICODE}))

    reason = f"Flask-SQLAlchemy 3 takes all but the application by name, and no {_UNICODE}"
    return Rewrite((edit(site, build),), reason, need=Need.REQUIRED, remarks=remarks)


def _refused(options: cst.BaseExpression | None) -> Iterator[Decline]:
    """What 2.x refuses of the options of a session."""
    for name, value in dropping.items(options) if options is not None else ():
        if name in _GONE and value != _KEPT.get(name):
            yield Decline(f"sessions take no {name}= any more: {_GONE[name]}", Severity.REMOVED)
