"""The annotation of a mapped attribute, what it makes superfluous, and the assignment that carries it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from translator.edits import Replacement
from translator.rules.contract import Context
from translator.rules.mapped import pythontypes, referring, spelling
from translator.rules.mapped.arguments import ColumnCall
from translator.rules.mapped.bodies import Body
from translator.rules.mapped.places import Place
from translator.rules.mapped.sqltypes import ANY
from translator.syntax import chains, names

_OWN_TYPES = ("Column", "Mapped", "relationship", "InstrumentedAttribute", "ClassVar")
_MODERN = "models of 2.0"
_OPTIONALS = ("Optional[", "typing.Optional[", "t.Optional[")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What stands inside `Mapped[…]`."""

    text: str
    implies_type: bool
    """Whether `mapped_column()` finds the SQL type by it."""
    implies_null: bool
    """Whether it says what `nullable=` said."""


def of_column(place: Place, column: ColumnCall, body: Body, here: Context) -> Annotation | None:
    """The annotation of a column; None where it has to do without: its nullability or its type can't be told."""
    null = nullable(place.name, column, body)
    if null is None or (column.type is None and column.foreign is None):
        return None
    python = pythontypes.UNKNOWN
    if column.type is not None and not column.without_type:
        python = pythontypes.of_column(column.type, here.model)
    elif column.foreign is not None:
        python = referring.python_type(column.foreign, here.model)
    own = _own(place, here)
    spelled = own or spelling.type_name(python, body, here)
    implied = own is None and python.implied
    if own is not None and own == spelling.type_name(python, body, here):
        implied = python.implied
    if spelled is None:
        return None
    if null:
        spelled = spelling.optional(spelled, body, here)
    if spelled is None:
        return None
    if place.wrapper is not None:  # deferred(): the annotation does not reach the column inside
        return Annotation(spelled, False, False)
    implied = implied and column.foreign is None and place.name not in body.computed and not _already_modern(here)
    return Annotation(spelled, implied, (python.name != ANY or null) and not _outlasts(place, column, body))


def nullable(name: str, column: ColumnCall, body: Body) -> bool | None:
    """Whether 1.x let the column be NULL; None where an expression decides."""
    if column.primary_key is None or (column.nullable_at is not None and column.nullable is None):
        return None
    if column.nullable is not None:
        return column.nullable
    return not (column.primary_key or column.identity or name in body.keys)


def _outlasts(place: Place, column: ColumnCall, body: Body) -> bool:
    """Whether `nullable=True` holds against a primary key that is made by a constraint, which an annotation does not.

    A mixin's column may become part of one in a class that is not in sight.
    """
    inherits = any(names.code(base.value) != "object" for base in body.node.bases)
    mixin = "__tablename__" not in body.bound and (not inherits or "__abstract__" in body.bound)
    return column.nullable is True and (mixin or place.name in body.keys)


def _already_modern(here: Context) -> bool:
    """Whether the text has models of 2.0, whose base may say other types for annotations."""
    found = here.model.memo.get(_MODERN)
    if found is None:
        code = here.model.text
        own = re.search(r"^\s*class \w+\(.*DeclarativeBase\b|= *declarative_base\(", code, re.MULTILINE)
        found = "type_annotation_map" in code or (("DeclarativeBase" in code or "Mapped[" in code) and own is None)
        found = found or any(mapped.maps_types for mapped in here.model.mapping)
        here.model.memo[_MODERN] = found
    return bool(found)


def _own(place: Place, here: Context) -> str | None:
    """The type that the author's own annotation gives, without None; None where it says nothing of the values."""
    if place.annotation is None:
        return None
    text = names.literal_string(place.annotation) or names.code(place.annotation)
    if any(word in text for word in (*_OWN_TYPES, '"', "'")) or isinstance(place.annotation, cst.SimpleString):
        return None
    for opening in _OPTIONALS:
        if text.startswith(opening) and text.endswith("]"):
            text = text[len(opening) : -1]
    text = text.removesuffix("| None").removeprefix("None |").strip()
    return text if text not in {"Any", "None", ""} and "None" not in text else None


def implied(column: ColumnCall, annotation: Annotation) -> set[int]:
    """The places of the arguments that the annotation makes superfluous, but those with a comment."""
    gone: set[int] = set()
    if column.type_at is not None and (annotation.implies_type or column.without_type):
        gone.add(column.type_at)
    if column.nullable_at is not None and annotation.implies_null and not (column.nullable and column.primary_key):
        gone.add(column.nullable_at)
    args = column.call.args
    gone = {at for at in gone if not _commented(args[at]) and not (at and _commented(args[at - 1]))}
    empty = len(gone) == len(args)  # then a comment right after the bracket would go, too
    return set() if empty and chains.commented(column.call.whitespace_before_args) else gone


def _commented(arg: cst.Arg) -> bool:
    after = arg.comma.whitespace_after if isinstance(arg.comma, cst.Comma) else arg.whitespace_after_arg
    return chains.commented(after) or chains.commented(arg.whitespace_after_arg)


def statement(
    place: Place, kind: str, text: str, body: Body, here: Context, module: str = "sqlalchemy.orm"
) -> Callable[[cst.CSTNode], Replacement]:
    """What puts an annotation `kind[text]` on an assignment in a class body; `module` is where `kind` is."""
    spelled = spelling.mapped_name(kind, body, here, module)
    annotation = cst.Annotation(cst.parse_expression(f"{spelled}[{text}]"))

    def build(node: cst.CSTNode) -> Replacement:
        """Put the annotation on; the value may have been rewritten already."""
        assert isinstance(node, (cst.Assign, cst.AnnAssign))
        space = cst.SimpleWhitespace(" ")
        return cst.AnnAssign(
            target=cst.Name(place.name),
            annotation=annotation.with_changes(
                whitespace_before_indicator=cst.SimpleWhitespace(""), whitespace_after_indicator=space
            ),
            value=node.value,
            equal=cst.AssignEqual(space, space),
            semicolon=node.semicolon,
        )

    return build
