"""What objects keep: values stored in attributes, and the sessions that they keep under a name of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import crossing
from translator.model.types import Query, QueryProperty, Session, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def store(walk: Expressions, target: cst.Attribute, kind: Type) -> None:
    """`owner.name = …`"""
    owner = walk.expression(target.value)
    name = target.attr.value
    key = walk.functions.classes.key(owner)
    kind = crossing.mapped(kind, lambda query: _kept_session(walk, query))
    kept = key is not None and name.startswith("_")
    if not kept:
        walk.lose(kind, target, f"it is stored in `{names.code(target)}`", convertible=key is not None)
    if isinstance(kind, Session):
        kind = replace(kind, origin=None)
    if key is not None:
        walk.functions.classes.store(key, name, kind)
    elif isinstance(kind, QueryProperty) and (spelled := names.dotted(target.value)):
        walk.functions.query_properties[spelled] = kind


def keep_session(walk: Expressions, target: cst.Attribute, value: cst.BaseExpression) -> None:
    """Note that an object keeps a session that is a local name here: `self.session = session`."""
    local, kept = names.dotted(value), names.dotted(target)
    if local and kept:
        walk.functions.kept_sessions[walk.binding_of(local), local] = walk.reference(kept)


def _kept_session(walk: Expressions, query: Query) -> Query:
    """The query with its session under the name that the object keeps it by."""
    ref = query.session
    kept = walk.functions.kept_sessions.get((ref.binding, ref.text)) if ref is not None else None
    return query if kept is None else replace(query, session=kept)
