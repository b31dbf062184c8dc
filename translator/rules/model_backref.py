"""`backref="parent"` is written out: `back_populates` here, and a relationship of its own in the other class.

Type checkers and readers see both sides then. The arguments of `backref()` go along, with those that a backref takes over
from its relationship. A backref stays where the other class is not in sight, or can't hold what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeGuard

import libcst as cst

from translator.edits import Insertion, Replacement
from translator.findings import Safety, Severity
from translator.model import classbodies
from translator.model.module import ModuleModel
from translator.model.sites import Site
from translator.model.types import Extension, Imported
from translator.options import Models
from translator.rules.contract import Abroad, Collection, Context, Decline, Outcome, Rewrite, edit, on_call
from translator.rules.mapped import bodies, calling, holding, lineages, needing, relating, reversing, spelling, writing
from translator.rules.mapped.places import Place, place_of
from translator.rules.mapped.relating import Holds
from translator.rules.mapped.reversing import Backref, Kept
from translator.syntax import names
from translator.syntax.fitting import Page

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/backref.html"
BEFORE = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id = Column(Integer, primary_key=True)\n"
    "    items = relationship('Item', backref=backref('shelf', lazy='joined'))\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id = Column(Integer, primary_key=True)\n"
    "    shelf_id = Column(ForeignKey('shelf.id'))"
)
AFTER = (
    "class Shelf(Base):\n    __tablename__ = 'shelf'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    items: Mapped[list['Item']] = relationship(back_populates='shelf')\n\n"
    "class Item(Base):\n    __tablename__ = 'item'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    shelf_id: Mapped[int | None] = mapped_column(ForeignKey('shelf.id'))\n"
    "    shelf: Mapped['Shelf | None'] = relationship(back_populates='items', lazy='joined')"
)
_ASKED = "what asks for a backref"
_ASKED_FOR = re.compile(r"\.\s*backref\b|getattr")
_LOOKS = re.compile(
    r"\.\s*(?:relationships|property|prop|props|attrs|iterate_properties|get_property|mapper)\b"
    r"|__mapper__|\b(?:class|object)_mapper\b|\binspect\(|\bRelationship(?:Property)?\b"
)
"""What a program that gets at relationships themselves says somewhere."""
_OWN = re.compile(r"(?m)^\s+backref\s*[:=]")
ON = on_call("relationship", "relation")

_REASON = "both classes show their side of the relationship, which type checkers see"
_ATTRIBUTES = frozenset(
    {"Column", "mapped_column", "relationship", "relation", "deferred", "column_property", "synonym"}
)
_PAGE = "page"


def rewrite(site: Site, here: Context) -> Outcome:
    """Write the other side out."""
    call = cst.ensure_type(site.node, cst.Call)
    place = place_of(site)
    if here.options.models is Models.NONE or place is None or place.wrapper is not None:
        return None
    try:
        backref = reversing.backref_of(call)
        if backref is None:
            return None
        if (asking := _asking(here)) is not None:
            raise Kept(f"{asking} asks a relationship for its `backref`, which would be None")
        elsewhere = reversing.class_elsewhere(call, place.owner, backref, here.model, here.program)
        if elsewhere is None:
            goal, there = reversing.other_class(call, place.owner, backref, here.model), here
        else:
            goal, there = elsewhere[0], replace(here, model=elsewhere[1], imports=set(), around=())
        if not lineages.leads(place.owner.name.value, (goal, there.model), here.model, here.program):
            raise Kept(f"the name {place.owner.name.value} does not lead {goal.name.value} to its class")
        insertion = _insertion(call, backref, place, goal, here, there)
    except Kept as kept:
        said = Decline(f"the backref of {place.name} stays, which 2.x still takes: {kept}", Severity.NOTE)
        return _in_place(site, call, said, here)

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[_renamed(arg, backref.literal) for arg in updated.args])

    key = (goal.name.value, backref.name)
    safety = Safety.REVIEW if key in here.write_only.chosen else Safety.SAFE
    remarks = _remarks(key, here)
    if there is here:
        return Rewrite((edit(site, build),), _REASON, safety=safety, insertions=(insertion,), remarks=remarks)
    abroad = (Abroad(there, goal, insertion),)
    return Rewrite((edit(site, build),), _REASON, safety=safety, abroad=abroad, remarks=remarks)


def _asking(here: Context) -> str | None:
    """What asks a relationship for its backref, as `inspect(Shelf).relationships.items.backref` does.

    A program that has an attribute of that name of its own, and looks at no mapper, asks for that one.
    """
    models = (here.model, *here.program)
    asking = next(filter(None, (_asked(model) for model in models)), None)
    if asking is None or any(_LOOKS.search(model.text) for model in models):
        return asking
    return None if any(_has_own(model) for model in models) else asking


def _has_own(model: ModuleModel) -> bool:
    """Whether a class has an attribute called `backref` that is a text or nothing: `backref = "hook"`."""
    if _OWN.search(model.text) is None:
        return False
    held = (
        value
        for node in classbodies.classes(model.tree.body)
        for name, _, value in classbodies.attributes(node)
        if name == "backref"
    )
    return any(value is not None and (names.literal_string(value) or names.code(value) == "None") for value in held)


def _asked(model: ModuleModel) -> str | None:
    found = model.memo.get(_ASKED)
    if not isinstance(found, str):
        found = model.memo[_ASKED] = next(_asks(model), "") if _ASKED_FOR.search(model.text) else ""
    return found or None


def _asks(model: ModuleModel) -> Iterator[str]:
    nodes = list(names.below(model.tree))
    called = {id(node.func) for node in nodes if isinstance(node, cst.Call)}
    for node in nodes:
        if _is_attribute(node, model) and id(node) not in called:
            yield f"`{names.code(node)}`"


def _is_attribute(node: cst.CSTNode, model: ModuleModel) -> bool:
    """Whether something is asked for its `backref` that may be a relationship; not e.g. `back = orm.backref`."""
    if isinstance(node, cst.Attribute) and node.attr.value == "backref":
        return not isinstance(model.type_of(node.value), (Imported, Extension))
    asks = isinstance(node, cst.Call) and names.dotted(node.func) == "getattr" and len(node.args) > 1
    return isinstance(node, cst.Call) and asks and names.literal_string(node.args[1].value) == "backref"


def _remarks(key: Collection, here: Context) -> tuple[Decline, ...]:
    """What is to be said of the other side, where that is dynamic."""
    if key in here.write_only.chosen:
        return (writing.remark(key[1]),)
    kept = here.write_only.kept.get(key)
    return (kept,) if kept is not None else ()


def _in_place(site: Site, call: cst.Call, said: Decline, here: Context) -> Outcome:
    """A backref that stays says itself that it is write-only, if it is."""
    value = names.keyword(call, "backref")
    name = names.literal_string(value.args[0].value) if isinstance(value, cst.Call) and value.args else None
    key = (relating.target_name(call) or "", name or "")
    remarks = _remarks(key, here)
    if key not in here.write_only.chosen:
        return next(iter(remarks), said)

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=[_lazily(arg) for arg in updated.args])

    return Rewrite((edit(site, build),), writing.REASON, safety=Safety.REVIEW, remarks=(said, *remarks))


def _lazily(arg: cst.Arg) -> cst.Arg:
    if arg.keyword is None or arg.keyword.value != "backref" or not isinstance(arg.value, cst.Call):
        return arg
    return arg.with_changes(value=arg.value.with_changes(args=[writing.lazily(one) for one in arg.value.args]))


def _renamed(arg: cst.Arg, literal: cst.BaseExpression) -> cst.Arg:
    if arg.keyword is None or arg.keyword.value != "backref":
        return arg
    return arg.with_changes(keyword=cst.Name("back_populates"), value=literal)


def _insertion(
    call: cst.Call, backref: Backref, place: Place, goal: cst.ClassDef, here: Context, there: Context
) -> Insertion:
    """The other side in the class `goal`, which stands in the module of `there`."""
    line = _last_attribute(goal)
    if line is None:
        raise Kept(f"{goal.name.value} has no attributes to put the other side beside")
    quote = backref.literal.quote[0] if isinstance(backref.literal, cst.SimpleString) else '"'
    arguments = reversing.arguments(call, backref, place.owner, goal, here.model, there.model)
    chosen = (goal.name.value, backref.name) in here.write_only.chosen
    typed = here.options.models is Models.TYPED
    if chosen:
        arguments = [
            (k, v.replace("dynamic", "write_only") if k == "lazy" else v)
            for k, v in arguments
            if k != "lazy" or not typed
        ]
    texts = [
        f"{k}={v}" if k != "back_populates" else f"back_populates={quote}{place.name}{quote}" for k, v in arguments
    ]
    owner = place.owner.name.value
    named = f"{quote}{owner}{quote}"
    func = _own_function(call.func, here)
    if there is not here:
        func = _function(call, here, there)
    made = cst.ensure_type(cst.parse_expression(f"{func}({', '.join([named, *texts])})"), cst.Call)
    body = bodies.body_of(goal, there.model)
    relation = relating.read(made, goal.name.value, there.model.mapping)
    if chosen:
        relation = replace(relation, holds=Holds.WRITE_ONLY)
    if relating.read(call, owner, here.model.mapping).holds is None or relation.holds is None:
        raise Kept(relation.why or "what it holds can't be told from what is in sight")
    if typed:
        written = holding.annotation(relation, made, body, there)
        if written is None:
            raise Kept(f"{goal.name.value} can't name what it holds")
        own = calling.own(call.func, made, body, here, there)
        if own is not None:
            func, texts = own.name, [names.code(arg).rstrip(", ") for arg in own.classed(made).args[1:]]
        head = f"{backref.name}: {spelling.mapped_name(written[0], body, there)}[{written[1]}] = {func}("
        texts = texts if there is here else [named, *texts]  # where the annotation alone may not lead to the class
    else:
        head, texts = f"{backref.name} = {func}(", [named, *texts]
    return Insertion(line, (id(goal),), _fitted(head, texts, there))


def _own_function(func: cst.BaseExpression, here: Context) -> str:
    """What `relationship` is called in this module once `relation`, which 2.x has no more, is called so."""
    spelled = names.code(func)
    departed = here.model.imports.aliases.get(spelled, spelled).endswith("relation")  # not `relationship as relation`
    return f"{spelled}ship" if departed and spelled.endswith("relation") else spelled


def _function(call: cst.Call, here: Context, there: Context) -> str:
    """What `relationship` is called in the other module, and of the same kind: that of Flask-SQLAlchemy sets more."""
    spelled = names.code(call.func)
    sources = [context.model.imports.aliases.get(names.root(spelled)) for context in (here, there)]
    mine, theirs = (needing.absolute(full or "", c.model) for full, c in zip(sources, (here, there), strict=True))
    if mine and mine == theirs and not spelled.endswith("relation"):
        return spelled
    plain = isinstance(call.func, cst.Name) or (
        isinstance(call.func, cst.Attribute) and isinstance(here.model.type_of(call.func.value), Imported)
    )
    found = names.code(there.name("sqlalchemy.orm", "relationship"))
    if not plain or (there.model.extension is not None and names.root(found) == there.model.extension):
        raise Kept(f"{there.model.name} has no {spelled}()")
    return found


def _last_attribute(goal: cst.ClassDef) -> cst.SimpleStatementLine | None:
    """The line of the last column or relationship of a class, or of the string below it that tells what it is."""
    found = None
    above = None
    for line in goal.body.body:
        if found is not None and found is above and _is_string(line):
            found = line
        above = line
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            value = small.value if isinstance(small, (cst.Assign, cst.AnnAssign)) else None
            name = (names.dotted(value.func) or "").rpartition(".")[2] if isinstance(value, cst.Call) else ""
            if name in _ATTRIBUTES and isinstance(line, cst.SimpleStatementLine):
                found = line
    return found


def _is_string(line: cst.BaseSmallStatement | cst.BaseStatement) -> TypeGuard[cst.SimpleStatementLine]:
    """Whether a line is a string and nothing else, as tools that make documentation read it after an attribute."""
    small = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    return isinstance(small, cst.Expr) and isinstance(small.value, (cst.SimpleString, cst.ConcatenatedString))


def _fitted(head: str, arguments: list[str], here: Context) -> str:
    """The statement on one line, or with its arguments below."""
    page = here.model.memo.get(_PAGE)
    if not isinstance(page, Page):
        page = Page.of(here.model.tree.code, here.model.tree.default_indent)
        here.model.memo[_PAGE] = page
    whole = f"{head}{', '.join(arguments)})"
    if len(page.indent) + len(whole) <= page.limit:
        return whole
    inner = ", ".join(arguments)
    if 2 * len(page.indent) + len(inner) > page.limit:
        inner = f",\n{page.indent}".join(arguments) + ","
    return f"{head}\n{page.indent}{inner}\n)"
