"""The numbers of one job. Known to the jail and to whoever explains a refusal to a user; the same while a process runs."""

from __future__ import annotations

import os

PATIENCE_VARIABLE = "REQUERY_PATIENCE"


def _patience() -> float:
    """How many times as long a job may take as on a usual machine: 1 to 10, for machines that are slow or shared."""
    try:
        return min(max(float(os.environ.get(PATIENCE_VARIABLE, "1")), 1.0), 10.0)
    except ValueError:
        return 1.0


PATIENCE = _patience()
WALL_SECONDS = 10.0 * PATIENCE
CPU_SECONDS = round(5 * PATIENCE)
SLOW_SECONDS = 1.0
"""After this a job goes on with the lowest priority, and no longer keeps others waiting."""
MEMORY_BYTES = 512 * 1024 * 1024
SOURCE_BYTES = 64 * 1024
REQUEST_BYTES = 1024 * 1024
ANSWER_BYTES = 1024 * 1024
STATEMENTS = 200
ROWS = 1000
PRINTED_CHARACTERS = 20_000
OPEN_FILES = 16
START_SECONDS = 30.0
"""How long a zygote may take to load its modules: a cold disk, not a job."""
