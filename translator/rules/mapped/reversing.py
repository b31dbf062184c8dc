"""The other side of a relationship that `backref` made: the call that makes it where it stands in a class of its own."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from translator.model.module import ModuleModel
from translator.model.types import UNKNOWN, Entity, Function, Query, Session
from translator.rules.mapped import bodies, lineages, needing, relating
from translator.rules.mapped.bodies import Body
from translator.syntax import names

_INHERITED = ("viewonly", "post_update", "passive_updates", "sync_backref")
"""What a backref takes over from the relationship that it belongs to, unless it is told otherwise."""
_LATE = frozenset({"secondary", "primaryjoin", "secondaryjoin", "foreign_keys", "remote_side", "order_by"})
"""Arguments that may be a lambda, which is called once all classes are there."""
_RELATIONSHIPS = frozenset({"relationship", "relation", "dynamic_loader"})
_KEPT = frozenset({"back_populates", "backref", "argument", "secondary"})


@dataclass(frozen=True, slots=True, eq=False)
class Backref:
    """What `backref=` says: the name of the other side, and its arguments."""

    name: str
    literal: cst.BaseExpression
    """The name as the text spells it."""
    arguments: dict[str, cst.BaseExpression]


class Kept(Exception):
    """The backref can't be taken apart; its text ends a sentence that says so."""


def backref_of(call: cst.Call) -> Backref | None:
    """The backref of a relationship; None where there is none. Raises Kept where it can't be read."""
    value = names.keyword(call, "backref")
    if value is None:
        return None
    inner = value if isinstance(value, cst.Call) else None
    literal = inner.args[0].value if inner is not None and inner.args and inner.args[0].keyword is None else value
    name = names.literal_string(literal)
    if name is None or (inner is not None and names.starred(inner)):
        raise Kept("its name can't be told")
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
        raise Kept(f"no class can have an attribute that is written {name!r}")
    given = {arg.keyword.value: arg.value for arg in inner.args if arg.keyword is not None} if inner is not None else {}
    if _KEPT & given.keys():
        raise Kept("its arguments say more than a backref takes")
    return Backref(name, literal, given)


def other_class(call: cst.Call, owner: cst.ClassDef, backref: Backref, model: ModuleModel) -> cst.ClassDef:
    """The class that gets the other side. Raises Kept where that is not certain."""
    value = relating.target_of(call)
    value = value.body if isinstance(value, cst.Lambda) else value
    spelled = (names.literal_string(value) or names.dotted(value)) if value is not None else None
    top = [node for node in model.tree.body if isinstance(node, cst.ClassDef)]
    found = [node for node in top if node.name.value == spelled]
    if len(found) != 1 or not model.mapping.defines(spelled or "") or not any(node is owner for node in top):
        raise Kept("the other class does not stand in this text, at its top")
    _check_plain(owner, model)
    _check_mapped(call, found[0], model, (model, ()))
    _check_free(backref.name, found[0], model)
    _check_unused(found[0], owner, model)
    return found[0]


def class_elsewhere(
    call: cst.Call, owner: cst.ClassDef, backref: Backref, here: ModuleModel, program: Sequence[ModuleModel]
) -> tuple[cst.ClassDef, ModuleModel] | None:
    """The class that gets the other side, in another module, where that is used with this one only.

    None where it stands in no other module of the program. Raises Kept where it can't get the other side.
    """
    name = relating.target_name(call) or ""
    found = [(node, m) for m in program for node in m.tree.body if _is_class(node, name) and m.mapping.defines(name)]
    if not name or len(found) != 1 or found[0][1] is here or not any(node is owner for node in here.tree.body):
        return None
    goal, there = cst.ensure_type(found[0][0], cst.ClassDef), found[0][1]
    _check_plain(owner, here)
    _check_mapped(call, goal, there, (here, program))
    _check_free(backref.name, goal, there)
    for mapped in there.mapping.family(name):
        if backref.name in mapped.columns:
            raise Kept(f"{mapped.name} has a {backref.name} of its own")
    if not needing.is_there(here, there, program):
        raise Kept(f"{name} can be used without this module as long as nothing in {there.name} needs it")
    return goal, there


def _is_class(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.ClassDef) and node.name.value == name


def _check_plain(node: cst.ClassDef, model: ModuleModel) -> None:
    body = bodies.body_of(node, model)
    if body.obstacle is not None or "__abstract__" in body.bound:
        raise Kept(f"{node.name.value} is no plain mapped class")


def _check_mapped(
    call: cst.Call, goal: cst.ClassDef, model: ModuleModel, user: tuple[ModuleModel, Sequence[ModuleModel]]
) -> None:
    """Its table, or what no mixin has, shows that a class is mapped: a relationship to it, or one of its own.

    `user` are the module that the relationship stands in, and the program.
    """
    _check_plain(goal, model)
    value = relating.target_of(call)
    value = value.body if isinstance(value, cst.Lambda) else value
    spelled = names.dotted(value) if value is not None else None  # a string may lead to another class of that name
    named = spelled is not None and lineages.place(spelled, *user) == (goal.name.value, model)
    tabled = any(mapped.table for mapped in model.mapping.family(goal.name.value))
    if not (named or tabled or _has_relationship(goal)):
        raise Kept(f"the table of {goal.name.value} is not in sight, so it may be a mixin")


def _has_relationship(node: cst.ClassDef) -> bool:
    """Whether a relationship stands in the body itself, which SQLAlchemy refuses of mixins."""
    small = (each for line in node.body.body if isinstance(line, cst.SimpleStatementLine) for each in line.body)
    values = (each.value for each in small if isinstance(each, (cst.Assign, cst.AnnAssign)))
    called = (names.dotted(value.func) or "" for value in values if isinstance(value, cst.Call))
    return any(name.rpartition(".")[2] in _RELATIONSHIPS for name in called)


def _check_free(name: str, goal: cst.ClassDef, model: ModuleModel) -> None:
    for mapped in model.mapping.family(goal.name.value):
        above = bodies.class_named(mapped.name, model)
        if above is not None and name in bodies.body_of(above, model).bound:
            raise Kept(f"{mapped.name} has a {name} of its own")


def _check_unused(goal: cst.ClassDef, owner: cst.ClassDef, model: ModuleModel) -> None:
    """A class that is used before the class of its new relationship is there, as in a tutorial, could not find that."""
    places = {id(node): index for index, node in enumerate(model.tree.body)}
    between = model.tree.body[places[id(goal)] + 1 : places[id(owner)]]
    if any(_uses_mappers(node, model) for node in between):
        raise Kept(f"{goal.name.value} may be used before {owner.name.value} is there")


def _uses_mappers(node: cst.CSTNode, model: ModuleModel) -> bool:
    """Whether a statement may make an object or a query, or call a function of this text, which may."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
        return False
    if isinstance(node, cst.Call):
        receiver = model.type_of(node.func.value) if isinstance(node.func, cst.Attribute) else UNKNOWN
        if isinstance(model.type_of(node.func), (Entity, Function)) or isinstance(receiver, (Session, Query, Entity)):
            return True
    return any(_uses_mappers(child, model) for child in node.children)


def arguments(
    call: cst.Call,
    backref: Backref,
    owner: cst.ClassDef,
    goal: cst.ClassDef,
    model: ModuleModel,
    there: ModuleModel,
) -> list[tuple[str, str]]:
    """The arguments of the other side, by keyword; `there` is the module of the other class.

    Raises Kept where one can't stand in the other class.
    """
    own = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
    positional = names.positional(call)
    if len(positional) > 1:
        own["secondary"] = positional[1].value
    if len(positional) > 2:
        raise Kept("its arguments are given by their places")
    wanted: dict[str, cst.BaseExpression] = {}
    if "secondary" in own:
        wanted["secondary"] = own["secondary"]
    wanted |= _joins(own, backref, owner is goal)
    if "foreign_keys" in own and "foreign_keys" not in backref.arguments:
        wanted["foreign_keys"] = own["foreign_keys"]
    given = {k: v for k, v in backref.arguments.items() if k not in wanted}
    inherited = {k: own[k] for k in _INHERITED if k in own and k not in given}
    every = {**wanted, **given, **inherited}
    if there is not model:
        for key, value in every.items():
            by_string = bodies.body_of(owner, model).bound if key == "foreign_keys" else frozenset()
            _check_names(key, value, by_string, model, there)
    carry = [(key, _carried(key, value, owner, goal, model)) for key, value in every.items()]
    at = len(wanted)
    return [*carry[:at], ("back_populates", ""), *carry[at:]]


def _joins(own: dict[str, cst.BaseExpression], backref: Backref, itself: bool) -> dict[str, cst.BaseExpression]:
    """The joins of the other side: the same one read from there, or both in turn where a table stands between."""
    given = {key: value for key, value in backref.arguments.items() if key in {"primaryjoin", "secondaryjoin"}}
    if not {"primaryjoin", "secondaryjoin"} & own.keys():
        return given
    if given:
        raise Kept("it gives a join of its own")
    texts = [names.code(own[key]) for key in ("primaryjoin", "secondaryjoin") if key in own]
    if any(word in text for text in texts for word in ("remote(", "foreign(")):
        raise Kept("its join marks the remote side")
    if "secondary" in own:
        turned = {"primaryjoin": own.get("secondaryjoin"), "secondaryjoin": own.get("primaryjoin")}
        if None in turned.values():
            raise Kept("only one of its joins is given")
        return {key: value for key, value in turned.items() if value is not None}
    if itself:
        raise Kept("its join connects a class with itself")
    return {"primaryjoin": own["primaryjoin"]}


def _check_names(
    key: str, value: cst.BaseExpression, own: frozenset[str], model: ModuleModel, there: ModuleModel
) -> None:
    """What names mean in one module they have to mean in the other, too: both import them from the same place."""
    for name in {*_roots(value)} - {"True", "False", "None"} - own:
        mine, theirs = (m.imports.aliases.get(name) for m in (model, there))
        same = mine is not None and theirs is not None and name not in there.bound_names
        if not same or needing.absolute(mine or "", model) != needing.absolute(theirs or "", there):
            raise Kept(f"{key}= names {name}, which {there.name} does not know")
    if isinstance(value, cst.Lambda):
        raise Kept(f"{key}= is a lambda, whose names the other module may not know")


def _carried(key: str, value: cst.BaseExpression, owner: cst.ClassDef, goal: cst.ClassDef, model: ModuleModel) -> str:
    """The text of an argument where it stands in the other class."""
    text = names.code(value)
    if "\n" in text and "#" in text:
        raise Kept("there is a comment among its arguments")
    roots = set(_roots(value))
    bound = bodies.body_of(owner, model).bound & roots
    if bound and owner is not goal:
        named = _as_string(value, bodies.body_of(owner, model), owner.name.value)
        if key != "foreign_keys" or named is None:
            raise Kept(f"{key}= names {sorted(bound)[0]}, which only the body of {owner.name.value} knows")
        return named
    hidden = (bodies.body_of(goal, model).bound & roots) - bound
    if hidden:
        raise Kept(f"{goal.name.value} has a {sorted(hidden)[0]} of its own")
    late = [name for name in roots - bound if not _known(name, goal, model)]
    if not late:
        return text
    if key in _LATE and not isinstance(value, cst.Lambda) and set(late) <= bodies.top_names(model):
        return f"lambda: {text}"
    raise Kept(f"{late[0]} is not there yet where {goal.name.value} stands")


def _roots(node: cst.CSTNode) -> Iterator[str]:
    """The names that an expression reads; what a lambda reads is read later."""
    if isinstance(node, cst.Lambda):
        return
    if isinstance(node, cst.Name):
        yield node.value
        return
    if isinstance(node, cst.Attribute):
        yield from _roots(node.value)
        return
    if isinstance(node, cst.Arg):
        yield from _roots(node.value)
        return
    for child in node.children:
        yield from _roots(child)


def _as_string(value: cst.BaseExpression, body: Body, owner: str) -> str | None:
    items = [element.value for element in value.elements] if isinstance(value, (cst.List, cst.Tuple)) else [value]
    if not all(isinstance(item, cst.Name) and item.value in body.bound for item in items):
        return None
    spelled = ", ".join(f"{owner}.{names.code(item)}" for item in items)
    return f'"{spelled}"' if len(items) == 1 else f'"[{spelled}]"'


def _known(name: str, goal: cst.ClassDef, model: ModuleModel) -> bool:
    """Whether a name is bound above a class at the top of the module."""
    if hasattr(builtins, name) and name not in bodies.top_names(model):
        return True
    for line in model.tree.body:
        if line is goal:
            return bool(model.imports.stars) and name not in bodies.top_names(model)
        if name in model.words(line):
            if isinstance(line, (cst.ClassDef, cst.FunctionDef)):
                if line.name.value == name:
                    return True
            elif _binds(line, name, model):
                return True
    return False


def _binds(line: cst.CSTNode, name: str, model: ModuleModel) -> bool:
    for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
        if isinstance(small, cst.Assign) and any(names.code(target.target) == name for target in small.targets):
            return True
        if isinstance(small, (cst.Import, cst.ImportFrom)) and any(n == name for n, _ in model.imports.bindings(small)):
            return True
    return False
