"""Reports that were made a moment ago, by what was asked: the same text with the same options need not run again.

In memory, of one process and so of one version. Thread-safe. Gives copies: what a caller does to one is its own affair.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any

MOST_BYTES = 32 * 1024 * 1024


class Kept:
    """The reports that were asked for last, as JSON, at most `most_bytes` of them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._texts: OrderedDict[bytes, str] = OrderedDict()
        self._size, self._most = 0, most_bytes

    def find(self, asked: object) -> dict[str, Any] | None:
        """The report of what was asked, if it is still there."""
        key = _key(asked)
        with self._lock:
            text = self._texts.get(key)
            if text is None:
                return None
            self._texts.move_to_end(key)
        found: dict[str, Any] = json.loads(text)
        return found

    def keep(self, asked: object, report: dict[str, Any]) -> None:
        """Keep a report; those that nobody asked for longest go."""
        key, text = _key(asked), json.dumps(report)
        if len(text) > self._most // 8:
            return
        with self._lock:
            self._size += len(text) - len(self._texts.pop(key, ""))
            self._texts[key] = text
            while self._size > self._most:
                _, gone = self._texts.popitem(last=False)
                self._size -= len(gone)


def _key(asked: object) -> bytes:
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()
