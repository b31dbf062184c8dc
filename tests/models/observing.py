"""Model modules looked at on a version of SQLAlchemy: each look is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.catalogue.runtimes import CURRENT, LEGACY, Runtime, check_installed

__all__ = ["CURRENT", "LEGACY", "Look", "observe"]

_RUNTIME = Path(__file__).parent / "runtime"
Observation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at: modules below folders, and what to hold them against."""

    runtime: Runtime
    folder: Path
    modules: tuple[str, ...]
    missing: bool = False
    """Whether packages that are not installed are stood in for."""
    rows: bool = True
    ddl: dict[str, list[str]] | None = None
    """SQLite's statements by table, that alembic compares the metadata with; None for no comparison."""
    packages: tuple[Path, ...] = ()
    """Folders of installed packages that the application needs, after the runtime's own."""


def observe(looks: Sequence[Look], timeout: float = 120) -> list[Observation]:
    """The answers of `runtime/observe.py`, in order, all looks at once. Raises RuntimeError with what a look printed."""
    check_installed()
    with tempfile.TemporaryDirectory() as folder:
        started = [_start(look, Path(folder) / str(number)) for number, look in enumerate(looks)]
        return [_finished(process, answer, timeout) for process, answer in started]


def _start(look: Look, base: Path) -> tuple[subprocess.Popen[bytes], Path]:
    job: dict[str, Any] = {
        "path": [str(look.folder)],
        "modules": look.modules,
        "missing": look.missing,
        "rows": look.rows,
    }
    if look.ddl is not None:
        job["ddl"] = look.ddl
    question, answer = base.with_suffix(".job"), base.with_suffix(".answer")
    question.write_text(json.dumps(job))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, (*look.runtime.folders, *look.packages)))}
    environment |= {"PYTHONHASHSEED": "0", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(_RUNTIME / "observe.py"), str(question), str(answer)]
    log = base.with_suffix(".log").open("wb")
    return subprocess.Popen(command, env=environment, cwd=look.folder, stdout=log, stderr=log), answer


def _finished(process: subprocess.Popen[bytes], answer: Path, timeout: float) -> Observation:
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise RuntimeError(f"looking took longer than {timeout:.0f} s") from None
    if process.returncode != 0 or not answer.is_file():
        raise RuntimeError(f"looking failed: {answer.with_suffix('.log').read_text(errors='replace')[-3000:]}")
    return dict(json.loads(answer.read_text()))
