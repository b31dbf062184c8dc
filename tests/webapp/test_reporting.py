"""A translation that is proven different: the page leads with it, its change is marked, and it can be reported."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.webapp.live_server import LiveServer, run_server
from webapp.reporting import LINK_LIMIT, bug_report, report_link

DIFFERENT = """\
class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String)

    @property
    def calls(self):
        import sqlalchemy
        return sqlalchemy.__version__


versions = [user.calls for user in session.query(User).order_by(User.id).all()]
session.execute(text("SELECT :version"), {"version": versions[0][:1]}).scalar()
"""
"""No rule is wrong here: the code itself asks on which SQLAlchemy it runs, and so differs whatever is translated."""


def test_the_page_leads_with_a_difference(tmp_path: Path) -> None:
    """In the pane of the result, with the lines to review and a report that has the case in it."""
    with run_server(tmp_path, REPORT_URL="https://git.example/issues/new?labels=bug") as server:
        report = server.translate(DIFFERENT).json
        assert report["verification"]["verdict"] == "different", report["verification"]["reason"]
        assert {change["safety"] for change in report["changes"]} >= {"review"}
        page = server.post_form("/", {"source": DIFFERENT, "options_shown": "1", "convert_escaping": "on"}).text
        assert page.index("This translation behaves differently.") < page.index('aria-label="Translated code"')
        link = page.partition('class="report" href="')[2].partition('"')[0].replace("&amp;", "&")
        query = parse_qs(urlsplit(link).query)
        assert query["labels"] == ["bug"]
        assert "sqlalchemy.__version__" in query["body"][0]
        assert "select(User)" in query["body"][0]


def test_without_an_address_the_report_is_copied(server: LiveServer) -> None:
    """Nobody is sent to an address that nobody set."""
    page = server.post_form("/", {"source": DIFFERENT}).text
    assert 'data-copy="bug-report"' in page
    assert 'class="report"' not in page


def test_a_proven_translation_has_no_alarm(server: LiveServer) -> None:
    """Nor a mark for review."""
    source = "users = session.query(User).all()\n"
    assert "behaves differently" not in server.post_form("/", {"source": source}).text
    assert {change["safety"] for change in server.translate(source).json["changes"]} == {"safe"}


def test_a_long_case_still_fits_into_a_link() -> None:
    """Cut, and said to be; placeholders go where the address has them."""
    report = {
        "tool_version": "1",
        "source": "x = 'ü```'\n" * 4000,
        "output": "y = 1\n",
        "options": {},
        "changes": [{"rule": "query-all"}],
        "verification": {"reason": "It differs.", "runtimes": {"before": "1.4.54", "after": "2.1.9"}},
    }
    title, body = bug_report(report)
    link = report_link("https://git.example/new?issue[title]={title}&issue[description]={body}", title, body)
    assert len(link) <= LINK_LIMIT
    assert "please%20paste%20it%20here" in link
    assert "query-all" in link
    assert "````python" in body
    assert report_link("", title, body) == ""


def test_what_is_left_to_the_user_is_named_as_the_cause(server: LiveServer) -> None:
    """Not every change beside it: those are not what makes the difference."""
    source = (
        "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
        "    up = Column(ForeignKey('a.id'))\n    below = relationship('A')\n\n"
        "q = session.query(A).join(A.below, aliased=True)\nprint(q)\n"
    )
    report = server.translate(source).json
    assert report["verification"]["verdict"] == "different"
    assert "review" not in {change["safety"] for change in report["changes"]}
    page = server.post_form("/", {"source": source}).text
    assert "This translation is not finished" in page
    assert 'Left to you: <a href="#B7"' in page
    notes = page.partition('<ol class="findings">')[2].partition("</ol>")[0]
    assert notes.count("re-pointed later criteria to a hidden alias") == 1
