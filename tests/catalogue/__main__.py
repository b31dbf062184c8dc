"""The scoreboard: python -m tests.catalogue [-v] [--oracle modern|naive] [--accept] [FAMILY or part of an id ...]"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable

from .entries import select
from .judging import DEFECTS, DRIFTED, Outcome
from .ratchet import RefusedError, accept, regressions
from .runtimes import CURRENT, EARLIER, RuntimeMissingError, check_installed
from .scoreboard import TRANSLATORS, Row, details, listing, score, table

MOST_NAMES = 12
TARGETS = {runtime.name: runtime for runtime in (CURRENT, EARLIER)}
SHOWN = (*DEFECTS, Outcome.SILENT)


def main() -> int:
    """Print the scoreboard; status 1 if anything is worse than expected."""
    arguments = _arguments()
    started = time.monotonic()
    try:
        check_installed(TARGETS[arguments.on])
    except RuntimeMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    entries = select(arguments.words)
    rows = score(entries, TRANSLATORS[arguments.oracle], TARGETS[arguments.on], arguments.fresh)
    outcomes = tuple(Outcome(name) for name in arguments.outcome) or SHOWN
    if arguments.verbose:
        chosen = rows if len(entries) == 1 and not arguments.outcome else _with(rows, outcomes)
        _say("\n\n".join(map(details, chosen)))
    else:
        _say(listing(rows, outcomes))
    _say(table(rows))
    if arguments.oracle == "engine":
        _summary(rows)
    _say(f"{len(entries)} entries, {time.monotonic() - started:.1f} s")
    if arguments.oracle != "engine":
        return 0
    if arguments.accept:
        return _accept(rows)
    worse = regressions(rows)
    for line in worse:
        _say(f"worse than expected: {line}")
    return 1 if worse else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.catalogue", description=__doc__)
    parser.add_argument("words", nargs="*", help="a family, or a part of an entry's id")
    parser.add_argument("-v", "--verbose", action="store_true", help="everything about each entry listed")
    parser.add_argument("-o", "--outcome", action="append", default=[], choices=list(Outcome), help="list these")
    parser.add_argument("--oracle", choices=list(TRANSLATORS), default="engine", help="who translates")
    parser.add_argument("--on", choices=list(TARGETS), default=CURRENT.name, help="the SQLAlchemy translations run on")
    parser.add_argument("--accept", action="store_true", help="expect from now on what came out (no defects)")
    parser.add_argument("--fresh", action="store_true", help="run again what was run before")
    return parser.parse_args()


def _with(rows: list[Row], outcomes: tuple[Outcome, ...]) -> list[Row]:
    return [row for row in rows if row.verdict.outcome in outcomes]


def _summary(rows: list[Row]) -> None:
    _count("yes but flagged", (row for row in _with(rows, (Outcome.FLAGGED,)) if row.entry.meant_to_be_automatic))
    _count("same rows by other SQL than legacy and modern form", (row for row in rows if DRIFTED in row.verdict.reason))
    _count("names left without an import", (row for row in rows if row.translated.missing))
    _count("changed again by a second translation", (row for row in rows if not row.translated.settled))


def _count(title: str, rows: Iterable[Row]) -> None:
    keys = [row.key for row in rows]
    _say(
        f"{title}: {len(keys)}"
        + (f" ({', '.join(keys[:MOST_NAMES])}{', …' * (len(keys) > MOST_NAMES)})" if keys else "")
    )


def _accept(rows: list[Row]) -> int:
    try:
        accept(rows)
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
