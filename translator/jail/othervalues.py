"""Arguments that take a function where its first call doesn't lead: further pages, other keys, the constants it asks for.

Told by the text alone, so that both runs of a proof make the same calls. Standard library only.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import Any

from .trees import within

MOST = 3
"""How many more calls of one function there are."""
FURTHER = {"page": 2, "page_num": 2, "page_number": 2, "pagenum": 2, "skip": 1, "offset": 1, "start": 1}
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Values = dict[str, Any]


def parameters(node: Function) -> list[str]:
    """The names of the parameters but for the object or the class that a method belongs to."""
    held = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return [argument.arg for argument in held if argument.arg not in ("self", "cls")]


def other_values(node: Function) -> list[Values]:
    """For each further call the parameters that get another value; none where nothing tells of other ways."""
    names = parameters(node)
    ways = {name: list(dict.fromkeys(_ways(name, node))) for name in names}
    keys = [name for name in names if _is_key(name)]
    if len(keys) > 1:  # `transfer(from_id, to_id)`: both the same would move nothing
        for number, name in enumerate(keys[1:], 2):
            ways[name] = [number]
    calls = min(max(map(len, ways.values()), default=0), MOST)
    return [{name: values[number] for name, values in ways.items() if number < len(values)} for number in range(calls)]


def _is_key(name: str) -> bool:
    return name == "id" or name.endswith(("_id", "_pk"))


def _ways(name: str, node: Function) -> Iterator[Any]:
    if name in FURTHER:
        yield FURTHER[name]
    default = _default(name, node)
    if isinstance(default, bool) and _is_tested(name, node):
        yield not default
    for inner in _inside(node):
        if isinstance(inner, ast.Slice) and name in (getattr(inner.upper, "id", ""), getattr(inner.lower, "id", "")):
            if name == getattr(inner.upper, "id", ""):
                yield 0  # none, or those from the end
            if _is_none_by_default(name, node):
                yield None
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            one, other = inner.left, inner.comparators[0]
            if isinstance(one, ast.Name) and one.id == name:
                yield from _constants(other)
            elif isinstance(other, ast.Name) and other.id == name and isinstance(inner.ops[0], (ast.Eq, ast.NotEq)):
                yield from _constants(one)


@functools.cache
def _inside(node: Function) -> tuple[ast.AST, ...]:
    """Everything in a function that tells of a way: each parameter asks for it, and both passes."""
    return tuple(
        inner for inner in within(node) if isinstance(inner, (ast.Slice, ast.Compare, ast.If, ast.IfExp, ast.While))
    )


def _constants(node: ast.AST) -> Iterator[Any]:
    """The strings and numbers in what a parameter is compared with: not e.g. None, which the bare call brings."""
    for item in node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]:
        if isinstance(item, ast.Constant) and isinstance(item.value, (str, int)) and not isinstance(item.value, bool):
            yield item.value


def _default(name: str, node: Function) -> Any:
    held = [*node.args.posonlyargs, *node.args.args]
    pairs = [
        *zip(reversed(held), reversed(node.args.defaults), strict=False),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    found = next((value for argument, value in pairs if argument.arg == name), None)
    return found.value if isinstance(found, ast.Constant) else None


def _is_none_by_default(name: str, node: Function) -> bool:
    held = [*node.args.posonlyargs, *node.args.args]
    pairs = zip(reversed(held), reversed(node.args.defaults), strict=False)
    return any(argument.arg == name and getattr(value, "value", 0) is None for argument, value in pairs)


def _is_tested(name: str, node: Function) -> bool:
    tests = [inner.test for inner in _inside(node) if isinstance(inner, (ast.If, ast.IfExp, ast.While))]
    return any(isinstance(part, ast.Name) and part.id == name for test in tests for part in within(test))
