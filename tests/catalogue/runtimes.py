"""The SQLAlchemy versions entries run on, and running jobs there: a worker process each, results remembered on disk.

A result is remembered under a digest of the job, the worker's own sources and the versions installed, so it is never
stale; removing `.pytest_cache` forgets all of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
CACHE = PROJECT / ".pytest_cache" / "catalogue"
PACKAGES = ("SQLAlchemy", "Flask-SQLAlchemy", "Flask", "aiosqlite", "greenlet")
FEW_JOBS = 8
Job = dict[str, Any]


class RuntimeMissingError(RuntimeError):
    """A version of SQLAlchemy that the catalogue runs on is not installed."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one piece of code did."""

    value: str
    error: str
    warnings: tuple[str, ...]
    statements: tuple[tuple[str, str], ...]
    committed: tuple[str, ...]
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Runtime:
    """One version of SQLAlchemy: folders put before the environment's own packages."""

    name: str
    folders: tuple[Path, ...] = ()


LEGACY = Runtime("1.4", (PROJECT / ".runtime-1.4", PROJECT / ".runtime-1.4-flask"))
CURRENT = Runtime("2.1")
EARLIER = Runtime("2.0", (PROJECT / ".runtime-2.0",))
"""Optional: `pip install --no-deps --target .runtime-2.0 'SQLAlchemy<2.1'` to look at the other 2.x."""


def run(work: Mapping[Runtime, Sequence[Job]], fresh: bool = False) -> dict[Runtime, list[Run]]:
    """Run every runtime's jobs, all runtimes at once; results in the order of the jobs."""
    keyed = {runtime: [_key(runtime, job) for job in jobs] for runtime, jobs in work.items()}
    known = {runtime: {} if fresh else _remembered(runtime) for runtime in work}
    missing: dict[Runtime, dict[str, Job]] = {
        runtime: {key: job for key, job in zip(keyed[runtime], jobs, strict=True) if key not in known[runtime]}
        for runtime, jobs in work.items()
    }
    busy = [runtime for runtime, jobs in missing.items() if jobs]
    parts = 2 if len(busy) == 1 and len(missing[busy[0]]) > FEW_JOBS else 1
    with tempfile.TemporaryDirectory() as folder:
        started = [
            (runtime, keys, *_start(runtime, [missing[runtime][key] for key in keys], Path(folder)))
            for runtime in busy
            for keys in _split(list(missing[runtime]), parts)
        ]
        for runtime, keys, process, answer in started:
            if process.wait() != 0:
                raise RuntimeError(f"the worker on SQLAlchemy {runtime.name} failed; its error stands above")
            known[runtime].update(zip(keys, json.loads(answer.read_text())["results"], strict=True))
    for runtime in busy:
        _remember(runtime, known[runtime])
    return {runtime: [_read(known[runtime][key]) for key in keys] for runtime, keys in keyed.items()}


def check_installed(target: Runtime = CURRENT) -> None:
    """Say what to do if a runtime's folder is not there."""
    for folder in target.folders:
        if not folder.is_dir():
            raise RuntimeMissingError(f"{folder.name} is missing: install SQLAlchemy {target.name} there")
    for folder in LEGACY.folders:
        if not folder.is_dir():
            raise RuntimeMissingError(
                f"{folder.name} is missing: SQLAlchemy 1.4 (and Flask-SQLAlchemy 2.5) run from there. `make test` "
                "installs it; by hand: pip install --no-deps --target .runtime-1.4 SQLAlchemy==1.4.54 and "
                "pip install --no-deps --target .runtime-1.4-flask -r tests/catalogue/requirements-1.4.txt"
            )


def _split(keys: list[str], parts: int) -> list[list[str]]:
    return [chunk for chunk in (keys[start::parts] for start in range(parts)) if chunk]


def _start(runtime: Runtime, jobs: list[Job], folder: Path) -> tuple[subprocess.Popen[bytes], Path]:
    check_installed()
    descriptor, name = tempfile.mkstemp(dir=folder, suffix=".jobs")
    with os.fdopen(descriptor, "w") as file:
        json.dump(jobs, file)
    answer = Path(name).with_suffix(".results")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, runtime.folders))
    command = [sys.executable, str(HERE / "runtime" / "worker.py"), name, str(answer)]
    return subprocess.Popen(command, env=environment), answer


def _read(raw: dict[str, Any]) -> Run:
    return Run(
        value=raw["value"],
        error=raw.get("error", ""),
        warnings=tuple(raw["warnings"]),
        statements=tuple((entry[1], entry[2]) for entry in raw["log"] if entry[0] == "sql"),
        committed=tuple(raw["db"]),
        trace=raw.get("trace", ""),
    )


def _key(runtime: Runtime, job: Job) -> str:
    return hashlib.sha256(f"{_digest(runtime)}{json.dumps(job, sort_keys=True)}".encode()).hexdigest()[:32]


@cache
def _digest(runtime: Runtime) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted((HERE / "runtime").glob("*.py")):
        digest.update(path.read_bytes())
    search = [*map(str, runtime.folders), *sys.path]
    for package in PACKAGES:
        found = next(iter(metadata.distributions(name=package, path=search)), None)
        digest.update(f"{package}={found.version if found else None}".encode())
    return digest.hexdigest()


def _remembered(runtime: Runtime) -> dict[str, Any]:
    path = CACHE / f"{runtime.name}-{_digest(runtime)[:16]}.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def _remember(runtime: Runtime, results: dict[str, Any]) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    merged = {**_remembered(runtime), **results}
    path = CACHE / f"{runtime.name}-{_digest(runtime)[:16]}.json"
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(merged))
    partial.replace(path)  # two test processes may store at once; neither may see half a file
