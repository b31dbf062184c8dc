"""Builtins that call a function for each element that they walk: `map(f, rows)`, `sorted(rows, key=f)`.

A lambda is walked with the elements as its parameters. Records sites; knows nothing of rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import core, lattice
from translator.model.scopes import Scope
from translator.model.types import UNKNOWN, Function, Gives, Row, Select, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_FIRST = frozenset(
    {"reduce", "map", "filter", "imap", "ifilter", "takewhile", "dropwhile", "filterfalse", "ifilterfalse"}
)
"""Functions whose first argument is called."""
_BY_KEY = frozenset({"sorted", "min", "max", "groupby", "sort", "nlargest", "nsmallest"})
"""Functions that take a key."""


def function(walk: Expressions, node: cst.Lambda) -> Type:
    """A lambda, whose parameters are what `types` says that they are, if anything."""
    around = walk.path[-2] if len(walk.path) > 1 else None
    if isinstance(around, cst.Assign):
        walk.given[id(around)] = (node, tuple(walk.path))
    params = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    for param in params:
        if param.default is not None:
            walk.consume(param.default, "it is the default of a parameter")
    outer = walk.scope
    walk.scope = Scope("lambda", outer, late=True)
    for param in params:
        walk.bind(param.name.value, walk.types.get(id(param), UNKNOWN), id(param))
    kind = walk.expression(node.body)
    walk.scope = outer
    return Gives(kind) if any(lattice.held(kind)) or isinstance(kind, Select) else UNKNOWN


def is_called(function: str, index: int, arg: cst.Arg) -> bool:
    """Whether an argument is a function that is called for each element."""
    if arg.keyword is not None:
        return arg.keyword.value == "key" and function in _BY_KEY
    return (function in _FIRST and index == 0) or (function == "groupby" and index == 1)


def elements(function: str, walked: Sequence[Type]) -> Sequence[Type]:
    """What the function is called with, of the types of the elements of all positional arguments."""
    return walked[1:] if function in _FIRST else walked[:1]


def named(walk: Expressions, node: cst.BaseExpression, given: Sequence[Type]) -> None:
    """Walk the lambda that a name holds with what it is given here; it may be given other things elsewhere."""
    binding = walk.scope.look_up(node.value) if isinstance(node, cst.Name) else None
    if binding is None or not isinstance(walk.given.get(binding.bound_by, (None,))[0], cst.Lambda):
        return  # no lambda, or one that calls itself
    function, path = known = walk.given.pop(binding.bound_by)
    outer, walk.path = walk.path, list(path[:-1])
    calls(walk, function, [lattice.shared(kind) for kind in given], maps=False)
    walk.path = outer
    walk.given[binding.bound_by] = known


def calls(walk: Expressions, node: cst.BaseExpression, given: Sequence[Type], *, maps: bool) -> None:
    """Walk a function that is called with these; `maps`: its result takes the place of an element."""
    if isinstance(node, cst.Lambda):
        for param, kind in zip((*node.params.posonly_params, *node.params.params), given, strict=False):
            walk.types[id(param)] = kind
    named(walk, node, given)
    kind = walk.expression(node)
    row = given[0] if given else None
    if isinstance(kind, Function) and (info := walk.functions.info(kind.key)) is not None:
        params = [param.name.value for param in info.parameter_nodes]
        walk.functions.called(info, dict(zip(params, map(lattice.shared, given), strict=False)))
        walk.functions.leak(kind.key)
    if not isinstance(row, Row) or row.keyed is False:
        return
    spelled = (names.dotted(node.func if isinstance(node, cst.Call) else node) or "").rpartition(".")[2]
    if maps and isinstance(node, (cst.Name, cst.Attribute)) and spelled in {"dict", "OrderedDict"}:
        core.member(walk, node, "mapped", row)
    elif isinstance(node, cst.Call) and spelled == "itemgetter":
        core.member(walk, node, "itemgetter", row)


def folded(walk: Expressions, node: cst.Call) -> Type:
    """`reduce(function, elements, start)`: a lambda is given what it gave before, and `start` the first time."""
    args = node.args
    if not 1 < len(args) < 4 or any(arg.star or arg.keyword is not None for arg in args):
        walk.arguments(node, lambda v: walk.consume(v, "it is passed to `reduce()`"))
        return UNKNOWN
    function = args[0].value
    element = walk.iterated(args[1].value, "reduce")
    if len(args) == 2 or not isinstance(function, cst.Lambda):
        for arg in args[2:]:
            walk.consume(arg.value, "it is passed to `reduce()`")
        calls(walk, function, [UNKNOWN, lattice.shared(element)], maps=False)
        walk.lose(walk.types.get(id(function), UNKNOWN), function, "it is passed to `reduce()`")
        walk.lose(element, node, "it is taken by `reduce()`")
        return UNKNOWN
    start = kind = walk.expression(args[2].value)
    for _ in range(2):  # as a loop is: once more with what the first walk gave
        calls(walk, function, [kind, element], maps=False)
        given = walk.types.get(id(function.body), UNKNOWN)
        kind = lattice.join(kind, given)
        for other in (start, given):
            if any(lattice.held(other)) and not any(lattice.held(kind)):
                walk.lose(other, node, "`reduce()` gives something else, too")
    return kind
