"""Where two paths come together: what names hold from there on, and which queries are lost by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import orlists
from translator.model.lattice import held
from translator.model.limits import Uncut
from translator.model.scopes import Binding, Names
from translator.model.scopes import meet as met
from translator.syntax import liveness

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


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
            if lost and not liveness.is_dead(name, walk.path):
                walk.lose(side.type, node, f"`{name}` holds something else on another path")
    return merged


def broken(walk: Expressions, before: Names, after: Names, node: cst.CSTNode) -> Names:
    """What holds after statements of which nobody knows how far they have come."""
    merged = meet(walk, before, after, node)
    return {name: binding for name, binding in merged.items() if not isinstance(binding.type, Uncut)}
