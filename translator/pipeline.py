"""Wires the stages: the only place that knows their order."""

from __future__ import annotations

import ast
import unicodedata  # noqa: F401  ast.parse() wants it for names beyond ASCII, and can't load it inside the jail
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial

import libcst as cst

from translator import rules
from translator.apply import Applied, apply
from translator.edits import Change
from translator.findings import AppliedChange, Diagnostic, Related, SourceError, Span, Translation
from translator.model.closing import Mentioned
from translator.model.mapping import MappedClass, Mapping
from translator.model.module import ModuleModel, understand, understand_together, unit_of
from translator.options import Options
from translator.prepare import MAX_SOURCE_BYTES, Prepared, prepare, syntax_error
from translator.prepare.line_limits import LineLimit
from translator.report import dump
from translator.schema.infer import plan
from translator.syntax import alignment
from translator.syntax.fitting import Page
from translator.syntax.positions import printed, spans_of

_DEFAULT = Options()


def translate(
    source: str,
    options: Options = _DEFAULT,
    *,
    limit: int | None = None,
    known: Iterable[MappedClass] = (),
    line_limit: LineLimit | None = None,
) -> Translation:
    """Translate one text to 2.0 style.

    `limit` is the size of the largest source that is taken, in bytes of UTF-8; None means no limit of its own. `known`
    are mapped classes that stand in other modules, `line_limit` is what the project says of the length of lines.
    Raises `SourceError` where the text can't be translated at all.
    """
    prepared = replace(prepare(source, limit=limit), line_limit=line_limit)
    tree = parse(prepared)
    model = understand(tree, Mapping(known))
    return _finished(prepared, tree, rules.judge([model], model.webs, options)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One module of a program: its text, and the dotted names that it can be imported by, the usual one first."""

    prepared: Prepared
    tree: cst.Module
    names: tuple[str, ...]
    package: bool
    """Whether it is the `__init__` of a package."""


def translate_together(
    sources: Sequence[Source],
    options: Options,
    known: Sequence[MappedClass],
    mentioned: Mentioned,
    *,
    whole: bool = False,
    beside: rules.Beside | None = None,
) -> list[Callable[[], Translation]]:
    """Translate modules as one program, so that queries which go from one to another change in all of them, or in none.

    `known` are the mapped classes of the program, `mentioned` counts how often names are mentioned in all that may use
    it, `whole` whether nothing of it was left out, `beside` tells what the files do that may use it and are no part
    of it. Gives for each source what makes its translation, in the same order:
    that is work of its own, and independent.
    """
    units = [
        unit_of(index, source.names, source.package, source.tree, Mapping(known))
        for index, source in enumerate(sources)
    ]
    program = understand_together(units, mentioned, whole=whole)
    verdicts = rules.judge(program.modules, program.webs, options, beside)
    return [
        partial(_finished, source.prepared, source.tree, verdict, "".join(source.names[:1]).partition(".")[0])
        for source, verdict in zip(sources, verdicts, strict=True)
    ]


def _finished(prepared: Prepared, tree: cst.Module, verdicts: rules.Verdicts, own: str = "") -> Translation:
    """The text with the changes made that the rules asked for; `own` is the package that it is of."""
    changes = [change for group in verdicts.changes for change in group]
    findings = verdicts.findings
    wanted = [edit.target for change in changes for edit in change.edits] + [change.site for change in changes]
    wanted += [f.node for f in findings] + [node for f in findings for node, _ in f.related]
    spans = spans_of(tree, wanted)
    page = Page.of(prepared.code, tree.default_indent, prepared.line_limit)
    applied = apply(tree, changes, page, spans, verdicts.kept, own)
    return _translation(prepared, spans, applied, changes, findings)


def parse(prepared: Prepared) -> cst.Module:
    """The syntax tree of prepared text. Raises `SourceError` with CPython's own message where it can't be parsed."""
    try:
        return cst.parse_module(prepared.code)
    except (cst.ParserSyntaxError, RecursionError, UnicodeError) as error:
        line, column = (error.raw_line, error.raw_column) if isinstance(error, cst.ParserSyntaxError) else (1, 0)
        raise syntax_error(prepared, line, column) from error


def _check(code: str, before: str) -> None:
    """A result that does not parse is a defect of ours, never a result."""
    try:
        ast.parse(code)
    except SyntaxError:
        cst.parse_module(code)
        if _parses(before):
            raise
        # else both are only newer than this Python


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _translation(
    prepared: Prepared,
    before: dict[int, Span],
    applied: Applied,
    changes: list[Change],
    findings: tuple[rules.Finding, ...],
) -> Translation:
    code, after = printed(applied.tree, list(applied.placed.values()))
    _check(code, prepared.code)
    code, moved = alignment.restored(prepared.code, code) if applied.placed else (code, {})
    after = {key: alignment.shifted(span, moved) for key, span in after.items()} if moved else after
    output, lines_after = prepared.restore(code)
    whole = Span(1, 0, 1, 0)

    def place(node: cst.CSTNode) -> Span:
        return prepared.span(before.get(id(node), whole))

    in_output = dict(zip(after, prepared.output_spans(list(after.values()), code), strict=True))
    made = [
        AppliedChange(
            change.rule,
            place(change.site),
            in_output.get(id(applied.placed.get(id(change.site)))),
            change.safety,
            change.need,
            change.reason,
        )
        for change in changes
        if change.edits or change.moves or change.wraps or change.insertions
    ]
    diagnostics = [
        Diagnostic(
            f.slug, f.severity, place(f.node), f.message, f.cause, tuple(Related(place(n), m) for n, m in f.related)
        )
        for f in findings
    ]
    return Translation(
        source=prepared.source,
        output=output,
        code_before=prepared.code,
        code_after=code,
        lines_before=prepared.lines,
        lines_after=lines_after,
        changes=tuple(sorted(made, key=lambda change: change.span)),
        diagnostics=tuple(sorted(diagnostics, key=lambda d: (d.span, d.slug))),
    )


def understood(source: str) -> ModuleModel:
    """The model of a text, for those who want to look at it."""
    return understand(parse(prepare(source, limit=None)))


def translate_job(request: dict[str, object]) -> dict[str, object]:
    """One translation asked for and answered in JSON values, for a process that holds untrusted text.

    Takes `source` and `options`; gives `translation` and the `plan` of the schema to prove it on, or `error`. Never
    raises for bad input.
    """
    source = str(request.get("source", ""))
    raw = request.get("options")
    try:
        options = Options.parse(raw if isinstance(raw, dict) else {})
        translation = translate(source, options, limit=MAX_SOURCE_BYTES, known=_classes_of(options.schema))
    except SourceError as error:
        span = None if error.span is None else list(astuple(error.span))
        return {"error": {"kind": str(error.kind), "message": error.message, "span": span}}
    return {"translation": dump(translation), "plan": plan(translation.code_before, options.schema)}


def _classes_of(schema: str) -> tuple[MappedClass, ...]:
    """The mapped classes of models that are given beside the text; none where they can't be read, which the proof says."""
    if not schema:
        return ()
    mapping = Mapping()
    try:
        mapping.collect(parse(prepare(schema, limit=MAX_SOURCE_BYTES)).body, origin="schema")
    except (SourceError, cst.CSTLogicError):
        return ()
    return mapping.everything()
