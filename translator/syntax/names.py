"""Reading names and literals off nodes: dotted paths, plain strings, arguments. Pure syntax, no meaning."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from translator.syntax import positions

_SHOUTED_FIRST = re.compile(r"[A-Z0-9]+_[a-z]")


def code(node: cst.CSTNode) -> str:
    """The text of one node."""
    return _plain_path(node) or positions.text(node)


def _plain_path(node: cst.CSTNode) -> str | None:
    """The text of `a.b.c` without blanks or parentheses, which needs no printer: most of what is asked for."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        if node.lpar or not (node.dot.whitespace_before.empty and node.dot.whitespace_after.empty):
            return None
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name) or node.lpar:
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a name or a path of attributes, else None."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def called(node: cst.BaseExpression) -> str:
    """What is called, in few words: its text, or the method that something long is asked for, e.g. `(…).dump`."""
    text = dotted(node)
    if text is not None or (len(text := code(node)) < 40 and "\n" not in text):
        return text
    return f"(…).{node.attr.value}" if isinstance(node, cst.Attribute) else "the function"


def path(text: str) -> cst.Name | cst.Attribute:
    """The expression for a dotted path, without the cost of a parser."""
    first, *rest = text.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        node = cst.Attribute(node, cst.Name(part))
    return node


def expression(text: str) -> cst.BaseExpression:
    """The expression that a text spells."""
    return path(text) if all(part.isidentifier() for part in text.split(".")) else cst.parse_expression(text)


def root(path: str) -> str:
    """The first name of a dotted path."""
    return path.partition(".")[0]


def literal_string(node: cst.CSTNode) -> str | None:
    """The value of a plain string literal (not bytes, not an f-string), else None."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        try:
            value = node.evaluated_value
        except (SyntaxError, ValueError):  # `"\\usr"`, written for Python 2
            return None
        return value if isinstance(value, str) else None
    return None


def literal(node: cst.CSTNode) -> object:
    """The value of a literal made of constants, or `...` where it is not one."""
    try:
        return ast.literal_eval(code(node))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ...


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and every node in it, outermost first."""
    yield node
    for child in node.children:
        yield from below(child)


def positional(call: cst.Call) -> list[cst.Arg]:
    """The positional arguments, starred ones included."""
    return [arg for arg in call.args if arg.keyword is None and arg.star != "**"]


def keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """The value of one keyword argument."""
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return arg.value
    return None


def starred(call: cst.Call) -> bool:
    """Whether any argument is `*x` or `**x`, so that the rest can't be counted."""
    return any(arg.star for arg in call.args)


def is_class_name(name: str) -> bool:
    """Whether a name is spelled as classes are: `User`, `HTTPLog`, `_Node`, not `USER`, `user`, `API_key`."""
    bare = name.lstrip("_")
    if _SHOUTED_FIRST.match(bare):
        return False
    return bare[:1].isupper() and (len(bare) == 1 or any(char.islower() for char in bare))


def params(params: cst.Parameters) -> list[cst.Param]:
    """All parameters of a function, those with stars last."""
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    every += [p for p in (params.star_arg, params.star_kwarg) if isinstance(p, cst.Param)]
    return every
