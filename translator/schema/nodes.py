"""The nodes of a text's tree, listed once: a dozen questions are asked of all of them. Standard library only."""

from __future__ import annotations

import ast
import functools
from collections import deque


@functools.lru_cache(maxsize=4)
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """A tree's nodes in the order of `ast.walk`. The tree must not change from here on."""
    return tree, *parents(tree)


@functools.lru_cache(maxsize=4)
def parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    """What stands around each node of a tree; its keys are in the order of `ast.walk`."""
    found: dict[ast.AST, ast.AST] = {}
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        for name in node._fields:
            value = getattr(node, name, None)
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST):
                    found[child] = node
                    waiting.append(child)
    return found
