"""What two type checkers say of an application before and after its translation, on SQLAlchemy's own types.

    python -m tests.models FOLDER --types [--root FOLDER] [--python PYTHON] [--skip PART] [--keep FOLDER] [-v]

Every module below FOLDER is translated, for queries are checked with the models. PYTHON, which may be given several times, is
an interpreter whose packages are the types: SQLAlchemy 2.0 or 2.1, Flask-SQLAlchemy 3.1. Packages that are not there are of
any type. mypy looks into functions without annotations too, as pyright does, and these are translated for that.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
PYRIGHT = PROJECT / "node_modules" / "pyright" / "index.js"
_ABSENT = {
    "import-not-found",
    "import-untyped",
    "reportMissingImports",
    "reportMissingModuleSource",
    "annotation-unchecked",
}


@dataclass(frozen=True, slots=True)
class Error:
    """What a checker finds wrong, and where."""

    file: str
    line: int
    text: str
    """The line, without the space around it."""
    message: str
    rule: str

    @property
    def known(self) -> bool:
        """Whether it is of a package that is not installed, not of the code."""
        return self.rule in _ABSENT


class NoPyright(Exception):
    """There is no Node to run it, or it is not installed."""


Checker = Callable[[Path, Sequence[str], str], list[Error]]


def by_mypy(folder: Path, files: Sequence[str], python: str) -> list[Error]:
    """What mypy finds wrong in files of a folder, with the packages of an interpreter."""
    options = ["--config-file=", "--check-untyped-defs", "--namespace-packages", "--explicit-package-bases"]
    shown = ["--output=json", "--no-error-summary", f"--cache-dir={folder.parent / ('mypy of ' + folder.name)}"]
    command = [sys.executable, "-m", "mypy", *options, *shown, f"--python-executable={python}", *files]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=1800)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"mypy can't check {folder}: {run.stdout[-400:]}{run.stderr[-400:]}")
    said = [json.loads(line) for line in run.stdout.splitlines()]
    return [
        _error(folder, one["file"], one["line"], one["message"], one["code"] or "")
        for one in said
        if one["severity"] == "error"
    ]


def by_pyright(folder: Path, files: Sequence[str], python: str) -> list[Error]:
    """What pyright finds wrong in files of a folder, with the packages of an interpreter."""
    return [
        _error(
            folder,
            str(Path(one["file"]).relative_to(folder)),
            one["range"]["start"]["line"] + 1,
            one["message"],
            one.get("rule", ""),
        )
        for one in pyright(folder, python, files)
        if one["severity"] == "error"
    ]


def pyright(folder: Path, python: str, files: Sequence[str] = (".",)) -> list[dict[str, Any]]:
    """All that pyright says of files of a folder, as it says it."""
    node = shutil.which("node")
    if node is None or not PYRIGHT.is_file():
        raise NoPyright("pyright needs Node and `npm ci`")
    settings = folder / "pyrightconfig.json"
    settings.write_text(json.dumps({"include": list(files), "exclude": []}))
    command = [node, str(PYRIGHT), "--outputjson", "--pythonpath", python, "-p", str(settings)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=1800)
    said: list[dict[str, Any]] = json.loads(run.stdout)["generalDiagnostics"]
    return said


def _error(folder: Path, name: str, line: int, message: str, rule: str) -> Error:
    lines = (folder / name).read_text("utf-8").splitlines()
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    said = re.sub(r"\bon line \d+", "above", " ".join(message.replace("\xa0", " ").split()))
    return Error(name, line, text, said, rule)


def new(before: Sequence[Error], after: Sequence[Error]) -> list[Error]:
    """The errors that were not there before: by file, line and message, then by file and message wherever the line is."""
    left = Counter((error.file, error.text, error.message) for error in before)
    moved = []
    for error in after:
        if left[error.file, error.text, error.message]:
            left[error.file, error.text, error.message] -= 1
        else:
            moved.append(error)
    elsewhere = Counter[tuple[str, str]]()
    for (file, _, message), number in left.items():
        elsewhere[file, message] += number
    found = []
    for error in moved:
        if elsewhere[error.file, error.message]:
            elsewhere[error.file, error.message] -= 1
        else:
            found.append(error)
    return found


def report(before: Path, after: Path, files: Sequence[str], pythons: Sequence[str], limit: int) -> None:
    """Check both sides with each checker on each interpreter's packages; print how many errors there are and the new ones."""
    for python in pythons:
        version = "import importlib.metadata as m; print(m.version('SQLAlchemy'))"
        have = subprocess.run([python, "-c", version], capture_output=True, text=True, check=True).stdout.strip()
        for checker in (by_mypy, by_pyright):
            old, now = (_own(checker(side, files, python)) for side in (before, after))
            added = new(old, now)
            name = checker.__name__.removeprefix("by_")
            print(f"{name}, SQLAlchemy {have}: {len(old)} errors before, {len(now)} after, {len(added)} of them new")
            _classes(added, limit)


def _own(errors: Sequence[Error]) -> list[Error]:
    return [error for error in errors if not error.known]


def _classes(errors: Sequence[Error], limit: int) -> None:
    """The errors by what they say, but for the names in quotes."""
    classes: dict[str, list[Error]] = defaultdict(list)
    for error in errors:
        classes[re.sub(r'"[^"]*"', '"…"', error.message)].append(error)
    for said, found in sorted(classes.items(), key=lambda item: -len(item[1])):
        print(f"  {len(found):5}  {said[:160]} [{found[0].rule}]")
        for error in found[:limit]:
            print(f"           {error.file}:{error.line}: {error.text[:120]}\n               {error.message[:300]}")
