"""What a query is made to select: the arguments of `session.query(…)`, and of a `Query` made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import called, columnlists, queries, queryclasses
from translator.model.sites import Escape, SiteKind
from translator.model.types import (
    UNKNOWN,
    Attribute,
    Belief,
    Entity,
    Expression,
    Many,
    Query,
    QueryMaker,
    Session,
    SessionRef,
    Type,
)
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions


def asked(walk: Expressions, node: cst.Call, owner: Session, ref: SessionRef, *, used: bool) -> Query:
    """What a session's `query(…)` gives."""
    if node.args and isinstance(node.func, cst.Attribute) and not node.args[0].star and node.args[0].keyword is None:
        walk.functions.asked[walk.unit.index].add(id(node))
    kinds = walk.arguments(node, walk.operand)
    # What is asked for a class that is known to be mapped is a session, whatever it is called.
    shown = any(isinstance(kind, Entity) and kind.belief is Belief.PROVEN for kind in kinds)
    query = Query(Belief.PROVEN if shown else owner.belief, None, frozenset({id(node)}), ref)
    given = selected(walk, node, kinds)
    if given is not None:
        query = queries.selecting(query, given, walk.mapping)
    query = queryclasses.applied(walk, query, node, owner.query_class)
    walk.site(SiteKind.CREATION, node, "query", owner, arguments=kinds, result=query, used=used)
    return query


def asked_by(walk: Expressions, node: cst.Call, maker: QueryMaker, *, used: bool) -> Query:
    """What a session's `query` gives that is held under a name of its own; its session has to have a name here, too."""
    ref = maker.session
    query = asked(walk, node, maker.of, ref, used=used)
    if not ref.stable or ref.binding == -1 or walk.binding_of(ref.text) != ref.binding:
        held = names.code(node.func)
        reason = f"`{held}` is the query() of a session that has no name here; call query() on the session instead"
        walk.escape(query, node, reason)
    return query


def lost(walk: Expressions, kind: Type, node: cst.CSTNode, reason: str) -> None:
    """Note that the method `query` of a session goes where its calls are not followed, if it is that."""
    if not isinstance(kind, QueryMaker):
        return
    said = f"its method query() is handed on: {reason}; call query() on the session instead"
    walk.escapes[id(node), said] = Escape(frozenset({id(node)}), node, said, convertible=False, home=walk.unit.index)


def operand_of(walk: Expressions, function: str) -> Callable[[cst.BaseExpression], Type]:
    """How the arguments of a function of SQLAlchemy are taken; a method that is taken from Query itself wants a Query."""
    owner, _, name = function.rpartition(".")
    if not owner.endswith(".Query"):
        return walk.operand
    return lambda value: walk.consume(value, f"it is passed to the class's `{name}()`; call it on the query")


def selected(walk: Expressions, node: cst.Call, kinds: list[Type]) -> list[tuple[cst.BaseExpression, Type]] | None:
    """What a call selects, element by element; None where that is not in sight."""
    found: list[tuple[cst.BaseExpression, Type]] = []
    for arg, kind in zip(node.args, kinds, strict=True):
        if arg.keyword is not None or arg.star == "**":
            return None
        if not arg.star:
            found.append((arg.value, called.as_shown(walk, arg.value, kind)))
            continue
        several = walk.types.get(id(arg.value), UNKNOWN)
        if isinstance(arg.value, (cst.List, cst.Tuple)):
            if any(isinstance(e, cst.StarredElement) for e in arg.value.elements):
                return None
            found += [(e.value, walk.types.get(id(e.value), UNKNOWN)) for e in arg.value.elements]
        elif (
            isinstance(several, Many)
            and isinstance(several.of, (Attribute, Expression))
            and columnlists.is_followed(walk, arg.value)
        ):
            found.append((arg.value, Expression(queries.mentions(several.of))))  # columns, however many
        else:
            return None
    return found


def query_object(walk: Expressions, node: cst.Call, kinds: list[Type], *, used: bool) -> Query:
    """`Query([User], session)`: a query that is made without asking a session for it."""
    first = node.args[0] if node.args else None
    session = names.keyword(node, "session") or (node.args[1].value if len(node.args) > 1 else None)
    kind = walk.types.get(id(session), UNKNOWN) if session is not None else UNKNOWN
    ref = walk.session_ref(session, kind) if session is not None and isinstance(kind, Session) else None
    query = Query(kind.belief if isinstance(kind, Session) else Belief.PROVEN, None, frozenset({id(node)}), ref)
    if first is not None and not first.star and first.keyword is None:
        listed = isinstance(first.value, (cst.List, cst.Tuple))
        nodes = [e.value for e in first.value.elements] if isinstance(first.value, (cst.List, cst.Tuple)) else []
        given = [(n, walk.types.get(id(n), UNKNOWN)) for n in nodes] if listed else [(first.value, kinds[0])]
        query = queries.selecting(query, given, walk.mapping)
    walk.site(SiteKind.CREATION, node, "Query", UNKNOWN, arguments=kinds, result=query, used=used)
    return query
