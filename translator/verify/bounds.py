"""Holds a verdict to what has run: changes that were not reached, notes that foretold a difference, names made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from translator.verify.compare import Comparison
from translator.verify.pairing import Trace
from translator.verify.telling import lines
from translator.verify.trace import Verdict

NO_ROW = "No row was found, so nothing was done with one."
Span = tuple[int, int]


def bounded(
    found: Comparison, before: Trace, changed: Sequence[Span], flagged: Sequence[tuple[int, str]]
) -> Comparison:
    """The comparison with its limits told, and without a verdict where no change has run."""
    found = replace(found, made_up=_made_up(before))
    if found.verdict is Verdict.DIFFERENT and flagged:
        notes = sorted({line for line, _ in flagged})
        return replace(found, reason=f"{found.reason} See the notes on {lines(notes)}: what they name is left to you.")
    if found.verdict is not Verdict.SAME or not changed:
        return found
    missed = sorted({changed[number][0] for number in before.get("missed", ()) if 0 <= number < len(changed)})
    if forced := sorted({changed[number][0] for number in before.get("forced", ())} - set(missed)):
        told = f"{found.reason} No value led to {lines(forced)}: the tests before were decided so that it ran."
        found = replace(found, reason=told)
    if _found_nothing(before):
        found = replace(found, reason=f"{found.reason} {NO_ROW}")
    if not missed:
        return found
    if len(set(before["missed"])) == len(changed):
        reason = f"The change in {lines(missed)} did not run, so nothing is proven."
        return replace(found, verdict=Verdict.NOT_RUN, reason=reason, not_run_lines=tuple(missed))
    told = f"{found.reason} Not so {lines(missed)}: that did not run, and is not proven."
    return replace(found, reason=told, not_run_lines=tuple(missed))


def _found_nothing(before: Trace) -> bool:
    """Whether no row was found, so that nothing was done with one."""
    found = [statement["rows"] for statement in before["statements"] if statement.get("rows") is not None]
    return bool(found) and not any(found)


def _made_up(before: Trace) -> tuple[str, ...]:
    names = [str(name) for name in before.get("made_up", ())][:12]
    others = tuple(str(sentence) for sentence in before.get("stood_in", ()))[:12]
    if endless := [loop["line"] for loop in before.get("endless", ())]:
        others += (f"Ended after some rounds, as these rows never end it: the loop in {lines(endless)}.",)
    if not names:
        return others
    return (f"Not shown in the text, so sample values stand for: {', '.join(names)}.", *others)
