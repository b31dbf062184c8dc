"""Applies changes to a tree in one pass that enters only the ancestors of what is edited, and mends the imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import libcst as cst

from translator.edits import Change, Edit, Import, Insertion, Replacement, Wrap
from translator.findings import Span
from translator.syntax import blocks, formatted
from translator.syntax.fitting import Page
from translator.syntax.import_edits import used, with_imports

_STRUCTURE = (
    cst.Arg, cst.Element, cst.StarredElement, cst.DictElement, cst.StarredDictElement, cst.IndentedBlock,
    cst.SimpleStatementSuite, cst.SimpleStatementLine, cst.WithItem, cst.ExceptHandler, cst.ExceptStarHandler, cst.Else,
    cst.Finally, cst.CompFor, cst.CompIf, cst.Parameters, cst.Param, cst.Decorator, cst.Index, cst.Slice,
    cst.SubscriptElement, cst.MatchCase, cst.ComparisonTarget, cst.FormattedStringExpression, cst.AsName, cst.From,
    cst.Attribute, cst.AssignTarget, cst.Annotation,
)  # fmt: skip
"""Nodes that are no expression and no statement: they are entered wherever their parent is."""
_ENTERED = frozenset((*_STRUCTURE, cst.Module))
"""Asked for each node that is passed, and nodes have no further subclasses: a set is asked faster than their classes."""


_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
"""What is not laid out anew, so that what is edited inside has to be."""


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """The new tree and, for each edited node, the node that took its place."""

    tree: cst.Module
    placed: dict[int, cst.CSTNode]


class _Editor(cst.CSTTransformer):
    def __init__(self, edits: dict[int, list[Edit]], entered: set[int], page: Page, spans: Mapping[int, Span]) -> None:
        super().__init__()
        self._edits = edits
        self._page = page
        self._spans = spans
        self._entered = entered
        self.insertions: dict[int, list[Insertion]] = {}
        self.wraps: dict[int, list[Wrap]] = {}
        self._became: dict[int, Replacement] = {}
        self.placed: dict[int, cst.CSTNode] = {}
        self.gone: set[int] = set()
        self._strings = 0
        """How many f-strings stand around, in which no line is broken."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._strings += isinstance(node, cst.FormattedString)
        return id(node) in self._entered or type(node) in _ENTERED

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]:
        replacement: Replacement = updated_node
        if isinstance(original_node, cst.FormattedString):
            self._strings -= 1
            replacement = formatted.requoted(original_node, cst.ensure_type(updated_node, cst.FormattedString))
        for edit in self._edits.get(id(original_node), ()):
            assert isinstance(replacement, cst.CSTNode), "a node that is gone is edited again"
            replacement = edit.build(replacement)
        if id(original_node) in self._edits and isinstance(replacement, cst.CSTNode):
            replacement = replacement if self._strings else self._fitted(original_node, replacement)
            self.placed[id(original_node)] = replacement
        if replacement is cst.RemovalSentinel.REMOVE:
            self.gone.add(id(original_node))
        return self._neighbours(original_node, replacement)

    def _neighbours(self, original: cst.CSTNode, replacement: Replacement) -> Replacement:
        """Statements put beside others, and runs of statements put into blocks."""
        if isinstance(original, (cst.IndentedBlock, cst.Module)):
            return self._wrapped(original, replacement) if self.wraps else replacement
        if id(original) in self.insertions:
            assert isinstance(replacement, cst.BaseStatement), "a statement that is gone gets a neighbour"
            replacement = blocks.beside(replacement, self.insertions[id(original)])
        if self.wraps and isinstance(original, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
            self._became[id(original)] = replacement
        return replacement

    def _wrapped(self, original: cst.IndentedBlock | cst.Module, updated: Replacement) -> Replacement:
        """The block with runs of its statements put into `with` blocks."""
        wanted = [wrap for line in original.body for wrap in self.wraps.get(id(line), ())]
        if not wanted:
            return updated
        became = [self._became.get(id(line), line) for line in original.body]
        return cst.ensure_type(updated, type(original)).with_changes(
            body=blocks.wrapped(original.body, became, wanted, self._page.indent)
        )

    def _fitted(self, original: cst.CSTNode, replacement: cst.CSTNode) -> cst.CSTNode:
        """The replacement within the width of the page; edits inside another one are the outer one's affair."""
        around = [key for key in self._edits[id(original)][0].ancestors if key in self._edits]
        larger = [key for key in around if not isinstance(self._edits[key][0].target, _DEFINITIONS)]
        kinds = (cst.Call, cst.Assign, cst.AnnAssign)
        if (
            not larger
            and isinstance(replacement, kinds)
            and isinstance(original, kinds)
            and id(original) in self._spans
        ):
            relaid = self._page.relaid(replacement, original, self._spans[id(original)])
            if relaid is not None:
                return relaid
        if isinstance(replacement, (cst.Assign, cst.AnnAssign)) and not larger and id(original) in self._spans:
            return self._page.fit_statement(replacement, original, self._spans[id(original)])
        if (
            isinstance(replacement, cst.FunctionDef)
            and isinstance(original, cst.FunctionDef)
            and id(original) in self._spans
        ):
            return self._page.fit_definition(replacement, original, self._spans[id(original)])
        if not isinstance(replacement, cst.BaseExpression) or id(original) not in self._spans:
            return replacement
        span = self._spans[id(original)]
        if not larger:
            return self._page.fit(replacement, span)
        at = (span.start_line, span.start_column)
        starts = ((one.start_line, one.start_column) for one in map(self._spans.get, larger) if one is not None)
        return replacement if at in starts else self._page.fit_inner(replacement, span)


def apply(
    tree: cst.Module,
    changes: Iterable[Change],
    page: Page,
    spans: Mapping[int, Span],
    kept: frozenset[str] = frozenset(),
    own: str = "",
) -> Applied:
    """Make all changes. `spans` are those of the edited nodes in the text of `page`, `kept` names stay imported.

    `own` is the package of the application that the text is of.
    Edits of one node build on each other in the order given: `q.filter(…)`, then walking it."""
    edits: dict[int, list[Edit]] = {}
    entered: set[int] = set()
    wanted: set[Import] = set()
    moves: list[tuple[Import, Import]] = []
    insertions: dict[int, list[Insertion]] = {}
    wraps: dict[int, list[Wrap]] = {}
    for change in changes:
        wanted |= change.imports
        moves.extend(change.moves)
        for edit in change.edits:
            edits.setdefault(id(edit.target), []).append(edit)
            entered.add(id(edit.target))
            entered.update(edit.ancestors)
        for insertion in change.insertions:
            insertions.setdefault(id(insertion.target), []).append(insertion)
            entered.update(insertion.ancestors)
        for wrap in change.wraps:
            wraps.setdefault(id(wrap.first), []).append(wrap)
            entered.update(wrap.ancestors)
    editor = _Editor(edits, entered, page, spans)
    editor.insertions, editor.wraps = insertions, wraps
    changed = tree.visit(editor) if edits or insertions or wraps else tree
    outermost = {key for key, found in edits.items() if not any(a in edits for a in found[0].ancestors)}
    became = {**editor.placed, **dict.fromkeys(editor.gone, cst.Pass())}
    pairs = [(edits[key][0].target, node) for key, node in became.items() if key in outermost]
    if len(pairs) == len(outermost):
        inserted = [blocks.text_of(insertion) for found in insertions.values() for insertion in found]
        wanted = used(wanted, pairs, inserted)
    return Applied(with_imports(changed, wanted, moves, pairs, page.limit, kept, own), editor.placed)
