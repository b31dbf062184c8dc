"""The command line: files and folders in; text, diff or JSON out. Knows nothing of how a text is translated.

Standard output holds what was asked for and nothing else; everything said about it goes to standard error.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from translator.findings import Diagnostic, Safety, Severity, SourceError, Span, Translation
from translator.options import Dialect, Dynamic, Models, OptionError, Options, Python, Style, Target
from translator.prepare import type_checkers
from translator.prepare.files import encode, python_files, replace_file
from translator.project import STDIN, Outcome, Refusal, Text, translate_all
from translator.report import report, tool_version, unified_diff
from translator.rules import every_rule
from translator.verify.trace import Verdict, Verification
from translator.workbench import Busy, JobFailed, verify

OK, FOUND, BAD_INPUT = 0, 1, 2


class UsageError(Exception):
    """The command line asks for something that can't be done; the message says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        if chosen.rules:
            _say_rules()
            return OK
        return _run(chosen)
    except UsageError as error:
        _complain(f"requery: {error}")
        return BAD_INPUT
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="requery",
        description="Translate SQLAlchemy 1.x code to 2.0 style.",
        epilog="Exit status: 0; 1 when --check finds something; 2 when an input could not be translated.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder, or - for standard input")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--diff", action="store_true", help="print what would change")
    output.add_argument("--write", action="store_true", help="change the files")
    output.add_argument("--format", choices=("text", "json"), default="text", help="json: one report a line")
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 if there is legacy code; print no translation"
    )
    parser.add_argument("--verify", action="store_true", help="run both sides and print whether they do the same")
    parser.add_argument("--only", metavar="RULE,...", default="", help="apply these rules only")
    parser.add_argument("--skip", metavar="RULE,...", default="", help="do not apply these rules")
    parser.add_argument(
        "--convert-escaping",
        action=argparse.BooleanOptionalAction,
        help="convert queries that leave the text in sight, too, and flag them (standard input: on, files: off)",
    )
    parser.add_argument(
        "--convert-bulk",
        action="store_true",
        help="write bulk_save_objects() and its kin as insert() and update(), too",
    )
    parser.add_argument(
        "--style", default=Style.EXACT, choices=[str(s) for s in Style], help="how close to 1.x to stay"
    )
    parser.add_argument(
        "--models",
        default=Models.TYPED,
        choices=[str(m) for m in Models],
        help="how models are written: Mapped[...] annotations, mapped_column() without them, or left alone",
    )
    parser.add_argument(
        "--dynamic",
        default=Dynamic.CERTAIN,
        choices=[str(d) for d in Dynamic],
        help='lazy="dynamic" becomes WriteOnlyMapped where every use in sight has such a form (certain: and there is one, and '
        "nothing in sight may walk attributes by names that stand nowhere), or stays",
    )
    parser.add_argument(
        "--python",
        default=Python.PY310,
        choices=[str(p) for p in Python],
        help="the oldest Python that annotations are written for",
    )
    parser.add_argument(
        "--target",
        default=Target.SA21,
        choices=[str(t) for t in Target],
        help="the newest SQLAlchemy that the output has to run on",
    )
    parser.add_argument(
        "--keep-column-order",
        action="store_true",
        help="write sort_order on the columns of mixins, so that tables keep the order of 1.x",
    )
    parser.add_argument(
        "--check-untyped",
        action=argparse.BooleanOptionalAction,
        help="write what type checkers accept in functions without annotations, too (files: on where the project "
        "configures pyright, or check_untyped_defs of mypy)",
    )
    parser.add_argument("--dialect", default=Dialect.SQLITE, choices=[str(d) for d in Dialect], help="of the shown SQL")
    parser.add_argument("--schema", metavar="FILE", help="models that the inputs speak of and don't show")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="worker processes for many files"
    )
    parser.add_argument("--rules", action="store_true", help="list the rules")
    parser.add_argument("--version", action="version", version=f"requery {tool_version()}")
    return parser


def _run(chosen: argparse.Namespace) -> int:
    options = _options(chosen)
    names = _names(chosen.paths)
    prints_text = not (chosen.diff or chosen.write or chosen.check or chosen.format == "json")
    if prints_text and len(names) > 1:
        raise UsageError("several files can't all be printed; say --diff, --write, --check or --format json")
    if chosen.write and STDIN in names:
        raise UsageError("--write needs files; the translation of standard input is printed")

    def options_for(name: str) -> Options:
        if name == STDIN:
            return replace(options, convert_escaping=True) if chosen.convert_escaping is None else options
        looked_at = chosen.check_untyped is None and type_checkers.look_everywhere(Path(name))
        return replace(options, check_untyped=True) if looked_at else options

    status = OK
    for outcome in translate_all(names, options_for, chosen.jobs):
        status = max(status, _show_outcome(outcome, chosen, options_for(outcome.name)))
    return status


def _show_outcome(outcome: Outcome, chosen: argparse.Namespace, options: Options) -> int:
    """Show what became of one input. A bad one is said in a line and changes nothing."""
    if outcome.text is None or outcome.translation is None:
        assert outcome.refusal is not None
        _refuse(outcome.name, outcome.refusal, chosen)
        return BAD_INPUT
    text, translation = outcome.text, outcome.translation
    proof = _prove(text, translation, options) if chosen.verify else None
    try:
        _show(text, translation, encode(translation.output, text.encoding), proof, chosen, options)
    except SourceError as error:
        _refuse(outcome.name, Refusal(str(error.kind), error.message, error.span), chosen)
        return BAD_INPUT
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _complain(f"{text.name}: could not be written: {error.strerror or error}. It is as it was.")
        return BAD_INPUT
    return FOUND if chosen.check and _is_legacy(translation) else OK


def _is_legacy(translation: Translation) -> bool:
    return translation.changed or any(found.severity is not Severity.NOTE for found in translation.diagnostics)


# Reading


def _options(chosen: argparse.Namespace) -> Options:
    raw = {"dialect": chosen.dialect, "style": chosen.style, "only": chosen.only, "skip": chosen.skip}
    raw |= {
        "convert_bulk": chosen.convert_bulk,
        "models": chosen.models,
        "dynamic": chosen.dynamic,
        "python": chosen.python,
        "target": chosen.target,
    }
    raw["keep_column_order"] = chosen.keep_column_order
    raw["check_untyped"] = bool(chosen.check_untyped)
    if chosen.schema:
        raw["schema"] = _schema(chosen.schema)
    if chosen.convert_escaping is not None:
        raw["convert_escaping"] = chosen.convert_escaping
    try:
        options = Options.parse(raw)
    except OptionError as error:
        raise UsageError(str(error)) from None
    known = [rule.slug for rule in every_rule()]
    for slug in (*options.only, *options.skip):
        if slug not in known:
            near = difflib.get_close_matches(slug, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see requery --rules"
            raise UsageError(f"there is no rule {slug[:60]!r}; {hint}")
    return options


def _schema(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise UsageError(f"the schema {path} can't be read: {error}") from None


def _names(paths: Sequence[str]) -> list[str]:
    if not paths:
        raise UsageError("say which files to translate, or - for standard input; see requery --help")
    names: dict[str, None] = {}
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            found = list(python_files(Path(path)))
            if not found:
                raise UsageError(f"there are no Python files in {path}")
            names.update(dict.fromkeys(found))
        else:
            names[path] = None
    return list(names)


# Showing


def _show(
    text: Text,
    translation: Translation,
    output: bytes,
    proof: Verification | None,
    chosen: argparse.Namespace,
    options: Options,
) -> None:
    if chosen.format == "json":
        _say_json({"path": text.name, **report(translation, proof, options)})
        return
    if chosen.write and text.path is not None and translation.changed:
        replace_file(text.path, output)
        count = len(translation.changes)
        _complain(f"{text.name}: {count} {'change' if count == 1 else 'changes'} written")
    elif chosen.diff:
        _say(encode(unified_diff(translation.source, translation.output, text.name.lstrip("/")), text.encoding))
    elif not (chosen.write or chosen.check):
        _say(output)
    elif chosen.check and translation.changed:
        _complain(f"{text.name}: would change")
    _say_findings(text.name, translation)
    if proof:
        _say_proof(text.name, proof)


def _say_findings(name: str, translation: Translation) -> None:
    lines = [(found.span, f"{found.severity} {found.slug}: {_words(found)}") for found in translation.diagnostics]
    lines += [
        (change.span, f"review {change.rule}: {change.reason}")
        for change in translation.changes
        if change.safety is Safety.REVIEW
    ]
    for span, words in sorted(lines):
        _complain(f"{_place(name, span)}: {words}")


def _words(found: Diagnostic) -> str:
    told = found.cause is None or found.cause in found.message
    return found.message if told else f"{found.message} ({found.cause})"


def _say_proof(name: str, proof: Verification) -> None:
    runtimes = f"SQLAlchemy {proof.runtimes.before} and {proof.runtimes.after}"
    _complain(f"{name}: {proof.verdict}: {proof.reason} ({runtimes})")
    for pair in proof.statements:
        side = pair.before or pair.after
        if pair.verdict is not Verdict.SAME and side is not None:
            _complain(f"{name}:{side.line or '?'}: {pair.verdict}: {pair.reason}")


def _prove(text: Text, translation: Translation, options: Options) -> Verification | None:
    try:
        return verify(translation, options)
    except (JobFailed, Busy) as error:
        _complain(f"{text.name}: {Verdict.NOT_RUN}: {error}")
        return None


def _refuse(name: str, refusal: Refusal, chosen: argparse.Namespace) -> None:
    name, span = "<stdin>" if name == STDIN else name, refusal.span
    _complain(f"{_place(name, span)}: error {refusal.kind}: {refusal.message}")
    if chosen.format == "json":
        start = None if span is None else {"line": span.start_line, "column": span.start_column + 1}
        _say_json({"path": name, "error": {"kind": refusal.kind, "message": refusal.message, "start": start}})


def _place(name: str, span: Span | None) -> str:
    return name if span is None else f"{name}:{span.start_line}:{span.start_column + 1}"


def _say_rules() -> None:
    for rule in every_rule():
        _say(f"{rule.slug}: {rule.title}\n".encode())


def _say_json(value: dict[str, Any]) -> None:
    _say(json.dumps(value).encode() + b"\n")


def _say(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _complain(line: str) -> None:
    # a message may quote what the code said: nothing in it may steer the terminal, nor look like another line
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)
    sys.stderr.write(shown + "\n")
