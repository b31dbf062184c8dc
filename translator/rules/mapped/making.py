"""Makes the call of `mapped_column()` of one of `Column()`: how it is spelled here, and which arguments stay."""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.model.module import ModuleModel
from translator.model.types import Imported
from translator.rules import dropping
from translator.rules.contract import BuildCall, Context
from translator.rules.mapped import annotating, bodies, pythontypes
from translator.rules.mapped.annotating import Annotation
from translator.rules.mapped.arguments import ColumnCall
from translator.syntax import chains, names

_ORDER = "the order of mixins"


def is_column(call: cst.Call, here: Context) -> bool:
    """Whether a call is one of SQLAlchemy's `Column`."""
    full = pythontypes.full_name(call.func, here.model) or ""
    return full.startswith("sqlalchemy.") and full.endswith(".Column")


def order_of(node: cst.ClassDef, model: ModuleModel) -> int | None:
    """The `sort_order` that puts the columns of a mixin where 1.x had them: mixins in the order of the text, then the rest.

    None for a class that is no mixin, or has no columns.
    """
    found = model.memo.get(_ORDER)
    if not isinstance(found, dict):
        mixins = [each for each in bodies.every_class(model) if _has_columns(each) and bodies.is_mixin(each, model)]
        found = {id(each): at - len(mixins) for at, each in enumerate(mixins)}
        model.memo[_ORDER] = found
    return found.get(id(node))


def _has_columns(node: cst.ClassDef) -> bool:
    calls = (value for _, value in bodies.assignments(node) if isinstance(value, cst.Call))
    return any((names.dotted(call.func) or "").rpartition(".")[2] == "Column" for call in calls)


def mapped_column(
    call: cst.Call, column: ColumnCall | None, annotation: Annotation | None, here: Context, order: int | None = None
) -> BuildCall:
    """What makes the new call of the old one; `order` is its `sort_order`."""
    func = spelled(call.func, here)
    gone: set[int] = set()
    if column is not None and annotation is not None:
        gone = annotating.implied(column, annotation)

    def build(updated: cst.Call) -> Replacement:
        args = list(updated.args)
        args = dropping.only(args, [index not in gone for index in range(len(args))])
        ordered = [chains.argument(str(order), "sort_order")] if order is not None else []
        if not args:
            return updated.with_changes(func=func, args=ordered, whitespace_before_args=cst.SimpleWhitespace(""))
        if ordered:
            args = _and(args, ordered[0], updated.whitespace_before_args)
        return updated.with_changes(func=func, args=args)

    return build


def spelled(column: cst.BaseExpression, here: Context) -> cst.BaseExpression:
    """How `mapped_column` is called where `Column` is spelled so."""
    if isinstance(column, cst.Attribute) and isinstance(column.value, cst.Name) and _is_extension(column.value, here):
        return column.with_changes(attr=cst.Name("mapped_column"))
    bare = isinstance(column, cst.Name) and column.value in here.model.imports.aliases
    return here.name("sqlalchemy.orm", "mapped_column", beside=bare)


def _and(args: list[cst.Arg], added: cst.Arg, gap: cst.BaseParenthesizableWhitespace) -> list[cst.Arg]:
    """The arguments and one more, laid out as the others are."""
    last = args[-1]
    if isinstance(last.comma, cst.Comma):  # a comma after the last of several lines
        between = args[0].comma if len(args) > 1 else cst.Comma(whitespace_after=gap)
        return [*args[:-1], last.with_changes(comma=between), added.with_changes(comma=last.comma)]
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    bare = last.with_changes(comma=space, whitespace_after_arg=cst.SimpleWhitespace(""))
    return [*args[:-1], bare, added.with_changes(whitespace_after_arg=last.whitespace_after_arg)]


def _is_extension(name: cst.Name, here: Context) -> bool:
    """Whether a name is Flask-SQLAlchemy's object: no module, but it has SQLAlchemy's names."""
    return not isinstance(here.model.type_of(name), Imported)
