"""How slow this machine is: what tests wait for is given in seconds of one that does ten million additions in 0.7."""

from __future__ import annotations

import time

USUAL = 0.035
"""Seconds on the clock for half a million additions, with the processor to oneself."""


def measured() -> float:
    """How many times as long this machine takes, now and with whatever else runs on it; at least once."""
    times = []
    for _ in range(9):
        started = time.monotonic()
        total = 0
        for number in range(500_000):
            total += number
        times.append(time.monotonic() - started)
    return max(1.0, sorted(times)[4] / USUAL)


PACE = measured()
"""That when the tests began."""


def allowed(usual: float) -> float:
    """What takes so many seconds on a usual machine may take so many here, now."""
    return usual * max(PACE, measured())
