"""How two texts differ, line by line, at a cost that no input can drive up.

`difflib` alone takes quadratic time on texts made to hurt it, and it would run in a web process. So lines that occur
once on both sides are lined up first, and only small gaps between them are handed to it. Knows nothing of HTML.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

GAP_AREA = 10_000
"""A gap with more pairs of lines than this is shown as replaced as a whole."""

CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Lines ``before[b1:b2]`` that stand for ``after[a1:a2]``."""

    same: bool
    b1: int
    b2: int
    a1: int
    a2: int


def blocks(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    """Equal and changed stretches that together cover both sides in order."""
    start = _common_prefix(before, after)
    end = _common_suffix(before[start:], after[start:])
    b_end, a_end = len(before) - end, len(after) - end
    found = [Block(True, 0, start, 0, start)]
    b, a = start, start
    for b_anchor, a_anchor in [*_anchors(before, after, start, b_end, a_end), (b_end, a_end)]:
        found += _gap(before, after, Block(False, b, b_anchor, a, a_anchor))
        if b_anchor < b_end:
            found.append(Block(True, b_anchor, b_anchor + 1, a_anchor, a_anchor + 1))
        b, a = b_anchor + 1, a_anchor + 1
    found.append(Block(True, b_end, len(before), a_end, len(after)))
    return list(_merged(found))


def unified(before: str, after: str, name: str) -> str:
    """A unified diff, as `patch` and `git apply` take it; empty when nothing differs."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts = blocks(old, new)
    if all(block.same for block in parts):
        return ""
    text = [f"--- a/{name}\n", f"+++ b/{name}\n"]
    for hunk in _hunks(parts):
        first, last = hunk[0], hunk[-1]
        text.append(f"@@ -{_extent(first.b1, last.b2)} +{_extent(first.a1, last.a2)} @@\n")
        for block in hunk:
            if block.same:
                text += [_line(" ", line) for line in old[block.b1 : block.b2]]
            else:
                text += [_line("-", line) for line in old[block.b1 : block.b2]]
                text += [_line("+", line) for line in new[block.a1 : block.a2]]
    return "".join(text)


def _common_prefix(before: Sequence[str], after: Sequence[str]) -> int:
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _common_suffix(before: Sequence[str], after: Sequence[str]) -> int:
    return _common_prefix(before[::-1], after[::-1])


def _anchors(before: Sequence[str], after: Sequence[str], start: int, b_end: int, a_end: int) -> list[tuple[int, int]]:
    """Pairs of lines that are unique on both sides, as many as keep their order (patience sorting)."""
    once_before, once_after = Counter(before[start:b_end]), Counter(after[start:a_end])
    places = {line: n for n, line in enumerate(after[start:a_end], start) if once_after[line] == 1}
    pairs = [
        (n, places[line])
        for n, line in enumerate(before[start:b_end], start)
        if once_before[line] == 1 and line in places and line.strip()
    ]
    tails: list[int] = []
    heads: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tails, place)
        previous.append(heads[pile - 1] if pile else -1)
        tails[pile : pile + 1] = [place]
        heads[pile : pile + 1] = [index]
    chosen: list[tuple[int, int]] = []
    index = heads[-1] if heads else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = previous[index]
    return chosen[::-1]


def _gap(before: Sequence[str], after: Sequence[str], gap: Block) -> Iterator[Block]:
    if (gap.b2 - gap.b1) * (gap.a2 - gap.a1) > GAP_AREA:
        yield gap
        return
    matcher = SequenceMatcher(None, before[gap.b1 : gap.b2], after[gap.a1 : gap.a2], autojunk=False)
    for tag, b1, b2, a1, a2 in matcher.get_opcodes():
        yield Block(tag == "equal", gap.b1 + b1, gap.b1 + b2, gap.a1 + a1, gap.a1 + a2)


def _merged(found: list[Block]) -> Iterator[Block]:
    current: Block | None = None
    for block in found:
        if block.b1 == block.b2 and block.a1 == block.a2:
            continue
        if current is not None and current.same == block.same:
            current = Block(block.same, current.b1, block.b2, current.a1, block.a2)
            continue
        if current is not None:
            yield current
        current = block
    if current is not None:
        yield current


def _hunks(parts: list[Block]) -> Iterator[list[Block]]:
    hunk: list[Block] = []
    for index, block in enumerate(parts):
        if not block.same:
            hunk.append(block)
            continue
        lead, trail = index < len(parts) - 1, bool(hunk)
        size = block.b2 - block.b1
        if trail and lead and size <= 2 * CONTEXT:
            hunk.append(block)
            continue
        if trail:
            keep = min(size, CONTEXT)
            hunk.append(Block(True, block.b1, block.b1 + keep, block.a1, block.a1 + keep))
            yield hunk
            hunk = []
        if lead:
            keep = min(size, CONTEXT)
            hunk = [Block(True, block.b2 - keep, block.b2, block.a2 - keep, block.a2)]
    if any(not block.same for block in hunk):
        yield hunk


def _extent(start: int, end: int) -> str:
    length = end - start
    # An empty side names the line before it, as diff does.
    return f"{start + 1 if length else start},{length}" if length != 1 else f"{start + 1}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
