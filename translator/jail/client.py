"""The caller's side of the jail: starts zygotes when they are first needed, hands them jobs, replaces dead ones.

Thread-safe. Runs in a web worker or in the command line, which never parse or execute what was pasted: everything that
comes back from a job is data to be checked.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import frames, limits

STUCK_SECONDS = 3.0
"""How late a zygote may be in ending a job before it counts as stuck itself: it is one process among many."""
BOOT = Path(__file__).with_name("boot.py")


class JobFailed(Exception):
    """A job gave no answer. `kind` is for programs, `message` for people; `detail` is for the log."""

    def __init__(self, kind: str, detail: str = "") -> None:
        self.kind = kind if kind in MESSAGES else "crashed"
        self.message = MESSAGES[self.kind]
        self.detail = detail
        super().__init__(self.message)


MESSAGES = {
    "timeout": f"It took longer than the {limits.WALL_SECONDS:.0f} seconds (or {limits.CPU_SECONDS} seconds of "
    "processor time) that one request gets. Try a smaller piece.",
    "memory": f"It needed more than the {limits.MEMORY_BYTES // 2**20} MiB of memory that one request gets. Try a smaller piece.",
    "recursion": "It is nested too deeply. Try a smaller piece.",
    "too-much-output": f"The answer would have been larger than {limits.ANSWER_BYTES // 2**20} MiB. Try a smaller piece.",
    "too-large": f"The request is larger than {limits.REQUEST_BYTES // 2**20} MiB. Try a smaller piece.",
    "crashed": "The process that worked on this text died. Nothing else is affected; try a smaller piece, "
    "and please report the text that did it.",
    "no-start": "The isolated process for this work could not be started. This is a fault of the installation.",
}


class Busy(Exception):
    """Too many jobs at once; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__(f"Too many requests are being worked on; try again in {retry_after} seconds.")
        self.retry_after = retry_after


class Slots:
    """How many jobs may be in flight, and for how long another one waits for its turn.

    A job that has run for `SLOW_SECONDS` no longer stands in the way of others: it goes on beside them, as long as there
    are no more than `slow` of that kind.
    """

    def __init__(self, at_once: int, queue: int, patience: float, slow: int = 0) -> None:
        self._at_once, self._queue, self._patience, self._slow = at_once, queue, patience, slow
        self._changed = threading.Condition()
        self._started: dict[object, float] = {}
        self._waiting = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        """One slot; raises Busy when the queue is full or the turn does not come."""
        own = object()
        with self._changed:
            self._wait_for_turn()
            self._started[own] = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                del self._started[own]
                self._changed.notify()

    def _wait_for_turn(self) -> None:
        deadline = time.monotonic() + self._patience
        if self._until_free() <= 0:
            return
        if self._waiting >= self._queue:
            raise Busy
        self._waiting += 1
        try:
            while (wait := self._until_free()) > 0:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Busy
                self._changed.wait(min(wait, left))
        finally:
            self._waiting -= 1

    def _until_free(self) -> float:
        """Seconds until a slot is free if no job ends before; 0 if one is now."""
        if len(self._started) < self._at_once:
            return 0.0
        if len(self._started) >= self._at_once + self._slow:
            return self._patience
        # as many must be slow as there are jobs beyond the last free slot
        turns = sorted(self._started.values())[len(self._started) - self._at_once]
        return turns + limits.SLOW_SECONDS - time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZygoteSpec:
    """What a zygote loads and does; see `zygote.Config`."""

    entry: str
    paths: tuple[str, ...] = ()
    runs_code: bool = False
    trusted: bool = False
    warm: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """What a zygote said of itself when it had loaded everything."""

    layers: tuple[str, ...]
    may_run: bool
    version: str


@dataclass(slots=True)
class _Process:
    """One running zygote and the socket to it."""

    popen: subprocess.Popen[bytes]
    control: socket.socket
    hello: Hello
    owner: int = field(default_factory=os.getpid)

    @property
    def alive(self) -> bool:
        return self.owner == os.getpid() and self.popen.poll() is None

    def stop(self) -> None:
        self.control.close()
        if self.owner != os.getpid():
            return
        self.popen.terminate()
        try:
            self.popen.wait(2)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait(2)


class Pending:
    """A job that has been handed over; `result` waits for its answer."""

    def __init__(self, peer: socket.socket, stuck: Callable[[], None]) -> None:
        self._peer = peer
        self._stuck = stuck
        self._deadline = time.monotonic() + limits.WALL_SECONDS + STUCK_SECONDS

    def result(self) -> dict[str, Any]:
        """The job's answer, once. Raises JobFailed."""
        try:
            message = frames.receive(self._peer, limits.ANSWER_BYTES + 4096, self._deadline)
        except TimeoutError:
            self._stuck()  # its zygote should have ended the job before
            raise JobFailed("timeout") from None
        except frames.FrameTooLarge as error:
            raise JobFailed("too-much-output", str(error)) from None
        except (frames.BrokenFrame, OSError) as error:
            raise JobFailed("crashed", str(error)) from None
        finally:
            self._peer.close()
        answer = message.get("answer")
        if isinstance(answer, dict):
            return answer
        detail = str(message.get("detail") or message.get("code") or "")
        raise JobFailed(str(message.get("failed") or message.get("ended")), detail)


class Zygote:
    """A zygote that is started when it is first needed, and again when it has died."""

    def __init__(self, spec: ZygoteSpec) -> None:
        self._spec = spec
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def hello(self) -> Hello:
        """What the zygote is; starts it if need be."""
        with self._lock:
            return self._running().hello

    @property
    def alive(self) -> bool:
        """Whether it runs at this moment."""
        process = self._process
        return process is not None and process.alive

    def submit(self, request: dict[str, Any]) -> Pending:
        """Hand over one job."""
        frame = frames.pack(request)
        if len(frame) > limits.REQUEST_BYTES:
            raise JobFailed("too-large")
        ours, theirs = socket.socketpair()
        with theirs:
            self._hand_over(theirs)
        try:
            ours.settimeout(limits.WALL_SECONDS)
            ours.sendall(frame)
        except OSError as error:
            # the child died before it had read everything; what it or its zygote said comes first
            del error
        return Pending(ours, self.close)

    def close(self) -> None:
        """End the zygote and every job of it."""
        with self._lock:
            if self._process is not None:
                self._process.stop()
                self._process = None

    def _hand_over(self, theirs: socket.socket) -> None:
        with self._lock:
            for last in (False, True):
                process = self._running()
                try:
                    socket.send_fds(process.control, [b"j"], [theirs.fileno()])
                    return
                except OSError as error:
                    self._process = None
                    process.stop()
                    if last:
                        raise JobFailed("no-start", str(error)) from None

    def _running(self) -> _Process:
        if self._process is None or not self._process.alive:
            if self._process is not None:
                self._process.stop()
            self._process = _start(self._spec)
        return self._process


AROUND = ("--new-session", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
AS_USER = ("--unshare-all",)
AS_ROOT = (
    "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--cap-drop", "ALL",
    "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_KILL", "--cap-add", "CAP_SYS_NICE",
)  # fmt: skip
"""Root without a user namespace: in one of its own it would have nobody to become, and a job would stay root's."""


@functools.cache
def bubblewrap() -> tuple[str, ...]:
    """The command that puts a process into namespaces of its own; empty where that isn't possible.

    Not `--die-with-parent`: that would end a zygote with the thread that started it.
    """
    found = shutil.which("bwrap")
    if found is None:
        return ()
    for namespaces in (AS_ROOT, AS_USER) if os.geteuid() == 0 else (AS_USER,):
        command = (found, *namespaces, *AROUND)
        try:
            tried = subprocess.run([*command, "true"], capture_output=True, timeout=5, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            continue
        if tried.returncode == 0:
            return command
    return ()


def _start(spec: ZygoteSpec) -> _Process:
    ours, theirs = socket.socketpair()
    config = {
        "control": theirs.fileno(),
        "entry": spec.entry,
        "paths": list(spec.paths),
        "runs_code": spec.runs_code,
        "trusted": spec.trusted,
        "outer": ["bubblewrap"] if bubblewrap() else [],
        "warm": spec.warm,
    }
    with theirs:
        popen = subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
            [*bubblewrap(), sys.executable, "-I", str(BOOT), json.dumps(config)],
            env={
                "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
                "LC_ALL": "C.UTF-8",
                limits.PATIENCE_VARIABLE: str(limits.PATIENCE),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            cwd="/",
        )
    try:
        hello = frames.receive(ours, 65536, time.monotonic() + limits.START_SECONDS)
    except (TimeoutError, frames.BrokenFrame) as error:
        ours.close()
        popen.kill()
        popen.wait(2)
        raise JobFailed("no-start", str(error)) from None
    ours.settimeout(limits.WALL_SECONDS)
    return _Process(popen, ours, Hello(tuple(hello["layers"]), bool(hello["may_run"]), str(hello["version"])))
