"""Where a text asks things for an attribute: `pager.query`, `getattr(pager, "query")`, `{{ pager.query }}`.

Knows nothing of types: what is asked is told by how it is spelled. An attribute that is called, as in `session.query(User)`,
is none that holds a query.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Sequence
from io import StringIO

_READING = frozenset({"get", "pop", "setdefault", "getlist", "Column", "mapped_column"})
"""What is given the key of something by a text, or the name of a column."""
_MARKUP = re.compile(r"\{\{|\{%")
_Token = tokenize.TokenInfo


def asked(text: str, name: str) -> int:
    """How often a Python text asks something for the attribute, and does not call it."""
    if len(found := re.findall(rf"\.\s*{re.escape(name)}\b(?!\s*\()", text)) < 1:
        return 0
    tokens = _tokens(text)
    return len(found) if tokens is None else len(list(_asking(tokens, name)))


def spoken(text: str, name: str) -> int | None:
    """The first line of a Python text that may mean the attribute by a text of its own: `setattr(pager, "query", q)`."""
    tokens = (
        _tokens(text) if re.search(rf"""["'.:{{ ]{re.escape(name)}["' ]|\bcase\b|{_MARKUP.pattern}""", text) else []
    )
    if tokens is None:
        return 1
    for at, token in enumerate(tokens):
        if token.type == tokenize.STRING and _means(tokens, at, name):
            return token.start[0]
        if token.string == name and _is_pattern(tokens, at):
            return token.start[0]
    return None


def asked_elsewhere(text: str, name: str, classes: frozenset[str]) -> int | None:
    """The first line of a Python text, of which no types are known, that may ask an object of the classes for it."""
    if name not in text:
        return None
    tokens = _tokens(text)
    if tokens is None:
        return 1
    near = not classes.isdisjoint(token.string for token in tokens if token.type == tokenize.NAME)
    for at in _asking(tokens, name):
        of = tokens[at - 2]
        of_a_class = of.type == tokenize.NAME and of.string[:1].isupper() and of.string not in classes
        if not of_a_class and (near or of.string not in {"self", "cls"}):
            return tokens[at].start[0]
    return spoken(text, name)


def asked_by_template(text: str, name: str) -> int | None:
    """The first line of a template that asks something for the attribute, and does not call it."""
    found = re.search(rf"""\.\s*{re.escape(name)}\b(?!\s*\()|(?:\[|attr\()\s*["']{re.escape(name)}["']""", text)
    return text.count("\n", 0, found.start()) + 1 if found is not None else None


def _tokens(text: str) -> Sequence[_Token] | None:
    """The tokens that mean something; None where the text is no Python of today."""
    try:
        every = list(tokenize.generate_tokens(StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return None
    return [token for token in every if token.type not in {tokenize.COMMENT, tokenize.NL}]


def _asking(tokens: Sequence[_Token], name: str) -> Iterator[int]:
    """Where an attribute is asked for: each place of its name."""
    importing = False
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if before is None or before.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}:
            importing = token.string in {"from", "import"}
        called = at + 1 < len(tokens) and tokens[at + 1].string == "("
        if token.string == name and before is not None and before.string == "." and not importing and not called:
            yield at


def _means(tokens: Sequence[_Token], at: int, name: str) -> bool:
    """Whether a text may be the name of the attribute, or markup that asks for it: no key of a dict, no docstring."""
    inner = tokens[at].string.lstrip("rRbBuUfF").strip("\"'")
    before, after = (tokens[i].string if 0 <= i < len(tokens) else "" for i in (at - 1, at + 1))
    if _MARKUP.search(inner):
        return asked_by_template(inner, name) is not None
    if re.split(r"[.:]", inner)[-1] != name or not re.fullmatch(r"[\w.:]+", inner):
        return False
    if before == "[" and after == "]":
        return at > 1 and tokens[at - 2].string in {"__dict__", ")"}
    if after in {":", "in"} or (after == "not" and at + 2 < len(tokens) and tokens[at + 2].string == "in"):
        return False
    if before == "(" and at > 1 and tokens[at - 2].string in _READING:
        return False
    return after not in {"==", "!="} and before not in {"==", "!="} and bool(after.strip() or before.strip())


def _is_pattern(tokens: Sequence[_Token], at: int) -> bool:
    """`case Pager(query=q):`"""
    if at + 1 >= len(tokens) or tokens[at + 1].string != "=":
        return False
    first = next((i for i in range(at, 0, -1) if tokens[i - 1].type in {tokenize.NEWLINE, tokenize.INDENT}), 0)
    return tokens[first].string == "case" and first < at
