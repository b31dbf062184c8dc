"""Whether a project has functions without annotations checked, too, as the configuration of its type checkers says.

pyright looks into every function, mypy only with `check_untyped_defs`. Reads the files that they read; knows nothing of the code.
"""

from __future__ import annotations

import configparser
from functools import lru_cache
from pathlib import Path

from translator.prepare.line_limits import toml

_TOP = (".git", ".hg", "setup.py", "pyproject.toml", "setup.cfg")
"""What the uppermost folder of a project has: no configuration above it counts."""
_DEPTH = 12
_PYRIGHT = ("pyrightconfig.json", "basedpyrightconfig.json")
_OPTIONS = ("check_untyped_defs", "strict")


def look_everywhere(path: Path) -> bool:
    """Whether a type checker that is configured for a file looks into its functions without annotations."""
    folder = path.resolve().parent
    for depth, above in enumerate((folder, *folder.parents)):
        if _of_folder(above):
            return True
        if depth == _DEPTH or (depth and any((above / name).exists() for name in _TOP)):
            return False
    return False


@lru_cache(maxsize=4096)
def _of_folder(folder: Path) -> bool:
    if any((folder / name).is_file() for name in _PYRIGHT):
        return True
    tools = toml(folder / "pyproject.toml").get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    if "pyright" in tools or "basedpyright" in tools:
        return True
    mypy = tools.get("mypy")
    if isinstance(mypy, dict) and any(mypy.get(option) is True for option in _OPTIONS):
        return True
    return any(_of_mypy(folder / name) for name in ("mypy.ini", ".mypy.ini", "setup.cfg"))


def _of_mypy(path: Path) -> bool:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        return any(parser.getboolean("mypy", option, fallback=False) for option in _OPTIONS)
    except (OSError, ValueError, configparser.Error):
        return False
