"""`db.create_all(bind=…)`, `drop_all` and `reflect` of Flask-SQLAlchemy take `bind_key` and no `app`.

Version 3 needs an application context instead of `app=`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.extension import EXTENSION
from translator.model.sites import Site
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/binds/"
BEFORE = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\ndb.create_all(bind=None)"
AFTER = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\ndb.create_all(bind_key=None)"
ON = on_call("create_all", "drop_all", "reflect")


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the bind as version 3 does."""
    call = cst.ensure_type(site.node, cst.Call)
    if site.name.rpartition(".")[0] != EXTENSION:
        return None  # not e.g. `db.metadata.drop_all(bind=engine)`, a MetaData's
    if names.keyword(call, "app") is not None or len(names.positional(call)) > 1:
        return Decline(
            "it takes no application any more; call it in `with app.app_context():` and leave out `app`",
            Severity.REMOVED,
        )
    remarks = (_CONTEXT,) if _lacks_context(site, here) else ()
    if names.keyword(call, "bind") is None:
        return Rewrite((), "", remarks=remarks) if remarks else None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(
            args=[
                arg.with_changes(keyword=cst.Name("bind_key")) if arg.keyword and arg.keyword.value == "bind" else arg
                for arg in updated.args
            ]
        )

    return Rewrite(
        (edit(site, build),), "Flask-SQLAlchemy 3 calls the bind `bind_key`", need=Need.REQUIRED, remarks=remarks
    )


_CONTEXT = Decline(
    "Flask-SQLAlchemy 3 has engines and sessions only in an application context, also where SQLAlchemy(app) was given the "
    "application: do this in `with app.app_context():`",
    Severity.REMOVED,
)


def _lacks_context(site: Site, here: Context) -> bool:
    """Whether it stands at the top of a module, where nothing has entered a context; not in a part of one, which lacks `db`."""
    owner = names.root(names.dotted(cst.ensure_type(site.node, cst.Call).func) or "")
    if owner not in here.model.imports.aliases and owner not in here.model.bound_names:
        return False
    if any(isinstance(each, (cst.FunctionDef, cst.With, cst.Lambda)) for each in site.around):
        return False
    return here.model.words(here.model.tree).isdisjoint({"push", "app_context", "enter_context"})
