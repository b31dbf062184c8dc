"""Relationships with `lazy="dynamic"`: their attribute is a Query on an object, though no word `query` stands there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.model import conventions, extension, queries, queryclasses
from translator.model.signatures import QUERY_METHODS
from translator.model.sites import Escape, SiteKind
from translator.model.types import (
    UNKNOWN,
    Belief,
    Element,
    ElementKind,
    Entity,
    Fact,
    Guess,
    Imported,
    Instance,
    LocalInstance,
    Query,
    SessionRef,
    Type,
)
from translator.syntax import names, scoping

if TYPE_CHECKING:
    from translator.model.expressions import Expressions

_CHANGING = frozenset({"append", "extend", "remove", "add", "add_all", "discard"})
"""What is done to the collection itself, which goes on as it is."""
CHANGED = "AppenderQuery."
"""How the sites are called where that is done, before the name of the method; the site's node is the collection."""
_COMMON = frozenset({"count", "get", "update", "delete", "values", "union", "join"})
"""Methods that lists, dicts, sets and strings have, too."""
_SHOWING = frozenset(
    {
        "all", "first", "one", "one_or_none", "count", "paginate", "first_or_404", "one_or_404", "get_or_404",
        "filter", "filter_by", "order_by", "limit", "offset", "options", "distinct", "with_entities",
    }
)  # fmt: skip
"""Methods that show a query on an attribute which nothing in sight tells of."""
_NOT_OBJECTS = frozenset({"classmethod", "staticmethod", "hybrid_property", "hybrid_method", "expression", "validates"})


def collection(walk: Expressions, node: cst.Attribute, owner: Type) -> Query | Guess | None:
    """The query that an attribute of an object of a mapped class is; None where it is nothing of the kind.

    A guess where the relationship has a Query class of its own, or where nothing but its name tells what it is.
    """
    whole = entity_of(walk, owner)
    if whole is None:
        guessed = _guessed(walk, node) if owner in {UNKNOWN, Instance(None)} else None
        return guessed or (_unseen(walk, node) if owner == Instance(None) or _is_user(walk, owner) else None)
    relation = walk.mapping.relationship(whole.mapped_name, node.attr.value)
    if relation is None:
        unseen = _unseen(walk, node)
        return unseen if unseen is not None and not _has(walk, whole, node.attr.value) else None
    if (changed := _changed(walk, node)) is not None:
        if relation.dynamic:
            walk.site(SiteKind.MEMBER, node, f"{CHANGED}{changed}", Instance(whole))
        return None
    entity = _entity(walk, owner)
    if relation.own_class and entity is not None:
        return Guess(frozenset({id(node)}), names.code(node), sure=True)
    if not relation.dynamic:
        return None
    new, entity = entity is None, whole
    target = relation.target or walk.mapping.target_of(entity.mapped_name, node.attr.value) or "?"
    selected = Element(ElementKind.ENTITY, target, target, belief=entity.belief)
    query = Query(entity.belief, None, frozenset({id(node)}), _session(walk, node, entity, owner))
    query = queries.reshaped(query.with_facts(Fact.FILTERED), (selected,), frozenset({target}), walk.mapping)
    if relation.order is not None:
        ordered = queries.unordered(names.expression(relation.order))
        query = queries.ordered_by(query.with_facts(Fact.ORDERED), (ordered,))
    if relation.secondary:
        query = queries.with_repeats(query)
    behind = extension.session_behind(walk, entity)
    query = queryclasses.applied(walk, query, node, behind.query_class if behind is not None else None)
    walk.site(SiteKind.CREATION, node, "dynamic", Instance(entity), result=query)
    if new:  # no statement selects what is in memory
        reason = f"`{names.code(node.value)}` may be in no session, and then its collection is what is in memory"
        walk.escapes[id(node), reason] = Escape(query.origins, node, reason, convertible=False, home=walk.unit.index)
    return query


def _asked(walk: Expressions, node: cst.Attribute) -> str | None:
    """The method of Query that is called on an attribute; none that other things have, too."""
    asked = walk.path[-2] if len(walk.path) > 1 and walk.path[-1] is node else walk.path[-1] if walk.path else None
    call = walk.path[-3] if len(walk.path) > 2 else None
    bare = isinstance(call, cst.Call) and not call.args
    if not isinstance(asked, cst.Attribute) or asked.attr.value not in QUERY_METHODS:
        return None
    common = asked.attr.value in _COMMON and not (bare and asked.attr.value == "count")
    return None if common else asked.attr.value


def _unseen(walk: Expressions, node: cst.Attribute) -> Guess | None:
    """The query that an attribute of an object must be whose class is not in sight, or has none there of that name.

    Such is the dynamic collection that another package's model, or a module that is not in sight, puts on the class.
    """
    named = node.attr.value == "query" or node.attr.value in conventions.SESSION_ATTRIBUTES  # what these are is known
    shown = _asked(walk, node) in _SHOWING and not named
    return Guess(frozenset({id(node)}), names.code(node), sure=True) if shown else None


def _has(walk: Expressions, entity: Entity, name: str) -> bool:
    """Whether a class in sight has an attribute of that name, whatever it is."""
    if walk.mapping.has_attribute(entity.mapped_name, name):
        return True
    known = walk.functions.classes.named(entity.mapped_name)
    family = walk.functions.classes.family(known.key) if known is not None else []
    return any(name in info.members or name in info.fresh or name in scoping.bindings(info.node) for info in family)


def _is_user(walk: Expressions, owner: Type) -> bool:
    """Whether it is what Flask-Login gives, an object of a mapped class where the text is about SQLAlchemy."""
    return owner == Imported("flask_login.current_user") and walk.about_sqlalchemy


def _guessed(walk: Expressions, node: cst.Attribute) -> Guess | None:
    """The query that an attribute of something unknown is if it is the relationship of that name."""
    if _asked(walk, node) is None:
        return None
    name = node.attr.value
    found = any(r.dynamic or r.own_class for c in walk.mapping for r in (c.relationships.get(name),) if r is not None)
    return Guess(frozenset({id(node)}), names.code(node), sure=True) if found else None


def expunged(walk: Expressions, node: cst.BaseExpression, kind: Type) -> None:
    """Note that an object is in no session from here on."""
    if isinstance(node, cst.Name) and isinstance(kind, (Instance, LocalInstance)):
        walk.bind(node.value, replace(kind, made=True, session=None), walk.binding_of(node.value))


def added(walk: Expressions, node: cst.BaseExpression, kind: Type, session: SessionRef) -> None:
    """Note that a session has an object from here on: what it flushes, the collection's SELECT finds."""
    if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        for element in node.elements:
            added(walk, element.value, walk.types.get(id(element.value), UNKNOWN), session)
    if isinstance(node, cst.Name) and isinstance(kind, (Instance, LocalInstance)) and kind.made:
        walk.bind(node.value, replace(kind, made=False, session=session.text), walk.binding_of(node.value))


def as_given(declared: Type, given: Type | None) -> Type:
    """The object that an annotation declares, which may be in no session if a call gives one that may."""
    if not isinstance(declared, (Instance, LocalInstance)) or not isinstance(given, (Instance, LocalInstance)):
        return declared
    return replace(declared, made=True) if given.made else declared


def entity_of(walk: Expressions, owner: Type) -> Entity | None:
    """The mapped class that an object is of, whether or not it is in the database."""
    if isinstance(owner, (Instance, LocalInstance)):
        owner = replace(owner, made=False)
    return _entity(walk, owner)


def _entity(walk: Expressions, owner: Type) -> Entity | None:
    """The class of an object that is in a session; not of one that was just made, whose collection is in memory."""
    match owner:
        case Instance(entity=Entity() as entity, made=False):
            return entity
        case LocalInstance(key=key, made=False):
            info = walk.functions.classes.info(key)
            return Entity(info.name, Belief.PROVEN) if info is not None and info.name in walk.mapping else None
        case Entity(alias_of=str() as mapped) if _is_receiver(walk, owner):
            return Entity(mapped, Belief.PROVEN)
    return None


def _is_receiver(walk: Expressions, entity: Entity) -> bool:
    """Whether it is the `self` of a method: an object, where an alias stands for a class."""
    info = walk.function
    if info is None or info.owner is None:
        return False
    words = {word for decorator in info.decorators for word in decorator.split(".")}
    params = [*info.node.params.posonly_params, *info.node.params.params]
    return not words & _NOT_OBJECTS and bool(params) and params[0].name.value == entity.name


def _changed(walk: Expressions, node: cst.Attribute) -> str | None:
    """What is done to the collection itself, if that is what is asked of it."""
    outer = next((around for around in reversed(walk.path) if around is not node), None)
    return outer.attr.value if isinstance(outer, cst.Attribute) and outer.attr.value in _CHANGING else None


def _session(walk: Expressions, node: cst.Attribute, entity: Entity, owner: Type) -> SessionRef | None:
    """The session that the object is in: that of Flask-SQLAlchemy, which has one, or the one that the object tells.

    An object that another session was seen to take or to give is in that one, whatever extension is about.
    """
    flask = any(mapped.extension for mapped in walk.mapping.family(entity.mapped_name))
    behind = extension.session_behind(walk, entity) if flask else walk.program.extension(walk.unit)
    known = owner.session if isinstance(owner, (Instance, LocalInstance)) else None
    if behind is not None and (known is None or behind.session is None or known == behind.session.text):
        return behind.session
    path = names.dotted(node.value)
    if path is None:
        return None
    text = f"object_session({path})"
    return SessionRef(text, stable=True, binding=walk.binding_of(text), needs=("sqlalchemy.orm", "object_session"))
