"""Contracts on the tree itself: what may be committed, and how modules and tests are written."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
TRACKED = [
    PROJECT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    if name and (PROJECT / name).is_file()
]
TEXTS = [path for path in TRACKED if path.suffix not in {".png", ".ico", ".woff2"}]
PYTHON = [path for path in TRACKED if path.suffix == ".py"]
ROOMS = [path for path in PYTHON if path.relative_to(PROJECT).parts[0] in ("translator", "webapp")]

# Spelt in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a package registry's host": r"(?:pypi|pythonhosted|npmjs|registry\.yarnpkg)" r"\.(?:org|com)",
    "a path of one machine": r"(?<![\w.])/(?:work|opt|home/\w+|root)" r"/\w",
}


LONGEST = 420
LONGER = {  # to be taken apart; these numbers may only fall
    "translator/model/expressions.py": 551,
}


def name_of(path: Path) -> str:
    """The path as git names it."""
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_names(what: str) -> None:
    """Hosts of registries and paths of machines don't belong in the project."""
    found = [
        f"{name_of(path)}:{number}"
        for path in TEXTS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(FORBIDDEN[what], line)
    ]
    assert found == []


def test_no_built_or_minified_file_is_committed() -> None:
    """Third-party assets are installed and built; no line is so long that nobody wrote it."""
    built = [
        name_of(path) for path in TRACKED if {"node_modules", "build", "dist"} & set(path.parts[len(PROJECT.parts) :])
    ]
    assert built == []
    written = {".py", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".yml"}
    long = [
        name_of(path)
        for path in TEXTS
        if path.suffix in written and max(map(len, path.read_text("utf-8").splitlines()), default=0) > 1_000
    ]
    assert long == []


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_a_module_says_its_responsibility(path: Path) -> None:
    """Every module of the engine and the web application has a docstring and is of a size to be read."""
    source = path.read_text("utf-8")
    told = ast.get_docstring(ast.parse(source)) or ""
    assert told or not source.strip()
    assert source.count("\n") <= LONGER.get(name_of(path), LONGEST) or "Data only" in told
    assert path.stem not in {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_no_import_is_hidden_in_a_function(path: Path) -> None:
    """Import circles are to be taken apart, not dodged; only code that a jail loads late says why it does so."""
    source = path.read_text("utf-8")
    lines = source.splitlines()
    hidden = [
        inner.lineno
        for outer in ast.walk(ast.parse(source))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom) and "#" not in lines[inner.lineno - 1]
    ]
    assert hidden == []


TESTS = [path for path in PYTHON if path.name.startswith("test_")]


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_test_says_the_behaviour(path: Path) -> None:
    """Every test function has a docstring."""
    mute = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert mute == []


def test_lock_files_hold_no_addresses() -> None:
    """Names, versions and checksums only."""
    for name in ("package-lock.json", "constraints.txt"):
        assert "://" not in (PROJECT / name).read_text("utf-8")
