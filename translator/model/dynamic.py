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
    Unknown,
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
        "filter", "filter_by", "order_by", "limit", "offset", "options", "distinct", "with_entities", "join", "outerjoin",
        "group_by", "having", "with_for_update", "with_lockmode", "yield_per", "subquery", "with_parent", "add_columns",
        "add_entity", "from_self", "union_all", "enable_eagerloads", "execution_options", "populate_existing",
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
        unseen = guessed is None and (owner == Instance(None) or _is_user(walk, owner))
        return _unseen(walk, node) if unseen else guessed
    relation = walk.mapping.relationship(whole.mapped_name, node.attr.value)
    if relation is None:
        return None if _has(walk, whole, node.attr.value) else _unseen(walk, node)
    if (changed := _changed(walk, node)) is not None:
        if relation.dynamic:
            walk.site(SiteKind.MEMBER, node, f"{CHANGED}{changed}", Instance(whole))
        return None
    entity = _entity(walk, owner)
    if relation.own_class and entity is not None:
        return _told(walk, node, f"`{names.code(node)}` gives it, whose Query is of a class of its own")
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
    around = walk.path[:-1] if walk.path and walk.path[-1] is node else walk.path
    if len(around) < 2 or not isinstance(around[-1], cst.Attribute) or not isinstance(around[-2], cst.Call):
        return None
    asked, call = around[-1].attr.value, around[-2]
    known = call.func is around[-1] and asked in QUERY_METHODS
    return asked if known and not _is_common(call, asked) else None


def _is_common(call: cst.Call, method: str) -> bool:
    """Whether other things than queries have a method of that name, which takes such arguments there."""
    if method == "join":  # a text joins others; a query joins a class, or an attribute of one
        return not any(names.is_class_name(names.root(names.dotted(arg.value) or "")) for arg in call.args)
    return method in _COMMON and not (method == "count" and not call.args)


def _unseen(walk: Expressions, node: cst.Attribute) -> Guess | None:
    """The query that an attribute of an object must be whose class is not in sight, or has none there of that name.

    Such is the dynamic collection that another package's model, or a module that is not in sight, puts on the class.
    """
    named = node.attr.value == "query" or node.attr.value in conventions.SESSION_ATTRIBUTES  # what these are is known
    if named:
        return None
    walk.unseen[id(node)] = node
    asked = _asked(walk, node)
    return given(walk, node, asked) if asked is not None and asked in _SHOWING else None


def taken(walk: Expressions, node: cst.Assign, kind: Type) -> Type:
    """What a name is bound to, which is remembered where it is such an attribute, whatever module its object is from."""
    if (
        not isinstance(node.value, cst.Attribute)
        or id(node.value) not in walk.unseen
        or not isinstance(kind, (Unknown, Imported))
    ):
        return kind
    walk.unseen[id(node)] = node.value
    return UNKNOWN


def kept(walk: Expressions, name: cst.Name, call: cst.Call, method: str) -> Guess | None:
    """The query that a name must hold which was bound to such an attribute: `posts = user.posts; posts.all()`."""
    node = walk.unseen.get(walk.binding_of(name.value))
    shown = node is not None and method in _SHOWING and not _is_common(call, method)
    return given(walk, node, method) if node is not None and shown else None


def given(walk: Expressions, node: cst.Attribute, asked: str) -> Guess:
    """What an attribute gives that is a query, for it is asked for a method that nothing else there would have."""
    spelled = names.code(node)
    return _told(walk, node, f"`{spelled}` gives it, which is not in sight; convert that and `.{asked}()` together")


def _told(walk: Expressions, node: cst.Attribute, reason: str) -> Guess:
    """What certainly is a query of which nothing else is known, told wherever it goes."""
    origins = frozenset({id(node)})
    walk.escapes[id(node), reason] = Escape(origins, node, reason, convertible=False, home=walk.unit.index, shown=True)
    return Guess(origins, names.code(node), sure=True)


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
    name = node.attr.value
    if not any(r.dynamic or r.own_class for c in walk.mapping for r in (c.relationships.get(name),) if r is not None):
        return None
    walk.unseen[id(node)] = node
    asked = _asked(walk, node)
    return given(walk, node, asked) if asked is not None else None


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
        walk.bind(node.value, replace(kind, made=False, session=session), walk.binding_of(node.value))


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
    behind = extension.session_behind(walk, entity) if flask else extension.only_one(walk)
    known = owner.session if isinstance(owner, (Instance, LocalInstance)) else None
    if behind is not None and (known is None or behind.session is None or known.text == behind.session.text):
        return behind.session
    path = names.dotted(node.value)
    if path is None:  # what a call gives, which can't be asked twice
        return known if isinstance(node.value, cst.Call) and known is not None and known.stable else None
    text = f"object_session({path})"
    return SessionRef(text, stable=True, binding=walk.binding_of(text), needs=("sqlalchemy.orm", "object_session"))
