"""Criteria that may be None. Shared by the rules for clauses; no rule itself.

As an argument of 1.x's `select(columns, whereclause)` or `table.delete(whereclause)` None meant no criterion. A method
takes it for NULL: `.where(None)` is `WHERE NULL` in every version, which finds no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.model.types import Attribute, Expression, Imported
from translator.rules.contract import Context
from translator.syntax import names

_GIVES = frozenset(
    {
        "and_",
        "or_",
        "not_",
        "text",
        "exists",
        "true",
        "false",
        "literal",
        "literal_column",
        "column",
        "between",
        "tuple_",
    }
)
"""Functions of SQLAlchemy whose result is never None, also where a fragment doesn't import them."""
_OPERATORS = frozenset(
    {"in_", "notin_", "not_in", "like", "ilike", "notlike", "not_like", "notilike", "not_ilike", "is_", "isnot", "is_not",
     "is_distinct_from", "isnot_distinct_from", "is_not_distinct_from", "between"}
)  # fmt: skip
"""Methods of columns that nothing else has."""
_DEEPEST = 4


def argument(value: cst.BaseExpression, original: cst.BaseExpression, here: Context) -> cst.Arg:
    """A criterion as the argument of a method; `original` is the value before anything in it was rewritten.

    A criterion that may be None is unpacked from a list that is empty then.
    """
    if given(original, here):
        return cst.Arg(value.with_changes(lpar=value.lpar[1:], rpar=value.rpar[:-1]))
    if names.dotted(original) is not None:
        test = _comparison(value, "is")
        return cst.Arg(cst.IfExp(test, cst.List([]), cst.List([cst.Element(value)])), star="*")
    each = cst.Name("c")
    source = cst.CompIf(_comparison(each, "is not"))
    listed = cst.List([cst.Element(value)])
    return cst.Arg(cst.ListComp(each, cst.CompFor(each, listed, ifs=[source])), star="*")


def _comparison(value: cst.BaseExpression, operator: str) -> cst.Comparison:
    found = cst.parse_expression(f"x {operator} None")
    return cst.ensure_type(found, cst.Comparison).with_changes(left=value)


def given(value: cst.BaseExpression, here: Context, depth: int = 0) -> bool:
    """Whether an expression is certainly not None."""
    match value:
        case cst.Comparison() | cst.BinaryOperation() | cst.UnaryOperation() | cst.BaseString():
            return True
        case cst.BooleanOperation(left=left, right=right):
            return given(left, here, depth) and given(right, here, depth)
        case cst.IfExp(body=body, orelse=orelse):
            return given(body, here, depth) and given(orelse, here, depth)
        case cst.Name(value=name):
            return name in {"True", "False"} or (depth < _DEEPEST and _always(name, here, depth + 1))
        case cst.Attribute():
            return _is_column(value, here)
        case cst.Call(func=func):
            return _gives(func, here)
    return False


def _is_column(node: cst.Attribute, here: Context) -> bool:
    """Whether it is a column of a mapped class or a table: `User.active`, `users.c.active`."""
    collection = isinstance(node.value, cst.Attribute) and node.value.attr.value in {"c", "columns"}
    return collection or isinstance(here.model.type_of(node), Attribute)


def _gives(func: cst.BaseExpression, here: Context) -> bool:
    full = (names.dotted(func) or "").split(".")
    if full[-1] in _GIVES or "func" in full[:-1]:
        return True
    if isinstance(kind := here.model.type_of(func), Imported):
        return names.root(kind.name) == "sqlalchemy"
    match func:
        case cst.Attribute(value=owner, attr=cst.Name(value=name)):
            # whatever a column's method gives, it is an expression
            return name in _OPERATORS or isinstance(here.model.type_of(owner), (Attribute, Expression))
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="op"))):
            return True
    return False


def _always(name: str, here: Context, depth: int) -> bool:
    """Whether every assignment of a local name, or of one of the module, gives it something."""
    values = assigned(name, here)
    return bool(values) and all(value is not None and given(value, here, depth) for value in values)


def assigned(name: str, here: Context) -> list[cst.BaseExpression | None]:
    """What a local name, or one of the module, is given wherever it is; None where it can't be told."""
    scopes = [node for node in here.around if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef))]
    if any(isinstance(node, cst.BaseComp) for node in here.around) or (
        scopes and not isinstance(scopes[-1], cst.FunctionDef)
    ):
        return [None]
    values = list(_assigned(name, scopes[-1].body if scopes else here.model.tree))
    if scopes:
        values += [None for param in _parameters(scopes[-1]) if param.name.value == name]
    return values


def _parameters(function: cst.CSTNode) -> Sequence[cst.Param]:
    params = cst.ensure_type(function, cst.FunctionDef).params
    stars = [star for star in (params.star_arg, params.star_kwarg) if isinstance(star, cst.Param)]
    return [*params.posonly_params, *params.params, *params.kwonly_params, *stars]


def _assigned(name: str, node: cst.CSTNode) -> Iterator[cst.BaseExpression | None]:
    """What a name is given below a node, in the scope that it stands in; None where it can't be told."""
    match node:
        case cst.FunctionDef() | cst.Lambda() | cst.ClassDef() | cst.BaseComp():
            if name in {found.value for found in _names(node)}:
                yield from (None for inner in names.below(node) if isinstance(inner, (cst.Global, cst.Nonlocal)))
            return
        case cst.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target.target, cst.Name) and target.target.value == name:
                    yield value
                elif not isinstance(target.target, cst.Name):
                    yield from _bound(name, target.target)
        case cst.AnnAssign(target=cst.Name(value=target), value=annotated) if target == name:
            if annotated is not None:
                yield annotated
        case cst.AugAssign():
            pass  # `criterion &= …` gives an expression, or fails
        case cst.For(target=target) | cst.NamedExpr(target=target) | cst.AsName(name=target):
            yield from _bound(name, target)
        case cst.Import() | cst.ImportFrom() | cst.Global() | cst.Nonlocal() | cst.Match() | cst.Del():
            yield from _bound(name, node)
        case _:
            pass
    for child in node.children:
        yield from _assigned(name, child)


def _bound(name: str, target: cst.CSTNode) -> Iterator[None]:
    """None for every mention of the name: it is bound to something there."""
    yield from (None for found in _names(target) if found.value == name)


def _names(node: cst.CSTNode) -> Iterator[cst.Name]:
    yield from (found for found in names.below(node) if isinstance(found, cst.Name))
