"""Every entry translated, run and judged; and the outcome as a table and as the details of one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from .entries import FAMILIES, Entry
from .judging import BAN, Outcome, Runs, Verdict, compare_sql, judge, same_elsewhere
from .programs import Variant, is_python, variants
from .runtimes import CURRENT, LEGACY, Job, Run, Runtime, run
from .translating import Translated, by_engine, by_modern, by_naive, job, legacy_job, modern_job

FEW_ENTRIES = 12
OTHER_ROWS = ("crowded", "empty")
Translate = Callable[[Entry], list[Translated]]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in one variant, with all that led to its verdict."""

    entry: Entry
    translated: Translated
    runs: Runs | None
    verdict: Verdict

    @property
    def key(self) -> str:
        return f"{self.entry.id} {self.translated.variant}"


def engine(entry: Entry) -> list[Translated]:
    """The engine's translations of an entry, one a variant."""
    return [by_engine(entry, variant) for variant in variants(entry)]


def modern(entry: Entry) -> list[Translated]:
    """The catalogue's own 2.0 form in the engine's place."""
    return [by_modern(entry)]


def naive(entry: Entry) -> list[Translated]:
    """The catalogue's wrong forms in the engine's place."""
    return [by_naive(entry, index) for index in range(len(entry.naive))]


TRANSLATORS: dict[str, Translate] = {"engine": engine, "modern": modern, "naive": naive}


def score(
    entries: Sequence[Entry], translate: Translate = engine, target: Runtime = CURRENT, fresh: bool = False
) -> list[Row]:
    """Translate, run and judge all the entries; `target` is the 2.x they run on."""
    pairs = [(entry, one) for entry, all_ in zip(entries, _translated(entries, translate), strict=True) for one in all_]
    running = [(entry, one) for entry, one in pairs if entry.runs and is_python(entry.legacy) and not one.failure]
    recorded = dict(zip((_key(*pair) for pair in running), _record(running, target, fresh), strict=True))
    rows = [
        Row(entry, one, runs, judge(entry, one, runs))
        for entry, one in pairs
        for runs in [recorded.get(_key(entry, one))]
    ]
    return _looked_at_twice(rows, target, fresh)


def _looked_at_twice(rows: Sequence[Row], target: Runtime, fresh: bool) -> list[Row]:
    """The rows, with what is needed to tell a wrong change from legacy code that stayed beside a right one."""
    wrong = [row for row in rows if row.runs and row.verdict.outcome in (Outcome.BROKEN, Outcome.DIFFERENT)]
    recorded = run(
        {
            LEGACY: [job(row.entry, row.translated, ban=False) for row in wrong],
            target: [legacy_job(row.entry) for row in wrong],
        },
        fresh,
    )
    again: dict[str, Row] = {}
    for row, on_legacy, legacy_on_2 in zip(wrong, recorded[LEGACY], recorded[target], strict=True):
        assert row.runs is not None
        runs = replace(row.runs, on_legacy=on_legacy, legacy_on_2=legacy_on_2)
        again[row.key] = replace(row, runs=runs, verdict=judge(row.entry, row.translated, runs))
    return [again.get(row.key, row) for row in rows]


def _key(entry: Entry, translated: Translated) -> tuple[str, str]:
    return entry.id, translated.variant


def _translated(entries: Sequence[Entry], translate: Translate) -> list[list[Translated]]:
    if translate is not engine or len(entries) <= FEW_ENTRIES:
        return [translate(entry) for entry in entries]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        return list(pool.map(translate, entries, chunksize=8))


def _record(pairs: Sequence[tuple[Entry, Translated]], target: Runtime, fresh: bool) -> Iterator[Runs]:
    """Run each pair's entry on both versions and its translation on 2.x."""
    first = run(
        {
            LEGACY: [legacy_job(entry) for entry, _ in pairs],
            target: [
                *(modern_job(entry) for entry, _ in pairs),
                *(job(entry, translated, ban=True) for entry, translated in pairs),
            ],
        },
        fresh,
    )
    moderns, banned = first[target][: len(pairs)], first[target][len(pairs) :]
    doubtful = [
        number
        for number, (_, translated) in enumerate(pairs)
        if translated.changed and (translated.flags or banned[number].error == BAN)
    ]
    more: list[Job] = [job(*pairs[number], ban=False) for number in doubtful]
    more += [legacy_job(pairs[number][0]) for number in doubtful]
    second = run({target: more}, fresh)[target]
    allowed = dict(zip(doubtful, second[: len(doubtful)], strict=True))
    as_it_was = dict(zip(doubtful, second[len(doubtful) :], strict=True))
    elsewhere = _elsewhere(pairs, [not one.error for one in first[LEGACY]], target, fresh)
    for number, _ in enumerate(pairs):
        yield Runs(
            legacy=first[LEGACY][number],
            legacy_on_2=as_it_was.get(number),
            modern=moderns[number],
            banned=banned[number],
            allowed=allowed.get(number, banned[number]),
            elsewhere=elsewhere.get(number, ()),
        )


def _elsewhere(
    pairs: Sequence[tuple[Entry, Translated]], sound: Sequence[bool], target: Runtime, fresh: bool
) -> dict[int, tuple[tuple[str, Run, Run], ...]]:
    """What changed entries and their translations do on other rows, where the legacy form runs at all."""
    chosen = [
        (number, entry, translated, dataset)
        for number, (entry, translated) in enumerate(pairs)
        for dataset in OTHER_ROWS
        if sound[number] and translated.changed and not translated.flags and translated.variant != Variant.FUNCTION
    ]
    recorded = run(
        {
            LEGACY: [legacy_job(entry) | {"data": dataset} for _, entry, _, dataset in chosen],
            target: [job(entry, translated, ban=True) | {"data": dataset} for _, entry, translated, dataset in chosen],
        },
        fresh,
    )
    found: dict[int, tuple[tuple[str, Run, Run], ...]] = {}
    for (number, _, _, dataset), legacy, current in zip(chosen, recorded[LEGACY], recorded[target], strict=True):
        found[number] = (*found.get(number, ()), (dataset, legacy, current))
    return found


def table(rows: Sequence[Row]) -> str:
    """Counts per family and outcome."""
    present = [outcome for outcome in Outcome if any(row.verdict.outcome is outcome for row in rows)]
    families = [family for family in FAMILIES if any(row.entry.family == family for row in rows)]
    lines = [" " * 20 + "".join(f"{outcome:>17}" for outcome in present) + f"{'all':>8}"]
    for family in [*families, "all"]:
        inside = [row for row in rows if family in {"all", row.entry.family}]
        counts = Counter(row.verdict.outcome for row in inside)
        cells = "".join(f"{counts[outcome] or '·':>17}" for outcome in present)
        lines.append(f"{family:20}{cells}{len(inside):>8}")
    return "\n".join(lines)


def listing(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> str:
    """One line for each row with one of the outcomes."""
    chosen = [row for outcome in outcomes for row in rows if row.verdict.outcome is outcome]
    return "\n".join(f"  {row.verdict.outcome:16}{row.key:55}{_last_line(row.verdict.reason)[:150]}" for row in chosen)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


def details(row: Row) -> str:
    """All there is to know of one row."""
    entry, translated, runs = row.entry, row.translated, row.runs
    parts = [
        f"=== {row.key} · {entry.family} · {row.verdict.outcome} · automatic: {entry.automatic}",
        f"  {row.verdict.reason}",
        _block("setup", "\n".join([entry.setup, entry.setup_legacy])),
        _block("legacy", translated.before["snippet"]),
        _block("translation" if translated.changed else "translation: unchanged", _translation(translated)),
        _block("catalogue's modern form", entry.modern),
        _block("diagnostics", "\n".join(f"{d.severity} {d.slug}: {d.message}" for d in translated.diagnostics)),
        _block("notes", entry.notes),
    ]
    if runs is not None:
        parts += [_run("legacy on 1.4", runs.legacy), _run("translation on 2.x", runs.banned)]
        if runs.allowed is not runs.banned:
            parts.append(_run("translation on 2.x, Query allowed", runs.allowed))
        parts.append(_run("modern form on 2.x", runs.modern))
        for dataset, legacy, translation in runs.elsewhere:
            if not same_elsewhere(legacy, translation):
                parts += [
                    _run(f"legacy on {dataset} rows", legacy),
                    _run(f"translation on {dataset} rows", translation),
                ]
        if runs.legacy is not None:
            parts.append(f"  SQL of legacy and translation: {compare_sql(runs.legacy, runs.banned)}")
    return "\n".join(part for part in parts if part.strip())


def _translation(translated: Translated) -> str:
    if not translated.changed:
        return ""
    before, after = translated.before, translated.after
    added = [
        line for line in after.get("imports", "").splitlines() if line not in before.get("imports", "").splitlines()
    ]
    sections = [
        f"# {name}\n{after[name]}" for name in ("models", "fixtures", "setup") if after.get(name) != before.get(name)
    ]
    return "\n".join([*added, *sections, after["snippet"]])


def _block(title: str, text: str) -> str:
    text = text.strip("\n")
    return f"  {title}:\n" + "\n".join(f"    {line}" for line in text.splitlines()) if text.strip() else ""


def _run(title: str, run_: Run | None) -> str:
    if run_ is None:
        return ""
    lines = [run_.value[:400]]
    lines += [
        f"{sql[:300]}  {parameters if parameters not in ('()', '{}') else ''}"
        for sql, parameters in run_.statements[:6]
    ]
    lines += [f"committed {line}" for line in run_.committed[:4]]
    lines += [f"warned {line}" for line in run_.warnings[:3]]
    return _block(title, "\n".join(lines))
