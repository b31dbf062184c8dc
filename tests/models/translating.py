"""Folders of Python files, as they are and translated together, ready to be imported."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from translator import Options
from translator.project import Outcome, translate_all

SAMPLES = Path(__file__).parent / "samples"
_MARK = "--- "


def unpack(sample: Path, folder: Path) -> list[str]:
    """Write the files of a sample; their modules' names, in order."""
    modules = []
    for part in ("\n" + sample.read_text("utf-8")).split("\n" + _MARK)[1:]:
        name, _, content = part.partition("\n")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content + ("\n" if content and not content.endswith("\n") else ""), "utf-8")
        modules.append(module_of(name))
    return modules


def module_of(name: str) -> str:
    """The module that a file is, by its path below the folder that is imported from."""
    return name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _passed_by(folder: str, names: list[str]) -> list[str]:
    """What no module is in, and links that lead nowhere; not e.g. a package that is called `static`."""
    apart = {".git", "node_modules", "static"}
    broken = [name for name in names if not Path(folder, name).exists()]
    return [*broken, *(name for name in names if name in apart and not Path(folder, name, "__init__.py").is_file())]


def copied(folder: Path, into: Path) -> None:
    """Copy a folder of modules as it is."""
    shutil.copytree(folder, into, dirs_exist_ok=True, ignore=_passed_by)


def translated(
    folder: Path, into: Path, files: Sequence[Path] | None = None, options: Options | None = None, jobs: int = 1
) -> dict[str, Outcome]:
    """Copy a folder with its Python files translated together; outcomes by path below the folder."""
    copied(folder, into)
    chosen = sorted(folder.rglob("*.py")) if files is None else list(files)
    found = {}
    for outcome in translate_all([str(path) for path in chosen], lambda _: options or Options(), jobs):
        name = str(Path(outcome.name).relative_to(folder))
        found[name] = outcome
        if outcome.translation is not None:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_text(outcome.translation.output, "utf-8")
    return found
