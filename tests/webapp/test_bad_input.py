"""Bad input through API and page: each gets its clear answer within the limits, and the next request is answered at once."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from tests.pace import allowed
from tests.webapp.live_server import LiveServer

WALL_LIMIT = 25
"""Seconds: translating and proving have ten each, and the machine may be busy."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that is refused: status, problem and what the detail says."""

    source: str
    status: int
    kind: str


REFUSED = {
    "empty": Refused("", 422, "source-empty"),
    "only spaces": Refused("  \n\t\n", 422, "source-empty"),
    "prose": Refused("Dear all, please find attached", 422, "source-not-python"),
    "python 2 print": Refused('print "hello"\n', 422, "source-python-2"),
    "python 2 except": Refused("try:\n    pass\nexcept ValueError, e:\n    pass\n", 422, "source-python-2"),
    "65 KiB": Refused("x = 1\n" * (65 * 1024 // 6 + 1), 413, "source-too-large"),
    "null byte": Refused("x = 1\0\n", 422, "source-encoding"),
    "lone surrogate": Refused("x = '\ud800'\n", 422, "source-encoding"),
    "2,000 open brackets": Refused("(" * 2000, 422, "source-too-complex"),
    "deep calls": Refused("f(" * 1000 + ")" * 1000, 422, "source-too-complex"),
    "deep f-strings": Refused('f"{' * 1200 + "1", 422, "source-too-complex"),
}

NOT_RUN = {
    "endless loop": "for _ in iter(int, 1): pass\n",
    "huge string": 'x = "a" * 10**10\n',
    "a file": 'print(open("/etc/passwd").read())\n',
    "a socket": "import socket\nsocket.create_connection(('127.0.0.1', 22))\n",
    "a process": "import os\nos.system('true')\n",
    "the end": "import os\nos._exit(0)\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_api_refuses_with_a_problem(server: LiveServer, name: str) -> None:
    """The right status and kind, a sentence, and nothing of the source."""
    case = REFUSED[name]
    answer = server.translate(case.source)
    assert answer.status == case.status, answer.text
    problem = answer.json
    assert problem["type"] == f"/docs#{case.kind}"
    assert len(problem["detail"]) > 10
    assert "Traceback" not in answer.text
    if case.source.strip():
        assert case.source.strip()[:40] not in answer.text
    assert_alive(server)


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "lone surrogate"])
@pytest.mark.parametrize("htmx", [False, True])
def test_the_page_refuses_in_prose(server: LiveServer, name: str, *, htmx: bool) -> None:
    """The same status; the text stays in the form; htmx gets the partial alone.

    A form can't send a lone surrogate: its encoding replaces it.
    """
    case = REFUSED[name]
    answer = server.post_form("/", {"source": case.source}, **({"HX_Request": "true"} if htmx else {}))
    assert answer.status == case.status
    assert 'class="pane output refused"' in answer.text
    assert ("<html" in answer.text) is not htmx
    assert_alive(server)


@pytest.mark.parametrize("name", NOT_RUN)
def test_code_that_must_not_run_is_translated_and_not_proven(server: LiveServer, name: str) -> None:
    """Within the limits, never as `same` by way of a run that was stopped, and the server goes on."""
    started = time.monotonic()
    answer = server.translate(NOT_RUN[name])
    assert time.monotonic() - started < allowed(WALL_LIMIT)
    assert answer.status == 200, answer.text
    report = answer.json
    assert report["output"] == NOT_RUN[name]
    assert report["verification"]["verdict"] == "not_run"
    assert len(report["verification"]["reason"]) > 10
    assert "root:" not in answer.text
    assert_alive(server)


def test_the_page_shows_why_code_was_not_run(server: LiveServer) -> None:
    """The verdict and its reason stand on the page."""
    answer = server.post_form("/", {"source": "for _ in iter(int, 1): pass\n"})
    assert answer.status == 200
    assert "Not proven" in answer.text


def test_64_kib_are_taken_and_one_byte_more_is_not(server: LiveServer) -> None:
    """The limit counts bytes of UTF-8 and stands where it is documented."""
    lines = "# é\nx = 1\n"
    fits = f"{lines}#{'a' * (64 * 1024 - len(lines.encode()) - 2)}\n"
    assert len(fits.encode()) == 64 * 1024
    assert server.translate(fits, verify=False).status == 200
    assert server.translate(fits + "\n", verify=False).status == 413


def test_a_body_beyond_any_source_is_refused_unread(server: LiveServer) -> None:
    """A megabyte of JSON or form is 413 without being parsed."""
    assert server.translate("x" * 1_000_000).status == 413
    assert server.post_form("/", {"source": "x" * 1_000_000}).status == 413


def test_a_syntax_error_says_where(server: LiveServer) -> None:
    """The range counts lines and columns from 1, columns in code points and UTF-16 units."""
    answer = server.translate("x = 1\ny = '😀' +\n")
    assert answer.status == 422
    start = answer.json["range"]["start"]
    assert start["line"] in {2, 3}
    assert start["utf16"] >= start["column"] >= 1


@pytest.mark.parametrize(
    "source",
    ["\n" * 65_000, "x\n" * 32_000, "x = '" + "a" * 60_000 + "'\n", "(" * 50 + "1" + ")" * 50 + "\n", "'" * 60_000],
    ids=["newlines", "short lines", "one long line", "brackets", "quotes"],
)
def test_odd_shapes_cost_neither_time_nor_the_server(server: LiveServer, source: str) -> None:
    """Highlighting and comparing on the page stay bounded on shapes that are made to hurt."""
    started = time.monotonic()
    answer = server.post_form("/", {"source": source})
    assert answer.status in {200, 422}
    assert time.monotonic() - started < allowed(WALL_LIMIT)
    assert_alive(server)


def assert_alive(server: LiveServer) -> None:
    """The next request is answered at once."""
    started = time.monotonic()
    assert server.translate("session.query(Customer).get(1)\n", verify=False).status == 200
    assert time.monotonic() - started < allowed(5)
