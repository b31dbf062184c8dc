"""A `declared_attr` says what it declares: `-> Mapped[int]` for a column, `declared_attr.directive` for `__tablename__`.

`declared_attr.directive` tells type checkers that what is declared is no attribute of the mapped class.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.sites import Site
from translator.options import Models
from translator.rules.contract import ON_CLASS, Context, Outcome, Rewrite
from translator.rules.mapped import annotating, arguments, bodies, making, spelling
from translator.rules.mapped.places import Place

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html#augmenting-the-base"
BEFORE = (
    "class Owned:\n    @declared_attr\n    def __tablename__(cls):\n        return cls.__name__.lower()\n\n"
    "    @declared_attr\n    def owner_id(cls):\n        return Column(Integer, ForeignKey('owner.id'))"
)
AFTER = (
    "class Owned:\n    @declared_attr.directive\n    def __tablename__(cls):\n        return cls.__name__.lower()\n\n"
    "    @declared_attr\n    def owner_id(cls) -> Mapped[int | None]:\n"
    "        return mapped_column(Integer, ForeignKey('owner.id'))"
)
ON = ON_CLASS

_NAME = "sqlalchemy.orm.declared_attr"
_DIRECTIVES = frozenset({"__tablename__", "__table_args__", "__mapper_args__", "__abstract__", "__bind_key__"})
_REASON = "2.0 says in the annotation of a declared_attr what it declares, and apart what is no attribute"


def rewrite(site: Site, here: Context) -> Outcome:
    """Mark the directives; annotate the columns."""
    node = cst.ensure_type(site.node, cst.ClassDef)
    if here.options.models is Models.NONE or not here.model.about_sqlalchemy:
        return None
    edits: list[Edit] = []
    for function, decorator in _declared(node, here):
        around = (*site.ancestors, id(node))
        if function.name.value in _DIRECTIVES:
            edits.append(Edit(decorator, (*around, id(function)), _as_directive))
        elif here.options.models is Models.TYPED and function.returns is None:
            edits.extend(_column(function, node, around, here))
    return Rewrite(tuple(edits), _REASON) if edits else None


def _declared(node: cst.ClassDef, here: Context) -> Iterator[tuple[cst.FunctionDef, cst.Decorator]]:
    for function in node.body.body:
        if isinstance(function, cst.FunctionDef):
            decorator = bodies.decorated_with(function, _NAME, here.model)
            if decorator is not None and not isinstance(decorator.decorator, cst.Call):
                yield function, decorator


def _as_directive(node: cst.CSTNode) -> Replacement:
    decorator = cst.ensure_type(node, cst.Decorator)
    return decorator.with_changes(decorator=cst.Attribute(decorator.decorator, cst.Name("directive")))


def _column(function: cst.FunctionDef, owner: cst.ClassDef, around: tuple[int, ...], here: Context) -> Iterator[Edit]:
    """The edits of a method that does nothing but return a column."""
    lines = [line for line in function.body.body if not _is_docstring(line)]
    line = lines[0] if len(lines) == 1 else None
    statement = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    call = statement.value if isinstance(statement, cst.Return) else None
    if line is None or statement is None or not isinstance(call, cst.Call) or not making.is_column(call, here):
        return
    body = bodies.body_of(owner, here.model)
    column = arguments.read(call, here.model)
    place = Place(owner, function.name.value, cst.Assign([cst.AssignTarget(cst.Name("_"))], call), around, None)
    annotation = annotating.of_column(place, column, body, here) if column is not None else None
    if annotation is None or column is None:
        return
    inside = (*around, id(function), id(line), id(statement))
    # All arguments stay: a subclass may be mapped before the table that a foreign key takes its type from.
    made = making.mapped_column(call, None, None, here)

    def on_call(node: cst.CSTNode) -> Replacement:
        return made(cst.ensure_type(node, cst.Call))

    text = f"{spelling.mapped_name('Mapped', body, here)}[{annotation.text}]"
    returns = cst.Annotation(
        cst.parse_expression(text), cst.SimpleWhitespace(" "), whitespace_after_indicator=cst.SimpleWhitespace(" ")
    )

    def on_function(node: cst.CSTNode) -> Replacement:
        return cst.ensure_type(node, cst.FunctionDef).with_changes(returns=returns)

    yield Edit(call, inside, on_call)
    yield Edit(function, around, on_function)


def _is_docstring(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and all(
        isinstance(small, cst.Expr) and isinstance(small.value, (cst.SimpleString, cst.ConcatenatedString))
        for small in line.body
    )
