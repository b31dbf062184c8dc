"""Where connections stand between transactions. Data only."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a Connection stands between transactions, as 2.0 sees it once writes are followed by a commit."""

    IDLE = "idle"
    """Nothing was begun: 1.x commits each write by itself."""
    READ = "read"
    """Something was executed: 2.0 has begun a transaction by itself, 1.x has not."""
    BEGUN = "begun"
    """In a transaction that the text or its surroundings end."""
    FUTURE = "future"
    """A connection that behaves as in 2.0 already."""
    UNKNOWN = "unknown"
