"""A `declared_attr` says what it declares: `-> Mapped[int]` for a column, `declared_attr.directive` for `__tablename__`.

`declared_attr.directive` tells type checkers that what is declared is no attribute of the mapped class, `@classmethod` that
its first parameter is the class.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.options import Models
from translator.rules.contract import ON_CLASS, BuildCall, Context, Decline, Outcome, Rewrite
from translator.rules.mapped import (
    annotating,
    arguments,
    bodies,
    calling,
    holding,
    making,
    pythontypes,
    relating,
    spelling,
)
from translator.rules.mapped.places import Place
from translator.syntax import blocks, names

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html#augmenting-the-base"
BEFORE = (
    "class Owned:\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__name__.lower()\n\n"
    "    @declared_attr\n    def owner_id(cls):\n        return Column(Integer, ForeignKey('owner.id'))"
)
AFTER = (
    "class Owned:\n    @declared_attr.directive\n    @classmethod\n    def __tablename__(cls):\n"
    "        return cls.__name__.lower()\n\n"
    "    @declared_attr\n    def owner_id(cls) -> Mapped[int | None]:\n"
    "        return mapped_column(Integer, ForeignKey('owner.id'))"
)
ON = ON_CLASS

_NAME = "sqlalchemy.orm.declared_attr"
_DIRECTIVES = frozenset({"__tablename__", "__table_args__", "__mapper_args__", "__abstract__", "__bind_key__"})
_RELATIONSHIPS = frozenset({"sqlalchemy.orm.relationship", "sqlalchemy.orm.relation"})
_TABLES = frozenset({"sqlalchemy.Table", "sqlalchemy.schema.Table"})
_REASON = "2.0 says in the annotation of a declared_attr what it declares, and apart what is no attribute"


def rewrite(site: Site, here: Context) -> Outcome:
    """Mark the directives; annotate the columns and the relationships."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if not here.model.about_sqlalchemy:
        return None
    edits: list[Edit] = []
    left: list[Decline] = []
    refused = False
    around = (*site.ancestors, id(node))
    for function, decorator in _declared(node, here):
        wrong = _is_refused(function, node, here)
        refused = refused or wrong
        if here.options.models is Models.NONE and not wrong:
            continue
        if not wrong and function.name.value in _DIRECTIVES and not _cascades(decorator):
            edits.append(Edit(decorator, (*around, id(function)), _as_directive))
        found = _attribute(function, node, around, here, wrong=wrong)
        if isinstance(found, str):
            why = f"{function.name.value} gets no annotation, which 2.x takes: {found}"
            left.append(Decline(why, Severity.NOTE))
        elif found[0] and function.get_docstring() and not _has_doc(function):
            why = f"the docstring of {function.name.value} was its column's .doc, which mapped_column() does not take from it"
            left.append(Decline(f"{why}; give it doc= if something reads that", Severity.NOTE))
        inner, returns = ([], None if wrong else function.returns) if isinstance(found, str) else found
        edits.extend(inner)
        edits.extend(_renamed(function, node, around, here))
        marked = here.options.models is Models.TYPED and _reads_its_class(function)
        if returns is not function.returns or marked:
            edits.append(Edit(function, around, _signed(function, returns, marked=marked)))
    if not edits and not left:
        return None
    need = Need.REQUIRED if refused else Need.STYLE
    return Rewrite(tuple(edits), _REFUSED if refused else _REASON, need, remarks=tuple(left))


def _is_refused(function: cst.FunctionDef, owner: cst.ClassDef, here: Context) -> bool:
    """Whether it says that it returns something that is not `Mapped[…]`, such as a Column or an int.

    `__allow_unmapped__` lets it only where its own class is mapped: 2.x refuses that of a mixin or an abstract class.
    """
    if function.returns is None or function.name.value.startswith("__"):
        return False
    if _says_mapped(function.returns):
        return False
    if not {"__tablename__", "__table__"} & dict(bodies.assignments(owner)).keys():
        return True
    family = (bodies.class_named(each.name, here.model) for each in here.model.mapping.family(owner.name.value))
    return not any(_ALLOWING in bodies.body_of(each, here.model).bound for each in (owner, *filter(None, family)))


def _says_mapped(returns: cst.Annotation) -> bool:
    said = names.code(returns.annotation).strip("\"'")
    return any(word in said for word in _MAPPED)


def _reads_its_class(function: cst.FunctionDef) -> bool:
    """Whether type checkers have to know that the first parameter is the class."""
    first = next(iter(function.params.params), None)
    if first is None or len(function.decorators) != 1:
        return False
    return any(isinstance(n, cst.Name) and n.value == first.name.value for n in names.below(function.body))


def _signed(
    function: cst.FunctionDef, returns: cst.Annotation | None, *, marked: bool
) -> Callable[[cst.CSTNode], Replacement]:
    """The method with what it returns, as a method of its class where that is marked."""

    def build(node: cst.CSTNode) -> Replacement:
        updated = cst.ensure_type(node, cst.FunctionDef)
        if returns is not function.returns:
            updated = updated.with_changes(returns=returns)
        if marked:
            updated = updated.with_changes(decorators=[*updated.decorators, cst.Decorator(cst.Name("classmethod"))])
        return updated

    return build


_MAPPED = ("Mapped", "ClassVar", "AssociationProxy", "hybrid_property")
_ALLOWING = "__allow_unmapped__"
_REFUSED = "2.x reads what a declared_attr says that it returns, and refuses what is not Mapped[…]"


def _declared(node: cst.ClassDef, here: Context) -> Iterator[tuple[cst.FunctionDef, cst.Decorator]]:
    for function in node.body.body:
        if isinstance(function, cst.FunctionDef):
            for full in (_NAME, f"{_NAME}.cascading"):
                decorator = bodies.decorated_with(function, full, here.model)
                if decorator is not None and not isinstance(decorator.decorator, cst.Call):
                    yield function, decorator


def _cascades(decorator: cst.Decorator) -> bool:
    return isinstance(decorator.decorator, cst.Attribute) and decorator.decorator.attr.value == "cascading"


def _has_doc(function: cst.FunctionDef) -> bool:
    """Whether a column says itself what its `.doc` is."""
    calls = (value for value, _ in _returned(function.body, ()) if isinstance(value, cst.Call))
    return all(names.keyword(call, "doc") is not None for call in calls)


def _as_directive(node: cst.CSTNode) -> Replacement:
    decorator = cst.ensure_type(node, cst.Decorator)
    return decorator.with_changes(decorator=cst.Attribute(decorator.decorator, cst.Name("directive")))


def _attribute(
    function: cst.FunctionDef, owner: cst.ClassDef, around: tuple[int, ...], here: Context, *, wrong: bool
) -> tuple[list[Edit], cst.Annotation | None] | str:
    """The edits of a method that returns columns of one type, or one relationship, and what it says it returns then.

    Why that can't be told, otherwise. What it says now stays, unless that is wrong, or models are to have no types.
    """
    now = None if wrong else function.returns
    if here.options.models is not Models.TYPED or function.name.value in _DIRECTIVES or (now and _says_mapped(now)):
        return [], now
    returned = list(_returned(function.body, (*around, id(function))))
    calls = [(call, inside) for call, inside in returned if isinstance(call, cst.Call)]
    columns = [(call, inside) for call, inside in calls if making.is_column(call, here)]
    related = [call for call, _ in calls if pythontypes.full_name(call.func, here.model) in _RELATIONSHIPS]
    wrapped = any(_holds_column(call, here) for call, _ in calls)
    if not columns and not related:
        if wrapped:
            return "what is around its column does not tell"
        return "it does more than return what it makes" if _makes_any(function, here) else ([], now)
    ends = not blocks.leaves(function.body.body)  # `if cls.owned: return …`: type checkers want what it says always
    if ends or len(calls) != len(returned) or len(columns) + len(related) != len(calls):
        return "it does not return a column in every case"
    body = bodies.body_of(owner, here.model)
    if body.obstacle is not None:
        return body.obstacle
    if related:
        text = _relationship(related[0], function, owner, body, here) if len(calls) == 1 else ""
        return ([], _returning(text)) if text else "what it holds can't be told from what is in sight"
    if (why := bodies.asked(function.name.value, owner, here.model)) is not None:
        return why
    # All arguments stay: a subclass may be mapped before the table that a foreign key takes its type from.
    texts = {_column(function, call, owner, around, here) for call, _ in columns}
    only = texts.pop() if len(texts) == 1 else None
    if only is None:
        return "its type, or whether it may be NULL, can't be told"
    changed = [Edit(call, inside, _on_call(making.mapped_column(call, None, None, here))) for call, inside in columns]
    return changed, _returning(f"{spelling.mapped_name('Mapped', body, here)}[{only}]")


def _column(
    function: cst.FunctionDef, call: cst.Call, owner: cst.ClassDef, around: tuple[int, ...], here: Context
) -> str | None:
    """What a column is annotated with."""
    column = arguments.read(call, here.model)
    place = Place(owner, function.name.value, cst.Assign([cst.AssignTarget(cst.Name("_"))], call), around, None)
    body = bodies.body_of(owner, here.model)
    annotation = annotating.of_column(place, column, body, here) if column is not None else None
    return annotation.text if annotation is not None else None


def _renamed(function: cst.FunctionDef, owner: cst.ClassDef, around: tuple[int, ...], here: Context) -> Iterator[Edit]:
    """The relationships of a method by SQLAlchemy's own function, whose type fits what type checkers want."""
    body = bodies.body_of(owner, here.model)
    if here.options.models is not Models.TYPED or body.obstacle is not None:
        return
    for call, inside in _returned(function.body, (*around, id(function))):
        own = calling.own(call.func, call, body, here, here) if isinstance(call, cst.Call) else None
        if own is not None and call is not None:
            yield Edit(call, inside, _on_call(own.call))


def _relationship(
    call: cst.Call, function: cst.FunctionDef, owner: cst.ClassDef, body: bodies.Body, here: Context
) -> str:
    """What a relationship is annotated with; "" where it is not certain: not e.g. for a class that extends its owner."""
    relation = relating.read(call, owner.name.value, here.model.mapping)
    known = here.model.mapping.get(relation.target or "")
    if relation.holds is None and known is not None and known.table is not None:
        relation = relating.read(_of_owner(call, function, owner), owner.name.value, here.model.mapping)
    target = relation.target or ""
    late = _named_late(call) or target == _first(function)  # its class depends on the one that it is declared for
    if relation.holds is None or here.model.mapping.related(owner.name.value, target) or late:
        return ""
    written = holding.annotation(relation, call, body, here)
    return f"{spelling.mapped_name(written[0], body, here)}[{written[1]}]" if written is not None else ""


def _of_owner(call: cst.Call, function: cst.FunctionDef, owner: cst.ClassDef) -> cst.Call:
    """The call as the class would make it: `foreign_keys=[cls.shop_id]` names a column of the owner."""
    text = re.sub(rf"(?<![\w.]){_first(function)}\.", f"{owner.name.value}.", names.code(call))
    return cst.ensure_type(cst.parse_expression(text), cst.Call)


def _first(function: cst.FunctionDef) -> str:
    return next((param.name.value for param in function.params.params), "cls")


def _named_late(call: cst.Call) -> bool:
    """Whether its class depends on the class that it is declared for."""
    value = relating.target_of(call)
    return value is None or (names.literal_string(value) is None and names.dotted(value) is None)


def _holds_column(call: cst.Call, here: Context) -> bool:
    """Whether a call is given a column: `deferred(Column(…))`. Not a table, which is no attribute."""
    if pythontypes.full_name(call.func, here.model) in _TABLES:
        return False
    values = [arg.value for arg in call.args]
    return any(isinstance(value, cst.Call) and making.is_column(value, here) for value in values)


def _makes_any(function: cst.FunctionDef, here: Context) -> bool:
    """Whether a column or a relationship is made anywhere in it."""
    calls = [node for node in names.below(function.body) if isinstance(node, cst.Call)]
    return any(
        making.is_column(call, here) or pythontypes.full_name(call.func, here.model) in _RELATIONSHIPS for call in calls
    )


def _on_call(made: BuildCall) -> Callable[[cst.CSTNode], Replacement]:
    return lambda node: made(cst.ensure_type(node, cst.Call))


def _returning(text: str) -> cst.Annotation:
    space = cst.SimpleWhitespace(" ")
    return cst.Annotation(cst.parse_expression(text), space, whitespace_after_indicator=space)


def _returned(
    body: cst.BaseSuite | cst.CSTNode, around: tuple[int, ...]
) -> Iterator[tuple[cst.BaseExpression | None, tuple[int, ...]]]:
    """The values that a function returns, with the statements around each."""
    for node in body.children:
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            continue
        if isinstance(node, cst.Return):
            yield node.value, (*around, id(node))
        else:
            inner = (*around, id(node)) if isinstance(node, cst.BaseStatement) else around
            yield from _returned(node, inner)
