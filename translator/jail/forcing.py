"""Ways to lines that no value led to: tests that are decided for the text, handlers that are given their exception.

Told by the shape of the text alone. Both runs of a proof take the same way: tests and handlers go by their number, and
only where both texts have as many.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TEST = "__requery_test__"
MADE = "__requery_made__"
LEAVES = frozenset({"abort", "exit", "quit", "_exit"})
Place = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Force:
    """What is decided: tests by their number, and for a `try` the number of the handler that is to run."""

    tests: Mapping[int, bool]
    faults: Mapping[int, int]

    @classmethod
    def of(cls, way: Mapping[str, Any] | None) -> Force | None:
        """From a request; None where nothing is forced."""
        if not way:
            return None
        return cls(
            {int(number): bool(value) for number, value in way["tests"]}, {int(a): int(b) for a, b in way["faults"]}
        )

    def put_into(self, tree: ast.Module) -> None:
        """Have the tree go that way."""
        for number, node in enumerate(tests(tree)):
            if number in self.tests:
                call = ast.Call(ast.Name(TEST, ast.Load()), [node.test, ast.Constant(self.tests[number])], [])
                node.test = ast.copy_location(call, node.test)
        for number, held in enumerate(tries(tree)):
            place = self.faults.get(number)
            if place is not None and place < len(held.handlers):
                held.body.insert(len(held.body) - 1, ast.copy_location(_raised(held.handlers[place]), held.body[-1]))


def _raised(handler: ast.ExceptHandler) -> ast.stmt:
    kind: ast.expr = handler.type or ast.Name("Exception", ast.Load())
    if isinstance(kind, ast.Tuple) and kind.elts:
        kind = kind.elts[0]
    return ast.Raise(ast.Call(ast.Name(MADE, ast.Load()), [kind], []), None)


def made(kind: Any) -> BaseException:
    """An exception of this class, whatever its arguments are called."""
    for arguments in (("",), ("", None, Exception("")), ()):
        try:
            found = kind(*arguments)
        except Exception:  # noqa: S112  # it wants others
            continue
        if isinstance(found, BaseException):
            return found
    raise TypeError("no exception can be made of this")


def tests(tree: ast.AST) -> list[ast.If | ast.IfExp]:
    """What decides between two ways."""
    nodes = list(ast.walk(tree))
    return [
        *(node for node in nodes if isinstance(node, ast.If)),
        *(node for node in nodes if isinstance(node, ast.IfExp)),
    ]


def tries(tree: ast.AST) -> list[ast.Try]:
    """What may catch an exception."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Try) and node.handlers]


def counted(tree: ast.AST) -> list[int]:
    """How many tests and handlers there are: the numbers mean the same in two texts where these are equal."""
    found = tests(tree)
    return [sum(isinstance(node, ast.If) for node in found), len(found), len(tries(tree))]


def way_to(tree: ast.Module, place: Place) -> dict[str, Any] | None:
    """The way to what stands at a place, as a request has it; None where no test and no handler lies before it."""
    numbers = {id(node): number for number, node in enumerate(tests(tree))}
    caught = {id(node): number for number, node in enumerate(tries(tree))}
    decided: dict[int, bool] = {}
    faults: dict[int, int] = {}
    for node, field, index in _path(tree, place):
        if isinstance(node, (ast.If, ast.IfExp)) and field in ("body", "orelse"):
            decided[numbers[id(node)]] = field == "body"
        elif isinstance(node, ast.Try) and field == "handlers":
            faults[caught[id(node)]] = index
        block = getattr(node, field)
        for before in block[:index] if isinstance(block, list) and field != "handlers" else ():
            for inner in _within(before):
                if isinstance(inner, ast.If) and _leaves(inner.body):
                    decided.setdefault(numbers[id(inner)], False)
                elif isinstance(inner, ast.If) and _leaves(inner.orelse):
                    decided.setdefault(numbers[id(inner)], True)
                elif isinstance(inner, ast.Try) and inner.handlers and _leaves(inner.body):
                    staying = [number for number, one in enumerate(inner.handlers) if not _leaves(one.body)]
                    if staying:
                        faults.setdefault(caught[id(inner)], staying[0])
    if not decided and not faults:
        return None
    way = {"tests": [[*item] for item in decided.items()], "faults": [[*item] for item in faults.items()]}
    return {**way, "counted": counted(tree)}


def _path(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, str, int]]:
    """The nodes around a place from the outermost, with the field and the index that lead on."""
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and _holds(child, place):
                yield node, field, index
                yield from _path(child, place)
                return


def _holds(node: ast.AST, place: Place) -> bool:
    found: Any = node
    if not hasattr(node, "lineno"):
        return any(_holds(child, place) for child in ast.iter_child_nodes(node))
    first = min([(found.lineno, found.col_offset), *((item.lineno, 0) for item in getattr(node, "decorator_list", ()))])
    return first <= place < (found.end_lineno, found.end_col_offset)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and those in it, but for other functions."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from _within(child)


def _leaves(block: list[ast.stmt]) -> bool:
    """Whether what follows a block doesn't run after it."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        called = last.value.func
        return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in LEAVES
    if isinstance(last, ast.If):
        return _leaves(last.body) and _leaves(last.orelse)
    return isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break))
