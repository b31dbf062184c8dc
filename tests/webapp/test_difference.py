"""The line difference: covers both sides, applies as a patch, and stays cheap on texts made to hurt it."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.pace import allowed
from webapp.difference import blocks, unified


def variations() -> list[tuple[list[str], list[str]]]:
    """Pairs of small texts with repeated lines, insertions and removals."""
    pairs: list[tuple[list[str], list[str]]] = [([], []), (["a"], []), ([], ["a"])]
    for seed in range(120):
        chance = random.Random(seed)
        before = [chance.choice("abcdefgh") * chance.randint(1, 3) for _ in range(chance.randint(0, 30))]
        after = [line for line in before if chance.random() > 0.2]
        for _ in range(chance.randint(0, 5)):
            after.insert(chance.randint(0, len(after)), chance.choice("abcxyz"))
        pairs.append((before, after))
    return pairs


def test_blocks_cover_both_sides_and_equal_ones_are_equal() -> None:
    """Every line of either side is in exactly one block, in order."""
    for before, after in variations():
        b = a = 0
        for block in blocks(before, after):
            assert (block.b1, block.a1) == (b, a)
            b, a = block.b2, block.a2
            if block.same:
                assert before[block.b1 : block.b2] == after[block.a1 : block.a2]
        assert (b, a) == (len(before), len(after))


@pytest.mark.parametrize("ends", [("\n", "\n"), ("", "\n"), ("\n", ""), ("", "")])
def test_the_unified_diff_applies(tmp_path: Path, ends: tuple[str, str]) -> None:
    """`patch` turns the one text into the other, also where a last line lacks its newline."""
    for number, (before, after) in enumerate(variations()[3:40]):
        old, new = "\n".join(before) + ends[0] * bool(before), "\n".join(after) + ends[1] * bool(after)
        folder = tmp_path / str(number)
        folder.mkdir()
        file = folder / "snippet.py"
        file.write_text(old)
        diff = unified(old, new, "snippet.py")
        assert bool(diff) == (old != new)
        if diff and new:  # an empty result deletes the file, which is patch's own way of being empty
            subprocess.run(["patch", "-p1", "-s"], input=diff.encode(), cwd=folder, check=True)
            assert file.read_text() == new


def test_cost_stays_bounded_on_repeated_lines() -> None:
    """Ten thousand lines with a hundred different ones, a third changed: quadratic time would be minutes."""
    before = [str(number % 97) for number in range(10_000)]
    after = [line + "x" * (number % 3 == 0) for number, line in enumerate(before)]
    started = time.process_time()
    blocks(before, after)
    assert time.process_time() - started < allowed(2)
