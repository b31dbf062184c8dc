"""Accounts for every legacy site of a folder: translated, flagged with a reason, or missed.

    python -m tests.accounting FOLDER [-v]

The folder is translated as one project. Sites are found here by another eye than the engine's: by names alone, over
CPython's own syntax tree. It is a few per cent loose (it takes some other package's `query` for SQLAlchemy's), so what
it calls missed is a place to look at. A name that a translation uses and nothing binds is a defect.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.unbound import lost
from translator import Options, Span
from translator.project import Outcome, translate_all

_SESSION = ("session", "sess", "Session")
_LEGACY = re.compile(r"sqlalchemy|\.query|execute\(")
_SKIPPED = {".git", "node_modules", "__pycache__", ".venv"}


@dataclass(frozen=True, slots=True)
class Place:
    """One legacy site as its names show it."""

    kind: str
    line: int
    end: int
    text: str


@dataclass(slots=True)
class Account:
    """What became of the sites of one file."""

    path: str
    found: Counter[str] = field(default_factory=Counter)
    translated: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    missed: list[Place] = field(default_factory=list)
    refused: str = ""
    unbound: frozenset[str] = frozenset()


def _class_like(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    bare = name.lstrip("_")
    return bare[:1].isupper() and any(char.islower() for char in bare)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _kind(node: ast.AST) -> str | None:
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "query"
        and _class_like(node.value)
        and _last(node.value) != "Session"
    ):
        return "Model.query"
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "bind":
        return "metadata.bind =" if "meta" in _last(node.value).lower() else None
    if not isinstance(node, ast.Call):
        return None
    if (gone := _argument(node)) is not None:
        return gone
    func = node.func
    if isinstance(func, ast.Name) and func.id == "select" and node.args and isinstance(node.args[0], ast.List):
        return "select([…])"
    if not isinstance(func, ast.Attribute):
        return None
    owner = _last(func.value)
    if func.attr == "query" and (owner.lower().endswith(_SESSION) or (node.args and _class_like(node.args[0]))):
        return None if _class_like(func.value) and not owner.endswith("ession") else "session.query()"
    if (
        func.attr == "select"
        and node.args
        and isinstance(node.args[0], ast.List)
        and owner in {"sa", "sql", "sqlalchemy"}
    ):
        return "select([…])"
    if func.attr in {"execute", "scalar"} and owner in {"engine", "_engine", "migrate_engine", "bind"}:
        return "engine.execute()"
    if (
        func.attr == "execute"
        and owner.lower().endswith(_SESSION)
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ):
        return "execute(str)"
    return _core_kind(node, func, owner)


def _core_kind(node: ast.Call, func: ast.Attribute, owner: str) -> str | None:
    """Core's own: statements that execute themselves, strings on connections, what changed a statement in place."""
    first = node.args[0] if node.args else None
    if func.attr == "execute" and isinstance(func.value, ast.Call) and _chain(func.value) & _STATEMENTS:
        return "statement.execute()"
    if func.attr in {"execute", "scalar"} and owner.lower().endswith(("conn", "connection")) and _text(first):
        return "connection.execute(str)"
    if func.attr in _IN_PLACE or func.attr in {"as_scalar", "run_callable", "contextual_connect", "table_names"}:
        return f"{func.attr}()"
    return None


_STATEMENTS = {"insert", "update", "delete", "select"}
_IN_PLACE = {"append_whereclause", "append_from", "append_order_by", "append_column_clause", "append_having"}


def _text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _chain(node: ast.expr) -> set[str]:
    """The names of the methods that a chain calls."""
    found: set[str] = set()
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        found.add(node.func.attr)
        node = node.func.value
    return found


def _argument(node: ast.Call) -> str | None:
    """Arguments that are gone, of functions and classes of Core."""
    name = _last(node.func)
    keywords = {keyword.arg for keyword in node.keywords}
    if name == "Table" and "autoload" in keywords:
        return "Table(autoload=True)"
    if name == "MetaData" and ("bind" in keywords or (node.args and not _text(node.args[0]))):
        return "MetaData(bind)"
    if name in {"case", "exists"} and node.args and isinstance(node.args[0], ast.List):
        return f"{name}([…])"
    return "convert_unicode=" if "convert_unicode" in keywords else None


def places(code: str) -> Iterator[Place]:
    """The legacy sites of a text, by names."""
    for node in ast.walk(ast.parse(code)):
        kind = _kind(node)
        if kind is not None:
            assert isinstance(node, ast.expr)
            yield Place(kind, node.lineno, node.end_lineno or node.lineno, ast.unparse(node)[:100])


def _covers(span: Span, place: Place) -> bool:
    return span.start_line <= place.end and place.line <= span.end_line


def account(outcome: Outcome) -> Account:
    """What became of the sites of one file."""
    result = Account(outcome.name)
    if outcome.refusal is not None:
        result.refused = outcome.refusal.message[:150]
        return result
    translation = outcome.translation
    assert translation is not None
    try:
        sites = list(places(translation.source)) if _LEGACY.search(translation.source) else []
        result.unbound = lost(translation.source, translation.output)
    except (SyntaxError, ValueError, RecursionError) as error:
        result.refused = f"{type(error).__name__}: {error}"[:150]
        return result
    for place in sites:
        result.found[place.kind] += 1
        notes = [d for d in translation.diagnostics if d.severity != "note" and _covers(d.span, place)]
        related = [
            d
            for d in translation.diagnostics
            if any(_covers(r.span, place) for r in d.related) and d.severity != "note"
        ]
        if notes or related:
            result.flagged[place.kind] += 1
            result.causes[
                f"{(notes or related)[0].slug}: {(notes or related)[0].cause or (notes or related)[0].message}"[:110]
            ] += 1
        elif any(_covers(change.span, place) for change in translation.changes):
            result.translated[place.kind] += 1
        else:
            result.missed.append(place)
    return result


def files(folder: Path) -> list[Path]:
    """The Python files below a folder."""
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*.py") if path.is_file() and not _SKIPPED & set(path.parts))


def main() -> int:
    """Print the account of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="each missed site")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    arguments = parser.parse_args()
    started = time.perf_counter()
    names = [str(path) for path in files(arguments.folder)]
    accounts = [account(outcome) for outcome in translate_all(names, lambda _: Options(), arguments.jobs)]
    total: dict[str, Counter[str]] = {name: Counter() for name in ("found", "translated", "flagged", "causes")}
    for item in accounts:
        for name, counter in total.items():
            counter.update(getattr(item, name))
    print(f"{'':18}{'found':>8}{'translated':>12}{'flagged':>9}{'missed':>8}")
    for kind, number in total["found"].most_common():
        done, told = total["translated"][kind], total["flagged"][kind]
        print(f"{kind:18}{number:8}{done:12}{told:9}{number - done - told:8}")
    for cause, number in total["causes"].most_common(25 if arguments.verbose else 12):
        print(f"  {number:5}  {cause}")
    for item in accounts:
        if item.refused:
            print(f"refused {item.path}: {item.refused}")
        if item.unbound:
            print(f"unbound {item.path}: {', '.join(sorted(item.unbound))}")
        for place in item.missed if arguments.verbose else ():
            print(f"missed {item.path}:{place.line}: {place.kind}: {place.text}")
    size = sum(Path(name).stat().st_size for name in names)
    print(f"{len(accounts)} files, {size / 1e6:.1f} MB, in {time.perf_counter() - started:.0f} s")
    return 1 if any(item.unbound for item in accounts) else 0


if __name__ == "__main__":
    sys.exit(main())
