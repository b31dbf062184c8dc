"""Takes off what a paste has around its code: Markdown fences, prompts, line numbers, quote and diff marks.

Each step takes rows and gives back fewer or shorter ones, or None where there is nothing to undo. A mark inside a
string of real code is not a mark. What is taken off here is not put back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from translator.prepare.layout import Layout, Row
from translator.prepare.lexer import lex, lines_inside_strings

_BLANK = r"[\s\u200b\ufeff]*+"
_FENCE = re.compile(_BLANK + r"(?P<quote>>\s?)?(?P<mark>`{3,}|~{3,})\s*(?P<language>[\w+.#-]*)[^`]*$")
_PYTHON = frozenset({"", "python", "python3", "py", "py3", "pycon", "ipython", "ipython3", "sqlalchemy", "text", "txt"})
_PROMPT = re.compile(_BLANK + r"(?:>>>|In \[\d+\]:)(?: |$)")
_CONTINUATION = re.compile(_BLANK + r"\.{3,}:?(?: |$)")
_NUMBER = re.compile(r"\s*(?P<number>\d{1,6})(?P<separator>\s*[:|.)\u2502]|(?=\s|$))(?P<code>.*)$")
_OPERATOR = re.compile(r"\s*(?:[^\w\s\"'#@(\[{]|(?:and|or|in|is|if|not|else|for)\b)")
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
_DIFF_HEADER = re.compile(r"(?:diff --git |index [0-9a-f]+\.\.|--- |\+\+\+ |\\ No newline|(?:new|deleted) file mode )")
_DIFF_CODE = re.compile(r"[-+]\s*[\w@#\"']")
_QUOTED = re.compile(r">(?!>>) ?")


def take_off_fences(rows: Sequence[Row]) -> list[Row] | None:
    """The insides of the Python blocks of a Markdown text; blocks in other languages and prose are dropped."""
    candidates = [index for index, row in enumerate(rows) if "```" in row.text or "~~~" in row.text]
    fences = {index: match for index in candidates if (match := _FENCE.match(rows[index].text))}
    if not fences or _inside_strings(rows).issuperset(fences):
        return None
    kept: list[Row] = []
    mark = ""
    wanted = False
    for index, row in enumerate(rows):
        fence = fences.get(index)
        if fence and not mark:
            mark = fence["mark"]
            wanted = fence["language"].lower() in _PYTHON
        elif fence and fence["mark"].startswith(mark) and not fence["language"]:
            mark = ""
        elif mark and wanted:
            kept.append(row)
    return kept


def take_off_prompts(rows: Sequence[Row]) -> list[Row] | None:
    """The input of an interactive session, Python's or IPython's; what it printed is dropped."""
    candidates = (index for index, row in enumerate(rows) if ">>>" in row.text or "In [" in row.text)
    first = next((index for index in candidates if _PROMPT.match(rows[index].text)), None)
    if first is None or first in _inside_strings(rows):
        return None
    kept: list[Row] = []
    goes_on = False
    for row in rows[first:]:
        match = _PROMPT.match(row.text) or (_CONTINUATION.match(row.text) if goes_on else None)
        goes_on = match is not None
        if match:
            kept.append(row.cut(match.end()))
    return kept


def take_off_quotes(rows: Sequence[Row]) -> list[Row] | None:
    """The text of a quotation, each line of which begins with `>`."""
    if not _QUOTED.match(_first_text(rows)):
        return None
    matches = [_QUOTED.match(row.text) for row in rows]
    if not all(match or not row.text.strip() for row, match in zip(rows, matches, strict=True)):
        return None
    return [row.cut(match.end()) if match else row for row, match in zip(rows, matches, strict=True)]


def take_off_numbers(rows: Sequence[Row]) -> list[Row] | None:
    """Code without the line numbers in front; each number must be one more than the one before."""
    if not _NUMBER.match(_first_text(rows)):
        return None
    matches = [(row, _NUMBER.match(row.text)) for row in rows if row.text.strip()]
    numbers = [int(match["number"]) for _, match in matches if match]
    if (
        len(numbers) < 2
        or len(numbers) != len(matches)
        or numbers != list(range(numbers[0], numbers[0] + len(numbers)))
    ):
        return None
    codes = [match["code"] for _, match in matches if match]
    if not any(code.strip() and not _OPERATOR.match(code) for code in codes):
        return None
    margin = min(len(code) - len(code.lstrip()) for code in codes if code.strip())
    return [row.cut(len(row.text) - len(match["code"][margin:])) for row, match in matches if match]


def take_off_diff_marks(rows: Sequence[Row]) -> list[Row] | None:
    """The new side of a diff; the old side where the diff only removes."""
    hunks = [index for index, row in enumerate(rows) if row.text.startswith("@@ ") and _HUNK.match(row.text)]
    headed = bool(hunks) and not _inside_strings(rows).issuperset(hunks)
    if not headed and _first_text(rows)[:1] not in ("+", "-"):
        return None
    body: list[Row] = []
    in_hunk = not headed
    for row in rows:
        if _HUNK.match(row.text):
            in_hunk = True
        elif headed and _DIFF_HEADER.match(row.text):
            in_hunk = row.text.startswith("\\")
        elif in_hunk and row.text.strip():
            body.append(row)
    if not headed and not _looks_like_diff(body):
        return None
    sides = {row.text[:1] for row in body}
    if not headed and not sides <= {"+", "-", " "}:
        return None
    dropped = "-" if "+" in sides or " " in sides else "+"
    return [row.cut(1) for row in body if row.text[0] != dropped]


def _looks_like_diff(rows: Sequence[Row]) -> bool:
    """Marked lines that begin like code, and nothing else in the first column; not e.g. a sum over several lines."""
    marked = [row for row in rows if row.text[0] in "+-"]
    if not marked or any(row.text[0] not in "+- " for row in rows):
        return False
    return rows[0].text[0] in "+-" and all(_DIFF_CODE.match(row.text) or len(row.text) < 4 for row in marked[:3])


def _first_text(rows: Sequence[Row]) -> str:
    return next((row.text for row in rows if row.text.strip()), "")


def _inside_strings(rows: Sequence[Row]) -> frozenset[int]:
    code = Layout.of(rows).code
    return lines_inside_strings(lex(code), code)
