"""Every entry of the catalogue, translated and run: nothing wrong, nothing worse than it was."""

from __future__ import annotations

import pytest

from .entries import FAMILIES, load, select
from .programs import variants
from .ratchet import load as load_expected
from .ratchet import regressions
from .runtimes import check_installed
from .scoreboard import score


@pytest.mark.parametrize("family", FAMILIES)
def test_no_entry_is_wrong_or_worse_than_expected(family: str) -> None:
    """Each entry's translation runs on 2.x as the entry does on 1.4, at least as well as `expected.txt` says."""
    check_installed()
    worse = regressions(score(select([family])))
    assert not worse, "\n".join([*worse, f"more: python -m tests.catalogue -v {family}"])


def test_expectations_name_exactly_the_entries() -> None:
    """A line for an entry that is gone would hide nothing today and something tomorrow."""
    assert set(load_expected()) == {f"{entry.id} {variant}" for entry in load() for variant in variants(entry)}
