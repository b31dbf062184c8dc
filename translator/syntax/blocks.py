"""Blocks of statements: who stands beside whom, statements put next to others, runs of them put into `with` blocks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from translator.edits import Insertion, Replacement, Wrap

Statement = cst.BaseStatement


def siblings(
    parent: cst.CSTNode | None, statement: cst.CSTNode, tree: cst.Module | None = None
) -> Sequence[cst.CSTNode]:
    """The statements of the block that holds a statement; empty where it shares a line with what it belongs to."""
    outer = parent if parent is not None else tree
    for block in _blocks(outer) if outer is not None else ():
        if any(line is statement for line in block):
            return block
    return ()


def _blocks(parent: cst.CSTNode) -> Iterator[Sequence[cst.CSTNode]]:
    if isinstance(parent, cst.Module):
        yield parent.body
        return
    suites = [getattr(parent, "body", None)]
    for name in ("orelse", "finalbody"):
        clause = getattr(parent, name, None)
        suites.append(getattr(clause, "body", None) if not isinstance(clause, cst.If) else None)
    for name in ("handlers", "cases"):
        suites.extend(clause.body for clause in getattr(parent, name, ()))
    for suite in suites:
        if isinstance(suite, cst.IndentedBlock):
            yield suite.body
    if isinstance(parent, cst.If) and isinstance(parent.orelse, cst.If):
        yield from _blocks(parent.orelse)


def beside(statement: Statement, insertions: Sequence[Insertion]) -> cst.FlattenSentinel[cst.CSTNode]:
    """A statement with others before and after it."""
    before = _parsed(dict.fromkeys(text_of(i) for i in insertions if i.before))
    after = _parsed(dict.fromkeys(text_of(i) for i in insertions if not i.before))
    if before:
        added = isinstance(before[-1], cst.ClassDef)
        defines = isinstance(statement, (cst.FunctionDef, cst.ClassDef)) or added  # keeps its comments and its distance
        above = _leading(statement)
        blank = list(itertools.takewhile(lambda line: line.comment is None, above)) if defines else above
        apart = [cst.EmptyLine(indent=False)] * max(0, 2 - len(blank)) if added else []
        before[0] = before[0].with_changes(leading_lines=[*apart, *blank])
        statement = statement.with_changes(leading_lines=[*apart, *above] if defines else [])
    return cst.FlattenSentinel([*before, statement, *after])


def text_of(insertion: Insertion) -> str:
    """The statement that is put beside another one, once that has been rewritten."""
    return insertion.statement if isinstance(insertion.statement, str) else insertion.statement()


def _parsed(texts: dict[str, None]) -> list[Statement]:
    return [cst.ensure_type(cst.parse_statement(text), cst.BaseStatement) for text in texts]  # type: ignore[type-abstract]


def _leading(statement: cst.CSTNode) -> Sequence[cst.EmptyLine]:
    lines: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return lines


def wrapped(
    before: Sequence[cst.CSTNode], became: Sequence[Replacement], wraps: Sequence[Wrap], indent: str
) -> list[cst.CSTNode]:
    """The statements of a block, those between the ends of each wrap inside its `with`.

    `before` are the statements as they were, `became` what took their places, one for one.
    """
    index = {id(line): at for at, line in enumerate(before)}
    spans = [(index[id(w.first)], index.get(id(w.last), index[id(w.first)]), w) for w in wraps]
    simple = [isinstance(line, cst.SimpleStatementLine) for line in before]
    return _built(became, 0, len(became), _settled(spans, simple), indent)


_Spans = list[tuple[int, int, Wrap]]


def _settled(spans: _Spans, simple: Sequence[bool]) -> _Spans:
    """Joins wraps of one statement and reads that follow each other; lets those that overlap nest.

    Not e.g. a read after a loop: a `with` block in the loop may have bound the name of the connection anew.
    """
    result: _Spans = []
    for start, end, wrap in sorted(spans, key=lambda span: (span[0], -span[1])):
        if result:
            first, last, known = result[-1]
            same = known.engine == wrap.engine and known.name == wrap.name
            reads = not known.writes and not wrap.writes and start <= last + 1 and all(simple[first:start])
            if same and (reads or (first, last) == (start, end)):
                result[-1] = (first, max(last, end), replace(known, writes=known.writes or wrap.writes))
                continue
            if start <= last < end:
                result[-1] = (first, end, known)
        result.append((start, end, wrap))
    return result


def _built(became: Sequence[Replacement], start: int, end: int, spans: _Spans, indent: str) -> list[cst.CSTNode]:
    result: list[cst.CSTNode] = []
    at = start
    while spans:
        first, last, wrap = spans[0]
        inner = [span for span in spans[1:] if span[0] <= last]
        result += _flat(became[at:first])
        result.append(_with(wrap, _built(became, first, last + 1, inner, indent), indent))
        at = last + 1
        spans = spans[1 + len(inner) :]
    return [*result, *_flat(became[at:end])]


def _flat(nodes: Sequence[Replacement]) -> list[cst.CSTNode]:
    result: list[cst.CSTNode] = []
    for node in nodes:
        if isinstance(node, cst.CSTNode):
            result.append(node)
        elif isinstance(node, cst.FlattenSentinel):
            result.extend(node)
    return result


def _with(wrap: Wrap, body: list[cst.CSTNode], indent: str) -> cst.With:
    method = "begin" if wrap.writes else "connect"
    parsed = cst.parse_statement(f"with {wrap.engine}.{method}() as {wrap.name}:\n    pass\n")
    block = cst.ensure_type(parsed, cst.With)
    leading = _leading(body[0])
    inner = [_deeper(line, len(indent)) for line in (body[0].with_changes(leading_lines=[]), *body[1:])]
    return block.with_changes(leading_lines=leading, body=cst.IndentedBlock(inner))  # type: ignore[arg-type]


def _deeper(node: cst.CSTNode, columns: int) -> cst.CSTNode:
    """A statement with those of its lines further right that don't follow the indentation of their block."""
    if not _has_fixed_lines(node):
        return node
    moved = node.visit(_Deeper(columns))
    return moved if isinstance(moved, cst.CSTNode) else node


def _has_fixed_lines(node: cst.CSTNode) -> bool:
    fixed = isinstance(node, cst.ParenthesizedWhitespace) and not node.indent
    return fixed or any(map(_has_fixed_lines, node.children))


class _Deeper(cst.CSTTransformer):
    def __init__(self, columns: int) -> None:
        super().__init__()
        self._columns = columns

    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.ParenthesizedWhitespace:
        if updated_node.indent:
            return updated_node
        margin = " " * self._columns + updated_node.last_line.value
        return updated_node.with_changes(last_line=cst.SimpleWhitespace(margin))


def leaves(body: Sequence[cst.CSTNode]) -> bool:
    """Whether a block certainly ends by return, raise, continue or break."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, cst.SimpleStatementLine):
        return any(isinstance(s, (cst.Return, cst.Raise, cst.Continue, cst.Break)) for s in last.body)
    if isinstance(last, cst.SimpleStatementSuite):
        return any(isinstance(s, (cst.Return, cst.Raise, cst.Continue, cst.Break)) for s in last.body)
    if isinstance(last, cst.If):
        other = [last.orelse] if isinstance(last.orelse, cst.If) else last.orelse.body.body if last.orelse else ()
        return leaves(last.body.body) and leaves(other)
    return isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break))
