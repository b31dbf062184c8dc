"""`db.Table(…, info={"bind_key": …})` of Flask-SQLAlchemy takes `bind_key=`.

Version 3 doesn't look for it in the info: the table would be made and looked for in the default database.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Extension
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/binds/"
BEFORE = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
    "logs = db.Table('logs', db.Column('id', db.Integer), info={'bind_key': 'logs'})"
)
AFTER = (
    "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
    "logs = db.Table('logs', db.Column('id', db.Integer), bind_key='logs')"
)
ON = on_call("Table")
_KEY = "bind_key"


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the key as version 3 takes it."""
    call = cst.ensure_type(site.node, cst.Call)
    info = names.keyword(call, "info")
    if info is None or not any(
        isinstance(each, (cst.SimpleString, cst.Name)) and _KEY in names.code(each) for each in names.below(info)
    ):
        return None
    extension = isinstance(call.func, cst.Attribute) and isinstance(here.model.type_of(call.func.value), Extension)
    if not extension and here.model.extension is None and "flask_sqlalchemy" not in here.model.imports.packages:
        return None
    entries = info.elements if isinstance(info, cst.Dict) else ()
    given = [e for e in entries if isinstance(e, cst.DictElement) and names.literal_string(e.key) == _KEY]
    metadata = names.positional(call)[1:2]
    apart = not metadata or isinstance(metadata[0].value, cst.Call)  # a column or a constraint: no MetaData
    if not extension or len(given) != 1 or not apart or names.starred(call):
        return Decline(
            "Flask-SQLAlchemy 3 doesn't look for a bind key in the info of a table, so that its engine is another one: "
            "give db.Table() bind_key=, and no MetaData",
            Severity.REMOVED,
        )
    [entry] = given

    def build(updated: cst.Call) -> Replacement:
        key = cst.Name(_KEY)
        args = []
        for arg in updated.args:
            if arg.keyword is None or arg.keyword.value != "info":
                args.append(arg)
                continue
            args.append(arg.with_changes(keyword=key, value=entry.value))
            rest = [e for e in entries if e is not entry]
            if rest:
                rest[-1] = rest[-1].with_changes(comma=entries[-1].comma)
                comma = arg.comma if isinstance(arg.comma, cst.Comma) else cst.Comma(whitespace_after=_SPACE)
                args[-1] = args[-1].with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace(""))
                args.append(arg.with_changes(value=cst.ensure_type(arg.value, cst.Dict).with_changes(elements=rest)))
        return updated.with_changes(args=args)

    return Rewrite((edit(site, build),), "Flask-SQLAlchemy 3 takes the bind of a table by name", need=Need.REQUIRED)


_SPACE = cst.SimpleWhitespace(" ")
