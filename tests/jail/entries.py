"""What the jobs of these tests do: loaded by a real zygote, run inside the jail. Each takes and gives a JSON object."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from typing import Any

DEEDS: dict[str, Any] = {}


_warmed: list[int] = []


def warm() -> None:
    """What a child in waiting does before its job comes."""
    _warmed.append(os.getpid())


def deed(function: Any) -> Any:
    DEEDS[function.__name__] = function
    return function


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked; an OSError is part of the answer, so that a test sees which one it was."""
    try:
        return {"value": DEEDS[request["deed"]](request)}
    except OSError as error:
        return {"refused": error.errno}
    except RuntimeError as error:
        return {"refused": str(error)}


@deed
def echo(request: dict[str, Any]) -> Any:
    return request.get("value")


@deed
def warmed(request: dict[str, Any]) -> Any:
    time.sleep(request.get("seconds", 0.0))
    return _warmed == [os.getpid()]


@deed
def loop(request: dict[str, Any]) -> Any:
    while True:
        pass


@deed
def sleep(request: dict[str, Any]) -> Any:
    time.sleep(60)


@deed
def fill_memory(request: dict[str, Any]) -> Any:
    return len("a" * 10**10)


@deed
def large_answer(request: dict[str, Any]) -> Any:
    return "a" * (2 * 1024 * 1024)


@deed
def recurse(request: dict[str, Any]) -> Any:
    return recurse(request)


@deed
def read_file(request: dict[str, Any]) -> Any:
    with open("/etc/passwd") as file:
        return file.read()


@deed
def write_file(request: dict[str, Any]) -> Any:
    with open(request["path"], "w") as file:
        return file.write("x")


@deed
def connect(request: dict[str, Any]) -> Any:
    return socket.create_connection(("127.0.0.1", request["port"]), 1).fileno()


@deed
def unix_socket(request: dict[str, Any]) -> Any:
    return socket.socket(socket.AF_UNIX).fileno()


@deed
def fork(request: dict[str, Any]) -> Any:
    return os.fork()


@deed
def execute(request: dict[str, Any]) -> Any:
    os.execv("/bin/true", ["true"])


@deed
def thread(request: dict[str, Any]) -> Any:
    import threading

    threading.Thread(target=print).start()


@deed
def kill_parent(request: dict[str, Any]) -> Any:
    os.kill(os.getppid(), signal.SIGKILL)


@deed
def kill_everybody(request: dict[str, Any]) -> Any:
    os.kill(-1, signal.SIGKILL)


@deed
def crash(request: dict[str, Any]) -> Any:
    import ctypes

    ctypes.string_at(0)


@deed
def leave(request: dict[str, Any]) -> Any:
    os._exit(0)


@deed
def forge(request: dict[str, Any]) -> Any:
    for descriptor in range(64):
        try:
            os.write(descriptor, request["text"].encode())
        except OSError:
            continue
    os._exit(0)


@deed
def deep_answer(request: dict[str, Any]) -> Any:
    body = b"[" * 100_000
    os.write(3, len(body).to_bytes(4, "big") + body)
    os._exit(0)


@deed
def environment(request: dict[str, Any]) -> Any:
    return sorted(os.environ)


@deed
def descriptors(request: dict[str, Any]) -> Any:
    found = []
    for descriptor in range(200):
        try:
            os.lseek(descriptor, 0, os.SEEK_CUR)
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
        found.append(descriptor)
    return found


@deed
def user(request: dict[str, Any]) -> Any:
    return os.getuid()


@deed
def nap(request: dict[str, Any]) -> Any:
    time.sleep(request["seconds"])
    return "rested"
