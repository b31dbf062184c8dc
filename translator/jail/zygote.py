"""A zygote: a process that has loaded everything once and forks one limited child a job.

It reads its control socket, on which the caller hands over one end of a fresh socket pair a job; it kills a job's
process group at the wall limit and tells the caller how each child ended. It never looks at what a job reads or
writes, and it dies with its caller. Single-threaded, or forking would not be safe.

While it has nothing to do it keeps one child ready. A forked process copies every page that it writes to, and Python
writes to all it looks at; the child in waiting has done the warm request, so that the job finds its pages copied.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypedDict

from . import frames, limits
from .kernel import Layers

LOWEST_PRIORITY = 10
IDLE_SECONDS = 0.1
"""How long nothing has to happen before a child is made ready: longer than one request pauses here for its other parts,
so that requests that follow at once don't pay for it."""
FIRST_TO_GO = b"1000"
LINGER_SECONDS = 0.03
"""How long a child that has answered waits before it ends: to free what it copied takes milliseconds, and whoever reads the
answer goes on meanwhile, also where there is one processor."""
COLLECTED_AFTER = (20_000, 20, 100)
"""Thresholds of the garbage collector, some thirty times the usual: one that is small adds a sixth to a job of 16 ms,
and what a job leaves behind in cycles is bounded by its memory anyhow."""
Entry = Callable[[dict[str, Any]], dict[str, Any]]


class Config(TypedDict):
    """What the caller says about a zygote, as JSON on its command line."""

    control: int
    """The descriptor of the control socket."""
    entry: str
    """`module:function`, a function from one JSON object to another."""
    paths: list[str]
    """Folders to import from, before the interpreter's own."""
    runs_code: bool
    """Whether the entry executes what it is given; refused where the kernel can't hold it."""
    trusted: bool
    """Run code even so: one person on their own machine has said they want that."""
    outer: list[str]
    warm: dict[str, Any] | None
    """A request handled once before the first fork, so that children find warm caches."""


@dataclass(slots=True)
class Spare:
    """A child in waiting, and the socket that its job is handed over on."""

    child: int
    mouth: socket.socket


@dataclass(slots=True)
class Job:
    """A child at work."""

    peer: socket.socket
    deadline: float
    slow_at: float


def serve(config: Config) -> None:
    """Load the entry, say hello, and fork a child for each socket received until the caller hangs up."""
    os.environ.pop(limits.PATIENCE_VARIABLE, None)  # read by now, and nothing for a job to see
    control = socket.socket(fileno=config["control"])
    layers = Layers.available(tuple(config["outer"]))
    module, _, function = config["entry"].partition(":")
    loaded = importlib.import_module(module)
    entry: Entry = getattr(loaded, function)

    def warm() -> None:
        if config["warm"] is not None:
            entry(config["warm"])
        else:
            getattr(loaded, "warm", _nothing)()

    if config["warm"] is not None:
        warm()
    may_run = layers.may_run or config["trusted"] or not config["runs_code"]
    control.sendall(frames.pack({"layers": list(layers.names), "may_run": may_run, "version": _sqlalchemy_version()}))
    gc.set_threshold(*COLLECTED_AFTER)
    _set_aside_garbage()
    _loop(control, layers, entry if may_run else _refuse, warm)


def _set_aside_garbage() -> None:
    """Collect what is garbage and leave the rest alone from now on: to look at a page copies it."""
    gc.collect()
    gc.freeze()


def _nothing() -> None:
    """What an entry needs to be warm that says nothing about it."""


def _loop(control: socket.socket, layers: Layers, entry: Entry, warm: Callable[[], None]) -> None:
    wakeup, signalled = os.pipe()
    os.set_blocking(wakeup, False)
    os.set_blocking(signalled, False)
    signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: dict[int, Job] = {}
    spare: Spare | None = None
    wanted = True
    while True:
        sources: list[Any] = [control, wakeup]
        ready, _, _ = select.select(sources, [], [], _patience(jobs, wait=wanted and spare is None))
        if not ready and not jobs and spare is None and wanted:
            spare = _in_waiting(layers, entry, warm)
        if wakeup in ready:
            os.read(wakeup, 4096)
        if control in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                _kill(jobs)
                return
            for descriptor in descriptors:
                _start(socket.socket(fileno=descriptor), jobs, spare, layers, entry)
                spare = None
        _enforce(jobs)
        left = _reap(jobs, spare)
        wanted = wanted and left is spare  # one that ended while it waited would not be the last one to
        spare = left


def _patience(jobs: dict[int, Job], *, wait: bool) -> float | None:
    if not jobs:
        return IDLE_SECONDS if wait else None
    return max(min(min(job.deadline, job.slow_at) for job in jobs.values()) - time.monotonic(), 0.0)


def _start(peer: socket.socket, jobs: dict[int, Job], spare: Spare | None, layers: Layers, entry: Entry) -> None:
    child = _handed_over(peer, spare) if spare is not None else 0
    if not child:
        child = os.fork()
        if child == 0:
            _child(lambda: _only_descriptor(peer), layers.enter, entry)
    with contextlib.suppress(OSError):  # the child was faster: it has set the group itself, or has ended already
        os.setpgid(child, child)
    now = time.monotonic()
    jobs[child] = Job(peer, now + limits.WALL_SECONDS, now + limits.SLOW_SECONDS)


def _in_waiting(layers: Layers, entry: Entry, warm: Callable[[], None]) -> Spare:
    """A child that has everything at hand and waits for its job."""
    mouth, ear = socket.socketpair()

    def peer() -> socket.socket:
        kept = _only_descriptor(ear)
        warm()
        _set_aside_garbage()
        layers.approach()
        _, descriptors, _, _ = socket.recv_fds(kept, 1, 1)
        if not descriptors:
            os._exit(0)  # the zygote is gone
        os.dup2(descriptors[0], kept.fileno())
        os.close(descriptors[0])
        return kept

    child = os.fork()
    if child == 0:
        _child(peer, layers.seal, entry)
    ear.close()
    return Spare(child, mouth)


def _handed_over(peer: socket.socket, spare: Spare) -> int:
    """The child in waiting, now that it has its job; 0 where it is gone."""
    try:
        socket.send_fds(spare.mouth, [b"j"], [peer.fileno()])
    except OSError:
        return 0
    finally:
        spare.mouth.close()
    return spare.child


def _enforce(jobs: dict[int, Job]) -> None:
    now = time.monotonic()
    for child, job in jobs.items():
        if now >= job.deadline:
            job.deadline = now + limits.WALL_SECONDS
            _tell(job, "timeout", -signal.SIGKILL)  # at once: on a busy machine a process takes its time to die
            _set_priority(child, 0)
            _kill_group(child)
        elif now >= job.slow_at:
            job.slow_at = math.inf
            _set_priority(child, LOWEST_PRIORITY)


def _set_priority(child: int, priority: int) -> None:
    """Let a job that takes long go on only where nobody else wants the processor; one that is to die, die soon."""
    with contextlib.suppress(OSError):  # it has just ended; or only root may raise it
        os.setpriority(os.PRIO_PROCESS, child, priority)


def _reap(jobs: dict[int, Job], spare: Spare | None) -> Spare | None:
    """Tell how children ended; gives the one in waiting, if it still does."""
    while jobs or spare is not None:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if child == 0:
            return spare
        job = jobs.pop(child, None)
        if spare is not None and child == spare.child:
            spare.mouth.close()
            spare = None
        elif job is not None:
            _kill_group(child)
            code = os.waitstatus_to_exitcode(status)
            _tell(job, _end_of(code), code)
    return spare


def _end_of(code: int) -> str:
    if code == 0:
        return "answered"
    return "timeout" if code == -signal.SIGXCPU else "crashed"


def _tell(job: Job, ended: str, code: int) -> None:
    """Say how the child ended, after whatever it said itself; a caller that has gone is no concern of ours."""
    with contextlib.suppress(OSError):
        job.peer.send(frames.pack({"ended": ended, "code": code}), socket.MSG_DONTWAIT)
    job.peer.close()


def _kill(jobs: dict[int, Job]) -> None:
    for child in jobs:
        _kill_group(child)


def _kill_group(child: int) -> None:
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _child(peer: Callable[[], socket.socket], enter: Callable[[], None], entry: Entry) -> NoReturn:
    """One job, in the forked child; `peer` gives its socket, `enter` the jail. Leaves only by `_exit`.

    Nothing of the zygote's may run twice.
    """
    code = 1
    try:
        os.setpgid(0, 0)
        _offer_itself()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        code = _work(peer(), enter, entry)
    finally:
        os._exit(code)


def _offer_itself() -> None:
    """Where the machine's memory runs out, the kernel takes a job before anything else."""
    with contextlib.suppress(OSError):  # not Linux
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(score, FIRST_TO_GO)
        os.close(score)


def _work(kept: socket.socket, enter: Callable[[], None], entry: Entry) -> int:
    try:
        enter()
        request = frames.receive(kept, limits.REQUEST_BYTES)
        answer = frames.pack({"answer": entry(request)})
        if len(answer) > limits.ANSWER_BYTES:
            answer = frames.pack({"failed": "too-much-output", "detail": ""})
    except MemoryError:
        answer = frames.pack({"failed": "memory", "detail": ""})
    except RecursionError:
        answer = frames.pack({"failed": "recursion", "detail": ""})
    except Exception as error:
        answer = frames.pack({"failed": "crashed", "detail": f"{type(error).__name__}: {error}"[:500]})
    kept.sendall(answer)
    time.sleep(LINGER_SECONDS)
    return 0


def _only_descriptor(peer: socket.socket) -> socket.socket:
    """Close everything but the job's socket, which becomes descriptor 3; the standard streams lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.dup2(peer.detach(), 3)
    os.closerange(4, 65536)
    return socket.socket(fileno=3)


def _refuse(request: dict[str, Any]) -> dict[str, Any]:
    return {"unavailable": "this machine has neither seccomp nor bubblewrap, so pasted code is not run"}


def _sqlalchemy_version() -> str:
    import_name = "sqlalchemy"
    return str(getattr(importlib.import_module(import_name), "__version__", ""))
