"""`relationship()` takes two arguments by their places; the others are named. What said how 2.0 would behave goes.

`cascade_backrefs=False` and `bake_queries=…` mean nothing any more.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract, dropping
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#orm-relationship-cascade-backrefs"
BEFORE = (
    "from sqlalchemy.orm import relationship\n\n"
    "books = relationship('Book', None, 'Book.author_id == Author.id', cascade_backrefs=False)"
)
AFTER = "from sqlalchemy.orm import relationship\n\nbooks = relationship('Book', None, primaryjoin='Book.author_id == Author.id')"
ON = on_call("relationship", "relation", "backref")

_PLACES = (
    "argument", "secondary", "primaryjoin", "secondaryjoin", "foreign_keys", "uselist", "order_by", "backref",
    "back_populates", "overlaps", "post_update", "cascade", "viewonly", "lazy", "collection_class",
)  # fmt: skip
"""The arguments of 1.4's relationship() by their places, as far as anybody gives them so."""
_KEPT_PLACES = 2
_GONE = ("cascade_backrefs", "bake_queries")


def rewrite(site: Site, here: Context) -> Outcome:
    """Name the arguments; take out those that mean nothing."""
    call = cst.ensure_type(site.node, cst.Call)
    if not site.name.startswith("sqlalchemy."):
        return None
    drawn = names.keyword(call, "cascade_backrefs")
    if drawn is not None and names.code(drawn) != "False":
        return Decline(
            "cascade_backrefs is gone from 2.0, which refuses it: add objects to their session by session.add()",
            Severity.REMOVED,
        )
    positional = [] if site.name.endswith("backref") else names.positional(call)
    if len(positional) > _KEPT_PLACES and (any(a.star for a in positional) or len(positional) > len(_PLACES)):
        return Decline("2.x takes no more than two arguments of relationship() by their places", Severity.REMOVED)
    gone = any(arg.keyword is not None and arg.keyword.value in _GONE for arg in call.args)
    if len(positional) <= _KEPT_PLACES and not gone:
        return None

    def build(updated: cst.Call) -> Replacement:
        args = dropping.without(updated.args, _GONE)
        if len(positional) > _KEPT_PLACES:
            args = [_named(arg, at) for at, arg in enumerate(args)]
        return updated.with_changes(args=args)

    if len(positional) > _KEPT_PLACES:
        return Rewrite(
            (edit(site, build),), "2.x takes the class and the table by their places, the rest by name", Need.REQUIRED
        )
    return Rewrite((edit(site, build),), "it says what 2.x does anyway")


def _named(arg: cst.Arg, at: int) -> cst.Arg:
    if at < _KEPT_PLACES or arg.keyword is not None:
        return arg
    bare = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return arg.with_changes(keyword=cst.Name(_PLACES[at]), equal=bare)
