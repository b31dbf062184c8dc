"""Rate limits, and the address they are counted for, on servers of their own."""

from __future__ import annotations

from pathlib import Path

from tests.webapp.live_server import LiveServer, run_server


def translate(server: LiveServer, address: str = "") -> int:
    """One request, perhaps through a proxy that names the client."""
    headers = {"Content-Type": "text/x-python"} | ({"X-Forwarded-For": address} if address else {})
    return server.request("POST", "/api/v1/translate", b"x = 1\n", headers).status


def test_page_and_api_count_together_and_say_when_to_come_back(tmp_path: Path) -> None:
    """429 with Retry-After; loopback is not exempt, and a header that anyone can send changes nothing."""
    with run_server(tmp_path, RATE_LIMIT="4 per hour") as server:
        assert [translate(server, f"10.0.0.{n}") for n in range(3)] == [200, 200, 200]
        assert server.post_form("/", {"source": "x = 1\n"}).status == 200
        refused = server.translate("x = 1\n")
        assert refused.status == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.headers["Content-Type"] == "application/problem+json"
        page = server.post_form("/", {"source": "x = 1\n"}, HX_Request="true")
        assert page.status == 429
        assert 'id="result"' in page.text
        assert server.get("/api/v1/rules").status == 200


def test_behind_a_proxy_each_client_counts_for_itself(tmp_path: Path) -> None:
    """With PROXY_HOPS the forwarded address counts; a client's own forged entry before it does not."""
    with run_server(tmp_path, RATE_LIMIT="2 per hour", PROXY_HOPS="1") as server:
        assert [translate(server, "10.0.0.1") for _ in range(3)] == [200, 200, 429]
        assert translate(server, "10.0.0.2") == 200
        assert translate(server, "10.0.0.9, 10.0.0.1") == 429
