"""What the kernel takes away from a job: resource limits, privileges, files, network, signals, system calls.

Built once in the zygote (`Layers.available`), entered by every child (`Layers.enter`). Each layer is used where the
kernel and the machine have it; `Layers.names` says which are in force. Knows nothing of what a job does.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import limits

pyseccomp: Any
py_landlock: Any
try:
    import pyseccomp  # type: ignore[import-untyped, no-redef]
except Exception:  # ImportError off Linux; RuntimeError where the system's libseccomp is missing
    pyseccomp = None
try:
    import py_landlock
except Exception:
    py_landlock = None

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
NOBODY = 65534
SEAL = "seccomp"

ALLOWED_CALLS = (
    "read", "write", "readv", "writev", "close", "lseek", "fstat", "poll", "ppoll", "select", "pselect6",
    "recvfrom", "sendto",  # on the job's one socket: there is no way to open another
    "mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "futex", "membarrier", "rseq", "set_robust_list",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "clock_gettime", "clock_getres", "clock_nanosleep", "gettimeofday", "time", "nanosleep", "sched_yield",
    "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrandom", "getrusage", "times",
    "sysinfo", "uname", "exit", "exit_group",
)  # fmt: skip
"""Every other call answers EPERM, above all open, stat, socket, connect, clone, fork, exec, kill and ptrace."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers this machine has, ready to be entered after a fork."""

    seccomp: Any | None
    landlock: bool
    outer: tuple[str, ...]

    @classmethod
    def available(cls, outer: tuple[str, ...] = ()) -> Layers:
        """Find out what there is; `outer` names what already surrounds the zygote (bubblewrap)."""
        return cls(_seccomp_filter(), _has_landlock(), outer)

    @property
    def names(self) -> tuple[str, ...]:
        """The layers in force, for people."""
        found = [*self.outer, "rlimits"]
        if _is_linux():
            found.append("no_new_privs")
        if self.landlock:
            found.append("landlock")
        if self.seccomp is not None:
            found.append("seccomp")
        return tuple(found)

    @property
    def may_run(self) -> bool:
        """Whether pasted code may be executed, not only parsed."""
        return self.seccomp is not None or "bubblewrap" in self.outer

    def enter(self, only: str | None = None) -> None:
        """Give up, for good, all that a job doesn't need. Called in the child, before it reads its request.

        `only` names one layer to be entered without the others, to show what it holds by itself: `rlimits`,
        `privileges`, `landlock` or `seccomp`.
        """
        for name, enter in self._steps().items():
            if only in (None, name):
                enter()

    def approach(self) -> None:
        """Enter all layers but those that would keep a child in waiting from receiving its job's socket."""
        for name, enter in self._steps().items():
            if name != SEAL:
                enter()

    def seal(self) -> None:
        """Enter the rest, after `approach`."""
        if SEAL in (steps := self._steps()):
            steps[SEAL]()

    def _steps(self) -> dict[str, Callable[[], None]]:
        steps: dict[str, Callable[[], None]] = {"rlimits": _limit_resources}
        if _is_linux():
            steps["privileges"] = _give_up_privileges
        if self.landlock:
            steps["landlock"] = _enter_landlock
        if self.seccomp is not None:
            steps[SEAL] = self.seccomp.load
        return steps


def _limit_resources() -> None:
    soft_cpu = limits.CPU_SECONDS
    wanted = {
        resource.RLIMIT_CPU: (soft_cpu, soft_cpu + 1),
        resource.RLIMIT_AS: (limits.MEMORY_BYTES, limits.MEMORY_BYTES),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NOFILE: (limits.OPEN_FILES, limits.OPEN_FILES),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
    }
    for what, (soft, hard) in wanted.items():
        _, ceiling = resource.getrlimit(what)
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        try:
            resource.setrlimit(what, (soft, hard))
        except (OSError, ValueError):
            # not e.g. on Linux: macOS refuses RLIMIT_AS
            continue


def _give_up_privileges() -> None:
    _drop_root()
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # the kernel forgets it where a process becomes somebody else
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def _enter_landlock() -> None:
    py_landlock.Landlock(strict=False).apply()


def _drop_root() -> None:
    if os.geteuid() != 0:
        return
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        # a user namespace that maps root only: there is nobody else to become
        return


def _is_linux() -> bool:
    return os.uname().sysname == "Linux"


def _prctl(option: int, value: int) -> None:
    _libc().prctl(option, value, 0, 0, 0)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _seccomp_filter() -> Any | None:
    if pyseccomp is None:
        return None
    try:
        rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ERRNO(errno.EPERM))
    except (OSError, RuntimeError):
        return None
    for name in ALLOWED_CALLS:
        try:
            rules.add_rule(pyseccomp.ALLOW, name)
        except (OSError, ValueError):
            # this machine's architecture has no such call, e.g. `time` on aarch64
            continue
    return rules


def _has_landlock() -> bool:
    if py_landlock is None:
        return False
    try:
        return bool(py_landlock.Landlock().abi_version)
    except Exception:
        return False
