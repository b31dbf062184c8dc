"""Method chains and the text between their links: newlines, comments, parentheses.

Builds `session.scalars(<chain>).all()` from a chain so that it looks as its author would have written it: a chain on
one line stays on one, a chain broken over lines stays broken, comments stay where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

Node = TypeVar("Node", bound=cst.CSTNode)
Whitespace = cst.BaseParenthesizableWhitespace
_NONE = cst.SimpleWhitespace("")
_PRIMARY = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.List, cst.Dict, cst.Set, cst.BaseString)
"""Expressions that a dot can follow as they are: not `a if x else b`, whose last part alone would get it."""


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One link of a chain: `.name(args)`, or `.name` where `args` is None."""

    name: str
    args: tuple[cst.Arg, ...] | None = ()


def argument(value: str | cst.BaseExpression, keyword: str | None = None) -> cst.Arg:
    """One argument, `value` or `keyword=value`."""
    node = cst.parse_expression(value) if isinstance(value, str) else value
    if keyword is None:
        return cst.Arg(node)
    return cst.Arg(node, cst.Name(keyword), equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")))


def attach(value: cst.BaseExpression, links: Sequence[Link], before: Whitespace = _NONE) -> cst.BaseExpression:
    """`value.a(…).b(…)`; `before` stands before each dot. A value that binds looser than a dot gets parentheses."""
    if links and not isinstance(value, _PRIMARY) and not value.lpar:
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    for link in links:
        func = cst.Attribute(value, cst.Name(link.name), dot=cst.Dot(whitespace_before=before))
        value = func if link.args is None else cst.Call(func, list(link.args))
        before = uncommented(before)
    return value


def is_broken(node: cst.BaseExpression) -> bool:
    """Whether a chain has its links on lines of their own, so that it needs the brackets it stands in."""
    while not node.lpar:
        if isinstance(node, cst.Call):
            node = node.func
        elif isinstance(node, cst.Attribute):
            if breaks(node.dot.whitespace_before) or breaks(node.dot.whitespace_after):
                return True
            node = node.value
        else:
            return False
    return False


def renamed(call: cst.Call, name: str) -> cst.Call:
    """The same link under another name."""
    func = cst.ensure_type(call.func, cst.Attribute)
    return call.with_changes(func=func.with_changes(attr=func.attr.with_changes(value=name)))


def unlinked(link: cst.Call | cst.Attribute) -> cst.BaseExpression:
    """What the last link of a chain stands on, in the parentheses that were around the whole."""
    func = link.func if isinstance(link, cst.Call) else link
    value = cst.ensure_type(func, cst.Attribute).value
    if not link.lpar:
        return value
    return value.with_changes(lpar=[*link.lpar, *value.lpar], rpar=[*value.rpar, *link.rpar])


def relinked(link: cst.Call, name: str, args: Sequence[cst.Arg]) -> cst.Call:
    """The last link of a chain under another name and with other arguments, where it stands."""
    return renamed(link, name).with_changes(args=list(args), whitespace_before_args=_NONE)


def comment_before(link: cst.Call | cst.Attribute) -> bool:
    """Whether a comment stands between the last link of a chain and what it stands on."""
    func = link.func if isinstance(link, cst.Call) else link
    dot = cst.ensure_type(func, cst.Attribute).dot
    return commented(dot.whitespace_before) or commented(dot.whitespace_after)


def breaks(whitespace: Whitespace) -> bool:
    """Whether there is a newline inside parentheses here."""
    return isinstance(whitespace, cst.ParenthesizedWhitespace)


def commented(whitespace: Whitespace) -> bool:
    """Whether a comment stands here."""
    return isinstance(whitespace, cst.ParenthesizedWhitespace) and (
        whitespace.first_line.comment is not None or any(line.comment is not None for line in whitespace.empty_lines)
    )


def newline(margin: str) -> cst.ParenthesizedWhitespace:
    """A line break inside brackets, and the text before what follows it."""
    return cst.ParenthesizedWhitespace(indent=False, last_line=cst.SimpleWhitespace(margin))


def uncommented(whitespace: Whitespace) -> Whitespace:
    """The same line break without its comments."""
    if not isinstance(whitespace, cst.ParenthesizedWhitespace):
        return whitespace
    plain = cst.TrailingWhitespace(newline=whitespace.first_line.newline)
    return whitespace.with_changes(first_line=plain, empty_lines=[])


class _Shift(cst.CSTTransformer):
    """Moves continuation lines to the right (or left) by some columns."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.columns = columns

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        lines = [
            line.with_changes(whitespace=self._moved(line.whitespace)) if line.comment is not None else line
            for line in updated_node.empty_lines
        ]
        return updated_node.with_changes(last_line=self._moved(updated_node.last_line), empty_lines=lines)

    def _moved(self, space: cst.SimpleWhitespace) -> cst.SimpleWhitespace:
        if self.columns >= 0:
            return space.with_changes(value=" " * self.columns + space.value)
        return space.with_changes(value=space.value[min(-self.columns, len(space.value)) :])


def shifted(node: Node, columns: int) -> Node:
    """The node with its continuation lines moved by `columns`."""
    if columns == 0:
        return node
    moved = node.visit(_Shift(columns))
    return moved if isinstance(moved, type(node)) else node


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stands around a chain that is to be executed: its parentheses and the break before its last link."""

    lpar: Sequence[cst.LeftParen]
    rpar: Sequence[cst.RightParen]
    before_last: Whitespace
    drop_parens: bool

    @property
    def open(self) -> Whitespace:
        """The whitespace after the opening parenthesis."""
        return self.lpar[-1].whitespace_after if self.lpar else _NONE

    @property
    def close(self) -> Whitespace:
        """The whitespace before the closing parenthesis."""
        return self.rpar[0].whitespace_before if self.rpar else _NONE


def execute(
    statement: cst.BaseExpression,
    frame: Frame,
    *,
    session: cst.BaseExpression,
    method: str,
    flag: str = "",
    suffix: Sequence[Link] = (),
    tail: Sequence[Link] = (),
    wrap: Callable[[cst.Arg, Whitespace], cst.BaseExpression] | None = None,
    indent: int = 4,
) -> cst.BaseExpression:
    """`session.method(statement.suffix).tail`, laid out as the chain was.

    `flag` names what tells whether `scalars()` or `execute()` is to be called in the place of `method`. `wrap` puts
    another call around the statement (a count): it gets the statement as an argument, with the whitespace that follows
    the bracket it opens.
    """
    func = either(session, flag) if flag else cst.Attribute(session, cst.Name(method))
    statement, frame = _unwrapped(statement, frame)
    if len(statement.lpar) == 1 and not frame.lpar and not breaks(frame.before_last):
        return _bracketed(statement, func, suffix, tail, wrap, indent)
    broken = breaks(frame.before_last)
    hanging = bool(frame.lpar) and breaks(frame.open) and breaks(frame.close)
    if not broken and not hanging:
        return _inline(statement, frame, func, suffix, tail, wrap, indent)
    if hanging and frame.drop_parens and len(frame.lpar) == 1:
        return _hanging(statement, frame, func, suffix, tail, wrap, indent)
    if not hanging and frame.lpar and not commented(frame.before_last):
        return _inline(statement, frame, func, suffix, tail, wrap, indent)
    return _nested(statement, frame, func, suffix, tail, wrap, indent)


def either(session: cst.BaseExpression, flag: str) -> cst.IfExp:
    """`(session.scalars if flag else session.execute)`"""
    objects, rows = (cst.Attribute(session.deep_clone(), cst.Name(name)) for name in ("scalars", "execute"))
    return cst.IfExp(cst.Name(flag), objects, rows, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _unwrapped(statement: cst.BaseExpression, frame: Frame) -> tuple[cst.BaseExpression, Frame]:
    """`(…).all()` with the chain hanging in parentheses of its own: those become the brackets of the call."""
    own = Frame(statement.lpar, statement.rpar, frame.before_last, drop_parens=True)
    if frame.lpar or len(statement.lpar) != 1 or breaks(frame.before_last):
        return statement, frame
    if not (breaks(own.open) and breaks(own.close)):
        return statement, frame
    func = statement.func if isinstance(statement, cst.Call) else None
    before = func.dot.whitespace_before if isinstance(func, cst.Attribute) else _NONE
    level = uncommented(before) if breaks(before) else frame.before_last
    return statement.with_changes(lpar=[], rpar=[]), Frame(own.lpar, own.rpar, level, drop_parens=True)


def named(arg: cst.Arg, name: str) -> cst.Arg:
    """The argument given by its name."""
    if arg.keyword is not None:
        return arg
    plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return arg.with_changes(keyword=cst.Name(name), equal=plain)


def with_arguments(executed: cst.BaseExpression, extra: Sequence[cst.Arg]) -> cst.BaseExpression:
    """A call with more arguments after its only one: each on a line of its own, if that is broken over lines."""
    call = cst.ensure_type(executed, cst.Call)
    if not extra:
        return call
    only = call.args[0]
    between = uncommented(call.whitespace_before_args)
    broken = breaks(between) and breaks(only.whitespace_after_arg)
    comma = cst.Comma(whitespace_after=between if breaks(between) else cst.SimpleWhitespace(" "))
    first = only.with_changes(comma=comma, whitespace_after_arg=_NONE)
    rest = [arg.with_changes(comma=comma) if broken and not _commented_after(arg) else arg for arg in extra[:-1]]
    if broken:
        last = extra[-1].with_changes(comma=cst.Comma(whitespace_after=only.whitespace_after_arg))
        return call.with_changes(args=[first, *rest, last.with_changes(whitespace_after_arg=_NONE)])
    last = extra[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=only.whitespace_after_arg)
    return call.with_changes(args=[first, *rest, last])


def _commented_after(arg: cst.Arg) -> bool:
    return isinstance(arg.comma, cst.Comma) and commented(arg.comma.whitespace_after)


def _bracketed(
    statement: cst.BaseExpression,
    func: cst.BaseExpression,
    suffix: Sequence[Link],
    tail: Sequence[Link],
    wrap: Callable[[cst.Arg, Whitespace], cst.BaseExpression] | None,
    indent: int,
) -> cst.BaseExpression:
    """The chain that stood in parentheses of its own, which become those of the call: `(session.query(…)).all()`."""
    bare = statement.with_changes(lpar=[], rpar=[])
    frame = Frame(statement.lpar, statement.rpar, uncommented(_last_break(bare)), drop_parens=True)
    if not breaks(frame.open):
        if wrap is not None:
            return _inline(bare, Frame((), (), _NONE, drop_parens=True), func, suffix, tail, wrap, indent)
        bare = shifted(bare, len(cst.Module([]).code_for_node(func)) if _aligned(bare) else 0)
        close = frame.close if commented(frame.close) else _NONE
        frame = Frame(statement.lpar, [cst.RightParen(close)], uncommented(_last_break(bare)), drop_parens=True)
    return _hanging(bare, frame, func, suffix, tail, wrap, indent)


def _last_break(chain: cst.BaseExpression) -> Whitespace:
    """The whitespace before the last dot of a chain."""
    if isinstance(chain, cst.Call) and isinstance(chain.func, cst.Attribute):
        return chain.func.dot.whitespace_before
    return _NONE


def _inline(
    statement: cst.BaseExpression,
    frame: Frame,
    func: cst.BaseExpression,
    suffix: Sequence[Link],
    tail: Sequence[Link],
    wrap: Callable[[cst.Arg, Whitespace], cst.BaseExpression] | None,
    indent: int,
) -> cst.BaseExpression:
    drop = frame.drop_parens and bool(frame.lpar) and not breaks(frame.open) and breaks(frame.before_last)
    before: Whitespace = _NONE
    if frame.lpar and _aligned(statement):
        width = len(cst.Module([]).code_for_node(func)) + 1 - (1 if drop else 0)
        statement = shifted(statement, width)
        before = shifted(uncommented(frame.before_last), width)
    elif not frame.lpar and isinstance(frame.before_last, cst.SimpleWhitespace):
        before = frame.before_last  # a backslash: what is added goes to a line of its own, too
    inner = attach(statement, suffix, before)
    margin = None if frame.lpar else _margin(inner)
    if margin is not None:
        inner = shifted(inner, indent)
    opening = _NONE if margin is None else shifted(margin, indent)
    closing = _NONE if margin is None else margin
    if wrap is not None:
        inner = wrap(cst.Arg(inner), _NONE)
    call = cst.Call(func, [cst.Arg(inner, whitespace_after_arg=closing)], whitespace_before_args=opening)
    result = attach(call, tail)
    return result if drop or not frame.lpar else result.with_changes(lpar=frame.lpar, rpar=frame.rpar)


def _margin(chain: cst.BaseExpression) -> Whitespace | None:
    """The break before the bracket that closes a link's arguments on a line of its own; None where none does."""
    while isinstance(chain, (cst.Call, cst.Attribute)):
        if isinstance(chain, cst.Attribute):
            chain = chain.value
            continue
        if chain.args and breaks(chain.whitespace_before_args):
            last = chain.args[-1]
            closing = last.comma.whitespace_after if isinstance(last.comma, cst.Comma) else last.whitespace_after_arg
            return uncommented(closing) if breaks(closing) else None
        chain = chain.func
    return None


def _hanging(
    statement: cst.BaseExpression,
    frame: Frame,
    func: cst.BaseExpression,
    suffix: Sequence[Link],
    tail: Sequence[Link],
    wrap: Callable[[cst.Arg, Whitespace], cst.BaseExpression] | None,
    indent: int,
) -> cst.BaseExpression:
    inner = attach(statement, suffix, frame.before_last)
    last = frame.close if suffix else _closing(frame.before_last, frame.close)
    if wrap is not None:
        inner = wrap(
            cst.Arg(shifted(inner, indent), whitespace_after_arg=shifted(last, indent)), shifted(frame.open, indent)
        )
        last = uncommented(frame.close)
    arg = cst.Arg(inner, whitespace_after_arg=last)
    return attach(cst.Call(func, [arg], whitespace_before_args=frame.open), tail)


def _nested(
    statement: cst.BaseExpression,
    frame: Frame,
    func: cst.BaseExpression,
    suffix: Sequence[Link],
    tail: Sequence[Link],
    wrap: Callable[[cst.Arg, Whitespace], cst.BaseExpression] | None,
    indent: int,
) -> cst.BaseExpression:
    level = frame.before_last if breaks(frame.before_last) else uncommented(frame.open)
    inner = shifted(attach(statement, suffix, level), indent)
    outer = uncommented(level)
    if wrap is not None:
        deeper = shifted(outer, indent * 2)
        inner = wrap(cst.Arg(shifted(inner, indent), whitespace_after_arg=shifted(outer, indent)), deeper)
    last = outer if suffix else level
    call = cst.Call(func, [cst.Arg(inner, whitespace_after_arg=last)], whitespace_before_args=shifted(outer, indent))
    result = attach(call, tail)
    return result.with_changes(lpar=frame.lpar, rpar=frame.rpar) if frame.lpar else result


def _closing(before_last: Whitespace, close: Whitespace) -> Whitespace:
    """The break before the closing bracket: the comments that stood before the last link, the column of the close."""
    if not isinstance(before_last, cst.ParenthesizedWhitespace):
        return close
    if not isinstance(close, cst.ParenthesizedWhitespace):
        return before_last
    lines = list(before_last.empty_lines)
    if close.first_line.comment is not None:
        lines.append(cst.EmptyLine(indent=True, whitespace=before_last.last_line, comment=close.first_line.comment))
    return close.with_changes(first_line=before_last.first_line, empty_lines=[*lines, *close.empty_lines])


def _aligned(node: cst.BaseExpression) -> bool:
    """Whether the links of a chain start lines, so that they stand under one another."""
    while isinstance(node, (cst.Call, cst.Attribute, cst.Subscript)):
        if isinstance(node, cst.Attribute):
            if breaks(node.dot.whitespace_before):
                return True
            node = node.value
        elif isinstance(node, cst.Call):
            node = node.func
        else:
            node = node.value
    return False
