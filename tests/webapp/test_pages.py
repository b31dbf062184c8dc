"""The pages without script, against a real gunicorn."""

from __future__ import annotations

import re

import pytest

from tests.webapp.live_server import LiveServer
from webapp.examples import EXAMPLES

PATHS = ["/", "/?example=update-delete", "/rules", "/rules/query-get", "/docs", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
def test_a_strict_policy_holds_on_every_page(server: LiveServer, path: str) -> None:
    """Nothing inline and nothing from elsewhere: no style attribute, no handler, no script without an address."""
    answer = server.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text)
    assert not re.search(r"<style|<script(?![^>]*(src=|application/json))", answer.text)
    assert not re.search(r'(src|href)="https?://(?!docs\.sqlalchemy\.org|127\.0\.0\.1)', answer.text)


@pytest.mark.parametrize("example", [example.slug for example in EXAMPLES])
def test_examples_are_proven_the_same(server: LiveServer, example: str) -> None:
    """What the menu offers shows the tool at its word: changed, and proven."""
    text = server.get(f"/?example={example}").text
    assert 'class="changed' in text
    assert "Proven the same" in text


def test_the_form_works_without_script(server: LiveServer) -> None:
    """A plain POST gives the whole page with both sides, the SQL, the verdict and the text still in the form."""
    source = "for customer in session.query(Customer).order_by(Customer.id):\n    print(customer.id)\n"
    answer = server.post_form("/", {"source": source.replace("\n", "\r\n"), "dialect": "mysql", "options_shown": "1"})
    assert answer.status == 200
    assert "<html" in answer.text
    assert "Proven the same" in answer.text
    assert '<option value="mysql" selected>' in answer.text
    assert not re.search(r'name="convert_escaping" checked', answer.text)
    assert 'id="B1"' in answer.text
    assert 'id="A1"' in answer.text
    assert "SELECT" in answer.text
    assert "for customer in session.query(Customer)" in re.search(r"<textarea.*?</textarea>", answer.text, re.S)[0]


def test_htmx_gets_the_same_partial_that_the_page_has(server: LiveServer) -> None:
    """The partial is a part of the page, letter for letter but for the time it took."""
    fields = {"source": "session.query(Customer).get(1)\n"}
    page = server.post_form("/", fields)
    partial = server.post_form("/", fields, HX_Request="true")
    assert "<html" not in partial.text
    assert partial.headers["Vary"].startswith("HX-Request")

    def timeless(text: str) -> str:
        return re.sub(r"\d+ ms", "ms", text)

    assert timeless(partial.text).strip() in timeless(page.text)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_of_other_sites_are_refused(server: LiveServer, site: str) -> None:
    """Sec-Fetch-Site, or the origin in older browsers, says where a form came from."""
    assert server.post_form("/", {"source": "x = 1\n"}, Sec_Fetch_Site=site).status == 403
    assert server.post_form("/", {"source": "x = 1\n"}, Origin="https://example.org").status == 403
    assert server.post_form("/", {"source": "x = 1\n"}, Origin=server.url).status == 200


def test_hostile_text_is_shown_as_text(server: LiveServer) -> None:
    """Tags in code, in strings and in comments come back escaped, also inside the embedded data."""
    source = (
        "x = '</script><script>alert(1)</script>'  # <img src=x onerror=alert(1)>\nsession.query(Customer).get(1)\n"
    )
    text = server.post_form("/", {"source": source}).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;/script&gt;" in text


def test_unknown_pages_are_pages(server: LiveServer) -> None:
    """404 in HTML for people, with a way back."""
    answer = server.get("/nothing", Accept="text/html")
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert 'href="/"' in answer.text


def test_static_files_are_cached_by_their_content(server: LiveServer) -> None:
    """Built scripts carry a hash and are immutable; our own style sheets change their address with their content."""
    page = server.get("/").text
    script = re.search(r'src="(/static/build/main-[A-Z0-9]+\.js)"', page)
    if script:  # without Node there is no bundle, and the page says so by having no script
        answer = server.get(script[1], Accept_Encoding="br")
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
    style = re.search(r'href="(/static/css/base\.css\?v=[0-9a-f]{12})"', page)
    assert style is not None
    assert server.get(style[1]).status == 200
    assert server.get("/static/src/../../pyproject.toml").status == 404


def test_python_and_target_are_chosen_on_the_page(server: LiveServer) -> None:
    """What the API takes as options has controls, which keep what was chosen."""
    source = (
        "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n    b = Column(Integer)\n"
    )
    answer = server.post_form("/", {"source": source, "python": "3.8", "target": "2.0", "dynamic": "write_only"})
    assert '<option value="3.8" selected>' in answer.text
    assert '<option value="2.0" selected>' in answer.text
    assert '<option value="write_only" selected>' in answer.text
    assert "Optional" in answer.text
    assert server.post_form("/", {"source": source, "target": "1.9"}).status == 422
