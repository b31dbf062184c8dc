"""What a page of Flask-SQLAlchemy 3 is asked for: by name only, `right_current` with the last page, no `query`.

2.x took the arguments of `iter_pages()`, `next()` and `prev()` by position, too, and left out the last page that
`right_current` counts. A page has no `query` any more.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_member
from translator.syntax import chains, names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/api/#flask_sqlalchemy.pagination.Pagination.iter_pages"
BEFORE = "page = User.query.paginate(page=1, per_page=2)\nnumbers = list(page.iter_pages(1, 1, 3, 1))"
AFTER = (
    "page = db.paginate(db.select(User), page=1, per_page=2)\n"
    "numbers = list(page.iter_pages(left_edge=1, left_current=1, right_current=2, right_edge=1))"
)
ON = on_member("Pagination.iter_pages", "Pagination.next", "Pagination.prev", "Pagination.query")

_ORDER = {
    "iter_pages": ("left_edge", "left_current", "right_current", "right_edge"),
    "next": ("error_out",),
    "prev": ("error_out",),
}
"""The arguments of 2.x by position."""
_COUNTED = "right_current"


def rewrite(site: Site, here: Context) -> Outcome:
    """Give the arguments by name."""
    method = site.name.rpartition(".")[2]
    if method == "query":
        return Decline("a page has no query in Flask-SQLAlchemy 3; keep the statement under a name", Severity.REMOVED)
    if not isinstance(site.node, cst.Call) or not site.node.args:
        return None
    call, order = site.node, _ORDER[method]
    positional = names.positional(call)
    if any(arg.star for arg in call.args) or len(positional) > len(order):
        return Decline(
            f"{method}() is given arguments from a list or dict, and Flask-SQLAlchemy 3 takes them by name only"
        )
    if not positional:
        counted = names.keyword(call, _COUNTED) is not None
        return Rewrite((), "", remarks=(_INCLUSIVE,)) if counted else None
    last = dict(zip(order, positional, strict=False)).get(_COUNTED)
    value = names.literal(last.value) if last is not None else None
    if last is not None and not isinstance(value, int):
        return Decline(_INCLUSIVE.cause, Severity.REMOVED)

    def build(node: cst.CSTNode) -> Replacement:
        updated, position = cst.ensure_type(node, cst.Call), iter(order)
        return updated.with_changes(args=[a if a.keyword else _named(a, next(position)) for a in updated.args])

    reason = "Flask-SQLAlchemy 3 takes the arguments by name only"
    return Rewrite((Edit(site.node, site.ancestors, build),), reason, need=Need.REQUIRED)


_INCLUSIVE = Decline(
    "Flask-SQLAlchemy 3 counts the last page in right_current, too, which 2.x left out: one less shows the same pages",
    Severity.NOTE,
)


def _named(arg: cst.Arg, name: str) -> cst.Arg:
    value = names.literal(arg.value)
    if name == _COUNTED and isinstance(value, int):
        arg = arg.with_changes(value=cst.Integer(str(max(value - 1, 0))))
    return chains.named(arg, name)
