"""Which names an expression may give that is the name of an attribute: `f"{key}_url"`, the strings that a loop goes through."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.syntax import names, scoping

_OF_COLUMNS = frozenset({"desc", "asc", "in_", "notin_", "like", "ilike", "is_", "isnot", "is_not", "between", "label"})
_SORTING = frozenset({"sorted", "sort", "min", "max"})
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)


def may_name(node: cst.BaseExpression, name: str, around: Sequence[cst.CSTNode]) -> bool:
    """Whether an expression may give a name; `around` is what stands around it, outermost first."""
    if (said := names.literal_string(node)) is not None:
        return said == name
    if isinstance(node, cst.Name):
        given = _given(node.value, around)
        return given is None or name in given
    first, last = _ends(node)
    return name.startswith(first) and name.endswith(last)


def is_no_collection(node: cst.Call, around: Sequence[cst.CSTNode]) -> bool:
    """Whether what `getattr()` gives would fail if it were a collection, dynamic or not.

    It is called, asked for what columns have, or what a sort goes by.
    """
    outer = around[-1] if around else None
    if names.dotted(node.func) != "getattr":
        return False
    if isinstance(outer, cst.Call):
        return outer.func is node
    if isinstance(outer, cst.Attribute):
        return outer.attr.value in _OF_COLUMNS
    if isinstance(outer, cst.Lambda):
        by, sort = (around[-2], around[-3]) if len(around) > 2 else (None, None)
        named = isinstance(by, cst.Arg) and by.keyword is not None and by.keyword.value == "key"
        return named and isinstance(sort, cst.Call) and names.called(sort.func).rpartition(".")[2] in _SORTING
    return False


def _ends(node: cst.BaseExpression) -> tuple[str, str]:
    """What a text that is put together begins and ends with."""
    match node:
        case cst.FormattedString(parts=[first, *_, last] | [first as last]):
            return _plain(first), _plain(last)
        case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
            return names.literal_string(left) or _ends(left)[0], names.literal_string(right) or _ends(right)[1]
        case cst.BinaryOperation(left=left, operator=cst.Modulo()) if (said := names.literal_string(left)) is not None:
            return said.partition("%")[0], said.rpartition("%")[2][1:] if said.count("%") == 1 else ""
    return "", ""


def _plain(part: cst.BaseFormattedStringContent) -> str:
    return part.value if isinstance(part, cst.FormattedStringText) and "\\" not in part.value else ""


def _given(variable: str, around: Sequence[cst.CSTNode]) -> frozenset[str] | None:
    """The strings that a variable goes through, if all of them stand in the loop; None where it may be others."""
    for at in range(len(around) - 1, -1, -1):
        outer = around[at]
        if isinstance(outer, cst.For) and _binds(outer.target, variable):
            alone = isinstance(outer.target, cst.Name) and variable not in _bound_in(outer.body)
            return _strings(outer.iter) if alone and _within(outer.body, around) else None
        if isinstance(outer, _COMPREHENSIONS) and variable in scoping.bindings(outer):
            loop = outer.for_in
            alone = isinstance(loop.target, cst.Name) and loop.target.value == variable and loop.inner_for_in is None
            return _strings(loop.iter) if alone and not _within(loop, around) else None
        if isinstance(outer, _FUNCTIONS):
            return None
    return None


def _binds(target: cst.BaseExpression, variable: str) -> bool:
    return any(isinstance(node, cst.Name) and node.value == variable for node in (target, *names.below(target)))


def _bound_in(body: cst.BaseSuite) -> scoping.Bound:
    lines = body.body if isinstance(body, cst.IndentedBlock) else [cst.SimpleStatementLine(list(body.body))]  # type: ignore[arg-type]
    return scoping.bindings(cst.Module(list(lines)))  # type: ignore[arg-type]


def _within(node: cst.CSTNode, around: Sequence[cst.CSTNode]) -> bool:
    return any(each is node for each in around)


def _strings(node: cst.BaseExpression) -> frozenset[str] | None:
    if not isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        return None
    said = [names.literal_string(element.value) for element in node.elements]
    return frozenset(text for text in said if text is not None) if None not in said else None
