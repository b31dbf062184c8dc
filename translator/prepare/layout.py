"""Where each line of the code stands in the paste, and how the code is laid out there again.

Knows lines, prefixes and line ends; knows nothing of what was undone or why.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from translator.findings import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


class Row(NamedTuple):
    """One line of code and its place in the paste."""

    text: str
    number: int
    """The line of the paste, from 1."""
    ending: str
    skipped: int = 0
    """Columns of the paste in front of the text."""
    lead: str = ""
    """What stood in front and goes back there: indentation, a form feed. Prompts and marks do not."""
    gaps: tuple[int, ...] = ()
    """Columns of the text at which one invisible character each was taken out."""

    def cut(self, count: int, *, lead: str = "") -> Row:
        """This row without its first characters; `lead` goes back in front later."""
        return self._replace(text=self.text[count:], skipped=self.skipped + count, lead=self.lead + lead)

    def column(self, column: int) -> int:
        """The column in the paste of a column in the text."""
        return self.skipped + column + bisect_right(self.gaps, column)


def split_rows(text: str) -> list[Row]:
    """The lines of a text at \\r\\n, \\r and \\n; the last row has no ending and may be empty."""
    rows: list[Row] = []
    position = 0
    for number, match in enumerate(_LINE_END.finditer(text), start=1):
        rows.append(Row(text[position : match.start()], number, match[0]))
        position = match.end()
    rows.append(Row(text[position:], len(rows) + 1, ""))
    return rows


def common_ending(rows: Sequence[Row]) -> str:
    """The line end used most; a newline when there is none."""
    counts = Counter(row.ending for row in rows if row.ending)
    return counts.most_common(1)[0][0] if counts else "\n"


@dataclass(frozen=True, slots=True)
class Layout:
    """All rows of a code text, in order."""

    rows: tuple[Row, ...]
    starts: tuple[int, ...] = field(default=())
    """The offset in the code of each row, filled in by `of`."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Layout:
        """The layout of these rows joined by newlines."""
        return cls(tuple(rows), tuple(accumulate((len(row.text) + 1 for row in rows), initial=0))[:-1])

    @property
    def code(self) -> str:
        """The rows' text, joined by newlines."""
        return "\n".join(row.text for row in self.rows)

    def place(self, line: int, column: int) -> tuple[int, int]:
        """The line and column in the paste of a line (from 1) and column (from 0) in the code."""
        row = self.rows[min(max(line, 1), len(self.rows)) - 1]
        return row.number, row.column(column)

    def row_at(self, offset: int) -> tuple[int, int]:
        """The index of the row and the column in it of an offset in the code."""
        index = bisect_right(self.starts, offset) - 1
        return index, offset - self.starts[index]

    def span_of(self, start: int, length: int) -> Span:
        """The range in the paste of an offset in the code; cut off at the end of its line."""
        index, column = self.row_at(start)
        end = min(column + length, len(self.rows[index].text))
        number, first = self.place(index + 1, column)
        return Span(number, first, number, max(self.place(index + 1, end)[1], first))


def align(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new line the old one it comes from, or None. In n log n steps, whatever the lines are.

    Lines that occur once on both sides are anchors; what lies between two anchors is matched from both ends inwards,
    and pairwise where as many lines remain on both sides.
    """
    origin: list[int | None] = [None] * len(new)
    old_low = new_low = 0
    for old_high, new_high in [*_anchors(old, new), (len(old), len(new))]:
        _match_between(old, new, (old_low, old_high), (new_low, new_high), origin)
        if new_high < len(new):
            origin[new_high] = old_high
        old_low, new_low = old_high + 1, new_high + 1
    return origin


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising run of lines that are unique on both sides."""
    old_count, new_count = Counter(old), Counter(new)
    place = {line: index for index, line in enumerate(new) if new_count[line] == 1}
    pairs = [(index, place[line]) for index, line in enumerate(old) if old_count[line] == 1 and line in place]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, target) in enumerate(pairs):
        at = bisect_left(tails, target)
        tails[at : at + 1] = [target]
        ends[at : at + 1] = [index]
        before.append(ends[at - 1] if at else -1)
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]


def _match_between(
    old: Sequence[str],
    new: Sequence[str],
    old_range: tuple[int, int],
    new_range: tuple[int, int],
    origin: list[int | None],
) -> None:
    (old_low, old_high), (new_low, new_high) = old_range, new_range
    while old_low < old_high and new_low < new_high and old[old_low] == new[new_low]:
        origin[new_low] = old_low
        old_low, new_low = old_low + 1, new_low + 1
    while old_low < old_high and new_low < new_high and old[old_high - 1] == new[new_high - 1]:
        old_high, new_high = old_high - 1, new_high - 1
        origin[new_high] = old_high
    if old_high - old_low == new_high - new_low:
        for offset in range(new_high - new_low):
            origin[new_low + offset] = old_low + offset
