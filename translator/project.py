"""Many files at once: what each has to know of the others, worker processes, and the outcome of each in order.

A first look gathers the mapped classes of all files, so that a query in one knows the relationships that stand in
another. Knows nothing of how outcomes are shown.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import libcst as cst

from translator.findings import SourceError, SourceErrorKind, Span, Translation
from translator.model.mapping import MappedClass, Mapping
from translator.options import Options
from translator.pipeline import parse, translate
from translator.prepare import MAX_SOURCE_BYTES, prepare
from translator.prepare.files import decode

STDIN = "-"
_WORTH_A_POOL = 8
"""Files from which on worker processes pay for their start."""
_MODEL_WORDS = (".Model)", "relationship(", "Column(", "mapped_column(", "relation(", "__tablename__", "Enum)")
_TESTS = frozenset({"test", "tests", "testing"})


_known: tuple[MappedClass, ...] = ()
"""The mapped classes of the project; set once in each worker process."""


@dataclass(frozen=True, slots=True)
class Text:
    """One source as it was read; `path` is None for standard input."""

    name: str
    path: Path | None
    source: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an input was not translated, and where."""

    kind: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: a text with its translation, or a refusal."""

    name: str
    text: Text | None = None
    translation: Translation | None = None
    refusal: Refusal | None = None


def translate_all(names: Sequence[str], options: Callable[[str], Options], jobs: int) -> Iterator[Outcome]:
    """Translate files (and `-`, standard input) in order; with several files each knows the models of the others."""
    files = [name for name in names if name != STDIN]
    known = survey(files, jobs) if len(files) > 1 else ()
    tasks = [(name, options(name)) for name in names]
    if jobs < 2 or len(names) < _WORTH_A_POOL:
        _remember(known)
        yield from map(_translated, tasks)
        return
    with ProcessPoolExecutor(jobs, initializer=_remember, initargs=(known,)) as pool:
        yield from pool.map(_translated, tasks, chunksize=4)


def survey(files: Sequence[str], jobs: int) -> tuple[MappedClass, ...]:
    """The mapped classes of the files, and Enums.

    A name that several of them define is taken from the only one that is no test; else it says nothing and is left out.
    """
    pooled = jobs > 1 and len(files) >= _WORTH_A_POOL
    with ProcessPoolExecutor(jobs) if pooled else nullcontext() as pool:
        found = [c for classes in (pool.map if pool else map)(_classes_of, files) for c in classes]
    count = Counter(mapped.name for mapped in found)
    applied = [mapped for mapped in found if count[mapped.name] == 1 or not _is_test(mapped.origin)]
    count = Counter(mapped.name for mapped in applied)
    return tuple(mapped for mapped in applied if count[mapped.name] == 1)


def _is_test(name: str) -> bool:
    path = PurePath(name)
    return path.name.startswith(("test_", "conftest")) or not _TESTS.isdisjoint(path.parts)


def _classes_of(name: str) -> list[MappedClass]:
    """The mapped classes of one file; none where it can't be read or parsed, which is said when it is translated."""
    try:
        source, _ = decode(Path(name).read_bytes())
        if not any(word in source for word in _MODEL_WORDS):
            return []
        mapping = Mapping()
        mapping.collect(parse(prepare(source, limit=None)).body, origin=name)
    except (SourceError, OSError, RecursionError, cst.CSTLogicError):
        return []
    path = Path(name)
    module = path.parent.name if path.stem == "__init__" else path.stem
    return [replace(mapped, module=module) for mapped in mapping.everything()]


def _remember(known: tuple[MappedClass, ...]) -> None:
    global _known
    _known = known


def _translated(task: tuple[str, Options]) -> Outcome:
    """Read and translate one input. An error of the engine's own becomes a refusal of this input alone."""
    name, options = task
    try:
        text = _read(name)
        return Outcome(name, text, _translation(text, options))
    except SourceError as error:
        return Outcome(name, refusal=Refusal(str(error.kind), error.message, error.span))
    except OSError as error:
        message = f"The file can't be read: {error.strerror or error}. Check the path."
        return Outcome(name, refusal=Refusal("unreadable", message))
    except (RecursionError, MemoryError):
        message = "The code nests too deep to be translated."
        return Outcome(name, refusal=Refusal(str(SourceErrorKind.TOO_COMPLEX), message))
    except Exception as error:  # one file must not take the others with it
        said = f"Requery itself failed here ({type(error).__name__}: {str(error)[:200]}). This is a defect: please report it."
        return Outcome(name, refusal=Refusal("internal", said))


def _read(name: str) -> Text:
    if name == STDIN:
        return Text("<stdin>", None, *decode(sys.stdin.buffer.read()))
    path = Path(name)
    return Text(name, path, *decode(path.read_bytes()))


def _translation(text: Text, options: Options) -> Translation:
    if text.path is None:
        return translate(text.source, options, limit=MAX_SOURCE_BYTES)
    try:
        return translate(text.source, options, known=_known)
    except SourceError as error:
        if error.kind is SourceErrorKind.EMPTY:  # an empty __init__.py has nothing to translate
            return Translation(text.source, text.source, text.source, text.source, (1,), (1,), (), ())
        raise
