"""Objects that are made: where they are kept, and what they are given, may draw them into a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.model import core
from translator.model.types import UNKNOWN, Belief, Entity, Instance, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_TOGETHER = (cst.List, cst.Tuple, cst.Set, cst.ListComp, cst.SetComp, cst.GeneratorExp)
_PUTTING = frozenset({"append", "add", "insert"})


def created(walk: Expressions, node: cst.Call, kind: Entity) -> Type:
    """The object that a class makes."""
    _record(walk, node, kind)
    return Instance(kind, made=True) if kind.belief is Belief.PROVEN else UNKNOWN


def _record(walk: Expressions, node: cst.Call, kind: Entity) -> None:
    """Record that the object is given another one, or may be later, that may draw it into a session."""
    if _is_kept(walk, node) and any(
        r.paired for mapped in walk.mapping.family(kind.mapped_name) for r in mapped.relationships.values()
    ):
        core.member(walk, node, "new", kind)
        return
    for arg in node.args:
        name = arg.keyword.value if arg.keyword is not None else ""
        relation = walk.mapping.relationship(kind.mapped_name, name)
        unseen = kind.mapped_name not in walk.mapping and isinstance(walk.types.get(id(arg.value)), Instance)
        if name and (unseen or (relation is not None and relation.paired and names.code(arg.value) != "None")):
            core.member(walk, node, "new", kind)
            return


def _is_kept(walk: Expressions, node: cst.Call) -> bool:
    """Whether a variable holds the object, or a list does."""
    if any(isinstance(around, cst.Assign) and around.value is node for around in walk.path[-2:]):
        return True
    return any(
        isinstance(around, _TOGETHER)
        or (
            isinstance(around, cst.Call)
            and isinstance(around.func, cst.Attribute)
            and around.func.attr.value in _PUTTING
        )
        for around in walk.path[-4:]
    )
