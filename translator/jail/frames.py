"""Length-prefixed JSON over a stream socket: the one protocol between a caller, its zygote and a job.

A job is not to be trusted: `receive` bounds what it reads and raises `BrokenFrame` for whatever isn't a JSON object.
"""

from __future__ import annotations

import json
import socket
import time
from typing import Any

HEADER = 4


class BrokenFrame(Exception):
    """The peer hung up in the middle of a frame, or sent something that is no frame."""


class FrameTooLarge(BrokenFrame):
    """The peer announced more than the reader takes."""


def pack(message: dict[str, Any]) -> bytes:
    """The frame of a message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return len(body).to_bytes(HEADER, "big") + body


def receive(peer: socket.socket, limit: int, deadline: float | None = None) -> dict[str, Any]:
    """Read one frame; `deadline` is a time of `time.monotonic`. Raises TimeoutError and BrokenFrame."""
    size = int.from_bytes(_exactly(peer, HEADER, deadline), "big")
    if size > limit:
        raise FrameTooLarge(f"{size} bytes announced, {limit} allowed")
    try:
        message = json.loads(_exactly(peer, size, deadline))
    except (ValueError, RecursionError):
        raise BrokenFrame("not JSON") from None
    if not isinstance(message, dict):
        raise BrokenFrame("not a JSON object")
    return message


def _exactly(peer: socket.socket, size: int, deadline: float | None) -> bytes:
    parts = []
    while size:
        if deadline is not None:
            peer.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            part = peer.recv(min(size, 65536))
        except ConnectionError:
            part = b""
        if not part:
            raise BrokenFrame("hung up")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
