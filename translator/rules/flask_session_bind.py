"""`db.session.bind` of Flask-SQLAlchemy becomes `db.session.get_bind()`.

Version 2 kept the engine in the session's `bind`; version 3 finds it by what is executed, and `bind` is None there.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.model.types import Extension, Session
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/changes/#version-3-0-0"
BEFORE = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\ndriver = db.session.bind.dialect.name"
AFTER = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\ndriver = db.session.get_bind().dialect.name"
ON = on_member("Session.bind", "Session.bind=")


def rewrite(site: Site, here: Context) -> Outcome:
    """Ask the session for the engine."""
    node = site.node
    if not isinstance(node, cst.Attribute) or not _of_extension(site, node, here):
        return None
    if site.name == "Session.bind=":
        return Decline(
            "Flask-SQLAlchemy 3 finds the engine by what is executed; set SQLALCHEMY_BINDS", Severity.REMOVED
        )

    def build(updated: cst.CSTNode) -> Replacement:
        asked = cst.ensure_type(updated, cst.Attribute)
        called = asked.with_changes(attr=cst.Name("get_bind"), lpar=(), rpar=())
        return cst.Call(called, lpar=asked.lpar, rpar=asked.rpar)

    changed = Edit(node, site.ancestors, build)
    return Rewrite((changed,), "the session of Flask-SQLAlchemy 3 has no bind of its own", need=Need.REQUIRED)


def _of_extension(site: Site, node: cst.Attribute, here: Context) -> bool:
    """Whether the session is that of Flask-SQLAlchemy's object, there or under another name: `session = db.session`."""
    session = node.value
    if isinstance(session, cst.Attribute):
        return isinstance(here.model.type_of(session.value), Extension)
    origin = site.receiver.origin if isinstance(site.receiver, Session) else None
    return origin is not None and names.root(origin.text) == here.model.extension
