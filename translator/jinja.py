"""What a Jinja template does with a variable that it is given: whether it walks it once, and nothing else.

Reads tags by their text; knows nothing of where templates stand, nor of what they are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TAG = re.compile(
    r"""\{\#.*?\#\}
    |\{%[-+]?(?P<does>(?:[^"'%]|"[^"]*"|'[^']*'|%(?!\}))*?)[-+]?%\}
    |\{\{[-+]?(?P<shows>(?:[^"'}]|"[^"]*"|'[^']*'|\}(?!\}))*)\}\}""",
    re.VERBOSE | re.DOTALL,
)
_TEXT = re.compile(r""""[^"]*"|'[^']*'""")
_OTHER = re.compile(r"""(extends|include|import|from)\s+(?:(["'])([^"']+)\2)?""")
_OPENING = frozenset({"for", "if", "macro", "call", "block", "with", "filter", "autoescape", "trans", "set"})
_ONCE = frozenset({"block", "with", "filter", "autoescape"})
"""Tags whose inside is rendered once."""


@dataclass(frozen=True, slots=True)
class Use:
    """Something else than the one walk that is looked for, and the line that it stands on."""

    line: int


@dataclass(frozen=True, slots=True)
class _Tag:
    text: str
    """What it says, without what its strings say."""
    line: int
    inside: tuple[str, ...]
    others: tuple[str | None, ...]
    """The templates that see its variables, too; None for one whose name is not in sight."""


def walks(text: str, variable: str) -> int | Use:
    """How often a template walks a variable, always once each, if it does nothing else with it: else where it does."""
    walk = re.compile(rf"for\s+(?:(?!\bin\b|\b{variable}\b).)+\bin\s+{variable}", re.DOTALL)
    word = re.compile(rf"(?<![\w.]){variable}\b")
    found = 0
    for tag in _tags(text):
        if tag.text.startswith("raw"):
            return Use(tag.line)
        if walk.fullmatch(tag.text) and _ONCE.issuperset(tag.inside):
            found += 1
        elif word.search(tag.text):
            return Use(tag.line)
    return found


def family(text: str, read: Callable[[str], str | None]) -> Iterator[str] | None:
    """The texts of the templates that see the variables of one; None where one of them is not in sight."""
    found: dict[str, str] = {}
    queue = [text]
    while queue:
        for name in (name for tag in _tags(queue.pop()) for name in tag.others):
            other = read(name) if name is not None else None
            if name is None or other is None:
                return None
            if name not in found:
                found[name] = other
                queue.append(other)
    return iter(found.values())


def _tags(text: str) -> Iterator[_Tag]:
    inside: list[str] = []
    for found in _TAG.finditer(text):
        whole = found["does"] if found["does"] is not None else found["shows"]
        if whole is None:
            continue
        said = _TEXT.sub("''", whole).strip()
        first = said.split(None, 1)[0] if said else ""
        does = found["does"] is not None
        if does and first.startswith("end") and inside:
            inside.pop()
        line = text.count("\n", 0, found.start()) + 1
        yield _Tag(said, line, tuple(inside), tuple(_others(whole.strip())) if does else ())
        if does and first in _OPENING and not (first == "set" and "=" in said):
            inside.append(first)


def _others(tag: str) -> Iterator[str | None]:
    found = _OTHER.match(tag)
    if found is not None and (found[1] in {"extends", "include"} or "with context" in tag):
        rest = tag[found.end() :].replace("ignore missing", "").replace("with context", "")
        yield found[3] if not rest.strip() or found[1] in {"import", "from"} else None
