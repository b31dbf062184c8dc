"""A query that something keeps and walks later runs earlier than it did, which is told."""

from __future__ import annotations

import pytest

from translator import Options, translate
from translator.rules import lazily

HEAD = "from app.models import User\n\n\ndef f(s, g, xs):\n"
QUERY = "s.query(User)"


def _told(use: str) -> bool:
    result = translate(f"{HEAD}    {use}\n", Options())
    assert "select(User)" in result.output, result.output
    return any(lazily.EARLIER.cause in d.message for d in result.diagnostics)


@pytest.mark.parametrize(
    "use",
    [
        f"m = map(str, {QUERY})",
        f"m = (u.name for u in {QUERY})",
        f"return (u.name for u in {QUERY} if u.name)",
        f"g(itertools.chain(xs, {QUERY}))",
        f"m = [map(str, {QUERY})]",
        f"m = (n for n in map(str, {QUERY}))",
        f"for x in xs: g(map(str, {QUERY}))",
    ],
)
def test_what_waits(use: str) -> None:
    """What is written before it is walked was found once and is not found now."""
    assert _told(use)


@pytest.mark.parametrize(
    "use",
    [
        f"m = list(map(str, {QUERY}))",
        f"m = ', '.join(u.name for u in {QUERY})",
        f"m = [u.name for u in {QUERY}]",
        f"m = [n for n in map(str, {QUERY})]",
        f"return iter([u.name for u in {QUERY}])",
        f"m = map(str, {{u.name for u in {QUERY}}})",
        f"m = (sum(1 for u in {QUERY}) for x in xs)",
        f"m = (y for x in xs for y in {QUERY})",
        f"for n, u in enumerate({QUERY}): g(n)",
        f"a, b = map(str, {QUERY})",
        f"m = [*map(str, {QUERY})]",
        f"g(*map(str, {QUERY}))",
        f"return 'ada' in (u.name for u in {QUERY})",
        f"yield from map(str, {QUERY})",
        f"m = g.of(xs, sorted(map(str, {QUERY})))",
    ],
)
def test_what_walks_at_once(use: str) -> None:
    """Nothing can happen between the execution and the walk."""
    assert not _told(use)
