"""Lays out a call whose arguments stand below its bracket: on one line again where it fits there now, or on more lines.

This is how formatters put arguments: all on one line below the bracket, or each on one with a comma after the last.
"""

from __future__ import annotations

import libcst as cst

from translator.syntax import chains, names
from translator.syntax.chains import breaks, newline


def listed(call: cst.Call, margin: str, inner: str, limit: int) -> cst.Call:
    """The call with its arguments on a line of their own, or each on one, with a comma after the last."""
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    args = [arg.with_changes(comma=space, whitespace_after_arg=cst.SimpleWhitespace("")) for arg in call.args]
    if len(inner) + sum(len(names.code(arg)) for arg in args) > limit:
        args = [arg.with_changes(comma=cst.Comma(whitespace_after=newline(inner))) for arg in args]
        args[-1] = args[-1].with_changes(comma=cst.Comma(whitespace_after=newline(margin)))
    else:
        args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=newline(margin))
    return call.with_changes(args=args, whitespace_before_args=newline(inner))


def joined_inside(call: cst.Call) -> cst.Call | None:
    """The call with each argument on one line; None where that can't be, e.g. for a comment or a dict of several lines."""
    args = []
    for arg in call.args:
        value = arg.value
        inner = joined_inside(value) if isinstance(value, cst.Call) else None
        if isinstance(value, cst.Call):
            if inner is None or "#" in _code(value) or value.lpar:
                return None
            value = _joined(inner) if inner.args else inner
        if "\n" in _code(value):
            return None
        args.append(arg.with_changes(value=value))
    return call.with_changes(args=args)


def relaid(
    node: cst.CSTNode, original: cst.CSTNode, around: tuple[str, str], indent: str, limit: int
) -> cst.CSTNode | None:
    """A call, or the assignment of one, that takes the place of `original`; None where its layout is right as it is.

    `around` is what stands before it on its first line and after it on its last. A call that its author had broken
    though it fitted stays broken.
    """
    call, before = _call(node), _call(original)
    if call is None or before is None or not _is_opened(call) or not _is_opened(before):
        return None
    if _flat(call) == _flat(before):
        return None
    first, last = around
    margin = first[: len(first) - len(first.lstrip())]
    width = len(first) + len(last)
    fits = width + len(_replaced(node, _joined(call))) <= limit
    fitted = width + len(_replaced(original, _joined(before))) <= limit
    if _is_listed(call):
        alone = len(call.args) == 1 and len(before.args) > 1
        return _with(node, _joined(call)) if alone and fits else None
    if fits:
        return _with(node, _joined(call)) if not fitted else None
    inner = margin + indent
    long = len(inner) + len(_arguments(call)) > limit >= len(inner) + len(_arguments(before))
    return _with(node, listed(call, margin, inner, limit)) if long else None


def _call(node: cst.CSTNode) -> cst.Call | None:
    value = node.value if isinstance(node, (cst.Assign, cst.AnnAssign)) else node
    return value if isinstance(value, cst.Call) and value.args and not value.lpar else None


def _is_opened(call: cst.Call) -> bool:
    """Whether the arguments stand below the bracket, none on several lines or with a comment, and it is closed below them."""
    gaps = [arg.comma.whitespace_after for arg in call.args[:-1] if isinstance(arg.comma, cst.Comma)]
    whole = _code(call)
    return (
        breaks(call.whitespace_before_args)
        and breaks(_closing(call))
        and len({breaks(gap) for gap in gaps}) <= 1
        and "#" not in whole
        and "\n" not in _code(call.func)
        and all("\n" not in _code(arg.value) for arg in call.args)
    )


def _closing(call: cst.Call) -> chains.Whitespace:
    """What stands between the last argument and the bracket that ends the call."""
    last = call.args[-1]
    return last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg


def _is_listed(call: cst.Call) -> bool:
    """Whether each argument has a line, or the last one a comma, so that formatters give each a line."""
    first, last = call.args[0].comma, call.args[-1].comma
    return isinstance(last, cst.Comma) or (isinstance(first, cst.Comma) and breaks(first.whitespace_after))


def _joined(call: cst.Call) -> cst.Call:
    """The call on one line."""
    none, space = cst.SimpleWhitespace(""), cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    args = [arg.with_changes(comma=space, whitespace_after_arg=none) for arg in call.args]
    args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return call.with_changes(args=args, whitespace_before_args=none)


def _flat(call: cst.Call) -> str:
    return _code(_joined(call).with_changes(func=cst.Name("_")))


def _arguments(call: cst.Call) -> str:
    return _flat(call)[2:-1]


def _with(node: cst.CSTNode, call: cst.Call) -> cst.CSTNode:
    return node.with_changes(value=call) if isinstance(node, (cst.Assign, cst.AnnAssign)) else call


def _replaced(node: cst.CSTNode, call: cst.Call) -> str:
    """The code of the node with another call in it."""
    return _code(_with(node, call))


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
