"""Lines opposite each other, highlighted, with the changed words marked."""

from __future__ import annotations

import html
import re
import time

import pytest

from tests.pace import allowed
from webapp import highlight
from webapp.sides import side_by_side


def text_of(markup: str) -> str:
    """What a reader sees of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


SOURCES = [
    'def f():\n    """A <b>doc</b>\n    string."""\n    return {"a": 1 & 2}\n',
    "x = 1\r\ny = 2\r\n",
    "x = 1\ry = 2",
    "\n\n",
    "",
    "s = '\u2028 \u00e9 \U0001f600'  # comment\n\tindented = f'{x!r:>{width}}'\n",
    "\ufeffx = 1\n",
]


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_lost_by_highlighting(source: str) -> None:
    """The text of each line survives, character for character, and tags in it stay text."""
    rows = side_by_side(source, source, highlight.python_lines)
    shown = [text_of(row.after.html) for row in rows if row.after]
    assert shown == [line.removeprefix("\ufeff") for line in highlight.split_lines(source)]


def test_changed_words_are_marked_and_lines_are_paired() -> None:
    """A changed line stands opposite its counterpart; an added line has none; equal lines have no mark."""
    before = "import a\nsession.query(User).get(5)\nlast = 1\n"
    after = "import a\nimport b\nsession.get(User, 5)\nlast = 1\n"
    rows = side_by_side(before, after, highlight.python_lines)
    pairs = [(row.before and row.before.number, row.after and row.after.number) for row in rows]
    assert pairs == [(1, 1), (None, 2), (2, 3), (3, 4)]
    assert [row.changed for row in rows] == [False, True, True, False]
    changed = rows[2]
    assert changed.before is not None
    assert changed.after is not None
    assert "<del>" in changed.before.html
    assert "<ins>" in changed.after.html
    assert not any("<ins>" in cell.html or "<del>" in cell.html for cell in (rows[3].before, rows[3].after) if cell)


def test_marks_cover_exactly_what_differs() -> None:
    """Without the marked stretches both lines read the same."""
    before, after = "total = session.query(A).filter(x == 1).all()", "total = session.scalars(select(A).where(x == 1))"
    left, right = highlight.marked(before, after)

    def rest(line: str, marks: highlight.Marks) -> str:
        for start, end in reversed(marks):
            line = line[:start] + line[end:]
        return re.sub(r"\W", "", line)

    assert rest(before, left) == rest(after, right)


@pytest.mark.parametrize(
    "source", ["\n" * 65_000, "x\n" * 32_000, "x = '" + "a " * 30_000 + "'\n", "a." * 32_000 + "b\n"]
)
def test_hostile_shapes_stay_cheap(source: str) -> None:
    """64 KiB of any shape take seconds at most, also when every line differs."""
    started = time.process_time()
    side_by_side(source, source.replace("x", "y").replace("a", "b"), highlight.python_lines)
    assert time.process_time() - started < allowed(4)
