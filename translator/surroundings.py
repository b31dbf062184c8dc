"""What stands around the files of a project: where it begins, and who else mentions a function.

Reads folders; knows nothing of what is in a text but its words.
"""

from __future__ import annotations

import os
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from io import StringIO
from itertools import pairwise
from pathlib import Path

from translator import dotted, jinja

_MARKS = (".git", ".hg", "setup.py", "setup.cfg", "pyproject.toml", "requirements.txt", "tox.ini", "Pipfile")
"""What stands at the top of a project."""
_TEXTS = frozenset(
    {".py", ".html", ".htm", ".jinja", ".jinja2", ".j2", ".mako", ".mak", ".pt", ".xml", ".cfg", ".ini", ".toml",
     ".yaml", ".yml", ".json", ".ipynb", ".pyx", ".pyi"}
)  # fmt: skip
"""Files that may call a function: code, templates, settings that name entry points."""
_SETTINGS = frozenset({".cfg", ".ini", ".toml", ".yaml", ".yml", ".json"})
"""Those of them that ask no object for anything."""
_CALLED = re.compile(
    r"""(?:(?<=[.:])|["']|(?<=[=:,\[-])[ \t]*|\bimport[ \t]+)\b([^\W\d]\w*)(?=["'](?!\s*:)|[.(]|[ \t]*(?:[,\];#]|$))"""
    r"""|\b([^\W\d]\w*)(?=\()""",
    re.MULTILINE,
)
"""What a setting may mean by a name: the end of a path, a value, a call; not a key, nor a word in a sentence."""
_LOCKED = re.compile(r"(?:^|[-_.])lock(?:[-_.]|$)")
"""In the name of a file that lists versions, e.g. `pnpm-lock.yaml`."""
_PYTHON = frozenset({".py", ".pyi"})
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "build", "dist", "locale", "static"})
_MAX_FILES = 20_000
_MAX_BYTES = 2_000_000
_WORD = re.compile(r"[^\W\d]\w*")


_WALKING = re.compile(
    r"^\s*(?:from|import)\s+(?:\w+_)?(?:admin|sqladmin|marshmallow\w*|restless|graphene\w*|sqlalchemy_serializer|"
    r"sqlalchemy_continuum|restx|restplus|restful)\b"
    r"|\.(?:relationships|iterate_properties|__mapper__|__subclasses__)\b|\b(?:class|object)_mapper\(|_class_registry\b"
    r"|\battrgetter\(|\b[gs]etattr\([^,()]+,\s*[^\"'\s]",
    re.MULTILINE,
)
"""What shows in a file that it may walk attributes by names that stand nowhere."""


def project_root(paths: Iterable[str]) -> Path:
    """The folder of the project that the files belong to: the nearest one above all of them that is marked as one."""
    top = Path(os.path.commonpath([place(p).parent for p in paths]))
    return next(filter(_is_marked, (top, *top.parents)), top)


def is_a_project(path: str) -> bool:
    """Whether a file stands at the top of a project, so that it may be all of it."""
    return _is_marked(place(path).parent)


def place(name: str) -> Path:
    """Where a file stands in its project; a link stands where it is, wherever that leads."""
    return Path(name).parent.resolve() / Path(name).name


def _is_marked(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in _MARKS)


class Mentions:
    """Where and how often names are mentioned in a project.

    `sources` are the files of it that are translated, by their paths, as texts; the others below `root` are read when
    they are first asked for, by `read`, which gives None for a file that it can't read.
    """

    def __init__(self, sources: Mapping[str, str], root: Path, read: Callable[[Path], str | None]) -> None:
        self._sources = sources
        self._root = root
        self._read = read

    @cached_property
    def _others(self) -> list[tuple[Path, str]]:
        given = {str(place(name)) for name in self._sources}
        return [(path, text) for path in _files(self._root, given) if (text := self._read(path)) is not None]

    def count(self, wanted: frozenset[str]) -> Counter[str]:
        """How often each name is mentioned. What is no name, e.g. `get(`, is looked for in the other files only."""
        total: Counter[str] = Counter()
        for text in self._sources.values():
            total += _in_python(text, wanted)
        pieces = [piece for piece in wanted if not piece.isidentifier()]
        for path, text in self._others:
            total.update({piece: text.count(piece) for piece in pieces})
            total += _in(path, text, wanted)
        return total

    def places(self, wanted: frozenset[str]) -> dict[str, str]:
        """The first of the other files that mentions each name, and where, in words; templates come before code."""
        found: dict[str, str] = {}
        for path, text in sorted(self._others, key=lambda other: other[0].suffix in _PYTHON):
            missing = wanted - found.keys()
            for name in _in(path, text, missing) if missing else ():
                where = path.relative_to(self._root).as_posix()
                if path.suffix not in _PYTHON:
                    one = frozenset({name})
                    lines = [str(number) for number, line in enumerate(text.splitlines(), 1) if _in(path, line, one)]
                    where = f"{_counted(lines)} of {where}"
                found[name] = where
        return found

    def rendered(self, template: str, variable: str) -> str | None:
        """The first place that does more with a variable of a Jinja template than to walk it once; "" where none does.

        None where the template is not in sight, or one that sees its variables.
        """
        found = self._template(template)
        seeing = jinja.family(found[1], lambda name: (self._template(name) or ("", None))[1]) if found else None
        if found is None or seeing is None:
            return None
        walks = jinja.walks(found[1], variable)
        if isinstance(walks, jinja.Use):
            return f"line {walks.line} of {found[0]}"
        return "" if walks == 1 and all(jinja.walks(text, variable) == 0 for text in seeing) else found[0]

    def _template(self, name: str) -> tuple[str, str] | None:
        """Where a template stands, and its text; None where none has that name, or several."""
        places = [(path.relative_to(self._root).as_posix(), text) for path, text in self._others]
        found = [(where, text) for where, text in places if f"/{where}".endswith(f"/templates/{name}")]
        return found[0] if len(found) == 1 else None

    def reached(self, name: str, followed: int, classes: frozenset[str]) -> str | None:
        """Where an object of the classes may be asked for an attribute, beside the places that are followed.

        "" where that can't be told, None where nobody asks.
        """
        if sum(dotted.asked(text, name) for text in self._sources.values()) > followed:
            return ""
        for path, text in self._sources.items():
            if (line := dotted.spoken(text, name)) is not None:
                return f"line {line} of {Path(path).name}"
        for other, text in self._others:
            if other.suffix in _PYTHON:
                line = dotted.asked_elsewhere(text, name, classes)
            else:
                line = dotted.asked_by_template(text, name) if other.suffix not in _SETTINGS else None
            if line is not None:
                return f"line {line} of {other.relative_to(self._root).as_posix()}"
        return None

    def walking(self, name: str) -> tuple[str, ...]:
        """Which of the other files speak of a class of this name, and may look at every attribute of it."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        code = [(path, text) for path, text in self._others if path.suffix in _PYTHON and _WALKING.search(text)]
        return tuple(path.relative_to(self._root).as_posix() for path, text in code if word.search(text))

    def asking(self, name: str) -> tuple[str, ...]:
        """Which of the other files, code and templates, ask something for an attribute of this name."""
        asked = re.compile(rf"""\.\s*{re.escape(name)}\b|(?:\[|attr\()\s*["']{re.escape(name)}["']""")
        return tuple(path.relative_to(self._root).as_posix() for path, text in self._others if asked.search(text))


def _counted(lines: Sequence[str]) -> str:
    *others, last = lines
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"


def _files(root: Path, given: set[str]) -> Iterator[Path]:
    """The files below a folder that may call a function of the program and are not part of it."""
    seen = 0
    for folder, folders, files in os.walk(root):
        kept = [name for name in folders if name not in _SKIPPED and not name.startswith(".")]
        folders[:] = sorted(name for name in kept if not os.path.exists(os.path.join(folder, name, "pyvenv.cfg")))
        for name in files:
            path = Path(folder, name)
            locked = path.suffix in _SETTINGS and _LOCKED.search(name)
            if path.suffix in _TEXTS and not locked and str(path) not in given:
                seen += 1
                if seen > _MAX_FILES:
                    return
                if os.path.isfile(path) and os.path.getsize(path) <= _MAX_BYTES:  # also where a folder may not be read
                    yield path


def _in_python(text: str, wanted: frozenset[str]) -> Counter[str]:
    """Mentions in code: names, and strings that are a name or a dotted path to one. Comments and prose don't count."""
    if wanted.isdisjoint(_WORD.findall(text)):
        return Counter()
    found: Counter[str] = Counter()
    try:
        tokens = list(tokenize.generate_tokens(StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return Counter(word for word in _WORD.findall(text) if word in wanted)
    keywords = {id(a) for a, b in pairwise(tokens) if b.string == "=" and b.type == tokenize.OP}
    depth = 0
    for token in tokens:
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        elif token.type == tokenize.NAME:
            if token.string in wanted and not (depth and id(token) in keywords):
                found[token.string] += 1
        elif token.type == tokenize.STRING and (name := _named(token.string)) in wanted:
            found[name] += 1
        elif token.type not in _SILENT:
            found.update(word for word in _WORD.findall(token.string) if word in wanted)
    return found


_SILENT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.NUMBER,
     tokenize.ENDMARKER, tokenize.STRING, tokenize.OP, tokenize.NAME}
)  # fmt: skip
"""Tokens that are no mention. The parts of an f-string come as tokens of their own from Python 3.12 on."""


def _named(literal: str) -> str:
    """The name that a string literal is, or that its dotted path ends in; in an f-string of old, "" for none."""
    inner = literal.lstrip("rRbBuUfF").strip("\"'")
    last = re.split(r"[.:]", inner)[-1]
    return last if re.fullmatch(r"[\w.:]+", inner) and last.isidentifier() else ""


def _in(path: Path, text: str, wanted: frozenset[str]) -> Counter[str]:
    if path.suffix in _PYTHON:
        return _in_python(text, wanted)
    return _in_settings(text, wanted) if path.suffix in _SETTINGS else _in_text(text, wanted)


def _in_text(text: str, wanted: frozenset[str]) -> Counter[str]:
    """Mentions in a template: any word may be one."""
    return Counter(word for word in _WORD.findall(text) if word in wanted)


def _in_settings(text: str, wanted: frozenset[str]) -> Counter[str]:
    """Mentions in a file of settings, which may name what others call."""
    return Counter(word for found in _CALLED.finditer(text) if (word := found[1] or found[2]) in wanted)
