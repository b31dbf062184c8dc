"""Reports that are kept: the same question is answered once, another one is not confused with it."""

from __future__ import annotations

import pytest

from translator import Dialect, Options, Workbench
from translator.keeping import Kept

ALL = "users = session.query(User).all()\n"


@pytest.fixture(scope="module")
def bench() -> Workbench:
    """Its processes end with the tests."""
    return Workbench()


def test_the_same_text_is_proven_once(bench: Workbench) -> None:
    """The second answer is the first, to the millisecond that was measured, and belongs to whoever got it."""
    first = bench.convert(ALL, Options(), verify=True)
    first["changes"].clear()
    second = bench.convert(ALL, Options(), verify=True)
    assert second["milliseconds"] == first["milliseconds"]
    assert second["changes"]


@pytest.mark.parametrize(
    ("source", "options", "verify"),
    [(ALL + "#", Options(), True), (ALL, Options(dialect=Dialect.ORACLE), True), (ALL, Options(), False)],
)
def test_another_question_has_its_own_answer(bench: Workbench, source: str, options: Options, verify: bool) -> None:
    """Text, options and whether it is to be proven all count."""
    first = bench.convert(ALL, Options(), verify=True)
    other = bench.convert(source, options, verify=verify)
    assert (other["source"], other["options"]) == (source, options.to_dict())
    assert (other["verification"] is None) is not verify
    assert other["milliseconds"] != first["milliseconds"]


def test_what_did_not_finish_is_tried_again(bench: Workbench) -> None:
    """A job that died may have been unlucky."""
    source = "import logging\nlogging.os._exit(0)\n"
    first = bench.convert(source, Options(), verify=True)
    second = bench.convert(source, Options(), verify=True)
    assert first["verification"]["verdict"] == second["verification"]["verdict"] == "not_run"
    assert first["milliseconds"] != second["milliseconds"]
    bench.close()


def test_there_is_an_end_to_what_is_kept() -> None:
    """What was not asked for longest goes first; what is too large is not kept at all."""
    kept = Kept(most_bytes=1000)
    for number in range(20):
        kept.keep(number, {"text": "x" * 90})
        assert kept.find(0) is not None
    assert kept.find(1) is None
    assert kept.find(19) is not None
    kept.keep("large", {"text": "x" * 500})
    assert kept.find("large") is None
