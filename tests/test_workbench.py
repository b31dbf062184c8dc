"""What a server holds: a paste goes in, its report comes out, and nothing of it is parsed in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.pace import allowed
from translator.findings import SourceError, SourceErrorKind
from translator.jail import limits
from translator.jail.client import Busy, JobFailed
from translator.options import Dialect, Options
from translator.workbench import Workbench

SNIPPET = """\
def cheap(session, price):
    query = session.query(Product).filter(Product.price < price)
    return query.order_by(Product.name).all()


print(cheap(session, 20))
first = session.query(Product).get(1)
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Workbench]:
    found = Workbench()
    yield found
    found.close()


def test_a_paste_becomes_a_report_with_its_proof(bench: Workbench) -> None:
    """Translated, run on both versions, compared; the time of both steps is told."""
    found = bench.convert(SNIPPET, Options(dialect=Dialect.POSTGRESQL), verify=True)
    assert found["changed"]
    assert "select(Product)" in found["output"]
    proof = found["verification"]
    assert proof["verdict"] == "same", proof
    assert proof["dialect"] == "postgresql"
    assert proof["runtimes"]["before"].startswith("1.4.")
    assert [item["before"]["line"] for item in proof["statements"]] == [3, 7]
    assert {"translate", "prove"} <= found["milliseconds"].keys()


def test_without_the_proof_nothing_is_run(bench: Workbench) -> None:
    """`verify=False` translates only."""
    found = bench.convert("while True:\n    pass\n", Options(), verify=False)
    assert found["verification"] is None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("", SourceErrorKind.EMPTY),
        ("this is no python", SourceErrorKind.NOT_PYTHON),
        ("print 'x'", SourceErrorKind.PYTHON_2),
        ("x = 1\n" * 11_000, SourceErrorKind.TOO_LARGE),
        ("(" * 2000, SourceErrorKind.TOO_COMPLEX),
        ("x = '\ud800'", SourceErrorKind.ENCODING),
    ],
)
def test_a_refused_text_is_a_source_error(bench: Workbench, source: str, kind: SourceErrorKind) -> None:
    """The reason crosses the wall with its kind and a message for people; the next request is answered at once."""
    with pytest.raises(SourceError) as caught:
        bench.convert(source, Options(), verify=True)
    assert caught.value.kind is kind
    assert caught.value.message
    started = time.monotonic()
    assert bench.convert("x = 1\n", Options(), verify=False)["changed"] is False
    assert time.monotonic() - started < allowed(5)


def test_a_null_byte_is_refused_in_words(bench: Workbench) -> None:
    """Neither a crash nor a traceback."""
    with pytest.raises(SourceError) as caught:
        bench.convert("x = 1\0", Options(), verify=True)
    assert caught.value.message


def test_a_loop_costs_its_own_request_only(bench: Workbench) -> None:
    """While one paste runs for ever, others are answered; its own answer is a verdict, not an error."""
    answers: list[str] = []

    def loop() -> None:
        found = bench.convert("for _ in iter(int, 1):\n    pass\n", Options(), verify=True)
        answers.append(found["verification"]["verdict"])

    looping = threading.Thread(target=loop)
    looping.start()
    time.sleep(0.3)
    assert bench.convert(SNIPPET, Options(), verify=True)["verification"]["verdict"] == "same"
    assert looping.is_alive()
    looping.join(limits.WALL_SECONDS + 5)
    assert answers == ["not_run"]


def test_status_says_what_holds_pasted_code(bench: Workbench) -> None:
    """Layers, runtimes and processes, for a readiness page."""
    found = bench.status()
    assert "seccomp" in found["layers"]
    assert found["runs_code"] is True
    assert found["runtimes"]["before"].startswith("1.4.")
    assert found["zygotes"] == {"translate": True, "run-1.4": True, "run-2": True}


def test_too_many_requests_are_sent_away() -> None:
    """With one slot and no queue the second is refused while the first works."""
    bench = Workbench(at_once=1, queue=0)
    try:
        bench.status()
        with bench._slots.take(), pytest.raises(Busy):
            bench.convert("x = 1\n", Options(), verify=False)
    finally:
        bench.close()


def test_without_1_4_the_legacy_query_of_2_x_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The verdict names the runtime that was used."""
    monkeypatch.setenv("REQUERY_RUNTIME_14", str(tmp_path_factory.mktemp("nothing")))
    bench = Workbench()
    try:
        proof = bench.convert(SNIPPET, Options(), verify=True)["verification"]
        assert proof["verdict"] == "same"
        assert proof["runtimes"]["before"] == proof["runtimes"]["after"]
    finally:
        bench.close()


def test_a_malformed_answer_is_a_failed_job(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the jail says is checked before it is used."""
    monkeypatch.setattr(bench._translator, "submit", lambda request: _Answer({"translation": {"source": 1}}))
    with pytest.raises(JobFailed):
        bench.convert("malformed = 1\n", Options(), verify=False)


class _Answer:
    def __init__(self, answer: dict[str, object]) -> None:
        self._answer = answer

    def result(self) -> dict[str, object]:
        return self._answer
