"""Breaks a call over lines where a rewrite made its line longer than its author's lines are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from translator.findings import Span
from translator.prepare.line_limits import LineLimit
from translator.syntax import backslashes, chains, heads, joining, names
from translator.syntax.chains import breaks, newline, shifted
from translator.syntax.joining import joined_inside, listed

_EXECUTIONS = frozenset(
    {"scalars", "execute", "scalar", "get", "stream", "stream_scalars", "paginate", "first_or_404", "one_or_404"}
)
_OVER_STATEMENTS = frozenset({"select", "union", "union_all", "intersect", "intersect_all", "except_", "except_all"})
"""Functions that are given statements, so that one is written in another."""
_WORTHWHILE = 24
"""Columns that an argument must have for a line of its own to help."""
_USUAL, _LONGEST = 88, 120
_LIMITS = (79, _USUAL, 100, _LONGEST)
"""Limits that authors and their formatters keep."""
_EXCEPTIONS = 0.005
"""Share of lines, such as long strings, that may exceed a limit that is kept."""
_WITNESSES = 5
"""Lines near the shortest limit that show that it is kept; a short text keeps to anything."""
_NEAR = 9
"""Columns below a limit that lines which were held to it reach."""


_LONG_STRING = re.compile(r"'[^']{30,}'|\"[^\"]{30,}\"")
"""A string that a line can't be broken in."""
_TRIPLE = re.compile(r"\"{3}|'{3}")
_QUOTED = re.compile(r"['\"]")


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a text and how long its author lets them grow, in columns."""

    lines: Sequence[str]
    limit: int
    indent: str

    @classmethod
    def of(cls, code: str, indent: str, kept: LineLimit | None = None) -> Page:
        """The page of a text; the limit is what its project says, or the least of the usual ones that its code keeps to."""
        lines = code.split("\n")
        if kept is not None and kept.formatted:
            return cls(lines, kept.columns, indent)
        measured = _measured(lines)
        return cls(lines, measured if kept is None else min(measured, kept.columns), indent)

    def fit(self, node: cst.BaseExpression, span: Span) -> cst.BaseExpression:
        """The expression that takes the place of `span`, broken over lines where it would be too long."""
        if isinstance(node, cst.Call) and node.lpar and breaks(node.lpar[-1].whitespace_after):
            bare = self.fit(node.with_changes(lpar=[], rpar=[]), span)
            return bare.with_changes(lpar=node.lpar, rpar=node.rpar)
        line = self.lines[span.start_line - 1]
        text = names.code(node)
        if span.start_line != span.end_line:
            if "\n" in text:
                return self._reopened(self._without_backslashes(node, line, span), line, span)
            last = self.lines[span.end_line - 1]  # one line took the place of several
            span = Span(span.start_line, span.start_column, span.start_line, span.start_column)
            line = line[: span.start_column] + last[span.end_column :]
        limit = max(self.limit, len(line))
        if not _stands_alone(line, span):
            limit = max(limit, _LONGEST)  # breaking the middle of a larger expression helps nobody
        if "\n" in text or span.start_column + len(text) + len(line) - span.end_column <= limit:
            return node
        margin = line[: len(line) - len(line.lstrip())]
        broken = _broken(node, margin, self.indent, limit)
        inside = line[: span.start_column].rstrip().endswith("(")
        if "\n" in names.code(broken) or not _is_chain(node) or inside:
            return broken
        return _opened(cst.ensure_type(node, cst.Call), margin, self.indent, limit)

    def relaid(self, node: cst.CSTNode, original: cst.CSTNode, span: Span) -> cst.CSTNode | None:
        """The call or its assignment with arguments below the bracket laid out anew; None where it can stay as it is."""
        if span.start_line == span.end_line:
            return None
        first, last = self.lines[span.start_line - 1], self.lines[span.end_line - 1]
        around = first[: span.start_column], last[span.end_column :].partition("  #")[0].rstrip()
        return joining.relaid(node, original, around, self.indent, self.limit)

    def fit_inner(self, node: cst.BaseExpression, span: Span) -> cst.BaseExpression:
        """The same for an expression that a larger one is rewritten around: where it has a line of its own."""
        line = self.lines[span.start_line - 1]
        margin = line[: span.start_column]
        if margin.strip() or not isinstance(node, cst.Call) or node.lpar:
            return node
        return _nested(node, margin, self.indent, max(self.limit, len(line)))

    def _reopened(self, node: cst.BaseExpression, line: str, span: Span) -> cst.BaseExpression:
        """The expression of several lines with what it executes on lines of its own, where its first line got too long."""
        before = line[: span.start_column].rstrip()
        alone = not before or before[-1] in "=(" or before.split()[-1] in {"in", "return", "yield", "await"}
        limit = max(self.limit, len(line))
        if not alone:
            return node
        if not _too_long(node, span.start_column, limit):
            return _evened(node, len(line) - len(line.lstrip()), max(limit, _LONGEST))
        return _opened_lines(node, line[: len(line) - len(line.lstrip())], self.indent, limit)

    def fit_statement(
        self, node: cst.Assign | cst.AnnAssign, original: cst.CSTNode, span: Span
    ) -> cst.Assign | cst.AnnAssign:
        """An assignment that takes the place of `original` at `span`; the call that it assigns is broken where needed.

        Arguments that stood below the bracket before stay below it.
        """
        call = node.value
        if not isinstance(call, cst.Call) or not call.args:
            return node
        line = self.lines[span.start_line - 1]
        text = names.code(node)
        if "\n" in text:
            before, after = names.code(original).split("\n")[0], text.split("\n")[0]
            below = self.lines[span.start_line] if span.start_line < len(self.lines) else ""
            opened = span.start_column + before.find("(") + 1
            if len(below) - len(below.lstrip()) == opened and "(" in after:
                moved = after.find("(") - before.find("(")
                first = len(after) + span.start_column
                others = [len(line) + moved for line in self.lines[span.start_line : span.end_line]]
                limit = max(self.limit, *map(len, self.lines[span.start_line - 1 : span.end_line]))
                if max(first, *others) > limit and "#" not in text:
                    margin = line[: len(line) - len(line.lstrip())]
                    return node.with_changes(value=listed(call, margin, margin + self.indent, self.limit))
                return node.with_changes(value=shifted(call, moved))
            return self._unnested(node, before, span)
        tail = self.lines[span.end_line - 1][span.end_column :]
        limit = max(self.limit, len(line)) if span.start_line == span.end_line else self.limit
        if span.start_column + len(text) + len(tail) <= limit or (
            "#" in tail and span.start_column + len(text) <= limit
        ):
            return node
        margin = line[: len(line) - len(line.lstrip())]
        return node.with_changes(value=listed(call, margin, margin + self.indent, self.limit))

    def _unnested(self, node: cst.Assign | cst.AnnAssign, before: str, span: Span) -> cst.Assign | cst.AnnAssign:
        """The assignment with its arguments below the bracket, where lines below a bracket in one of them got too long.

        `before` is the first line that it had.
        """
        after = names.code(node).split("\n")[0]
        others = self.lines[span.start_line : span.end_line]
        limit = max(self.limit, *map(len, self.lines[span.start_line - 1 : span.end_line]))
        moved = len(after) - len(before)
        below = [len(line) + moved for line in others if before[: _indent(line) - span.start_column].endswith("(")]
        inside = joined_inside(cst.ensure_type(node.value, cst.Call)) if "#" not in names.code(node) else None
        if not below or max(len(after) + span.start_column, *below) <= limit or inside is None:
            return node
        margin = self.lines[span.start_line - 1][: span.start_column]
        return node.with_changes(value=listed(inside, margin, margin + self.indent, self.limit))

    def fit_definition(self, node: cst.FunctionDef, original: cst.FunctionDef, span: Span) -> cst.FunctionDef:
        """A function that takes the place of `original`, its parameters below the bracket where its head is too long."""
        head, old = heads.head(node), heads.head(original)
        line = next((line for line in self.lines[span.start_line - 1 :] if line.strip().startswith(old)), None)
        if line is None or "\n" in head or "(" in names.code(node.params):
            return node
        margin = line[: len(line) - len(line.lstrip())]
        if len(margin) + len(head) <= max(self.limit, len(margin) + len(old)):
            return node
        return heads.opened(node, self.indent, self.limit - len(margin))

    def _without_backslashes(self, node: cst.BaseExpression, line: str, span: Span) -> cst.BaseExpression:
        """The expression on lines held together by the brackets that it got, where backslashes held them before."""
        if not any(text.endswith("\\") for text in self.lines[span.start_line - 1 : span.end_line]):
            return node
        margin = line[: len(line) - len(line.lstrip())]

        def descend(inner: cst.BaseExpression) -> cst.BaseExpression:
            if isinstance(inner, cst.Call) and isinstance(inner.func, cst.Attribute):
                if inner.func.attr.value in _EXECUTIONS and inner.args and _names_only(inner.func.value):
                    return backslashes.relaid(inner, margin, self.indent)
                return inner.with_changes(func=inner.func.with_changes(value=descend(inner.func.value)))
            if isinstance(inner, (cst.Attribute, cst.Subscript)):
                return inner.with_changes(value=descend(inner.value))
            if isinstance(inner, cst.Call) and _is_around(inner):
                return _with_last(inner, descend(inner.args[-1].value))
            return inner

        return descend(node)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _measured(lines: Sequence[str]) -> int:
    """The limit that the lines of a text keep to."""
    count = sum(bool(line.strip()) for line in lines)
    lengths = _of_code(lines) if any(len(line) > _LIMITS[0] for line in lines) else []
    for limit in _LIMITS:
        beyond = sum(length > limit for length in lengths)
        near = sum(limit - _NEAR < len(line) <= limit for line in lines)
        if beyond <= count * _EXCEPTIONS and (limit != _LIMITS[0] or near >= _WITNESSES):
            return min(limit, max(_USUAL, *lengths, _USUAL)) if limit > _USUAL else limit
    return _LONGEST


def _of_code(lines: Sequence[str]) -> list[int]:
    """How long those lines are that could have been broken: prose, comments and long strings show no limit."""
    found, prose = [], ""
    for line in lines:
        within, prose = prose, _prose_after(line, prose)
        if len(line) <= _LIMITS[0] or within or prose:
            continue
        code = line.partition("  # ")[0].rstrip()
        if not code.lstrip().startswith("#") and not _LONG_STRING.search(code):
            found.append(len(code))
    return found


def _prose_after(line: str, prose: str) -> str:
    """The quotes of the string of several lines that goes on after a line; `prose` are those of one it begins in."""
    at = 0
    while (mark := _TRIPLE.search(line, at)) is not None:
        if not prose:
            if "#" in line[: mark.start()] and not _QUOTED.search(line[: mark.start()]):
                return prose  # quotes in a comment
            prose = mark[0]
        elif mark[0] == prose:
            prose = ""
        at = mark.end()
    return prose


def _stands_alone(line: str, span: Span) -> bool:
    """Whether the expression is the whole of what is assigned, returned, walked or given as an argument."""
    before, after = line[: span.start_column].rstrip(), line[span.end_column :].strip()
    leads = not before or before[-1] in "=(," or before.split()[-1] in {"in", "return", "yield", "await"}
    follows = not after or after[0] in ":,)#" or (after[0] == "." and after[1:].isidentifier())
    return leads and follows


def _is_around(node: cst.BaseExpression) -> bool:
    """Whether it is `list(…)` of one thing, or `cast(CursorResult[Any], …)`, which may have its arguments on its line."""
    called = names.dotted(node.func) if isinstance(node, cst.Call) else None
    return isinstance(node, cst.Call) and len(node.args) == {"list": 1, "cast": 2, "typing.cast": 2}.get(called or "")


def _with_last(node: cst.Call, value: cst.BaseExpression) -> cst.Call:
    """The call with another last argument."""
    return node.with_changes(args=[*node.args[:-1], node.args[-1].with_changes(value=value)])


def _broken(node: cst.BaseExpression, margin: str, indent: str, limit: int) -> cst.BaseExpression:
    if isinstance(node, cst.Call) and _is_around(node) and not breaks(node.whitespace_before_args):
        return _with_last(node, _broken(node.args[-1].value, margin, indent, limit))
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and all(arg.keyword for arg in node.args):
        return listed(node, margin, margin + indent, limit) if len(node.args) > 1 else node
    if isinstance(node, cst.IfExp) and node.lpar:
        return _branched(node, margin, margin + indent)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.IfExp) and node.args:
        return _opened(node, margin, indent, limit)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value in _EXECUTIONS and node.args and _names_only(node.func.value):
            return _opened(node, margin, indent, limit)
        if not _names_only(node.func.value) or isinstance(node.func.value, cst.Call):
            return node.with_changes(func=node.func.with_changes(value=_broken(node.func.value, margin, indent, limit)))
    if isinstance(node, (cst.Attribute, cst.Subscript)):
        return node.with_changes(value=_broken(node.value, margin, indent, limit))
    return _nested(node, margin, indent, limit)


def _nested(node: cst.BaseExpression, margin: str, indent: str, limit: int) -> cst.BaseExpression:
    """Functions over statements, `select(union(first, second).subquery())`, with what they are given on lines of its own."""
    if not isinstance(node, cst.Call) or len(margin) + len(names.code(node)) <= limit:
        return node
    if isinstance(node.func, cst.Attribute) and isinstance(node.func.value, cst.Call):
        left = limit - len(names.code(node)) + len(names.code(node.func.value))
        return node.with_changes(func=node.func.with_changes(value=_nested(node.func.value, margin, indent, left)))
    called = names.dotted(node.func) or ""
    if not node.args or called.rpartition(".")[2] not in _OVER_STATEMENTS or "\n" in names.code(node):
        return node
    inner = margin + indent
    args = [arg.with_changes(value=_nested(arg.value, inner, indent, limit)) for arg in node.args]
    if len(args) > 1:
        return listed(node.with_changes(args=args), margin, inner, limit)
    args[0] = args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=newline(margin))
    return node.with_changes(args=args, whitespace_before_args=newline(inner))


def _branched(node: cst.IfExp, margin: str, inner: str) -> cst.IfExp:
    """The conditional expression with each of its branches on a line of its own."""
    rest = node.orelse
    return node.with_changes(
        lpar=[cst.LeftParen(newline(inner))] if node.lpar else [],
        rpar=[cst.RightParen(newline(margin))] if node.rpar else [],
        whitespace_before_if=newline(inner),
        whitespace_before_else=newline(inner),
        orelse=_branched(rest, margin, inner) if isinstance(rest, cst.IfExp) else rest,
    )


def _names_only(node: cst.BaseExpression) -> bool:
    """Whether the session is spelled by names, or by a call of one."""
    return names.dotted(node.func if isinstance(node, cst.Call) else node) is not None


def _is_chain(node: cst.BaseExpression) -> bool:
    """Whether it ends with a call of a method that has arguments, and stands in no brackets of its own."""
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and bool(node.args) and not node.lpar


def _too_long(node: cst.BaseExpression, column: int, limit: int) -> bool:
    return column + len(names.code(node).split("\n")[0]) > limit


def _opened_lines(node: cst.BaseExpression, margin: str, indent: str, limit: int) -> cst.BaseExpression:
    """The chain with the arguments that reach over its first line below the bracket, and so on in what they are."""
    if isinstance(node, cst.Attribute):
        return node.with_changes(value=_opened_lines(node.value, margin, indent, limit))
    if not isinstance(node, cst.Call):
        return node
    if "\n" in names.code(node.func) and isinstance(node.func, cst.Attribute):
        return node.with_changes(func=_opened_lines(node.func, margin, indent, limit))
    if (
        len(node.args) != 1
        or "\n" in names.code(node.func)
        or "\n" in cst.Module([]).code_for_node(node.whitespace_before_args)
    ):
        return node
    inner = margin + indent
    value = shifted(node.args[0].value, len(indent))
    if _too_long(value, len(inner), limit):
        value = _opened_lines(value, inner, indent, limit)
    arg = node.args[0].with_changes(value=value, comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=newline(margin))
    return node.with_changes(args=[arg], whitespace_before_args=newline(inner))


def _evened(node: cst.BaseExpression, column: int, limit: int) -> cst.BaseExpression:
    """The chain with every link of what it executes on a line of its own, where some are and others made a line too long."""
    if isinstance(node, cst.Attribute):
        return node.with_changes(value=_evened(node.value, column, limit))
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return node
    if "\n" in names.code(node.func):
        return node.with_changes(func=_evened(node.func, column, limit))
    if len(node.args) != 1 or not breaks(node.whitespace_before_args):
        return node
    statement = node.args[0].value
    between = next((dot.whitespace_before for dot in _dots(statement) if breaks(dot.whitespace_before)), None)
    if between is None or column + max(map(len, names.code(statement).split("\n"))) <= limit:
        return node
    value = _one_link_a_line(statement, chains.uncommented(between))[0]
    return node.with_changes(args=[node.args[0].with_changes(value=value)])


def _dots(node: cst.BaseExpression) -> Iterator[cst.Dot]:
    """The dots of a chain, the last one first."""
    while isinstance(node, (cst.Call, cst.Attribute)):
        if isinstance(node, cst.Attribute):
            yield node.dot
        node = node.func if isinstance(node, cst.Call) else node.value


def _opened(call: cst.Call, margin: str, indent: str, limit: int) -> cst.Call:
    """The call with its arguments on a line of their own, or each link of a long chain on one."""
    inner = margin + indent
    args = list(call.args)
    if len(names.code(call)) - len(names.code(call.func)) < _WORTHWHILE:
        return call
    if len(args) == 1 and len(inner) + len(names.code(args[0].value)) > limit:
        args[0] = args[0].with_changes(value=_broken_chain(args[0].value, inner, indent, limit))
    if len(args) > 1 and len(inner) + sum(len(names.code(arg)) for arg in args) > limit:
        if len(inner) + len(names.code(args[0])) > limit:
            args[0] = args[0].with_changes(value=_broken_chain(args[0].value, inner, indent, limit))
        return listed(call.with_changes(args=args), margin, inner, limit)
    args[-1] = args[-1].with_changes(whitespace_after_arg=newline(margin))
    return call.with_changes(args=args, whitespace_before_args=newline(inner))


def _broken_chain(node: cst.BaseExpression, margin: str, indent: str, limit: int) -> cst.BaseExpression:
    """A chain of several links with each on a line, or the arguments of its only link on one."""
    if isinstance(node, cst.Call) and node.args and isinstance(node.func, cst.Attribute):
        first = node.func.value
        if isinstance(first, cst.Call) and not isinstance(first.func, cst.Attribute | cst.Call):
            return _opened(node, margin, indent, limit)
    return _one_link_a_line(node, newline(margin))[0]


def _one_link_a_line(node: cst.BaseExpression, between: chains.Whitespace) -> tuple[cst.BaseExpression, bool]:
    """The chain with a line break before each call but the first; tells whether there was a call before."""
    if not isinstance(node, cst.Call):
        return node, False
    if not isinstance(node.func, cst.Attribute):
        return node, True
    value, after_call = _one_link_a_line(node.func.value, between)
    moved = after_call and not chains.commented(node.func.dot.whitespace_before)
    dot = node.func.dot.with_changes(whitespace_before=between) if moved else node.func.dot
    return node.with_changes(func=node.func.with_changes(value=value, dot=dot)), True
