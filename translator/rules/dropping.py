"""Arguments that 2.0 has no more: taking them out where they did nothing, saying so where they did. No rule itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import libcst as cst

from translator.syntax import names


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
