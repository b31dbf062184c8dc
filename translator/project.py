"""Many files at once: what each has to know of the others, worker processes, and the outcome of each in order.

A first look gathers the mapped classes of all files, so that a query in one knows the relationships that stand in
another. Files that may hand queries to each other are then read as one program; those that can't be, or are too many,
each by itself. Knows nothing of how outcomes are shown.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import re
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
from translator.modulenames import module_names
from translator.options import Options
from translator.pipeline import Source, parse, translate, translate_together
from translator.prepare import MAX_SOURCE_BYTES, line_limits, prepare
from translator.prepare.files import decode
from translator.surroundings import Mentions, is_a_project, project_root

STDIN = "-"
_WORTH_A_POOL = 8
"""Files from which on worker processes pay for their start."""
_MODEL_WORDS = (
    ".Model)", "relationship(", "Column(", "mapped_column(", "relation(", "__tablename__", "Enum)", "mapper(",
    "map_imperatively(", "(relationship,",
)  # fmt: skip
_TESTS = frozenset({"test", "tests", "testing"})
_ASIDE = frozenset({"migrations", "alembic", "versions", "migrate_repo", "migration", "migrate"})
"""Folders of migrations, which keep the models of the day that they were written on."""


MAX_PROGRAM = 12_000_000
"""Characters of source beyond which files are translated one by one: a program is held in memory as a whole."""
SMALL_PROGRAM = 4_000_000
"""Bytes of source up to which every file is read as part of the program, whatever is in it."""
_CARRIES = re.compile(
    r"\b(?:sqlalchemy|flask_sqlalchemy|db|query|session|Session|execute|engine|connection)\b"
    r"|\.(?:all|first|one|one_or_none|count|scalar|filter|filter_by|order_by|paginate)\("
    r"|\b(?:Column|relationship|relation)\("
)
"""What a file shows that may hold a query, be handed one, or hold models by names that another file hands on."""

_log = logging.getLogger(__name__)

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
    files = list(dict.fromkeys(name for name in names if name != STDIN))
    known = survey(files, jobs) if len(files) > 1 else ()
    together = len(files) > 1 or any(map(is_a_project, files))
    done = _together(files, options, known, jobs) if together else {}
    if done:
        yield from _with_the_rest(names, options, known, done)
        return
    tasks = [(name, options(name)) for name in names]
    if jobs < 2 or len(names) < _WORTH_A_POOL:
        _remember(known)
        yield from map(_translated, tasks)
        return
    with ProcessPoolExecutor(jobs, initializer=_remember, initargs=(known,)) as pool:
        yield from pool.map(_translated, tasks, chunksize=4)


def _with_the_rest(
    names: Sequence[str], options: Callable[[str], Options], known: tuple[MappedClass, ...], done: dict[str, Outcome]
) -> Iterator[Outcome]:
    """The outcomes in order: those of the program, and each other input by itself."""
    _remember(known)
    for name in names:
        yield done[name] if name in done else _translated((name, options(name)))


def _together(
    files: Sequence[str], options: Callable[[str], Options], known: tuple[MappedClass, ...], jobs: int
) -> dict[str, Outcome]:
    """What becomes of the files that are read as one program; nothing where that is not possible."""
    try:
        return _program(files, options, known, jobs)
    except (Exception, RecursionError, MemoryError) as error:  # each file by itself is the next best
        _log.warning(
            "The files could not be read as one program, so each is translated by itself: queries that go from one file "
            "to another stay as they are. This is a defect of Requery, please report it: %s: %s",
            type(error).__name__,
            error,
            exc_info=_log.isEnabledFor(logging.DEBUG),
        )
        return {}


def _program(
    files: Sequence[str], options: Callable[[str], Options], known: tuple[MappedClass, ...], jobs: int
) -> dict[str, Outcome]:
    texts: dict[str, Text] = {}
    sources: list[Source] = []
    every = module_names(files)
    size = 0
    whole = sum(Path(name).stat().st_size for name in files if Path(name).is_file()) <= SMALL_PROGRAM
    for name in files:
        try:
            text = _read(name)
            if not whole and not (_CARRIES.search(text.source) or _hands_on(name, text.source)):
                continue
            prepared = replace(prepare(text.source, limit=None), line_limit=line_limits.of_file(Path(name)))
            sources.append(Source(prepared, parse(prepared), *every[name]))
        except (SourceError, OSError, RecursionError, cst.CSTLogicError):
            continue  # it is refused when it is translated by itself
        texts[name] = text
        size += len(text.source)
        if size > MAX_PROGRAM:
            return {}
    if not texts:
        return {}
    mentioned = Mentions({name: text.source for name, text in texts.items()}, project_root(files), _text_of)
    made = translate_together(sources, options(files[0]), known, mentioned, whole=whole, beside=mentioned)
    return dict(zip(texts, _finish(list(texts.values()), made, jobs), strict=True))


def _hands_on(name: str, source: str) -> bool:
    """Whether a file may hand on what others define."""
    return "import" in source and (Path(name).stem == "__init__" or "import *" in source)


def _finish(texts: list[Text], made: list[Callable[[], Translation]], jobs: int) -> Iterator[Outcome]:
    """Make the translations; in worker processes that inherit what was understood, where that pays."""
    global _made
    _made = list(zip(texts, made, strict=True))
    try:
        if jobs > 1 and len(made) >= _WORTH_A_POOL and "fork" in multiprocessing.get_all_start_methods():
            gc.freeze()  # what was understood stays shared
            with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
                return iter(list(pool.map(_finished, range(len(made)), chunksize=4)))
        return iter([_finished(at) for at in range(len(made))])
    finally:
        _made = []


_made: list[tuple[Text, Callable[[], Translation]]] = []
"""The translations of a program that are to be made; worker processes inherit it."""


def _finished(at: int) -> Outcome:
    text, make = _made[at]
    try:
        return Outcome(text.name, text, make())
    except (RecursionError, MemoryError):
        return Outcome(text.name, refusal=_TOO_DEEP)
    except Exception as error:  # one file must not take the others with it
        return Outcome(text.name, refusal=_own_failure(error))


def _text_of(path: Path) -> str | None:
    try:
        return decode(path.read_bytes())[0]
    except (SourceError, OSError):
        return None


def survey(files: Sequence[str], jobs: int) -> tuple[MappedClass, ...]:
    """The mapped classes of the files, and Enums.

    A name that several of them define is taken from the application before its migrations, which keep copies of models,
    and from these before tests. Where it still is that of several, imports have to tell them apart.
    """
    pooled = jobs > 1 and len(files) >= _WORTH_A_POOL
    with ProcessPoolExecutor(jobs) if pooled else nullcontext() as pool:
        found = [c for classes in (pool.map if pool else map)(_classes_of, files) for c in classes]
    nearest: dict[tuple[str, bool, bool], int] = {}
    for mapped in found:
        distance = _distance(mapped.origin)
        nearest[_told(mapped)] = min(distance, nearest.get(_told(mapped), distance))
    applied = [mapped for mapped in found if _distance(mapped.origin) == nearest[_told(mapped)]]
    count = Counter(map(_told, applied))
    once = [mapped.outside or count[_told(mapped)] == 1 for mapped in applied]
    return tuple(mapped if alone else replace(mapped, shared=True) for mapped, alone in zip(applied, once, strict=True))


def _told(mapped: MappedClass) -> tuple[str, bool, bool]:
    """What is told of a class: how it is mapped, how it names the tables of others, what it is given elsewhere."""
    return mapped.name, mapped.naming is not None, mapped.outside


def _distance(name: str) -> int:
    """How far a file is from the application itself."""
    parts = {part.lower() for part in PurePath(name).parts[:-1]}
    return 2 if _is_test(name) else 0 if _ASIDE.isdisjoint(parts) else 1


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
    dotted, _ = module_names([name])[name]
    return [replace(mapped, module=module, dotted=dotted[0]) for mapped in mapping.everything()]


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
        return Outcome(name, refusal=_TOO_DEEP)
    except Exception as error:  # one file must not take the others with it
        return Outcome(name, refusal=_own_failure(error))


_TOO_DEEP = Refusal(str(SourceErrorKind.TOO_COMPLEX), "The code nests too deep to be translated.")


def _own_failure(error: Exception) -> Refusal:
    said = (
        f"Requery itself failed here ({type(error).__name__}: {str(error)[:200]}). This is a defect: please report it."
    )
    return Refusal("internal", said)


def _read(name: str) -> Text:
    if name == STDIN:
        return Text("<stdin>", None, *decode(sys.stdin.buffer.read()))
    path = Path(name)
    return Text(name, path, *decode(path.read_bytes()))


def _translation(text: Text, options: Options) -> Translation:
    if text.path is None:
        return translate(text.source, options, limit=MAX_SOURCE_BYTES)
    try:
        return translate(text.source, options, known=_known, line_limit=line_limits.of_file(text.path))
    except SourceError as error:
        if error.kind is SourceErrorKind.EMPTY:  # an empty __init__.py has nothing to translate
            return Translation(text.source, text.source, text.source, text.source, (1,), (1,), (), ())
        raise
