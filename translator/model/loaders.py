"""Loader options: the path of attributes that one names, and what it does to the rows of the query it is given to.

Works on types and on the spelling of arguments; walks no tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from translator.model.mapping import Mapping, Relationship
from translator.model.types import Attribute, LoaderOption, Type
from translator.syntax import names

JOINING = frozenset({"joinedload", "contains_eager", "eagerload"})
"""Loaders that join."""
COLUMNS = frozenset({"defer", "undefer", "load_only"})
"""Loaders whose last attribute is a column."""
PATHS = frozenset(
    {"joinedload", "subqueryload", "selectinload", "lazyload", "immediateload", "noload", "raiseload", "contains_eager",
     "defaultload", "eagerload", "defer", "undefer"}
)  # fmt: skip
"""Loaders whose arguments are the steps of one path."""
EVERY_STEP = frozenset(
    {"joinedload_all", "subqueryload_all", "eagerload_all", "contains_eager_all", "lazyload_all", "selectinload_all"}
)
"""Loaders of old that meant each step of their path, and not only the last."""
DEFAULT = "defaultload"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One attribute on a path, as it is to be spelled, with the relationship that it is, if that is known."""

    spelled: str | None
    """None where the text names the attribute itself."""
    node: cst.BaseExpression
    relationship: Relationship | None
    owners: tuple[str, ...]
    """The classes whose attributes may come next; empty where that can't be told."""


def steps(
    nodes: Sequence[cst.BaseExpression], kinds: Sequence[Type], owners: tuple[str, ...], mapping: Mapping
) -> tuple[Step, ...] | None:
    """The steps that the arguments of a loader make from one of `owners` on; None where a string can't be placed."""
    path: list[Step] = []
    for node, kind in zip(nodes, kinds, strict=True):
        text = names.literal_string(node)
        if text is None:
            path.append(_attribute(node, kind, mapping))
            owners = path[-1].owners
            continue
        for part in text.split("."):
            step = _named(part, node, owners, mapping)
            if step is None:
                return None
            path.append(step)
            owners = step.owners
    return tuple(path)


def _attribute(node: cst.BaseExpression, kind: Type, mapping: Mapping) -> Step:
    if not isinstance(kind, Attribute):
        return Step(None, node, None, ())
    relation = mapping.relationship(kind.entity.mapped_name, kind.name)
    return Step(None, node, relation, _reached(relation))


def _named(part: str, node: cst.BaseExpression, owners: tuple[str, ...], mapping: Mapping) -> Step | None:
    """The attribute that a string names: that of the first class that has it."""
    if not part.isidentifier():
        return None
    owner = owners[0] if len(owners) == 1 else None
    if owner is None:
        known = [mapping.has_attribute(name, part) for name in owners]
        if None in known or True not in known:
            return None
        owner = owners[known.index(True)]
    relation = mapping.relationship(owner, part)
    return Step(f"{owner}.{part}", node, relation, _reached(relation))


def _reached(relation: Relationship | None) -> tuple[str, ...]:
    return (relation.target,) if relation is not None and relation.target else ()


def option(name: str, call: cst.Call, kinds: Sequence[Type], before: LoaderOption, mapping: Mapping) -> LoaderOption:
    """The option that `name(…)` makes, on its own or after `before` in a chain."""
    if name == "options":
        return _with_further(before, kinds)
    given = [(arg.value, kind) for arg, kind in zip(call.args, kinds, strict=True) if arg.keyword is None]
    if name not in PATHS and name not in EVERY_STEP:
        return before  # load_only(), undefer_group() and their kin reach no further
    path = steps([node for node, _ in given], [kind for _, kind in given], before.owners, mapping)
    if path is None:
        wildcard = any(names.literal_string(node) == "*" for node, _ in given) and name not in JOINING
        return before if wildcard else LoaderOption(None)
    result = before
    for index, step in enumerate(path):
        last = index == len(path) - 1
        strategy = name.removesuffix("_all") if last or name in EVERY_STEP else DEFAULT
        if not (last and name in COLUMNS):
            result = _after(strategy, step, result, mapping)
    owners = path[-1].owners if path else before.owners
    return LoaderOption(result.collection, owners, result.apart)


def _with_further(before: LoaderOption, kinds: Sequence[Type]) -> LoaderOption:
    """The option with those that go on from where it ends."""
    if before.apart or before.collection:
        return before
    further = {kind.collection if isinstance(kind, LoaderOption) else None for kind in kinds}
    collection = True if True in further else (None if None in further else before.collection)
    return LoaderOption(collection, before.owners, before.apart)


def _after(strategy: str, step: Step, before: LoaderOption, mapping: Mapping) -> LoaderOption:
    relation = step.relationship
    joined = strategy in JOINING or (strategy == DEFAULT and relation is not None and relation.eager)
    if before.apart:
        return before
    if not joined:
        apart = strategy != DEFAULT or relation is not None
        return LoaderOption(before.collection, step.owners, apart)
    further = any(mapping.eager_collection(name) for name in _reached(relation))
    if before.collection or further or (relation is not None and relation.many):
        return LoaderOption(True, step.owners)
    certain = relation is not None and relation.many is False and before.collection is False
    return LoaderOption(False if certain else None, step.owners)
