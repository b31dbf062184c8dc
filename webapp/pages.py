"""The pages: editor and result, shares, rules, documentation. Each view reads, asks a service, renders a context."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, url_for
from htmx_flask import request

from translator import Dialect, Dynamic, Models, Python, Style, Target, __version__
from webapp import highlight, panels, rulebook, share_forms
from webapp.contexts import DocsPage, FormState, HomePage, ResultPartial, RulePage, RulesPage, ShareBanner
from webapp.conversion import Report
from webapp.examples import EXAMPLES, Example
from webapp.forms import read_form
from webapp.limits import limit_shares, limit_translations
from webapp.problems import KINDS, Problem
from webapp.prose import to_html
from webapp.security import require_own_form
from webapp.services import services
from webapp.shares import StoredShare
from webapp.sharing import find_share, post_share, take_down
from webapp.sides import side_by_side

pages = Blueprint("pages", __name__)

TOKEN_COOKIE = "delete-token"  # noqa: S105  # the cookie's name, not a token
_TOKEN_AGE = 90 * 24 * 3600


@pages.get("/")
def home() -> Response:
    """The editor with an example, so that the first look shows what comes out."""
    example = next((one for one in EXAMPLES if one.slug == request.args.get("example")), EXAMPLES[0])
    return _page(FormState(example.source), lambda: _example_report(example))


@pages.post("/")
@limit_translations
def convert() -> Response:
    """Convert what the form sent: the partial for htmx, the whole page otherwise."""
    require_own_form()
    form, options = read_form()
    return _page(form, lambda: services().converter.convert(form.source, options, verify=True))


@pages.post("/shares")
@limit_translations
@limit_shares
def share() -> Response:
    """Store what the form sent and go to its link; this browser may take it down again."""
    require_own_form()
    form, options = read_form()
    try:
        posted = post_share(form.source, options)
    except Problem as problem:
        return _refused(form, problem)
    response = make_response(redirect(url_for("pages.show_share", name=posted.share.id), HTTPStatus.SEE_OTHER))
    if posted.delete_token:
        response.set_cookie(
            TOKEN_COOKIE,
            posted.delete_token,
            max_age=_TOKEN_AGE,
            path=f"/s/{posted.share.id}",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
    return response


@pages.get("/s/<name>")
def show_share(name: str) -> Response:
    """A share as it was stored; a suffix, or failing that the Accept header, says in which form."""
    share_id, _, suffix = name.partition(".")
    stored = find_share(share_id)
    if not suffix:
        wanted = request.accept_mimetypes.best_match(["text/html", "application/json", "text/x-python"])
        suffix = {"application/json": "json", "text/x-python": "py"}.get(wanted or "", "")
    response = _share_form(stored, suffix) if suffix else _share_page(stored)
    if "." not in name:
        response.vary.update(("Accept", "HX-Request"))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.post("/s/<share_id>/delete")
def delete_share(share_id: str) -> Response:
    """Take a share down, from the browser that made it."""
    require_own_form()
    find_share(share_id)
    take_down(share_id, request.cookies.get(TOKEN_COOKIE, ""))
    response = make_response(redirect(url_for("pages.home"), HTTPStatus.SEE_OTHER))
    response.delete_cookie(TOKEN_COOKIE, path=f"/s/{share_id}")
    return response


@pages.get("/rules")
def rule_list() -> str:
    """All rules."""
    return RulesPage(rulebook.entries()).render()


@pages.get("/rules/<slug>")
def rule_page(slug: str) -> str:
    """One rule, written from its docstring and example."""
    rule = rulebook.find(slug)
    if rule is None:
        raise Problem("not-found", "No rule has this name; see the list of rules.")
    rows = side_by_side(rule.before, rule.after, highlight.python_lines)
    return RulePage(rule, to_html(rule.text), rows).render()


@pages.get("/docs")
def docs() -> str:
    """How to use the API."""
    options = (
        ("dialect", " | ".join(Dialect), "The database whose SQL is shown. Default: sqlite. The proof runs on SQLite."),
        (
            "style",
            " | ".join(Style),
            "concise writes session.scalar() where it differs on unexpected data only. Default: exact.",
        ),
        (
            "convert_escaping",
            "true | false",
            "Convert a query that leaves the snippet, and flag where callers must follow. Default here: true.",
        ),
        (
            "convert_bulk",
            "true | false",
            "Write bulk_save_objects() and its kin as add_all(), insert() and update(), too. Default: false.",
        ),
        (
            "models",
            " | ".join(Models),
            "typed writes Mapped[...] annotations, columns mapped_column() without them, none leaves models. "
            "Default: typed.",
        ),
        (
            "dynamic",
            " | ".join(Dynamic),
            'certain writes WriteOnlyMapped for relationships with lazy="dynamic", with select(), add() and remove() where '
            "they are used, if some use is in sight, each has such a form, and nothing in sight walks attributes by names "
            "that stand nowhere; write_only also without the first and the last, keep never. Default: certain.",
        ),
        ("python", " | ".join(Python), "The oldest Python that annotations are written for. Default: 3.10."),
        (
            "target",
            " | ".join(Target),
            "The newest SQLAlchemy that the output has to run on: 2.1 refuses some filter_by(), which stay then. Default: 2.1.",
        ),
        (
            "schema",
            "Python",
            "Models that the source speaks of and doesn't show, at most 64 KiB. Without them the proof makes up what it "
            "needs; report.verification.schema tells what it used.",
        ),
        (
            "keep_column_order",
            "true | false",
            "Write sort_order on the columns of mixins, so that tables keep the order of 1.x. Default: false.",
        ),
        (
            "check_untyped",
            "true | false",
            "Write what type checkers accept in functions without annotations, too, as pyright looks into them. Default: false.",
        ),
        ("only", "list of rules", "Apply these rules only."),
        ("skip", "list of rules", "Do not apply these rules."),
    )
    return DocsPage(request.url_root.rstrip("/"), tuple(KINDS.values()), options).render()


@pages.get("/robots.txt")
def robots() -> Response:
    """Shares are links, not publications."""
    return Response("User-agent: *\nDisallow: /s/\n", mimetype="text/plain")


def _example_report(example: Example) -> Report:
    return services().examples.get(example, Dialect.SQLITE)


def _page(form: FormState, work: Callable[[], Report]) -> Response:
    try:
        report = work()
    except Problem as problem:
        return _refused(form, problem)
    result = panels.panel(report, services().settings.report_url)
    data = panels.script_data(report, result)
    body = (
        ResultPartial(result, None, data) if request.htmx else HomePage(form, EXAMPLES, result, None, data)
    ).render()
    return _never_cached(make_response(body))


def _refused(form: FormState, problem: Problem) -> Response:
    shown, data = panels.notice(problem), panels.notice_data(problem)
    body = (ResultPartial(None, shown, data) if request.htmx else HomePage(form, EXAMPLES, None, shown, data)).render()
    response = _never_cached(make_response(body, problem.status))
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _never_cached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response


def _share_page(stored: StoredShare) -> Response:
    options = stored.report["options"]
    banner = ShareBanner(
        id=stored.id,
        url=url_for("pages.show_share", name=stored.id, _external=True),
        created=stored.created_at.strftime("%d %B %Y"),
        tool_version=stored.tool_version,
        outdated=stored.tool_version != __version__,
        own=services().shares.owns(stored.id, request.cookies.get(TOKEN_COOKIE, "")),
        forms=tuple(share_forms.FORMS),
    )
    form = FormState(
        source=stored.source,
        dialect=Dialect(options["dialect"]),
        convert_escaping=bool(options["convert_escaping"]),
        convert_bulk=bool(options.get("convert_bulk", False)),  # shares of older versions have no such option
        models=Models(options.get("models", Models.NONE)),
        dynamic=Dynamic(options.get("dynamic", Dynamic.KEEP)),
        python=Python(options.get("python", Python.PY310)),
        target=Target(options.get("target", Target.SA21)),
        schema=str(options.get("schema", "")),
    )
    result = panels.panel(stored.report, services().settings.report_url)
    page = HomePage(form, EXAMPLES, result, None, panels.script_data(stored.report, result), banner)
    # No ETag here: a 304 would pair an old body with a new nonce.
    return _never_cached(make_response(page.render()))


def _share_form(stored: StoredShare, suffix: str) -> Response:
    form = share_forms.FORMS.get(suffix)
    if form is None:
        raise Problem("not-acceptable", f"A share comes as {', '.join(share_forms.FORMS)}.")
    text = form.write(stored, url_for("pages.show_share", name=stored.id, _external=True))
    response = Response(text.encode(), content_type=f"{form.media_type}; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Short, not immutable: a share that is taken down must go from caches too.
    response.headers["Cache-Control"] = "public, max-age=60"
    response.add_etag()
    response.make_conditional(request)
    return response
