"""How long the lines of a project may be, as its formatter's or its linter's configuration says.

Reads the files that such tools read; knows nothing of the code.
"""

from __future__ import annotations

import configparser
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_DEFAULT = 88
"""What black and ruff take where nothing is said."""
_PLAUSIBLE = range(60, 321)
_SECTIONS = ("flake8", "pycodestyle", "pep8")
_LINTERS = (".flake8", "setup.cfg", "tox.ini")
_TOP = (".git", ".hg", "setup.py", "pyproject.toml", "setup.cfg")
"""What the uppermost folder of a project has: no configuration above it counts."""
_DEPTH = 12


@dataclass(frozen=True, slots=True)
class LineLimit:
    """How many columns a line may have, and whether a formatter fills lines up to there."""

    columns: int
    formatted: bool


def of_file(path: Path) -> LineLimit | None:
    """The limit that is configured for a file; None where nothing says one."""
    folder = path.resolve().parent
    for depth, above in enumerate((folder, *folder.parents)):
        found = _of_folder(above)
        if found is not None or depth == _DEPTH:
            return found
        if depth and any((above / name).exists() for name in _TOP):
            return None
    return None


@lru_cache(maxsize=4096)
def _of_folder(folder: Path) -> LineLimit | None:
    return _of_formatters(folder) or _of_linters(folder)


def _of_formatters(folder: Path) -> LineLimit | None:
    tools = toml(folder / "pyproject.toml").get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    ruff = next((found for name in (".ruff.toml", "ruff.toml") if (found := toml(folder / name))), tools.get("ruff"))
    for tool, said in ((ruff, "line-length"), (tools.get("black"), "line-length"), (tools.get("yapf"), "column_limit")):
        if isinstance(tool, dict) and (columns := _columns(tool.get(said))) is not None:
            return LineLimit(columns, formatted=True)
    if isinstance(tools.get("black"), dict):
        return LineLimit(_DEFAULT, formatted=True)
    return None


def _of_linters(folder: Path) -> LineLimit | None:
    for name in _LINTERS:
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string((folder / name).read_text(encoding="utf-8"))
        except (OSError, UnicodeError, configparser.Error):
            continue
        for section in _SECTIONS:
            for option in ("max-line-length", "max_line_length"):
                columns = _columns(parser.get(section, option, fallback=None))
                if columns is not None:
                    return LineLimit(columns, formatted=False)
    return None


def toml(path: Path) -> dict[str, Any]:
    """What a file of settings says; nothing where it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _columns(said: object) -> int | None:
    try:
        columns = int(str(said))
    except ValueError:
        return None
    return columns if columns in _PLAUSIBLE else None
