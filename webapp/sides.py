"""Source and output as rows of a table, changed lines opposite each other. Knows nothing of the table's HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from markupsafe import Markup

from webapp import highlight
from webapp.difference import Block, blocks
from webapp.highlight import Marks, Token

ROW_LIMIT = 4000
"""Texts with more lines than this are shown without colours and marks."""

ALIGN_AREA = 400
"""Changed stretches with more pairs of lines than this are paired in order, not by likeness."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of one side."""

    number: int
    html: Markup
    marks: Marks = field(default_factory=list)
    """Changed columns, for the editor to mark too."""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand opposite each other; a side without a counterpart is None."""

    before: Cell | None
    after: Cell | None
    changed: bool


def side_by_side(before: str, after: str, tokens: Callable[[str], list[list[Token]]]) -> list[Row]:
    """Both texts in rows. `tokens` splits a text into coloured lines."""
    old, new = highlight.split_lines(before), highlight.split_lines(after)
    split = tokens if max(len(old), len(new)) <= ROW_LIMIT else highlight.plain_lines
    old_tokens, new_tokens = split(before), split(after)
    rows: list[Row] = []
    for block in blocks(old, new):
        for b, a in _pairs(block, old, new):
            marks = highlight.marked(old[b], new[a]) if not block.same and b is not None and a is not None else ([], [])
            rows.append(
                Row(
                    None if b is None else Cell(b + 1, highlight.render(old_tokens[b], marks[0], "del"), marks[0]),
                    None if a is None else Cell(a + 1, highlight.render(new_tokens[a], marks[1], "ins"), marks[1]),
                    not block.same,
                )
            )
    return rows


def _pairs(block: Block, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    befores, afters = range(block.b1, block.b2), range(block.a1, block.a2)
    if block.same or len(befores) * len(afters) > ALIGN_AREA:
        yield from _in_order(befores, afters)
        return
    b, a = block.b1, block.a1
    for left, right in _alike(befores, afters, old, new):
        yield from _in_order(range(b, left), range(0))
        yield from _in_order(range(0), range(a, right))
        yield left, right
        b, a = left + 1, right + 1
    yield from _in_order(range(b, block.b2), range(a, block.a2))


def _in_order(befores: range, afters: range) -> Iterator[tuple[int | None, int | None]]:
    for offset in range(max(len(befores), len(afters))):
        yield (
            befores[offset] if offset < len(befores) else None,
            afters[offset] if offset < len(afters) else None,
        )


def _alike(befores: range, afters: range, old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs in order with the greatest likeness in all (a small table, the block is small)."""
    best = [[0.0] * (len(afters) + 1) for _ in range(len(befores) + 1)]
    scores: dict[tuple[int, int], float] = {}
    for i, b in enumerate(befores, 1):
        for j, a in enumerate(afters, 1):
            score = scores[i, j] = _likeness(old[b], new[a])
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + score)
    pairs: list[tuple[int, int]] = []
    i, j = len(befores), len(afters)
    while i and j:
        if scores[i, j] and best[i][j] == best[i - 1][j - 1] + scores[i, j]:
            pairs.append((befores[i - 1], afters[j - 1]))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _likeness(one: str, other: str) -> float:
    one, other = one.strip(), other.strip()
    if not one or not other or max(len(one), len(other)) > 400:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < 0.45:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= 0.45 else 0.0
