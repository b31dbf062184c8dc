"""Compares what a run leaves behind and no statement shows: objects of the text's own, connections, savepoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from translator.verify.pairing import Trace
from translator.verify.telling import alike, difference


def states(name: str, before: Trace, after: Trace) -> Iterator[str]:
    """What a method has put into its object otherwise: `self.users`."""
    old, new = before.get("state") or {}, after.get("state") or {}
    for attribute in sorted(old.keys() & new.keys()):
        if not alike(old[attribute], new[attribute]):
            yield f"{name} leaves in self.{attribute} {difference(old[attribute], new[attribute])}."
    for attribute in sorted(old.keys() - new.keys()):
        yield f"{name} no longer sets self.{attribute}."


def transactions(before: Trace, after: Trace) -> Iterator[str]:
    """Savepoints that one side has, and connections that only the translation leaves open."""
    old, new = Counter(before.get("savepoints") or ()), Counter(after.get("savepoints") or ())
    for what in sorted(old.keys() | new.keys()):
        if old[what] != new[what]:
            yield f"A savepoint is {what} {_times(new[what])} (begin_nested), where it was {_times(old[what])}."
    more = int(after.get("unclosed") or 0) - int(before.get("unclosed") or 0)
    if more > 0:
        yield "The translation leaves a session or a connection open that was closed."


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
