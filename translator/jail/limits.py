"""The numbers of one job. Plain constants, known to the jail and to whoever explains a refusal to a user."""

from __future__ import annotations

WALL_SECONDS = 10.0
CPU_SECONDS = 5
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
