"""Shares over HTTP: made once, shown in all forms, taken down."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.webapp.live_server import Answer, LiveServer


def post(server: LiveServer, source: str, **options: object) -> Answer:
    """Share a source."""
    return server.post_json("/api/v1/shares", {"source": source, "options": options})


def path_of(server: LiveServer, source: str) -> str:
    """Share a source; the address of the share."""
    return f"/s/{post(server, source).json['id']}"


def test_the_same_content_has_the_same_link(server: LiveServer) -> None:
    """201 with Location and delete token first, then 200 without; other options are another link."""
    source = "session.query(Customer).get(101)\n"
    first, second = post(server, source), post(server, source)
    assert (first.status, second.status) == (201, 200)
    assert first.headers["Location"] == second.headers["Location"] == first.json["url"]
    assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{13}", first.json["id"])
    assert first.json["delete_token"]
    assert "delete_token" not in second.json
    assert post(server, source, dialect="mysql").json["id"] != first.json["id"]


def test_a_share_has_every_form(server: LiveServer, tmp_path: Path) -> None:
    """Each suffix gives its media type, nosniff and an ETag that saves a second transfer; the diff applies."""
    source = "customer = session.query(Customer).get(102)\n"
    share = post(server, source).json
    path = f"/s/{share['id']}"
    media = {
        "json": "application/json",
        "py": "text/x-python",
        "input.py": "text/x-python",
        "diff": "text/x-diff",
        "sql": "application/sql",
        "md": "text/markdown",
    }
    assert set(share["forms"]) == set(media)
    forms = {suffix: server.get(f"{path}.{suffix}") for suffix in media}
    for suffix, answer in forms.items():
        assert answer.status == 200
        assert answer.headers["Content-Type"] == f"{media[suffix]}; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        etag = answer.headers["ETag"]
        assert etag
        assert not etag.startswith("W/")
        assert server.get(f"{path}.{suffix}", If_None_Match=etag).status == 304
    assert forms["input.py"].text == source
    assert forms["py"].text == "customer = session.get(Customer, 102)\n"
    assert forms["json"].json["report"]["output"] == forms["py"].text
    assert "SELECT" in forms["sql"].text
    assert source.strip() in forms["md"].text
    (tmp_path / "snippet.py").write_text(source)
    subprocess.run(["patch", "-p1", "-s"], input=forms["diff"].body, cwd=tmp_path, check=True)
    assert (tmp_path / "snippet.py").read_text() == forms["py"].text


def test_the_accept_header_chooses_where_no_suffix_does(server: LiveServer) -> None:
    """A browser gets the page, a program JSON or Python; caches are told what it depends on."""
    path = path_of(server, "session.query(Customer).get(103)\n")
    page = server.get(path, Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.headers["Content-Type"].startswith("text/html")
    assert {"Accept", "HX-Request"} <= {part.strip() for part in page.headers["Vary"].split(",")}
    assert server.get(path, Accept="application/json").json["url"].endswith(path)
    assert server.get(path, Accept="text/x-python").text.startswith("session.get(")
    assert server.get(path).headers["Content-Type"].startswith("text/html")


def test_an_unknown_suffix_or_id_is_said_to_be_one(server: LiveServer) -> None:
    """404 for what never was, 406 with the list of forms for a wrong suffix."""
    path = path_of(server, "session.query(Customer).get(104)\n")
    assert server.get(f"{path}.exe").status == 406
    assert server.get("/s/0000000000000").status == 404
    assert server.get("/s/..%2f..%2fetc").status == 404


@pytest.mark.parametrize("source", ["", "not python at all", 'print "two"\n', "x = '\ud800'\n", "x" * 66_000])
def test_only_python_that_parses_is_stored(server: LiveServer, source: str) -> None:
    """A share is no place to keep anything else."""
    assert post(server, source).status in {413, 422}


def test_a_share_can_be_taken_down_for_good(server: LiveServer) -> None:
    """Only with its token; then every form is 410 and the same text can't be posted again."""
    source = "session.query(Customer).get(105)\n"
    made = post(server, source).json
    address = f"/api/v1/shares/{made['id']}"
    assert server.request("DELETE", address).status == 403
    assert server.request("DELETE", address, headers={"Authorization": "Bearer wrong"}).status == 403
    assert server.get(address).json["report"]["source"] == source
    token = {"Authorization": f"Bearer {made['delete_token']}"}
    assert server.request("DELETE", address, headers=token).status == 204
    assert server.request("DELETE", address, headers=token).status == 410
    for path in (address, f"/s/{made['id']}", f"/s/{made['id']}.py", f"/s/{made['id']}.json"):
        assert server.get(path).status == 410
    assert post(server, source).status == 410


def test_the_form_shares_without_script(server: LiveServer) -> None:
    """POST, redirect, GET; the browser that made it holds a cookie for this path alone and can take it down."""
    source = "session.query(Customer).get(106)\n"
    answer = server.post_form("/shares", {"source": source, "options_shown": "1"}, Sec_Fetch_Site="same-origin")
    assert answer.status == 303
    path = answer.headers["Location"]
    cookie = answer.headers["Set-Cookie"]
    assert f"Path={path}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    token = cookie.partition(";")[0]
    assert "Take it down" not in server.get(path).text
    assert "Take it down" in server.get(path, Cookie=token).text
    assert server.post_form(f"{path}/delete", {}, Cookie=token, Sec_Fetch_Site="cross-site").status == 403
    assert server.post_form(f"{path}/delete", {}, Sec_Fetch_Site="same-origin").status == 403
    assert server.post_form(f"{path}/delete", {}, Cookie=token, Sec_Fetch_Site="same-origin").status == 303
    assert server.get(path).status == 410


def test_what_is_not_translatable_stays_in_the_form(server: LiveServer) -> None:
    """Sharing broken code shows the page again with the reason."""
    answer = server.post_form("/shares", {"source": "def ("})
    assert answer.status == 422
    assert "def (" in answer.text
