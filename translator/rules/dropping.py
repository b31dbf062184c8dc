"""Arguments that 2.0 has no more: taking them out where they did nothing, saying so where they did. No rule itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst

from translator.syntax import names

_COMMON = frozenset({"args", "config", "kw", "kwargs", "options", "opts", "params", "settings"})
"""Names of dicts that say so little that another function's dict of that name is another one."""


def without(args: Sequence[cst.Arg], gone: Collection[str]) -> list[cst.Arg]:
    """The arguments but for some keywords; the comma and the line break at the end stay as they were."""
    return only(args, [not (arg.keyword is not None and arg.keyword.value in gone) for arg in args])


def only(args: Sequence[cst.Arg], wanted: Sequence[bool]) -> list[cst.Arg]:
    """The arguments that are wanted, one truth value each; the comma and the line break at the end stay as they were."""
    kept = [arg for arg, stays in zip(args, wanted, strict=True) if stays]
    if kept and kept[-1] is not args[-1]:
        last = args[-1]
        trailing = last.comma if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
        kept[-1] = kept[-1].with_changes(comma=trailing, whitespace_after_arg=last.whitespace_after_arg)
    return kept


def given(call: cst.Call, table: Mapping[str, Collection[str]]) -> tuple[list[str], list[str]]:
    """Which keywords of a table are given, apart by whether their value did nothing.

    The table names for each keyword the values, as spelled, that mean nothing; an empty collection: any value.
    """
    harmless: list[str] = []
    meant: list[str] = []
    for arg in call.args:
        if arg.keyword is None or arg.keyword.value not in table:
            continue
        values = table[arg.keyword.value]
        (harmless if not values or names.code(arg.value) in values else meant).append(arg.keyword.value)
    return harmless, meant


def unpacked(call: cst.Call, around: Sequence[cst.CSTNode], module: cst.Module) -> list[tuple[str, str]]:
    """The keywords that come with a dict that is unpacked, as far as the text puts them into it, with their values.

    `around` are the nodes around the call, outermost first.
    """
    found: set[tuple[str, str]] = set()
    for arg in call.args:
        path = names.dotted(arg.value)
        if arg.star != "**":
            continue
        if path is None:
            found.update(items(arg.value))
            continue
        functions = [node for node in around if isinstance(node, cst.FunctionDef)]
        within = functions[-1] if functions and path.rpartition(".")[2] in _COMMON else module
        for node in names.below(within):
            found.update(_put(node, path))
    return sorted(found)


def _put(node: cst.CSTNode, path: str) -> Iterator[tuple[str, str]]:
    """What a statement or a call puts into the dict of that name."""
    match node:
        case cst.Assign(targets=targets, value=value):
            for target in targets:
                if names.dotted(target.target) == path:
                    yield from items(value)
                elif isinstance(target.target, cst.Subscript) and names.dotted(target.target.value) == path:
                    index = target.target.slice[0].slice
                    key = names.literal_string(index.value) if isinstance(index, cst.Index) else None
                    yield key or "", names.code(value)
        case cst.AnnAssign(target=target, value=value) if value is not None and names.dotted(target) == path:
            yield from items(value)
        case cst.Call(func=func, args=args) if names.dotted(func) == f"{path}.update":
            yield from items(node)
            for arg in args[:1]:
                yield from items(arg.value)
        case cst.Call(func=func, args=[key, value]) if names.dotted(func) == f"{path}.setdefault":
            yield names.literal_string(key.value) or "", names.code(value.value)


def items(value: cst.BaseExpression) -> Iterator[tuple[str, str]]:
    """What `{"key": value}` and `dict(key=value)` hold, and what a dict is updated with."""
    if isinstance(value, cst.Dict):
        for element in value.elements:
            if isinstance(element, cst.DictElement):
                yield names.literal_string(element.key) or "", names.code(element.value)
    if isinstance(value, cst.Call) and (names.dotted(value.func) or "").rpartition(".")[2] in {"dict", "update"}:
        yield from ((arg.keyword.value, names.code(arg.value)) for arg in value.args if arg.keyword is not None)
