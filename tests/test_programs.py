"""Whole programs do the same before, on 1.4, and translated, on 2.x without the legacy Query."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.catalogue.runtimes import LEGACY
from tests.programs import Program, programs
from translator.project import translate_all

PROGRAMS = tuple(programs())
RUNNING = Path(__file__).parent / "programs" / "running.py"


@dataclass(frozen=True, slots=True)
class Both:
    """What a program printed before and after, and what was said about it."""

    before: str
    after: str
    said: tuple[str, ...]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[Program, Both]:
    """Every program on both sides: a process each for 1.4, for 2.x, and for 2.x where something may stay legacy."""
    olds: dict[Program, Path] = {}
    news: dict[Program, Path] = {}
    said: dict[Program, tuple[str, ...]] = {}
    for program in PROGRAMS:
        home = tmp_path_factory.mktemp("program")
        (home / "setup.py").touch()
        olds[program] = home / "main.py"
        olds[program].write_text(program.source)
        names = [str(home / "setup.py"), str(olds[program])]
        outcome = list(translate_all(names, lambda _, p=program: p.options, 1))[1]
        assert outcome.translation is not None
        said[program] = tuple(d.message for d in outcome.translation.diagnostics)
        news[program] = home / "new.py"
        news[program].write_text(outcome.translation.output)
    before = ran([*olds.values()], "", {"PYTHONPATH": os.pathsep.join(map(str, LEGACY.folders))})
    after = ran([path for program, path in news.items() if program.stays is None], "refuse")
    after |= ran([path for program, path in news.items() if program.stays is not None], "")
    return {p: Both(before[str(olds[p])], after[str(news[p])], said[p]) for p in PROGRAMS}


def ran(paths: list[Path], query: str, more: dict[str, str] | None = None) -> dict[str, str]:
    """What each program prints, by its path."""
    environment = os.environ | {"PYTHONHASHSEED": "0"} | (more or {})
    command = [sys.executable, str(RUNNING), query, *map(str, paths)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_does_the_same(program: Program, results: dict[Program, Both]) -> None:
    """What it prints is the same, and what stays legacy is told."""
    found = results[program]
    assert found.before
    assert "Error: " not in found.before
    assert found.after == found.before
    if program.stays is not None:
        assert any(program.stays in message for message in found.said), found.said
