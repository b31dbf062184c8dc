"""A rule's docstring as HTML: paragraphs, lists and code. Docstrings are ours; they are escaped all the same."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_CODE = re.compile(r"``([^`]+)``|`([^`]+)`")


def to_html(text: str) -> Markup:
    """Paragraphs divided by blank lines; lines that begin with a dash are a list."""
    if not text.strip():
        return Markup()
    blocks = re.split(r"\n\s*\n", text.strip())
    return Markup("\n").join(_block(block) for block in blocks if block.strip())


def inline(text: str) -> Markup:
    """One line with its code spans."""
    parts: list[Markup] = []
    end = 0
    for found in _CODE.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup("<code>{}</code>").format(found[1] or found[2]))
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def _block(block: str) -> Markup:
    lines = [line.strip() for line in block.splitlines()]
    if lines[0].startswith("- "):
        items = re.split(r"(?:^|\n)- ", "\n".join(lines))[1:]
        listed = Markup("").join(Markup("<li>{}</li>").format(inline(" ".join(item.split()))) for item in items)
        return Markup("<ul>{}</ul>").format(listed)
    return Markup("<p>{}</p>").format(inline(" ".join(lines)))
