"""`query.paginate()` becomes `db.paginate(statement)`, with its arguments by name.

Flask-SQLAlchemy 3 takes them by name only. Its page holds the first thing that is selected, each once, so a query of
several columns or entities can't be paginated so.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need
from translator.model.sites import Site
from translator.rules import terminals
from translator.rules.contract import Context, Decline, Outcome, Rewrite, on_query
from translator.syntax import chains, names

GUIDE = "https://flask-sqlalchemy.readthedocs.io/en/stable/pagination/"
BEFORE = "page = User.query.order_by(User.id).paginate(1, 20, False)"
AFTER = "page = db.paginate(\n    db.select(User).order_by(User.id), page=1, per_page=20, error_out=False\n)"
ON = on_query("paginate")

_ORDER = ("page", "per_page", "error_out", "max_per_page")
"""The arguments of 2.x by position."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Hand the statement to the extension."""
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    declined = terminals.obstacle(site, here)
    if declined is not None:
        return declined
    if query.shape is None or len(query.shape) != 1 or terminals.method_for(query) != "scalars":
        return Decline(
            "db.paginate() keeps the first column only, and the query selects several (or columns, whose rows it would "
            "unpack); write a class that extends flask_sqlalchemy.pagination.SelectPagination, whose _query_items() "
            "gives the rows, or count and slice the statement by hand"
        )
    owner = terminals.extension_of(query)
    if owner is None:
        return Decline("paginate() is Flask-SQLAlchemy's, and its object (`db`) is not in sight; import it here")
    if any(arg.star == "*" for arg in call.args) or len(names.positional(call)) > len(_ORDER):
        return Decline("paginate() is given arguments from a list, and 3.x takes them by name only")

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        statement = cst.ensure_type(updated.func, cst.Attribute).value
        frame = terminals.frame_of(updated, site)
        arguments = _by_name(updated)
        if chains.breaks(frame.before_last) or frame.lpar:
            executed = chains.execute(statement, frame, session=owner, method="paginate", indent=here.indent)
            return chains.with_arguments(executed, arguments)
        between = updated.whitespace_before_args if chains.breaks(updated.whitespace_before_args) else None
        comma = cst.Comma(whitespace_after=between or cst.SimpleWhitespace(" "))
        first = cst.Arg(statement, comma=comma if arguments else cst.MaybeSentinel.DEFAULT)
        return updated.with_changes(func=cst.Attribute(owner, cst.Name("paginate")), args=[first, *arguments])

    positional = bool(names.positional(call))
    return Rewrite(
        (Edit(site.node, site.ancestors, build),),
        "Flask-SQLAlchemy paginates a statement with db.paginate(), whose arguments are given by name",
        need=Need.REQUIRED if positional else Need.STYLE,
        safety=terminals.safety(query, here),
        gone="Flask-SQLAlchemy 3 takes the arguments of paginate() by name only" if positional else "",
    )


def _by_name(call: cst.Call) -> list[cst.Arg]:
    position = iter(_ORDER)
    return [arg if arg.keyword or arg.star else chains.named(arg, next(position)) for arg in call.args]
