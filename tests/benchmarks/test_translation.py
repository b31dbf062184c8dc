"""The benchmark measures what it says: real translations of real code. How long they take is not judged here."""

from __future__ import annotations

from tests.benchmarks.translation import PART, measure, typical
from translator import translate


def test_the_ratio_is_measured_on_code_that_is_translated() -> None:
    """Every part of the sample changes, and both sides of the ratio are times."""
    found = measure(400, rounds=1)
    assert found.lines >= 400
    assert found.changes >= 4 * (found.lines // PART.count("\n"))
    assert found.parse > 0
    assert found.ratio > 1


def test_the_sample_is_translated_completely() -> None:
    """No legacy call is left in it, or the figure would flatter."""
    output = translate(typical(100)).output
    assert ".query(" not in output
    assert "ext.declarative" not in output
