"""Right translations are proven, wrong ones are found out: the ways in which translations go wrong, one by one."""

from __future__ import annotations

import pytest

from tests.verify.conftest import Prove
from tests.verify.declared import DECLARED
from tests.verify.fragments import FRAGMENTS
from tests.verify.pairs import PAIRS, Pair
from tests.verify.pieces import PIECES
from tests.verify.quiet import QUIET
from translator.verify.trace import Verdict

EVERY = [*PAIRS, *FRAGMENTS, *QUIET, *DECLARED, *PIECES]
WRONG = [pytest.param(pair, wrong, id=f"{pair.about}: {wrong}") for pair in EVERY for wrong in pair.wrong]


@pytest.mark.parametrize("pair", EVERY, ids=[pair.about for pair in EVERY])
def test_a_right_translation_is_proven(prove: Prove, pair: Pair) -> None:
    """The behaviour is the same on 1.4 and 2.x, and the verdict says so."""
    found = prove(pair.before, pair.right)
    assert found.verdict is Verdict.SAME, (found.reason, found.statements)
    assert found.runtimes.before.startswith("1.4.")
    assert found.runtimes.after.startswith("2.")


@pytest.mark.parametrize(("pair", "wrong"), WRONG)
def test_a_wrong_translation_is_found_out(prove: Prove, pair: Pair, wrong: str) -> None:
    """The verdict is `different`, with a reason in words."""
    found = prove(pair.before, pair.wrong[wrong])
    assert found.verdict is Verdict.DIFFERENT, found
    assert found.reason
