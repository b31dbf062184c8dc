"""What a function returns: its summary on this path, and the queries that leave what is in sight with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import annotated, decorators, handing, orlists, rows, stages
from translator.model.lattice import held
from translator.model.types import NONE, Type
from translator.syntax import blocks

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo


def returned(walk: Expressions, node: cst.Return) -> None:
    """`return …`"""
    kind = walk.expression(node.value) if node.value is not None else NONE
    info = walk.function
    if info is None:
        return
    walk.functions.returned(info, kind)
    stages.returned(walk)
    rows.returned(walk, node, kind)
    if node.value is None:
        return
    handing.returned(walk, info, node.value)
    orlists.becomes(walk, node.value, kind, info.returns)
    if not _survives(kind, info.returns):
        walk.lose(kind, node.value, f"`{info.name}()` returns something else on another path")
    if not info.callers_in_sight:
        reason = f"it is returned by `{info.name}`, {_whose(info)}"
        walk.lose(kind, node.value, reason, convertible=info.plain and not info.leaks)
        if (key := (id(node.value), reason)) in walk.escapes:
            walk.escapes[key] = replace(walk.escapes[key], returned_by=info.key)


def ended(walk: Expressions, info: FunctionInfo) -> None:
    """The end of a function's body."""
    if info.fresh_returns is None and info.fresh_yields is None:
        walk.functions.returned(info, NONE)
    annotated.returned(walk, info)
    if not blocks.leaves(info.node.body.body):
        stages.returned(walk)
    stages.ended(walk, info)


def _whose(info: FunctionInfo) -> str:
    """Why nobody knows where the value goes."""
    wrapped = sorted(info.decorators - decorators.KEEPING - {"?"})
    if wrapped:
        return f"and who calls that gets what `@{wrapped[0]}` makes of it; execute it in `{info.name}()`"
    return "whose callers may be elsewhere"


def _survives(kind: Type, settled: Type | None) -> bool:
    """Whether a query is still seen in what it was joined with."""
    return not any(held(kind)) or any(held(settled))
