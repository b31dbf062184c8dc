"""What a translation is worth: it ran and did the same, was left with a word, or one of the ways of going wrong.

Pure: sees the texts and the recorded runs, runs nothing itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from translator.findings import Severity

from .entries import Entry
from .programs import Variant
from .runtimes import Run
from .translating import Translated

BAN = "LegacyQueryBanned"
WITHOUT_ROWS = "result without rows, count "
IN_PROGRAM = (Variant.SIGHT, Variant.FUNCTION)
ANSWERS = {"NoResultFound", "MultipleResultsFound", "IndexError", "NotFound", "IntegrityError"}
"""Exceptions that are a result."""
DRIFTED = "unlike the modern form's"
LEGACY_WARNINGS = ("SADeprecationWarning", "MovedIn20Warning", "LegacyAPIWarning", "RemovedIn20Warning")


class Outcome(StrEnum):
    """What became of one entry in one variant, worst first."""

    CRASH = "crash"
    """The translator raised, refused sound code, or gave text that is not Python."""
    DIFFERENT = "different"
    """Changed, and it does something else."""
    BROKEN = "broken"
    """Changed, and it raises."""
    SILENT = "silent"
    """Legacy code stays without a word, though 2.x warns, refuses it, or does something else."""
    FLAGGED = "flagged"
    """Left, or left in part, and reported."""
    UNCHANGED_STYLE = "unchanged-style"
    """Left without a word; it runs on 2.x and does the same, but the catalogue writes it otherwise."""
    PROVEN_ROWS = "proven-rows"
    """Changed, same value and data, other SQL."""
    PROVEN = "proven"
    """Changed, same value, data and SQL up to labels."""
    UNCHANGED_OK = "unchanged-ok"
    """There was nothing to change."""
    NOT_RUNNABLE = "not-runnable"
    """The catalogue does not run this entry."""


DEFECTS = (Outcome.CRASH, Outcome.DIFFERENT, Outcome.BROKEN)
RANK = {
    outcome: rank
    for rank, group in enumerate(
        (
            DEFECTS,
            (Outcome.SILENT,),
            (Outcome.FLAGGED, Outcome.UNCHANGED_STYLE),
            (Outcome.PROVEN_ROWS,),
            (Outcome.PROVEN, Outcome.UNCHANGED_OK, Outcome.NOT_RUNNABLE),
        )
    )
    for outcome in group
}


@dataclass(frozen=True, slots=True)
class Runs:
    """All that was recorded for one translation."""

    legacy: Run | None
    """The entry as it stands on 1.4."""
    legacy_on_2: Run | None
    """The same on 2.x, run only where it is needed to judge."""
    modern: Run
    """The catalogue's 2.0 form on 2.x."""
    banned: Run
    """The translation on 2.x with the legacy Query refused."""
    allowed: Run
    """The same with it allowed."""
    on_legacy: Run | None = None
    """The translation on 1.4."""
    elsewhere: tuple[tuple[str, Run, Run], ...] = ()
    """On other rows: their name, the legacy run, the translation's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome and the sentence that explains it."""

    outcome: Outcome
    reason: str = ""


def compare_sql(one: Run, other: Run) -> str:
    """identical, labels (the same up to labels and anonymous names) or different."""
    if one.statements == other.statements:
        return "identical"
    plain, others = ([(_unlabelled(sql), parameters) for sql, parameters in run.statements] for run in (one, other))
    return "labels" if plain == others else "different"


def same(one: Run, other: Run, bare: bool = False) -> bool:
    """Whether value, exception and committed data are the same; `bare`: nobody reads an UPDATE's result."""
    if one.error or other.error:
        return one.error == other.error and one.committed == other.committed
    return _value(one.value, bare) == _value(other.value, bare) and one.committed == other.committed


def same_elsewhere(one: Run, other: Run, bare: bool = False) -> bool:
    """`same` for rows an entry was not written for: if it stumbles over a None there, so may its translation."""
    if one.error and other.error and not {one.error, other.error} & ANSWERS:
        return one.committed == other.committed
    return same(one, other, bare)


def judge(entry: Entry, translated: Translated, runs: Runs | None) -> Verdict:
    """The outcome of one translation."""
    if runs is None:
        if translated.failure and not translated.failure.startswith("refused"):
            return Verdict(Outcome.CRASH, translated.failure)
        text = "as the catalogue has it" if translated.after["snippet"].strip() == entry.modern.strip() else ""
        return Verdict(Outcome.NOT_RUNNABLE, text)
    if translated.failure:
        return Verdict(Outcome.CRASH, translated.failure)
    if runs.legacy is not None and runs.legacy.error == "NameError" and not entry.legacy_runs:
        return Verdict(Outcome.NOT_RUNNABLE, f"the legacy form is a fragment: {runs.legacy.value}")
    bare = translated.variant not in IN_PROGRAM
    if not translated.changed:
        return _unchanged(entry, translated, runs, bare)
    if translated.missing and translated.variant in IN_PROGRAM:
        return Verdict(Outcome.BROKEN, f"uses names that nothing imports: {', '.join(translated.missing)}")
    return _changed(entry, translated, runs, bare)


def _unchanged(entry: Entry, translated: Translated, runs: Runs, bare: bool) -> Verdict:
    if translated.flags:
        return Verdict(Outcome.FLAGGED, _words(translated))
    if runs.banned.error == BAN:
        return Verdict(Outcome.SILENT, "a legacy Query stays")
    if not _as_expected(entry, runs.banned, runs, bare):
        if runs.banned.error:
            return Verdict(Outcome.SILENT, f"on 2.x {runs.banned.value}")
        return Verdict(Outcome.SILENT, f"on 2.x {_difference(runs.banned, _reference(entry, runs))}")
    if warned := _new_warnings(runs.banned, runs.modern):
        return Verdict(Outcome.SILENT, f"2.x warns: {warned[0]}")
    if entry.legacy.strip() == entry.modern.strip():
        return Verdict(Outcome.UNCHANGED_OK)
    return Verdict(Outcome.UNCHANGED_STYLE, "runs on 2.x as it is")


def _changed(entry: Entry, translated: Translated, runs: Runs, bare: bool) -> Verdict:
    if translated.flags:
        return _partly(entry, translated, runs, bare)
    if runs.banned.error == BAN:
        if _as_expected(entry, runs.allowed, runs, bare):
            return Verdict(Outcome.SILENT, "changed, but a legacy Query stays")
        return _wrong(entry, runs.allowed, runs)
    if not _as_expected(entry, runs.banned, runs, bare):
        return _wrong(entry, runs.banned, runs)
    if warned := _new_warnings(runs.banned, runs.modern):
        return Verdict(Outcome.SILENT, f"changed, but 2.x still warns: {warned[0]}")
    reference = _reference(entry, runs)
    for dataset, legacy, translation in runs.elsewhere:
        if not entry.differs_ok and not same_elsewhere(translation, legacy, bare):
            reason = f"on {dataset} rows gives {_gist(translation)}, where legacy gives {_gist(legacy)}"
            return Verdict(Outcome.BROKEN if translation.error and not legacy.error else Outcome.DIFFERENT, reason)
    if not same(runs.banned, reference, bare):
        return Verdict(Outcome.PROVEN_ROWS, f"differs as the catalogue expects: {entry.differs_ok}")
    match compare_sql(runs.banned, reference):
        case "different":
            drifted = compare_sql(runs.banned, runs.modern) == "different"
            return Verdict(Outcome.PROVEN_ROWS, f"other SQL, {DRIFTED if drifted else 'that of the modern form'}")
        case match:
            return Verdict(Outcome.PROVEN, match)


def _partly(entry: Entry, translated: Translated, runs: Runs, bare: bool) -> Verdict:
    """Changed and reported: what stays must account for whatever goes wrong."""
    if _as_expected(entry, runs.allowed, runs, bare):
        return Verdict(Outcome.FLAGGED, f"in part; {_words(translated)}")
    removed = any(flag.severity is Severity.REMOVED for flag in translated.flags)
    unchanged = runs.legacy_on_2
    if removed and (runs.allowed.error or (unchanged is not None and same(runs.allowed, unchanged, bare))):
        return Verdict(Outcome.FLAGGED, f"in part; {_words(translated)}")
    return _wrong(entry, runs.allowed, runs)


def _wrong(entry: Entry, run: Run, runs: Runs) -> Verdict:
    """What went wrong, and whether by the change or by what 2.x does to legacy code that was left beside it."""
    reference = _reference(entry, runs)
    if run.error and runs.on_legacy is not None and same(runs.on_legacy, reference):
        return Verdict(Outcome.SILENT, f"the change is sound (on 1.4 too), but legacy code stays: {run.value}")
    unchanged = runs.legacy_on_2
    if unchanged is not None and not unchanged.error and same(run, unchanged):
        return Verdict(Outcome.SILENT, f"behaves differently on 2.x, changed or not: {_gist(run)}")
    if run.error and not reference.error:
        return Verdict(Outcome.BROKEN, run.value)
    return Verdict(Outcome.DIFFERENT, _difference(run, reference))


def _difference(run: Run, reference: Run) -> str:
    if run.committed != reference.committed:
        return f"commits {_lines(run.committed)}, where legacy commits {_lines(reference.committed)}"
    return f"gives {run.value[:160]}, where legacy gives {reference.value[:160]}"


def _reference(entry: Entry, runs: Runs) -> Run:
    """What to do the same as: the legacy run, or the modern one where the legacy form does not run on 1.4."""
    legacy = runs.legacy
    return legacy if legacy is not None and (entry.legacy_runs or not legacy.error) else runs.modern


def _as_expected(entry: Entry, run: Run, runs: Runs, bare: bool) -> bool:
    if same(run, _reference(entry, runs), bare):
        return True
    return bool(entry.differs_ok) and entry.meant_to_be_automatic and same(run, runs.modern, bare)


def _new_warnings(run: Run, modern: Run) -> list[str]:
    return [line for line in run.warnings if line.startswith(LEGACY_WARNINGS) and line not in modern.warnings]


def _words(translated: Translated) -> str:
    flag = translated.flags[0]
    return f"{flag.severity} {flag.slug}: {flag.message}"


def _gist(run: Run) -> str:
    return run.value[:160] + (f" and commits {_lines(run.committed)}" if run.committed else "")


def _lines(committed: tuple[str, ...]) -> str:
    return "; ".join(committed[:3]) or "nothing"


def _unlabelled(sql: str) -> str:
    sql = re.sub(r" AS (\"[^\"]+\"|\w+)", "", sql)
    sql = re.sub(r"\banon_\d+\.\w+", "anon.col", sql)
    return re.sub(r" RETURNING .*$", "", sql)


def _value(value: str, bare: bool) -> str:
    if "QUERY " in value or "SQL " in value:
        value = _unlabelled(value.replace("QUERY ", "SQL "))
    return value.removeprefix(WITHOUT_ROWS) if bare else value
