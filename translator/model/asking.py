"""What the `declared_attr` functions of a class ask of its columns, which a `mapped_column()` may not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from translator.syntax import names

ANY = "*"
"""The column's name where it is looked up by one that is not written out: `getattr(cls, cls.key())`."""


def of_columns(node: cst.ClassDef) -> frozenset[tuple[str, str]]:
    """`(id, type)` for `cls.id.type`: the attributes that are read or set while the class is being mapped.

    What a name or a method of the class gives is followed: `pk = cls.pk_column()` and `pk.type`.
    """
    functions = [inner for inner in node.body.body if isinstance(inner, cst.FunctionDef)]
    declaring = [function for function in functions if _declares(function)]
    if not declaring:
        return frozenset()
    given = {function.name.value: column for function in functions if (column := _given(function)) is not None}
    return frozenset(found for function in declaring for found in _asked(function, given))


def _declares(function: cst.FunctionDef) -> bool:
    return any("declared_attr" in names.code(mark.decorator).split(".") for mark in function.decorators)


def _first(function: cst.FunctionDef) -> str:
    return next((param.name.value for param in function.params.params), "")


def _given(function: cst.FunctionDef) -> str | None:
    """The column that a class method does nothing but return."""
    last = function.body.body[-1] if isinstance(function.body, cst.IndentedBlock) and function.body.body else None
    small = last.body[0] if isinstance(last, cst.SimpleStatementLine) else None
    value = small.value if isinstance(small, cst.Return) else None
    return _column(value, _first(function), {}, {}) if value is not None else None


def _column(value: cst.BaseExpression, owner: str, held: Mapping[str, str], given: Mapping[str, str]) -> str | None:
    """The name of the class's column that an expression is; None where it is none."""
    match value:
        case cst.Name(value=name):
            return held.get(name)
        case cst.Attribute(value=cst.Name(value=name), attr=attr) if name == owner:
            return attr.value
        case cst.Call(func=cst.Name(value="getattr"), args=[first, second, *_]) if names.dotted(first.value) == owner:
            return names.literal_string(second.value) or ANY
        case cst.Call(func=cst.Attribute(value=cst.Name(value=name), attr=attr)) if name == owner:
            return given.get(attr.value)
    return None


def _asked(function: cst.FunctionDef, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    owner, held = _first(function), dict[str, str]()
    for node in names.below(function.body):
        if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Name):
            column = _column(node.value, owner, held, given)
            if column is not None:
                held[node.targets[0].target.value] = column
    for node in names.below(function.body):
        if isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Attribute):
            column = _column(node.target.value, owner, held, given)
            if column is not None:
                yield column, f"{node.target.attr.value}="
        elif isinstance(node, cst.Attribute) and (column := _column(node.value, owner, held, given)) is not None:
            yield column, node.attr.value
