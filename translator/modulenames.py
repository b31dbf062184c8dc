"""The dotted names that files are imported by, read off the folders that they stand in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from translator.surroundings import place

_TOP = (".git", ".hg", "setup.py", "setup.cfg", "pyproject.toml")
"""What the folder of a whole project has, which is no part of a name though a package in it may be called like it."""
_MAX_FILES = 300
_MAX_BYTES = 100_000


def module_names(paths: Sequence[str]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """For each file the dotted names that it can be imported by, the usual one first, and whether it is a package.

    The usual name begins at the topmost folder that is a package, or that modules in it import it by, as they do in a
    namespace package; another one at the folder that holds all files.
    """
    top = Path(os.path.commonpath([place(p).parent for p in paths])) if paths else Path()
    found: dict[str, tuple[tuple[str, ...], bool]] = {}
    for name in paths:
        path = place(name)
        package = path.stem == "__init__"
        parts = [] if package else [path.stem]
        folder = path.parent
        while (folder / "__init__.py").exists() and folder.parent != folder:
            parts.insert(0, folder.name)
            folder = folder.parent
        whole = list(path.relative_to(top).with_suffix("").parts)
        whole = whole[:-1] if package else whole
        named = [".".join(each) for each in ((*_namespace(folder), *parts), parts, whole)]
        found[name] = tuple(dict.fromkeys(filter(None, named))), package
    return found


@lru_cache(maxsize=10_000)
def _namespace(folder: Path) -> tuple[str, ...]:
    """The names of a folder without `__init__.py`, and of those above it, by which modules in it import one another.

    It is a namespace package then (PEP 420), as `bodhi` is with `from bodhi.server import models` in `bodhi/server`.
    """
    if not folder.name.isidentifier() or folder.parent == folder or any((folder / mark).exists() for mark in _TOP):
        return ()
    try:
        below = {
            path.stem if path.suffix == ".py" else path.name: path for path in islice(folder.iterdir(), _MAX_FILES)
        }
        if (folder / folder.name).exists() or (folder / f"{folder.name}.py").exists():
            return ()  # `shop/shop`: the inner one is what is imported
        shown = re.compile(
            rf"^[ \t]*(?:from|import)[ \t]+((?:\w+\.)*){folder.name}(?:\.(\w+)|[ \t]+import[ \t(]+(\w+))", re.MULTILINE
        )
        for path in islice(_files(below), _MAX_FILES):
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(_MAX_BYTES)
            for above, child, imported in shown.findall(text):
                names = tuple(filter(None, above.split(".")))
                if (child or imported) in below and folder.parent.parts[
                    len(folder.parent.parts) - len(names) :
                ] == names:
                    return (*names, folder.name)
    except OSError:
        pass
    return ()


def _files(below: dict[str, Path]) -> Iterator[Path]:
    """The modules of a folder, then those of the packages in it."""
    modules = (path for path in below.values() if path.suffix == ".py")
    packages = (path for path in below.values() if (path / "__init__.py").exists())
    return chain(modules, (file for path in packages for file in sorted(path.rglob("*.py"))))
