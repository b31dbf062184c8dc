"""Runs both texts in the jail at the same time, each on its own SQLAlchemy, and has their traces compared.

Knows nothing of rules, of the model or of libcst: it is given two texts and a plan of the tables they need.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from translator.findings import Severity, Translation
from translator.jail.client import JobFailed, Pending, Zygote, ZygoteSpec
from translator.verify.bounds import bounded
from translator.verify.compare import Comparison, compare, ended_mannerly
from translator.verify.server import PostgreSQL
from translator.verify.telling import lines
from translator.verify.trace import Pair, Runtimes, ServerCheck, Verdict, Verification

ENTRY = "jail.worker:run_job"
MOST_WAYS = 4
"""How many times more a text is run for what no value led to."""
WITHOUT_NULL = "This is on rows without NULL: where a column holds one, the code raises as pasted."
HERE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two texts of a proof and where their lines stand in what the user sees."""

    before: str
    after: str
    lines_before: Sequence[int]
    lines_after: Sequence[int]
    changed: tuple[tuple[int, int], ...] = ()
    """First and last line of each change in what was pasted."""
    places: tuple[tuple[int, int], ...] = ()
    """Where each change begins in the text `before`: line and column."""
    flagged: tuple[tuple[int, str], ...] = ()
    """Lines of what is left for the user to do, with the rule that says so."""

    @classmethod
    def of(cls, translation: Translation) -> Sides:
        left = (found for found in translation.diagnostics if found.severity is not Severity.NOTE)
        return cls(
            translation.code_before,
            translation.code_after,
            translation.lines_before,
            translation.lines_after,
            tuple((change.span.start_line, change.span.end_line) for change in translation.changes),
            tuple(_places(translation)),
            tuple((found.span.start_line, found.slug) for found in left),
        )


def _places(translation: Translation) -> Iterator[tuple[int, int]]:
    """Where the changes begin in the text that runs: a prompt or an indentation that was taken off moves columns."""
    lines = {line: number for number, line in enumerate(translation.lines_before, 1)}
    pasted, run = translation.source.splitlines(), translation.code_before.split("\n")
    for change in translation.changes:
        span = change.span
        line = lines.get(span.start_line, span.start_line)
        whole = pasted[span.start_line - 1] if span.start_line <= len(pasted) else ""
        code = run[line - 1] if line <= len(run) else ""
        yield line, max(span.start_column - (len(whole) - len(code) if whole.endswith(code) else 0), 0)


class Prover:
    """Holds the zygotes of the two runtimes. Thread-safe."""

    def __init__(self, *, trusted: bool = False, server: str = "") -> None:
        folder = runtime_14()
        self._server = PostgreSQL(server) if server else None
        self._old: Zygote | None = None
        if folder is not None:
            self._old = Zygote(ZygoteSpec(entry=ENTRY, paths=(str(folder),), runs_code=True, trusted=trusted))
        self._new = Zygote(ZygoteSpec(entry=ENTRY, runs_code=True, trusted=trusted))

    @property
    def zygotes(self) -> dict[str, Zygote]:
        """The zygotes by the runtime they hold."""
        return {"run-1.4": self._old, "run-2": self._new} if self._old else {"run-2": self._new}

    def prove(self, sides: Sides, plan: Mapping[str, Any], dialect: str) -> Verification:
        """Run both sides and compare them. Whatever fails is a verdict with its reason, never an exception."""
        started = time.perf_counter()
        old, new = self._old or self._new, self._new
        ddl: tuple[str, ...] = ()
        check: ServerCheck | None = None
        if error := plan.get("schema_error"):
            runtimes = Runtimes(_version(None, old), _version(None, new))
            comparison = Comparison((), Verdict.NOT_RUN, _sentence(str(error)))
        else:
            runtimes, comparison, ddl, check = self._attempt(old, new, sides, plan, dialect)
        return Verification(
            verdict=comparison.verdict,
            reason=comparison.reason,
            runtimes=runtimes,
            dialect=dialect,
            statements=comparison.pairs,
            assumed=(*(str(sentence) for sentence in plan.get("assumed", ())), *comparison.made_up),
            not_run_lines=comparison.not_run_lines,
            schema=str(plan.get("shown", "")),
            ddl=ddl,
            server=check,
            finished=comparison.finished and (check is None or check.lasting),
            milliseconds=round((time.perf_counter() - started) * 1000, 2),
        )

    def close(self) -> None:
        """End the zygotes."""
        for zygote in self.zygotes.values():
            zygote.close()

    def _attempt(
        self, old: Zygote, new: Zygote, sides: Sides, plan: Mapping[str, Any], dialect: str
    ) -> tuple[Runtimes, Comparison, tuple[str, ...], ServerCheck | None]:
        asked = {"plan": dict(plan), "dialect": dialect, "server": self._server is not None}
        requests: list[dict[str, Any]] = [
            {"code": sides.before, "ddl": False, "places": sides.places, **asked},
            {"code": sides.after, "ddl": True, "as_pasted": sides.before, **asked},
        ]
        before, after = _both(old, requests[0], new, requests[1])
        if old is not new and _needs_newer(before):
            old, before = new, _one(new, requests[0])
        if _clash(before) and _clash(after):
            # rows of ours are in the way of rows of theirs
            for request in requests:
                request["seed"] = False
            before, after = _both(old, requests[0], new, requests[1])
        judged = _judge(before, after, sides)
        stumbles = _stumbles_on_null(before) and judged.verdict is Verdict.NOT_RUN
        if stumbles:
            # it takes every column for a value: without any NULL the lines below run, too
            for request in requests:
                request["nulls"] = False
            before, after = _both(old, requests[0], new, requests[1])
            judged = _judge(before, after, sides)
        if _several(before) and _several(after) and judged.verdict is not Verdict.DIFFERENT:
            # what asks for one row finds it: the lines below run, too
            for request in requests:
                request["once"] = True
            again = _both(old, requests[0], new, requests[1])
            if not any(map(_several, again)):
                before, after = again
                judged = _judge(before, after, sides)
        elif _several_caught(before) and _several_caught(after) and judged.verdict is not Verdict.DIFFERENT:
            again = _both(old, {**requests[0], "once": True}, new, {**requests[1], "once": True})
            before, judged = _with_one_row(before, after, again, sides, judged)
        if isinstance(before, dict) and before.get("missed") and judged.verdict is not Verdict.DIFFERENT:
            judged = _further(old, new, requests, before, after, sides, judged)
        if stumbles and judged.verdict is Verdict.SAME:
            judged = replace(judged, reason=f"{judged.reason} {WITHOUT_NULL}")
        runtimes = Runtimes(_version(before, old), _version(after, new))
        if self._server is None or judged.verdict is Verdict.DIFFERENT or isinstance(before, _Failed | None):
            return runtimes, judged, _ddl(after), None
        check = self._server.check(before, after)
        if check is not None and check.verdict is Verdict.DIFFERENT:
            reason = f"The same on SQLite. {check.reason}" if judged.verdict is Verdict.SAME else check.reason
            judged = replace(judged, verdict=Verdict.DIFFERENT, reason=reason)
        return runtimes, judged, _ddl(after), check


@dataclass(frozen=True, slots=True)
class _Failed:
    """A side that gave no trace."""

    kind: str
    message: str


def _both(old: Zygote, before: dict[str, Any], new: Zygote, after: dict[str, Any]) -> tuple[Any, Any]:
    first, second = _submit(old, before), _submit(new, after)
    return _result(first), _result(second)


def _with_one_row(
    before: dict[str, Any], after: Any, again: tuple[Any, Any], sides: Sides, judged: Comparison
) -> tuple[dict[str, Any], Comparison]:
    """What has run in either of two runs: one in which a text catches that it finds several rows, one in which it finds one."""
    found = _judge(*again, sides)
    if found.verdict is Verdict.DIFFERENT:
        return before, replace(
            found, reason=f"The same where several rows are found, but not where it is one: {found.reason}"
        )
    if found.verdict is Verdict.SAME:
        before = {**before, "missed": [number for number in before["missed"] if number in again[0]["missed"]]}
        judged = _judge(before, after, sides)
    return before, judged


def _further(
    old: Zygote,
    new: Zygote,
    requests: Sequence[dict[str, Any]],
    before: dict[str, Any],
    after: Any,
    sides: Sides,
    judged: Comparison,
) -> Comparison:
    """The comparison with what no value led to: tests are decided, and exceptions raised, so that it runs."""
    missed = [number for number in before["missed"] if isinstance(number, int)]
    ways = [way for way in before.get("ways", ()) if isinstance(way, dict)]
    seen: list[Pair] = []
    for way in list({str(way): way for way in ways}.values())[:MOST_WAYS]:
        one, other = _both(old, {**requests[0], "force": way}, new, {**requests[1], "force": way})
        compared = _judge(one, other, replace(sides, changed=(), flagged=()))
        if compared.verdict is Verdict.DIFFERENT and ended_mannerly(other):
            reason = f"Where the tests before {lines(_lines(missed, one, sides))} let it run: {compared.reason}"
            return replace(
                judged, verdict=Verdict.DIFFERENT, reason=reason, pairs=(*judged.pairs, *_new(compared, seen))
            )
        if compared.verdict is Verdict.SAME:
            missed = [number for number in missed if number in one["missed"]]
            seen += _new(compared, [*judged.pairs, *seen])
    forced = [number for number in before["missed"] if number not in missed]
    if not forced:
        return judged
    whole = _judge({**before, "missed": missed, "forced": forced}, after, sides)
    if seen:
        whole = replace(whole, reason=whole.reason.replace("No SQL is emitted; what is", "What is"))
    return replace(whole, pairs=(*whole.pairs, *seen))


def _lines(missed: Sequence[int], forced: Mapping[str, Any], sides: Sides) -> list[int]:
    """The lines of changes that ran only by force."""
    ran = [number for number in missed if number not in forced["missed"] and 0 <= number < len(sides.changed)]
    return sorted({sides.changed[number][0] for number in ran or missed if 0 <= number < len(sides.changed)})


def _new(compared: Comparison, seen: Sequence[Pair]) -> list[Pair]:
    """The statements of lines that no statement has been shown of."""
    shown = {pair.before.line for pair in seen if pair.before}
    return [pair for pair in compared.pairs if pair.before and pair.before.line not in shown]


def _one(zygote: Zygote, request: dict[str, Any]) -> Any:
    return _result(_submit(zygote, request))


def _submit(zygote: Zygote, request: dict[str, Any]) -> Pending | _Failed:
    try:
        return zygote.submit(request)
    except JobFailed as error:
        return _Failed(error.kind, error.message)


def _result(pending: Pending | _Failed) -> dict[str, Any] | _Failed:
    if isinstance(pending, _Failed):
        return pending
    try:
        return pending.result()
    except JobFailed as error:
        return _Failed(error.kind, error.message)


def _judge(before: Any, after: Any, sides: Sides) -> Comparison:
    for side, name in ((before, "as pasted"), (after, "as translated")):
        if isinstance(side, _Failed):
            reason = f"The code {name} did not finish. {side.message}"
            return Comparison((), Verdict.NOT_RUN, reason, finished=False)
        if "statements" not in side:
            reason = str(side.get("unavailable", "the run gave no trace"))
            return Comparison((), Verdict.NOT_RUN, _sentence(reason))
    try:
        placed = _placed(before, sides.lines_before)
        return bounded(compare(placed, _placed(after, sides.lines_after)), placed, sides.changed, sides.flagged)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        # a job may be made to answer anything; what isn't a trace proves nothing
        return Comparison((), Verdict.NOT_RUN, "The run answered with something that is no trace.")


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:] + "."


def _ddl(trace: Any) -> tuple[str, ...]:
    """The CREATE TABLE statements of a run; a job may be made to answer anything."""
    found = trace.get("ddl") if isinstance(trace, dict) else None
    return tuple(str(text) for text in found) if isinstance(found, list) else ()


def _placed(trace: dict[str, Any], numbers: Sequence[int]) -> dict[str, Any]:
    """The trace with its lines as the user sees them."""

    def moved(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        line = item.get("line")
        inner = {"exception": moved(item["exception"])} if isinstance(item.get("exception"), dict) else {}
        place = numbers[line - 1] if isinstance(line, int) and 0 < line <= len(numbers) else line
        return {**item, **inner, "line": place}

    lists = {
        name: [moved(item) for item in trace.get(name, ())]
        for name in ("statements", "values", "calls", "handed", "endless")
    }
    empty = trace.get("empty")
    return {**moved(trace), **lists, "empty": _placed(empty, numbers) if empty else None}


def _needs_newer(trace: Any) -> bool:
    """Whether a text can't run on 1.4 because it imports what only 2.x has, e.g. `mapped_column`."""
    error = trace.get("exception") if isinstance(trace, dict) else None
    if not isinstance(error, dict):
        return False
    missing = {"ImportError", "AttributeError", "ModuleNotFoundError"}.intersection(error.get("kinds", ()))
    return bool(missing) and "sqlalchemy" in str(error.get("message"))


def _clash(trace: Any) -> bool:
    error = trace.get("exception") if isinstance(trace, dict) else None
    return isinstance(error, dict) and error.get("type") == "IntegrityError"


def _several(trace: Any) -> bool:
    """Whether the text, or a function of it that was called, found more rows than it asked for."""
    return any(error.get("type") == "MultipleResultsFound" for error in _errors(trace, bare=True))


def _stumbles_on_null(trace: Any) -> bool:
    """Whether the text, or a function of it, does with a column's NULL what only a value can do: `sum(o.total for o in …)`."""
    return any(
        error.get("type") in ("TypeError", "AttributeError") and "NoneType" in str(error.get("message"))
        for error in _errors(trace, bare=False)
    )


def _errors(trace: Any, *, bare: bool) -> list[dict[str, Any]]:
    """What the text and its functions raised, also where they were given nothing; a job may be made to answer anything."""
    if not isinstance(trace, dict):
        return []
    calls = trace.get("calls")
    called = [each for each in calls if isinstance(each, dict)] if isinstance(calls, list) else []
    ends = [trace, *(each for each in called if bare or not each.get("bare"))]
    errors = [end.get("exception") for end in ends]
    return [error for error in errors if isinstance(error, dict)]


def _several_caught(trace: Any) -> bool:
    return isinstance(trace, dict) and bool(trace.get("several"))


def _version(trace: Any, zygote: Zygote) -> str:
    if isinstance(trace, dict) and isinstance(trace.get("runtime"), str):
        return str(trace["runtime"])
    try:
        return zygote.hello().version
    except JobFailed:
        return "none"


def runtime_14() -> Path | None:
    """The folder that SQLAlchemy 1.4 is installed in; None if it isn't."""
    folder = Path(os.environ.get("REQUERY_RUNTIME_14") or HERE / ".runtime-1.4")
    return folder if (folder / "sqlalchemy" / "__init__.py").is_file() else None
