"""`Model.query` becomes `select(Model)`, executed on the session that stood behind it.

Flask-SQLAlchemy gives every model a `query` that runs on `db.session`; `scoped_session.query_property()` does the same
for a session without the extension. Where the text has `db`, its names are used: `db.select`, `db.session`.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.signatures import QUERY_METHODS, Effect
from translator.model.sites import Site, SiteKind
from translator.model.types import Instance, LocalInstance, Query
from translator.rules import contract, terminals
from translator.rules.contract import Context, Decline, On, Outcome, Rewrite
from translator.rules.query_creation import statement_kind
from translator.syntax import chains, names

GUIDE = f"{contract.GUIDE}#orm-query-unified-with-core-select"
BEFORE = "users = User.query.filter_by(name='ada').all()"
AFTER = "users = db.session.scalars(db.select(User).filter_by(name='ada')).all()"
ON = On(SiteKind.CREATION, frozenset({"model_query"}))


def rewrite(site: Site, here: Context) -> Outcome:
    """Make the statement from the class."""
    node = cst.ensure_type(site.node, cst.Attribute)
    query = site.result
    assert isinstance(query, Query)
    if query.session is not None and not query.session.text:
        return Decline(
            "the session that Model.query runs on is not in sight; import the `db` of Flask-SQLAlchemy (or the scoped "
            "session) here"
        )
    if chains.commented(node.dot.whitespace_before) or chains.commented(node.dot.whitespace_after):
        return Decline("a comment stands between the class and `query`; move it first")
    function = here.name("sqlalchemy", statement_kind(here))
    if query.session is not None and query.session.needs is not None:
        here.has(query.session.needs)

    of_object = isinstance(here.model.type_of(node.value), (Instance, LocalInstance))
    whole = query.shape[0].name if of_object and query.shape else None  # `self.query` is that of its class

    def build(updated: cst.CSTNode) -> Replacement:
        attribute = cst.ensure_type(updated, cst.Attribute)
        selected = attribute.value if whole is None else names.expression(whole)
        return cst.Call(function, [cst.Arg(selected)], lpar=attribute.lpar, rpar=attribute.rpar)

    changes = (Edit(site.node, site.ancestors, build), *_first_link(site))
    return Rewrite(changes, "a statement is built apart from the session", safety=terminals.safety(query, here))


def _first_link(site: Site) -> tuple[Edit, ...]:
    """`Model.query.filter()` begins a chain whose other links stand on lines of their own: after `select()` it does, too."""
    if len(site.around) < 3:
        return ()
    following, call, link = site.around[-3:]
    if (
        not isinstance(link, cst.Attribute)
        or not isinstance(call, cst.Call)
        or not isinstance(following, cst.Attribute)
    ):
        return ()
    method = QUERY_METHODS.get(following.attr.value)
    level = following.dot.whitespace_before
    if method is None or method.effect is not Effect.BUILDS or not _breaks(level):
        return ()
    if _breaks(link.dot.whitespace_before):
        return ()

    def build(updated: cst.CSTNode) -> Replacement:
        attribute = cst.ensure_type(updated, cst.Attribute)
        return attribute.with_changes(dot=attribute.dot.with_changes(whitespace_before=chains.uncommented(level)))

    return (Edit(link, tuple(map(id, site.around[:-1])), build),)


def _breaks(space: cst.BaseParenthesizableWhitespace) -> bool:
    return chains.breaks(space) or (isinstance(space, cst.SimpleWhitespace) and "\n" in space.value)
