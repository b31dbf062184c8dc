"""What all tests share: how long they wait on the machine at hand."""

from __future__ import annotations

import os

from tests.pace import PACE

# Before anything imports the limits: this process, the servers that tests start, and their jails have the same.
os.environ.setdefault("REQUERY_PATIENCE", f"{min(PACE, 3.0):.1f}")
