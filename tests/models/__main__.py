"""Accounts for the models of an application: what became of each column and relationship, and whether all is the same.

    python -m tests.models FOLDER [--root FOLDER] [--packages [1.4=]FOLDER] [--skip PART] [--keep FOLDER] [--whole] [-v]
    python -m tests.models FOLDER --types [--root FOLDER] [--python PYTHON] [--skip PART] [--keep FOLDER] [-v]

The modules below FOLDER that define models are translated together. Then they are imported, with stand-ins for packages
that are not installed: before on 1.4 and on 2.x, after on 2.x. What 2.x does to the original, too, is not the
translation's, and is counted apart. `--types` looks at what type checkers say instead, see `checkers`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.accounting import files
from tests.catalogue.runtimes import Runtime
from tests.models import checkers
from tests.models.comparing import Comparison, compare
from tests.models.observing import CURRENT, LEGACY, Look, Observation, observe
from tests.models.places import Account, account, places
from tests.models.translating import copied, module_of, translated
from translator import Options
from translator.options import Models


def root_of(folder: Path) -> Path:
    """The folder that modules are imported from: the first above that is no package."""
    found = folder if folder.is_dir() else folder.parent
    while (found / "__init__.py").is_file():
        found = found.parent
    return found


def defines_models(path: Path) -> bool:
    """Whether a file has columns or relationships in a class."""
    try:
        return any(True for _ in places(path.read_text("utf-8")))
    except (SyntaxError, UnicodeDecodeError, ValueError):
        return False


def imports_sqlalchemy(path: Path) -> bool:
    """Whether a file may define what models are made of: a base class, names that it hands on."""
    return path.name == "__init__.py" or "sqlalchemy" in path.read_text("utf-8", errors="replace").lower()


def shown(title: str, lines: tuple[str, ...] | list[str], limit: int) -> None:
    """A heading with its number, and as many lines as are wanted."""
    print(f"{title}: {len(lines)}")
    for line in lines[:limit]:
        print(f"    {line[:400]}")


def own(comparison: Comparison, baseline: Comparison | None) -> list[str]:
    """The differences that 2.x does not make of the original, too."""
    known = set(baseline.differences) if baseline is not None else set()
    return [line for line in comparison.differences if line not in known]


def look(runtime: Runtime, folder: Path, modules: Sequence[str], packages: Sequence[str], **more: Any) -> Look:
    """A look at an application's modules; packages of one runtime only, `1.4=FOLDER`, come before that runtime's own."""
    own = tuple(
        Path(folder).resolve() for name, _, folder in (p.partition("=") for p in packages) if name == runtime.name
    )
    found = tuple(Path(name).resolve() for name in packages if "=" not in name)
    first = replace(runtime, folders=(*own, *runtime.folders))
    return Look(first, folder, tuple(modules), missing=True, packages=found, **more)


def loads(legacy: Observation, same: Observation) -> bool:
    """Whether the original has on 2.x what it has on 1.4."""
    there = len(same["tables"]) == len(legacy["tables"])
    return not same["configured"] and there and not same["failed"].keys() - legacy["failed"].keys()


def report(total: Account, seen: list[Observation], *, limit: int, original: bool = True) -> bool:
    """Print everything; whether nothing differs."""
    legacy, same, current = seen
    for kind in ("column", "relationship"):
        numbers = ", ".join(f"{name} {getattr(total, name)[kind]}" for name in ("found", "typed", "untyped", "flagged"))
        print(f"{kind}s: {numbers}, missed {sum(place.kind == kind for place in total.missed)}")
    for cause, number in total.causes.most_common(limit):
        print(f"  {number:5}  {cause}")
    shown("missed", [f"{place.name}: {place.text}" for place in total.missed], limit)
    found = compare(legacy, current)
    baseline = compare(legacy, same) if loads(legacy, same) else None
    counted = (
        f"tables {found.tables}, classes {found.classes}, rows the same {found.rows}, of {found.unwritten} classes none"
    )
    which = "the original" if original else "2.x can't load the original; with its models left alone it"
    print(f"{counted}; {which} {'fails' if baseline is None else 'loads'} on 2.x")
    shown("modules that 1.4 can't import here", [f"{n}: {e}" for n, e in legacy["failed"].items()], limit)
    print(f"mappers on 1.4: {legacy['configured'] or 'configured'}; after: {current['configured'] or 'configured'}")
    differing = own(found, baseline)
    shown("differences by the translation", differing, limit)
    if baseline is not None:
        shown("differences by 2.x itself", baseline.differences, limit)
        order = [line for line in found.order if line not in baseline.order]
        shown("tables with another order of columns, by the translation", order, limit)
    shown("tables with another order of columns", found.order, 0)
    shown("alembic would, and not for the original", current.get("to_migrate", []), limit)
    return not differing and bool(found.tables)


def types(root: Path, every: Sequence[Path], arguments: argparse.Namespace) -> int:
    """Hold what type checkers say of the translated modules against what they say of the original."""
    with tempfile.TemporaryDirectory() as scratch:
        kept = (arguments.keep or Path(scratch)).resolve()
        before, after = kept / "before", kept / "after"
        names = [
            name
            for name, outcome in translated(root, after, every, Options(check_untyped=True)).items()
            if outcome.translation is not None
        ]
        copied(root, before)
        print(f"{len(names)} files, {sum(defines_models(root / name) for name in names)} with models")
        checkers.report(before, after, names, arguments.python or [sys.executable], 200 if arguments.verbose else 3)
    return 0


def main() -> int:
    """Account for one application."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--root", type=Path, help="the folder that modules are imported from")
    parser.add_argument("--packages", action="append", default=[], help="installed packages it needs")
    parser.add_argument(
        "--skip", action="append", default=["test", "migration"], help="leave out files with this in their path"
    )
    parser.add_argument("--whole", action="store_true", help="translate and import every module, with models or not")
    parser.add_argument("--keep", type=Path, help="where the files before and after are left")
    parser.add_argument(
        "--types", action="store_true", help="hold what type checkers say after against before, and no more"
    )
    parser.add_argument("--python", action="append", default=[], help="an interpreter whose packages are the types")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    root = (arguments.root or root_of(arguments.folder)).resolve()
    every = [
        path.resolve()
        for path in files(arguments.folder)
        if not any(part in str(path.resolve().relative_to(root)) for part in arguments.skip)
    ]
    if arguments.types:
        return types(root, every, arguments)
    chosen = [path for path in every if arguments.whole or defines_models(path) or imports_sqlalchemy(path)]
    with tempfile.TemporaryDirectory() as scratch:
        after = (arguments.keep or Path(scratch)) / "after"
        outcomes = translated(root, after, chosen)
        total = Account()
        for name, outcome in outcomes.items():
            if outcome.translation is None:
                print(f"refused {name}: {outcome.refusal}")
            else:
                try:
                    total.add(account(outcome.translation))
                except SyntaxError as error:  # Python 2, or a string with a stray backslash
                    print(f"not counted {name}: {error}")
        modules = tuple(module_of(name) for name in outcomes if arguments.whole or defines_models(root / name))
        print(f"{len(outcomes)} files translated, {len(modules)} modules looked at")
        looks = [(LEGACY, root), (CURRENT, root), (CURRENT, after)]
        seen = observe([look(*where, modules, arguments.packages) for where in looks], timeout=300)
        held_against = root
        if not loads(seen[0], seen[1]):
            held_against = (arguments.keep or Path(scratch)) / "models left alone"
            translated(root, held_against, chosen, Options(models=Models.NONE))
            seen[1:2] = observe([look(CURRENT, held_against, modules, arguments.packages)], timeout=300)
        ddl = {name: by_dialect["sqlite"] for name, by_dialect in seen[0]["tables"].items()}
        held = [
            look(CURRENT, where, modules, arguments.packages, rows=False, ddl=ddl) for where in (after, held_against)
        ]
        migrated, baseline = (one["to_migrate"] for one in observe(held, timeout=300))
        seen[2]["to_migrate"] = [line for line in migrated if line not in baseline]
        limit = 200 if arguments.verbose else 12
        return 0 if report(total, seen, limit=limit, original=held_against == root) else 1


if __name__ == "__main__":
    sys.exit(main())
