"""The catalogue's harness tells right from wrong: fed with known answers, it gives the known verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from translator.findings import Diagnostic, Severity, Span

from . import ratchet
from .entries import Entry, load, select
from .judging import BAN, DEFECTS, Outcome, Runs, judge, same
from .programs import SectionsLostError, Variant, compose, cut, is_python, unbound, variants
from .ratchet import RefusedError, accept, regressions
from .runtimes import CURRENT, LEGACY, Run, check_installed, run
from .scoreboard import Row, modern, naive, score
from .translating import Translated, by_modern, job, legacy_job

RIGHT = {Outcome.PROVEN, Outcome.PROVEN_ROWS, Outcome.UNCHANGED_OK, Outcome.NOT_RUNNABLE}
WEAKER = {
    # what the catalogue itself calls the same: only its own models' rows or other code around could show a difference
    "query-lazy-joined-mapping naive1",
    "query-one-or-none naive0",
    "query-scalar-multiple naive1",
}
GOOD = Run("[1]", "", (), (("SELECT a", "()"),), ())
OTHER_SQL = replace(GOOD, statements=(("SELECT b", "()"),))
LABELLED = replace(GOOD, statements=(("SELECT a AS x", "()"),))
OTHER_VALUE = replace(GOOD, value="[1, 1]")
NOT_COMMITTED = replace(GOOD, committed=("+tag(9)",))
WARNED = replace(GOOD, warnings=("MovedIn20Warning: old",))
BANNED = replace(GOOD, value=f"raises {BAN}", error=BAN)
RAISED = replace(GOOD, value="raises AttributeError: gone", error="AttributeError")


OTHER_ERROR = replace(RAISED, error="TypeError")
TOO_MANY = replace(RAISED, error="MultipleResultsFound")


def entry_named(name: str) -> Entry:
    return next(entry for entry in load() if entry.id == name)


def runs_of(banned: Run, allowed: Run | None = None, legacy_on_2: Run | None = None) -> Runs:
    return Runs(GOOD, legacy_on_2 or RAISED, GOOD, banned, allowed or banned)


@pytest.mark.parametrize(
    ("changed", "runs", "flag", "outcome"),
    [
        (True, runs_of(GOOD), None, Outcome.PROVEN),
        (True, runs_of(LABELLED), None, Outcome.PROVEN),
        (True, runs_of(OTHER_SQL), None, Outcome.PROVEN_ROWS),
        (True, runs_of(OTHER_VALUE), None, Outcome.DIFFERENT),
        (True, runs_of(NOT_COMMITTED), None, Outcome.DIFFERENT),
        (True, runs_of(RAISED), None, Outcome.BROKEN),
        (True, replace(runs_of(RAISED), on_legacy=GOOD), None, Outcome.SILENT),
        (True, replace(runs_of(RAISED), on_legacy=OTHER_VALUE), None, Outcome.BROKEN),
        (True, runs_of(OTHER_VALUE, legacy_on_2=OTHER_VALUE), None, Outcome.SILENT),
        (True, replace(runs_of(OTHER_VALUE, legacy_on_2=RAISED), on_legacy=GOOD), None, Outcome.DIFFERENT),
        (True, replace(runs_of(GOOD), elsewhere=(("empty", GOOD, OTHER_VALUE),)), None, Outcome.DIFFERENT),
        (True, replace(runs_of(GOOD), elsewhere=(("empty", GOOD, RAISED),)), None, Outcome.BROKEN),
        (True, replace(runs_of(GOOD), elsewhere=(("empty", OTHER_ERROR, RAISED),)), None, Outcome.PROVEN),
        (True, replace(runs_of(GOOD), elsewhere=(("crowded", TOO_MANY, RAISED),)), None, Outcome.DIFFERENT),
        (True, runs_of(WARNED), None, Outcome.SILENT),
        (True, runs_of(BANNED, GOOD), None, Outcome.SILENT),
        (True, runs_of(BANNED, OTHER_VALUE), None, Outcome.DIFFERENT),
        (True, runs_of(BANNED, GOOD), Severity.LEGACY, Outcome.FLAGGED),
        (True, runs_of(BANNED, OTHER_VALUE), Severity.LEGACY, Outcome.DIFFERENT),
        (True, runs_of(RAISED), Severity.LEGACY, Outcome.BROKEN),
        (True, runs_of(RAISED), Severity.REMOVED, Outcome.FLAGGED),
        (True, runs_of(OTHER_VALUE, legacy_on_2=RAISED), Severity.REMOVED, Outcome.DIFFERENT),
        (True, runs_of(OTHER_VALUE, legacy_on_2=OTHER_VALUE), Severity.REMOVED, Outcome.FLAGGED),
        (True, runs_of(OTHER_VALUE), Severity.NOTE, Outcome.DIFFERENT),
        (False, runs_of(GOOD), None, Outcome.UNCHANGED_STYLE),
        (False, runs_of(BANNED), None, Outcome.SILENT),
        (False, runs_of(RAISED), None, Outcome.SILENT),
        (False, runs_of(OTHER_VALUE), None, Outcome.SILENT),
        (False, runs_of(WARNED), None, Outcome.SILENT),
        (False, runs_of(BANNED), Severity.NOTE, Outcome.SILENT),
        (False, runs_of(BANNED), Severity.LEGACY, Outcome.FLAGGED),
    ],
)
def test_judge(changed: bool, runs: Runs, flag: Severity | None, outcome: Outcome) -> None:
    """What ran, what it gave and what was said decide the outcome."""
    entry = entry_named("query-all-entity")
    diagnostics = (Diagnostic("old", flag, Span(1, 0, 1, 5), "seen"),) if flag else ()
    after = entry.modern if changed else entry.legacy
    translated = Translated(Variant.SIGHT, {"snippet": entry.legacy}, {"snippet": after}, diagnostics)
    assert judge(entry, translated, runs).outcome is outcome


def test_missing_import_is_a_defect_in_a_whole_program() -> None:
    """A program that uses a name nothing imports would fail for its author, whatever it does here."""
    entry = entry_named("query-all-entity")
    translated = Translated(Variant.SIGHT, {"snippet": entry.legacy}, {"snippet": entry.modern}, missing=("select",))
    assert judge(entry, translated, runs_of(GOOD)).outcome is Outcome.BROKEN


def test_an_explained_difference_counts_only_where_the_rewrite_is_automatic() -> None:
    """Where the catalogue accepts a difference in a manual rewrite, a machine that makes it is still wrong."""
    runs = replace(runs_of(OTHER_VALUE), modern=OTHER_VALUE)
    for name, outcome in (
        ("query-update-sync-unevaluatable", Outcome.PROVEN_ROWS),
        ("session-bulk-events", Outcome.DIFFERENT),
    ):
        entry = entry_named(name)
        assert entry.differs_ok
        assert judge(entry, by_modern(entry), runs).outcome is outcome


def test_modern_forms_come_out_right() -> None:
    """The catalogue's own 2.0 forms, as if they were translations, are proven wherever legacy and modern agree."""
    check_installed()
    sample = [entry for entry in load()[::5] if entry.legacy_runs and not entry.automatic.startswith("manual")]
    assert len(sample) > 60
    assert not _told(row for row in score(sample, modern) if row.verdict.outcome not in RIGHT)


def test_wrong_forms_come_out_wrong() -> None:
    """The catalogue's wrong translations are caught, but for those that this data can't tell."""
    check_installed()
    rows = score(select(["query-exec", "query-dml", "result-row"]), naive)
    assert len(rows) > 50
    passed = {row.key for row in rows if row.verdict.outcome in {Outcome.PROVEN, Outcome.UNCHANGED_OK}}
    assert passed <= WEAKER
    assert sum(row.verdict.outcome in DEFECTS for row in rows) > len(rows) * 0.7


def test_ban_refuses_only_the_codes_own_queries() -> None:
    """The legacy Query is refused where the code builds it, not where SQLAlchemy does for a loader."""
    entry = entry_named("query-all-entity")
    own = legacy_job(entry) | {"ban": True}
    loader = own | {
        "code": "[len(a.books) for a in session.scalars(select(Author).options(subqueryload(Author.books)))]"
    }
    direct = own | {"code": "Query([Author], session)"}
    refused, through, constructed, allowed = run({CURRENT: [own, loader, direct, legacy_job(entry)]})[CURRENT]
    assert refused.error == constructed.error == BAN
    assert not through.error
    assert not allowed.error


def test_programs_run_in_sight_of_every_name() -> None:
    """A program of the variant "sight" imports or defines all it uses, so that a type is never a guess."""
    for entry in load():
        program = compose(entry, Variant.SIGHT)
        if is_python(program.text) and entry.runs and entry.legacy_runs:
            assert unbound(program.text) <= {"DB", "V", "show"}, entry.id


def test_sections_come_apart_as_they_were_put_together() -> None:
    """A diagnostic on a snippet's line is a diagnostic on the entry; cutting gives the snippet back."""
    for entry in load():
        for variant in variants(entry):
            program = compose(entry, variant)
            lines = program.text.splitlines()
            inside = "\n".join(lines[number - 1] for number in program.snippet_lines)
            assert inside == program.sections["snippet"].rstrip("\n"), entry.id
            assert cut(program.text) == program.sections


@pytest.mark.parametrize("variant", list(Variant))
def test_a_program_does_what_its_entry_does(variant: Variant) -> None:
    """Putting an entry into a program or a function changes nothing of what it does on 1.4."""
    sample = [one for one in load()[3::9] if one.legacy_runs and variant in variants(one)]
    programs = [compose(entry, variant).sections for entry in sample]
    wrapped = [
        job(entry, Translated(variant, text, text), ban=False) for entry, text in zip(sample, programs, strict=True)
    ]
    runs = run({LEGACY: [*map(legacy_job, sample), *wrapped]})[LEGACY]
    plain, composed = runs[: len(sample)], runs[len(sample) :]
    assert not [
        (entry.id, one.value, other.value)
        for entry, one, other in zip(sample, plain, composed, strict=True)
        if not same(one, other)
    ]


def test_a_doubled_marker_is_noticed() -> None:
    """A comment that a translation repeats must not pass as a section."""
    with pytest.raises(SectionsLostError):
        cut("# :: setup\n# :: setup\n")


def test_both_versions_see_the_same_rows() -> None:
    """Both runtimes start from the same data and report values in the same words."""
    entry = entry_named("query-all-entity")
    legacy, current = (run({runtime: [legacy_job(entry)]})[runtime][0] for runtime in (LEGACY, CURRENT))
    assert legacy.value == current.value == "[Author#1, Author#2, Author#3, Author#4, Author#5]"


def test_defects_can_not_be_accepted() -> None:
    """The switch that rewrites the expectations refuses what is wrong, and a defect is always a regression."""
    entry = entry_named("query-all-entity")
    translated = by_modern(entry)
    runs = runs_of(OTHER_VALUE)
    row = Row(entry, translated, runs, judge(entry, translated, runs))
    assert regressions([row])
    with pytest.raises(RefusedError):
        accept([row])


def test_a_mended_defect_is_taken_off_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known defect is let through while it lasts; a line that outlives it would hide the next one."""
    monkeypatch.setattr(ratchet, "PATH", tmp_path / "expected.txt")
    entry = entry_named("query-all-entity")
    bad, good = (
        Row(entry, by_modern(entry), runs, judge(entry, by_modern(entry), runs))
        for runs in (runs_of(OTHER_VALUE), runs_of(GOOD))
    )
    ratchet.PATH.write_text(f"{bad.key} different  # known\n")
    assert not regressions([bad])
    assert regressions([good])
    accept([good])
    assert not regressions([good])
    assert regressions([bad])


def _told(rows: Iterable[Row]) -> list[str]:
    return [f"{row.key}: {row.verdict}" for row in rows]
