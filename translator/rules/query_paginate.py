"""`query.paginate()` becomes `db.paginate(statement)`, with its arguments by name.

Flask-SQLAlchemy 3 takes them by name only, and shows at most 100 a page unless it is told otherwise. `db.paginate()` keeps
the first thing that is selected, each once, so rows get a page of their own, which a class of the extension is extended for.
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from translator.edits import Edit, Insertion, Replacement
from translator.findings import Need, Safety, Severity
from translator.model.module import ModuleModel
from translator.model.sites import Site, SiteKind
from translator.model.types import Query
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
    """Hand the statement to the extension; where the query stays, its paginate() takes arguments by name, too."""
    found, staying = _answer(site, here), _kept(site)
    return replace(found, staying=staying) if found is not None else None


def _kept(site: Site) -> tuple[Edit, ...]:
    call, query = cst.ensure_type(site.node, cst.Call), terminals.query_of(site)
    if not names.positional(call) or _is_given_a_list(call) or terminals.extension_of(query) is None:
        return ()

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        return updated.with_changes(args=_by_name(updated))

    return (Edit(site.node, site.ancestors, build),)


def _is_given_a_list(call: cst.Call) -> bool:
    return any(arg.star == "*" for arg in call.args) or len(names.positional(call)) > len(_ORDER)


def _answer(site: Site, here: Context) -> Rewrite | Decline | None:
    query = terminals.query_of(site)
    call = cst.ensure_type(site.node, cst.Call)
    declined = terminals.obstacle(site, here)
    if declined is not None:
        return declined
    if query.variants or query.shape is None:
        return Decline("it gives objects on some paths and rows on others, which are paginated in different ways")
    owner = terminals.extension_of(query)
    if owner is None:
        return Decline("paginate() is Flask-SQLAlchemy's, and its object (`db`) is not in sight; import it here")
    if _is_given_a_list(call):
        return Decline("paginate() is given arguments from a list, and 3.x takes them by name only")
    if terminals.method_for(query) != "scalars":
        return _rows(site, here, query, owner)

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
        remarks=_remarks(call),
        gone=_BY_NAME if positional else "",
    )


_BY_NAME = "Flask-SQLAlchemy 3 takes the arguments of paginate() by name only"


def _rows(site: Site, here: Context, query: Query, owner: cst.BaseExpression) -> Rewrite | Decline:
    """A page of rows, by a class that is put before the first statement that needs it."""
    call = cst.ensure_type(site.node, cst.Call)
    first = _first(here.model)
    if first is None:
        return Decline("db.paginate() keeps the first column only; count and slice the statement by hand")
    once = bool(terminals.unique(query))
    name = here.fresh(site, *(_ONCE if once else _EACH), everywhere=True)
    base = names.code(here.name("flask_sqlalchemy.pagination", "SelectPagination"))
    text = _CLASS.format(name=name, base=base, once=".unique()" if once else "")

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.Call)
        statement = cst.ensure_type(updated.func, cst.Attribute).value
        frame = terminals.frame_of(updated, site)
        session = cst.Attribute(owner, cst.Name("session"))
        page = chains.execute(statement, frame, session=session, method="page", indent=here.indent)
        given = cst.ensure_type(page, cst.Call)
        select, *_ = given.args
        more = [chains.named(cst.Arg(session), "session"), *_by_name(updated)]
        made = chains.with_arguments(given.with_changes(func=cst.Name(name), args=[select]), more)
        arguments = cst.ensure_type(made, cst.Call).args
        return made.with_changes(args=[chains.named(arguments[0], "select"), *arguments[1:]])

    return Rewrite(
        (Edit(site.node, site.ancestors, build),),
        "db.paginate() keeps the first column only, so the rows get a page of their own",
        need=Need.REQUIRED,
        safety=Safety.REVIEW,
        insertions=(Insertion(first, (), text, before=True),),
        remarks=_remarks(call),
        gone=_BY_NAME if names.positional(call) else "",
    )


_EACH = ("RowPagination", "RowsPagination", "PageOfRows")
_ONCE = ("EntityPagination", "EntitiesPagination", "PageOfEntities")
_CLASS = '''class {name}({base}):
    """A page of rows; that of db.paginate() has only the first thing of each."""

    def _query_items(self):
        page = self._query_args["select"].limit(self.per_page).offset(self._query_offset)
        return self._query_args["session"].execute(page){once}.all()
'''


def _first(model: ModuleModel) -> cst.BaseStatement | None:
    """The first statement of the module that paginates rows."""
    holding = {
        site.ancestors[0]
        for site in model.sites
        if site.kind is SiteKind.METHOD and site.name == "paginate" and site.ancestors
        if isinstance(query := site.receiver, Query) and query.shape and terminals.method_for(query) != "scalars"
    }
    return next((line for line in model.tree.body if id(line) in holding), None)


def _by_name(call: cst.Call) -> list[cst.Arg]:
    position = iter(_ORDER)
    given = [arg if arg.keyword or arg.star else chains.named(arg, next(position)) for arg in call.args]
    if not _unlimited(call):
        return given
    return [*given, chains.named(cst.Arg(cst.Name("None")), _LIMIT)]


def _remarks(call: cst.Call) -> tuple[Decline, ...]:
    """That 3.x has a limit, where it may matter and the text does not say which of both it was written for."""
    return (_AT_MOST,) if _may_exceed(call) and not names.positional(call) else ()


def _unlimited(call: cst.Call) -> bool:
    """Whether the call is one of 2.x, which had no limit, and asks for more than 3.x would show."""
    return _may_exceed(call) and bool(names.positional(call))


def _may_exceed(call: cst.Call) -> bool:
    positional = names.positional(call)
    size = names.keyword(call, "per_page") or (positional[1].value if len(positional) > 1 else None)
    shown = names.literal(size) if size is not None else None
    said = names.keyword(call, _LIMIT) is not None or len(positional) == len(_ORDER)
    return not said and not (isinstance(shown, int) and 0 <= shown <= _MOST)


_LIMIT = _ORDER[-1]
_MOST = 100
"""What 3.x shows at most on a page where it is not told otherwise."""
_AT_MOST = Decline(
    "Flask-SQLAlchemy 3 shows at most 100 a page unless max_per_page is given, and 2.x had no limit; "
    "max_per_page=None is none",
    Severity.NOTE,
)
