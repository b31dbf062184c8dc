"""Lets attacks loose in processes that only one layer of the jail holds, or none at all: what did they get?

Run as `python -m tests.attacks.alone`, with `{"layer": …, "attacks": [[name, code], …]}` as JSON on standard input; answers
with `{name: outcome}`. Each attack runs in a process of its own, whose parent is made to be attacked.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import types
from collections.abc import Mapping
from typing import Any

from translator.jail.client import bubblewrap
from translator.jail.guards import safe_builtins
from translator.jail.kernel import Layers

NONE = "none"
GUARDS = "guards"
NAMESPACES = "bubblewrap"
SECONDS = 3
LOADED = (
    "logging",
    "sqlite3",
    "ctypes",
    "socket",
    "resource",
    "signal",
    "pickle",
    "random",
    "functools",
    "sqlalchemy.orm",
)
"""What the jail's worker has loaded, too, when an attack begins."""


def main() -> None:
    """Run every attack and tell what became of it."""
    request = json.load(sys.stdin)
    for name in LOADED:
        importlib.import_module(name)
    layers = Layers.available()
    outcomes = {name: _outcome(code, request["layer"], layers) for name, code in request["attacks"]}
    json.dump(outcomes, sys.stdout)


def _outcome(code: str, layer: str, layers: Layers) -> str:
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        _be_attacked(code, layer, layers, writing)
    os.close(writing)
    told = _read(reading)
    os.close(reading)
    killed = _end(parent)
    return told or (f"won: the parent was ended by signal {killed}" if killed else "nothing was told")


def _be_attacked(code: str, layer: str, layers: Layers, writing: int) -> None:
    """The parent of the attack: a process without anything of worth."""
    os.setsid()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        _attack(code, layer, layers, writing)
    os.close(writing)
    os.waitpid(child, 0)
    os._exit(0)


def _attack(code: str, layer: str, layers: Layers, writing: int) -> None:
    names: dict[str, Any] = {}
    if layer == GUARDS:
        names["__builtins__"] = safe_builtins(types.ModuleType, {}, {})
    elif layer != NONE:
        layers.enter(layer)
    try:
        compiled = compile(code, "<attack>", "exec", dont_inherit=True)
        exec(compiled, names)
        outcome = str(names.get("prize"))
    except BaseException as error:
        outcome = f"{type(error).__name__}: {error}"
    try:
        os.write(writing, (outcome[:500] or "nothing").encode("utf-8", "replace"))
    finally:
        os._exit(0)


def _read(reading: int) -> str:
    ready, _, _ = select.select([reading], [], [], SECONDS + 1)
    return os.read(reading, 4096).decode("utf-8", "replace") if ready else ""


def _end(parent: int) -> int:
    """The signal that ended a process; one that goes on is ended, with its group."""
    for _ in range(100):
        done, status = os.waitpid(parent, os.WNOHANG)
        if done:
            return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        select.select([], [], [], 0.01)
    os.killpg(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    return 0


def run_alone(layer: str, attacks: Mapping[str, str]) -> dict[str, str]:
    """The outcomes of attacks by name, held by one layer (or `none`)."""
    import subprocess

    around = bubblewrap() if layer == NAMESPACES else ()
    asked = json.dumps({"layer": NONE if around else layer, "attacks": list(attacks.items())})
    done = subprocess.run(
        [*around, sys.executable, "-m", "tests.attacks.alone"],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
