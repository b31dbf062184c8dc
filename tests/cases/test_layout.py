"""The output looks as its author would have written it: one file a case, before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unbound import lost
from translator import translate

CASES = sorted((Path(__file__).parent / "layout").glob("*.txt"))
BECOMES = "# ---- becomes ----\n"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_layout(case: Path) -> None:
    """The text above the line becomes the text below it, to the byte."""
    before, after = case.read_text(encoding="utf-8").split(BECOMES)
    assert translate(before).output == after
    assert lost(before, after) == frozenset()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_layout_is_stable(case: Path) -> None:
    """What was laid out stays as it is when it is translated again."""
    _, after = case.read_text(encoding="utf-8").split(BECOMES)
    assert translate(after).output == after
