"""What is expected of every entry: outcomes may get better, never worse. Reads and writes `expected.txt`.

A line is `id variant outcome`; a known defect has its reason behind it, `id variant broken  # why`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .judging import DEFECTS, RANK, Outcome
from .scoreboard import Row

PATH = Path(__file__).parent / "expected.txt"
HEAD = """\
# What comes of each entry today, in each variant; written by `python -m tests.catalogue --accept`.
# A line that says crash, different or broken is a known defect: it is written by hand, with the reason after a #.
"""


class RefusedError(Exception):
    """A defect can't be accepted by a switch."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The outcome expected, and why, where it is a defect."""

    outcome: Outcome
    reason: str = ""


def load() -> dict[str, Expected]:
    """The expectations by `id variant`."""
    if not PATH.is_file():
        return {}
    expected = {}
    for line in PATH.read_text().splitlines():
        text, _, reason = line.partition("#")
        if text.strip():
            entry, variant, outcome = text.split()
            expected[f"{entry} {variant}"] = Expected(Outcome(outcome), reason.strip())
    return expected


def regressions(rows: Sequence[Row]) -> list[str]:
    """What is worse than expected, one line each: the entry, what came out, what was expected, why."""
    expected = load()
    lines = []
    for row in rows:
        known = expected.get(row.key)
        if not _is_known(row, known) and (known is None or _is_defect(row) or _is_worse(row, known)):
            lines.append(_line(row, known))
        elif known and known.outcome in DEFECTS and not _is_known(row, known):
            lines.append(f"{row.key} is {row.verdict.outcome}: no defect any more, --accept takes its line out")
    return lines


def accept(rows: Sequence[Row]) -> None:
    """Expect what came out from now on; known defects stay as they stand. Raises `RefusedError` on others."""
    expected = load()
    for row in rows:
        known = expected.get(row.key)
        if _is_defect(row):
            if not _is_known(row, known):
                raise RefusedError(f"not accepted, nothing was written: {_line(row, known)}")
        else:
            expected[row.key] = Expected(row.verdict.outcome)
    width = max(map(len, expected), default=0) + 2
    lines = [
        f"{key:{width}}{one.outcome}" + (f"  # {one.reason}" if one.reason else "")
        for key, one in sorted(expected.items())
    ]
    PATH.write_text(HEAD + "\n".join(lines) + "\n")


def _is_defect(row: Row) -> bool:
    return row.verdict.outcome in DEFECTS


def _is_known(row: Row, known: Expected | None) -> bool:
    return bool(known and known.reason and known.outcome is row.verdict.outcome)


def _is_worse(row: Row, known: Expected) -> bool:
    return RANK[row.verdict.outcome] < RANK[known.outcome]


def _line(row: Row, known: Expected | None) -> str:
    before = known.outcome if known else "nothing yet"
    return f"{row.key} is {row.verdict.outcome}, expected {before}: {row.verdict.reason}"
