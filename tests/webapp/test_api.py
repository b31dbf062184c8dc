"""The HTTP API as a program sees it, against a real gunicorn."""

from __future__ import annotations

import json

import pytest

from tests.webapp.live_server import LiveServer

GET = "session.query(Customer).get(1)\n"
PROBLEM = "application/problem+json"


def test_a_source_comes_back_translated_and_proven(server: LiveServer) -> None:
    """The documented members are there, and the verdict on plain 1.x code is that it does the same."""
    answer = server.translate("customers = session.query(Customer).filter(Customer.id == 1).all()\n")
    assert answer.status == 200, answer.text
    report = answer.json
    assert "select(Customer).where(Customer.id == 1)" in report["output"]
    assert report["changed"] is True
    assert report["changes"][0]["range"]["start"]["line"] == 1
    proof = report["verification"]
    assert proof["verdict"] == "same", proof["reason"]
    assert proof["runtimes"]["before"].startswith("1.4")
    assert proof["runtimes"]["after"].startswith("2.")
    statement = proof["statements"][0]
    assert statement["verdict"] == "same"
    assert statement["before"]["sql"].startswith("SELECT")
    assert statement["before"]["line"] == 1
    assert statement["after"]["sql"].startswith("SELECT")
    assert {"schema", "tool_version", "options", "diagnostics"} <= report.keys()


def test_the_proof_can_be_left_out(server: LiveServer) -> None:
    """`verify: false` gives no verification, so nothing that was not run can be taken for proven."""
    assert server.translate(GET, verify=False).json["verification"] is None


def test_sql_is_shown_for_the_dialect_asked_for(server: LiveServer) -> None:
    """PostgreSQL's parameters are spelled its own way."""
    source = "session.query(Customer).filter(Customer.id == 1).all()\n"
    report = server.translate(source, options={"dialect": "postgresql"}).json
    assert report["options"]["dialect"] == "postgresql"
    assert report["verification"]["dialect"] == "postgresql"
    assert "%(" in report["verification"]["statements"][0]["after"]["sql"]


def test_a_pasted_snippet_has_its_escaping_queries_converted_unless_told_otherwise(server: LiveServer) -> None:
    """The API's default is the page's, and the answer says which options were used."""
    assert server.translate(GET).json["options"]["convert_escaping"] is True
    assert server.translate(GET, options={"convert_escaping": False}).json["options"]["convert_escaping"] is False


@pytest.mark.parametrize("media_type", ["text/x-python", "text/plain", "text/x-python; charset=utf-8"])
def test_plain_code_gives_plain_code(server: LiveServer, media_type: str) -> None:
    """What curl --data-binary sends comes back as a file, with the number of findings in the headers."""
    answer = server.request("POST", "/api/v1/translate", GET.encode(), {"Content-Type": media_type})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/x-python; charset=utf-8"
    assert answer.text == "session.get(Customer, 1)\n"
    report = server.translate(GET, verify=False).json
    assert answer.headers["Requery-Changes"] == str(len(report["changes"]))
    assert answer.headers["Requery-Diagnostics"] == str(len(report["diagnostics"]))


def test_plain_code_takes_options_in_the_address(server: LiveServer) -> None:
    """`skip` names rules to leave out; an unknown option is refused."""
    headers = {"Content-Type": "text/x-python"}
    skipped = server.request("POST", "/api/v1/translate?skip=query-get,query-creation", GET.encode(), headers)
    assert skipped.text == GET
    unknown = server.request("POST", "/api/v1/translate?colour=red", GET.encode(), headers)
    assert unknown.status == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "source"),
        ({"source": 5}, "source"),
        ({"source": None}, "source"),
        ({"source": GET, "options": []}, "options"),
        ({"source": GET, "options": {"dialect": "db2"}}, "options.dialect"),
        ({"source": GET, "options": {"dialect": {}}}, "options.dialect"),
        ({"source": GET, "options": {"colour": "red"}}, "options.colour"),
        ({"source": GET, "options": {"only": [1]}}, "options.only"),
        ({"source": GET, "verify": "yes"}, "verify"),
        ({"source": GET, "extra": 1}, "extra"),
    ],
)
def test_a_wrong_field_is_named(server: LiveServer, body: dict[str, object], field: str) -> None:
    """422, and the errors say which field and what is expected."""
    answer = server.post_json("/api/v1/translate", body)
    assert answer.status == 422, answer.text
    assert answer.headers["Content-Type"] == PROBLEM
    assert field in [error["field"] for error in answer.json["errors"]]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000, b"1" * 5000])
def test_what_is_not_a_json_object_is_a_bad_request(server: LiveServer, body: bytes) -> None:
    """400 with the reason, for text that is cut off, nested without end or in another encoding."""
    answer = server.request("POST", "/api/v1/translate", body, {"Content-Type": "application/json"})
    assert answer.status == 400, answer.text
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json["type"] == "/docs#not-json"


def test_other_media_types_and_compressed_bodies_are_refused(server: LiveServer) -> None:
    """415 tells how to send it instead."""
    form = server.request("POST", "/api/v1/translate", b"a=1", {"Content-Type": "application/x-www-form-urlencoded"})
    assert form.status == 415
    assert "text/x-python" in form.json["detail"]
    packed = server.request(
        "POST", "/api/v1/translate", b"x", {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert packed.status == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/translate", 405),
        ("TRACE", "/api/v1/rules", 405),
        ("GET", "/api/v1/rules/nothing", 404),
        ("GET", "/api/v1/shares/0000000000000", 404),
        ("DELETE", "/api/v1/shares/0000000000000", 404),
    ],
)
def test_every_error_under_the_api_is_a_problem(server: LiveServer, method: str, path: str, status: int) -> None:
    """Unknown addresses and wrong methods are answered like any other problem."""
    answer = server.request(method, path)
    assert answer.status == status
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json["status"] == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if status == 405:
        assert "OPTIONS" in answer.headers["Allow"]


def test_any_origin_may_ask(server: LiveServer) -> None:
    """The preflight allows the methods and headers of the API, and no answer sets a cookie."""
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    preflight = server.request("OPTIONS", "/api/v1/translate", headers=headers)
    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Set-Cookie" not in server.post_json("/api/v1/shares", {"source": GET}).headers


def test_rules_are_listed_and_shown(server: LiveServer) -> None:
    """Each listed rule has a page of its own with its example."""
    rules = server.get("/api/v1/rules").json["rules"]
    assert "query-get" in [rule["slug"] for rule in rules]
    one = server.get(f"/api/v1/rules/{rules[0]['slug']}").json
    assert one == rules[0]
    assert one["before"] != one["after"]


def test_the_version_is_the_one_in_reports(server: LiveServer) -> None:
    """A client can tell whether a stored report is of today's tool."""
    version = server.get("/api/v1/version").json
    report = server.translate(GET, verify=False).json
    assert (version["tool_version"], version["schema"]) == (report["tool_version"], report["schema"])


def test_the_openapi_document_lists_every_route(server: LiveServer) -> None:
    """Each path and method of the document is answered, none with 404 or 405 for want of a route."""
    document = server.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    for path, methods in document["paths"].items():
        for method in methods:
            answer = server.request(method.upper(), path.replace("{", "").replace("}", ""))
            routed = answer.status not in {404, 405} or answer.json["detail"].startswith("No ")
            assert routed, (method, path, answer.status)


def test_reports_have_the_members_the_document_promises(server: LiveServer) -> None:
    """Required members of the schemas are present in a real report, down to ranges and statements."""
    schemas = server.get("/api/v1/openapi.json").json["components"]["schemas"]
    report = server.translate("def f(session):\n    q = session.query(Customer)\n    return q\nf(session).all()\n").json
    assert set(schemas["Report"]["required"]) <= report.keys() <= set(schemas["Report"]["properties"]) | {"schema"}
    parts = {
        "Verification": [report["verification"]],
        "Change": report["changes"],
        "Diagnostic": report["diagnostics"],
        "Statement": report["verification"]["statements"],
    }
    for name, values in parts.items():
        for value in values:
            assert set(schemas[name]["required"]) <= value.keys(), name


def test_health_and_readiness(server: LiveServer) -> None:
    """The readiness page shows the layers of the jail that are in force."""
    assert server.get("/healthz").json == {"status": "ok"}
    ready = server.get("/readyz").json
    assert ready["status"] == "ok"
    assert ready["jail"]


def test_nothing_that_was_sent_is_in_the_log(server: LiveServer) -> None:
    """Requests are logged without bodies and queries."""
    marker = "marker_that_must_not_be_logged"
    server.translate(f"{marker} = session.query(Customer).get(1)\n")
    server.translate(f"{marker} = = 1\n")
    server.request("POST", f"/api/v1/translate?only={marker}", GET.encode(), {"Content-Type": "text/x-python"})
    log = server.log.read_text()
    assert marker not in log
    assert json.loads(next(line for line in log.splitlines() if '"request"' in line))["address"]
