"""Holds a verdict to what has run: changes that were not reached, notes that foretold a difference, names made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from translator.verify.compare import Comparison
from translator.verify.pairing import Trace
from translator.verify.telling import lines
from translator.verify.trace import Verdict

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
    reached = _reached(before)
    missed = sorted({first for first, last in changed if reached.isdisjoint(range(first, last + 1))})
    if not missed:
        return found
    if len(missed) == len({first for first, _ in changed}):
        reason = f"The change in {lines(missed)} did not run, so nothing is proven."
        return replace(found, verdict=Verdict.NOT_RUN, reason=reason, not_run_lines=tuple(missed))
    told = f"{found.reason} Not so {lines(missed)}: that did not run, and is not proven."
    return replace(found, reason=told, not_run_lines=tuple(missed))


def _reached(before: Trace) -> set[int]:
    passes = [before, before["empty"]] if before["empty"] else [before]
    return {line for seen in passes for first, last in seen["reached"] for line in range(first, last + 1)}


def _made_up(before: Trace) -> tuple[str, ...]:
    names = [str(name) for name in before.get("made_up", ())][:12]
    if not names:
        return ()
    return (f"Not shown in the text, so sample values stand for: {', '.join(names)}.",)
