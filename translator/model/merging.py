"""Where two paths come together: what names hold from there on, and which queries are lost by that."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import orlists
from translator.model.lattice import held
from translator.model.limits import Uncut
from translator.model.scopes import Binding, Names, Scope
from translator.model.scopes import meet as met
from translator.model.types import Many, Result, Row, Type
from translator.syntax import liveness

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


@contextmanager
def perhaps(walk: Expressions, scope: Scope | None = None) -> Iterator[None]:
    """What is walked inside may run or not, as the right side of `and` does: it may bind names by `:=`."""
    of = scope or walk.scope
    before = of.names
    of.names = dict(before)
    yield
    if of.names != before:
        of.names = meet(walk, before, of.names, walk.path[-1])
    else:
        of.names = before


def meet(walk: Expressions, left: Names, right: Names, node: cst.CSTNode) -> Names:
    """What holds after a statement that one of two paths went through, or both."""
    merged = met(left, right)
    if merged is left:
        return merged
    for name, binding in list(merged.items()):
        of_object = isinstance(binding.type, Uncut) or ("." in name and any(held(binding.type)))
        if of_object and not (name in left and name in right):
            del merged[name]  # what the attribute holds on the other path is what any method stored there
            continue
        sides = [side for side in (left.get(name), right.get(name)) if side is not None]
        either = orlists.met(walk, sides) if isinstance(node, cst.If) else None
        if either is not None:
            merged[name] = Binding(either, binding.bound_by)
            continue
        for side in sides:
            lost = any(held(side.type)) and not any(held(binding.type))
            if lost and not (isinstance(node, cst.BaseStatement) and liveness.is_dead(name, walk.path)):
                walk.lose(side.type, node, f"`{name}` holds something else on another path")
    return merged


def broken(walk: Expressions, before: Names, after: Names, node: cst.CSTNode) -> Names:
    """What holds after statements of which nobody knows how far they have come."""
    merged = meet(walk, before, after, node)
    return {name: binding for name, binding in merged.items() if not isinstance(binding.type, Uncut)}


def interrupted(
    walk: Expressions,
    before: Names,
    mark: int,
    into: Names,
    node: cst.CSTNode,
    only: Container[str] | None = None,
) -> Names:
    """What holds after statements that may have been left behind any of them, where queries and rows are concerned.

    `mark` is where they began; `into` is what holds otherwise.
    """
    merged = dict(into)
    between = walk.scope.log[mark:]
    of_interest = {name for name, binding in between if _is_followed(binding.type) and "." not in name}
    of_interest |= {name for name, _ in between if name in before and _is_followed(before[name].type)}
    passed = [(name, before[name]) for name in of_interest if name in before] + between
    for name, binding in passed:
        if name in of_interest and (only is None or name in only) and binding != merged.get(name):
            known = {name: merged[name]} if name in merged else {}
            merged |= meet(walk, known, {name: binding}, node)
    return merged


def _is_followed(kind: Type) -> bool:
    return any(held(kind)) or isinstance(kind, (Row, Many, Result))
